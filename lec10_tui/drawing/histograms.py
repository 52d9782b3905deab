"""Histograms over one axis, one above the other, with a line through all of them at a value that matters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style

from lec10_tui.drawing.axes import LARGEST, Axis
from lec10_tui.drawing.lines import Lines, Sheet, clip
from lec10_tui.drawing.numbers import ascii_form
from lec10_tui.drawing.palette import Paper

Floats = NDArray[np.float64]

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_THIRDS = " .:#"


@dataclass(frozen=True, eq=False)
class Histogram:
    """One histogram: `counts` (b,) over bins that all of them share, its `label`, and a `note` at the label's right."""

    label: str
    counts: NDArray[np.int64]
    colour: str
    note: str = ""


def draw_histograms(
    histograms: Sequence[Histogram],
    edges: Floats,
    columns: int,
    rows: int,
    paper: Paper,
    *,
    mark: float = math.nan,
    mark_label: str = "",
    logarithmic: bool = False,
) -> Lines:
    """`histograms` over bins between `edges` (b + 1,), rising, in exactly `columns` × `rows` cells.

    Each has a height of its own: its fullest column reaches to its top. A line stands at `mark`, named at the foot.
    `logarithmic` heights let the few far out be seen.
    """
    sheet = Sheet(columns, rows, paper.blank)
    if columns < 1 or rows < 1 or not histograms or not _usable(edges):
        return sheet.lines()
    foot = 0 if rows < 3 else 2 if mark_label and rows >= 3 * len(histograms) + 2 else 1
    axis = Axis(float(edges[0]), float(edges[-1]))
    place = float(axis.place(np.array([mark]))[0]) if math.isfinite(mark) else -1.0
    column = min(int(place * columns), columns - 1) if 0 <= place <= 1 else None
    limits = [(rows - foot) * number // len(histograms) for number in range(len(histograms) + 1)]
    for histogram, top, end in zip(histograms, limits, limits[1:], strict=False):
        titled = 1 if end - top >= 2 else 0
        counts = spread_over(histogram.counts, edges, columns)
        _draw_bars(sheet, heights(counts, logarithmic), top + titled, end, histogram.colour, column, paper)
        if titled:
            _draw_title(sheet, histogram, top, paper)
    named = _draw_mark(sheet, mark_label, column, paper) if foot and mark_label and column is not None else range(0)
    if foot:
        _draw_ticks(sheet, axis, rows - foot, named if foot == 1 else range(0), paper)
    return sheet.lines()


def spread_over(counts: NDArray[np.int64], edges: Floats, columns: int) -> Floats:
    """The counts of bins as those of `columns` equal columns over the same range; a bin's share is spread evenly."""
    cumulated = np.concatenate([[0.0], np.cumsum(counts, dtype=np.float64)])
    share: Floats = np.diff(np.interp(np.linspace(float(edges[0]), float(edges[-1]), columns + 1), edges, cumulated))
    return share


def heights(counts: Floats, logarithmic: bool) -> Floats:
    """Heights 0 … 1, the largest count at 1; logarithmic ones are those of log(1 + count)."""
    sizes = np.log1p(counts) if logarithmic else counts
    highest = float(sizes.max(initial=0.0))
    return sizes / highest if highest > 0 else np.zeros_like(sizes)


def _usable(edges: Floats) -> bool:
    """Whether the edges are finite, rise, and are not so far apart that their distance is no number."""
    if len(edges) < 2 or not bool(np.isfinite(edges).all()) or float(np.abs(edges).max()) > LARGEST:
        return False
    return bool(np.all(np.diff(edges) > 0))


def _draw_bars(sheet: Sheet, sizes: Floats, top: int, end: int, colour: str, mark: int | None, paper: Paper) -> None:
    """Bars from row `end` up to row `top`; the line at the mark goes over them."""
    signs = _THIRDS if paper.ascii else _EIGHTHS
    parts = len(signs) - 1
    filled = np.ceil(sizes * (end - top) * parts - 1e-9).astype(int)
    ink, line = paper.ink(colour), ":" if paper.ascii else "┊"
    over = paper.strong + Style(bgcolor=ink.color)
    for column, parts_filled in enumerate(filled.tolist()):
        for row in range(top, end):
            part = min(max(parts_filled - (end - 1 - row) * parts, 0), parts)
            if column != mark:
                if part:
                    sheet.dot(column, row, signs[part], ink)
            elif part == parts and paper.colour and not paper.ascii:
                sheet.dot(column, row, line, over)
            else:
                sheet.dot(column, row, signs[part] if part else line, paper.strong)


def _draw_title(sheet: Sheet, histogram: Histogram, row: int, paper: Paper) -> None:
    label = clip(_text(histogram.label, paper), sheet.width)
    note = _text(histogram.note, paper)
    sheet.put(0, row, label, paper.letters(histogram.colour) + paper.style(bold=True).without_color)
    if cell_len(label) + 2 + cell_len(note) <= sheet.width:
        sheet.put(sheet.width - cell_len(note), row, note, paper.faint)


def _draw_ticks(sheet: Sheet, axis: Axis, row: int, taken: range, paper: Paper) -> None:
    """Round values under the axis, but for the columns that are taken."""
    free = 0
    for place, label in axis.ticks(max(2, sheet.width // 12)):
        text = _text(label, paper)
        middle = min(int(place * sheet.width), sheet.width - 1)
        start = max(0, min(middle - cell_len(text.lstrip()) // 2, sheet.width - cell_len(text)))
        beside = not taken or start > taken.stop or start + cell_len(text) < taken.start
        if start >= free and beside:
            sheet.put(start, row, text, paper.faint)
            free = start + cell_len(text) + 2


def _draw_mark(sheet: Sheet, label: str, column: int, paper: Paper) -> range:
    """An arrow to the mark and its name in the last row; the columns they take."""
    sign, text, row = "^" if paper.ascii else "▲", _text(label, paper), sheet.height - 1
    start = column + 2 if column + 2 + cell_len(text) <= sheet.width else max(column - 1 - cell_len(text), 0)
    sheet.put(start, row, text, paper.strong)
    sheet.put(column, row, sign, paper.strong)
    return range(min(start, column), max(start + cell_len(text), column + 1))


def _text(text: str, paper: Paper) -> str:
    return ascii_form(text) if paper.ascii else text
