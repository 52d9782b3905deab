"""Horizontal bars: a name, a bar in eighths of a cell, a value of fixed width, a tag."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from lec10_tui.drawing.lines import Lines, Sheet, pad_text
from lec10_tui.drawing.numbers import ascii_form, fixed, signed
from lec10_tui.drawing.palette import Paper

_EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True)
class Bar:
    """One bar: `active` False makes it stand back; `tag` is a word after the value."""

    name: str
    value: float
    active: bool = True
    tag: str = ""


def draw_bars(
    bars: Sequence[Bar],
    columns: int,
    rows: int,
    paper: Paper,
    *,
    colour: str = "kl",
    decimals: int = 2,
    largest: float | None = None,
    sort: bool = False,
    cursor: int | None = None,
) -> Lines:
    """`bars` in exactly `columns` × `rows` cells: as many as fit, the rest summed up in the last line.

    `sort` puts the largest first; the numbering of `cursor` is that of `bars`. `largest` is the value of a full bar,
    by default the largest of them. Values that are not finite have no bar; negative ones keep their sign, and the bar
    has the length of their size.
    """
    sheet = Sheet(columns, rows, paper.blank)
    if not bars or rows < 1 or columns < 1:
        return sheet.lines()
    order = sorted(range(len(bars)), key=lambda number: -_size(bars[number])) if sort else list(range(len(bars)))
    room = len(order) if len(order) <= rows else rows - 1
    first = 0 if cursor is None or sort or not room else min(max(0, cursor - room + 1), len(order) - room)
    shown, rest = order[first : first + room], order[:first] + order[first + room :]
    full = largest if largest and largest > 0 else max((_size(bar) for bar in bars), default=0.0)
    names = min(max(cell_len(bar.name) for bar in bars), max(1, columns // 3))
    tags = max((cell_len(bar.tag) for bar in bars), default=0)
    write = signed if any(bar.value < 0 for bar in bars) else fixed
    values = max(len(write(bar.value, 24, decimals).strip()) for bar in bars)
    length = columns - names - values - 2 - (tags + 1 if tags else 0)
    if tags and length < 6:
        length, tags = length + tags + 1, 0
    for row, number in enumerate(shown):
        bar = bars[number]
        marked = number == cursor
        plain = paper.focus if marked else paper.blank if bar.active else paper.faint
        sheet.put(0, row, pad_text(bar.name, names), plain)
        if length > 0:
            drawn = filled(_size(bar) / full if full else 0.0, length, paper.ascii)
            sheet.put(names + 1, row, drawn, paper.ink(colour) if bar.active else paper.faint)
        text = write(bar.value, values, decimals)
        sheet.put(columns - values - (tags + 1 if tags else 0), row, _text(text, paper), plain)
        if tags:
            sheet.put(columns - tags, row, bar.tag, paper.faint)
    if rest:
        sheet.put(
            0, len(shown), _text(_summary([_size(bars[number]) for number in rest], decimals), paper), paper.faint
        )
    return sheet.lines()


def _size(bar: Bar) -> float:
    return abs(bar.value) if math.isfinite(bar.value) else 0.0


def filled(share: float, length: int, ascii: bool) -> str:
    """A bar of `share` of `length` cells, to the eighth; what is not zero shows at least one eighth."""
    share = min(max(share, 0.0), 1.0)
    if ascii:
        return "#" * max(round(share * length), 1 if share else 0)
    eighths = max(round(share * length * 8), 1 if share else 0)
    return _EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _summary(sizes: Sequence[float], decimals: int) -> str:
    """What stands for the bars that did not fit: how many, and below which round number all of them are."""
    greatest = max(sizes)
    bound = 10.0**-decimals
    while bound <= greatest and bound < 1e15:
        for unit in (1.0, 2.0, 5.0):
            if unit * bound > greatest:
                return f"+ {len(sizes)} more, all < {unit * bound:g}"
        bound *= 10
    return f"+ {len(sizes)} more, all < {bound:g}" if bound > greatest else f"+ {len(sizes)} more"


def _text(text: str, paper: Paper) -> str:
    return ascii_form(text) if paper.ascii else text
