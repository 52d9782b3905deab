"""The identity as one bar: log p(x) over the parts that make it up, each drawn where it lies, in nats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style

from lec10_tui.drawing.axes import Axis
from lec10_tui.drawing.lines import Lines, Sheet, pad_text
from lec10_tui.drawing.numbers import ascii_form, fixed
from lec10_tui.drawing.palette import Paper
from lec10_tui.lessons.bound.frame import Terms

EIGHTHS = " ▏▎▍▌▋▊▉█"
FILLS = {"elbo": ("█", "#"), "gap": ("▒", "+"), "reconstruction": ("▓", "="), "kl": ("░", "-")}
"""What a part is filled with where there are no colours, and in ASCII."""

SIGN, NAMES, NUMBERS, GAP = 2, 15, 10, 2
"""Cells of a row's sign, of its name and of its number, and between that and the bar."""

LEFT = SIGN + NAMES + 1 + NUMBERS + GAP
"""Where the bars begin."""

ROOM = 0.75
"""The share of the axis that the parts may take before it grows."""


@dataclass(frozen=True)
class Stretch:
    """From one value to another, in nats; None is the left end of the axis. `word` stands in it where it fits."""

    start: float | None
    end: float
    ink: str
    word: str = ""


@dataclass(frozen=True)
class Row:
    """One part: its sign, its name, its number, and where it lies; a `thick` one is two rows of cells tall."""

    sign: str
    name: str
    ascii: str
    value: float
    ink: str
    stretches: tuple[Stretch, ...]
    thick: bool = False


def rows_of(terms: Terms) -> tuple[Row, ...]:
    """The parts of log p(x) in the order of the equation, then the bound that two of them make."""
    elbo, rec, log_p = terms.elbo, terms.reconstruction, terms.log_likelihood
    return (
        Row(" ", "log p(x)", "log p(x)", log_p, "log_likelihood",
            (Stretch(None, min(elbo, log_p), "elbo", "ELBO"), Stretch(elbo, log_p, "gap", "gap")), thick=True),
        Row("=", "E_q[log p(x|z)]", "E_q[log p(x|z)]", rec, "reconstruction", (Stretch(None, rec, "reconstruction"),)),
        Row("−", "KL(q ‖ p)", "KL(q || p)", terms.kl, "kl", (Stretch(elbo, rec, "kl"),)),
        Row("+", "KL(q ‖ p(z|x))", "KL(q || p(z|x))", terms.gap, "gap", (Stretch(elbo, log_p, "gap"),)),
        Row(" ", "ELBO", "ELBO", elbo, "elbo", (Stretch(None, elbo, "elbo"),)),
    )  # fmt: skip


def axis_of(terms: Terms) -> Axis:
    """From below the ELBO to above all parts; its ends are round, so that they hold still while q moves."""
    ends = [value for value in (terms.elbo, terms.reconstruction, terms.log_likelihood) if math.isfinite(value)] or [
        0.0
    ]
    high, span = max(ends), max((max(ends) - min(ends)) / ROOM, 1.0)
    power = 10.0 ** math.floor(math.log10(span))
    span = next(unit * power for unit in (1.0, 2.0, 5.0, 10.0) if unit * power >= span * (1 - 1e-9))
    fine = span / 10
    right = math.ceil(high / fine + 0.2) * fine
    return Axis(right - span, right)


def draw_waterfall(terms: Terms, columns: int, rows: int, paper: Paper) -> Lines:
    """The parts in exactly `columns` × `rows` cells; an axis under them where there are rows for it."""
    sheet = Sheet(columns, rows, paper.blank)
    width = columns - LEFT - 1
    parts, axis = rows_of(terms), axis_of(terms)
    spare = rows - len(parts)
    thick, ticked, set_off, apart = spare >= 2, spare >= 1, spare >= 3, spare >= 2 + len(parts)
    top = 0
    for part in parts:
        name = pad_text(part.ascii if paper.ascii else part.name, NAMES)
        sheet.put(0, top, ascii_form(part.sign) if paper.ascii else part.sign, paper.faint)
        sheet.put(SIGN, top, name, paper.letters(part.ink))
        value = fixed(part.value, NUMBERS, 2)
        sheet.put(SIGN + NAMES + 1, top, ascii_form(value) if paper.ascii else value, paper.strong)
        tall = 2 if thick and part.thick else 1
        inks = _inks(part.stretches, axis, max(width, 0))
        for row in range(top, top + tall):
            _draw_inks(sheet, inks, row, paper)
        if _exact(paper):
            _draw_words(sheet, part.stretches, inks, top, paper)
        top += tall + (apart or (set_off and part.thick))
    if ticked and width > 0:
        _draw_ticks(sheet, axis, top, width, paper)
    return sheet.lines()


def _inks(stretches: Sequence[Stretch], axis: Axis, width: int) -> list[str]:
    """The ink of each eighth of `width` cells, "" for paper; a stretch that is not empty has one of them at least."""
    inks = [""] * (8 * width)
    for stretch in stretches:
        ends = (0 if stretch.start is None else _eighth(stretch.start, axis, width), _eighth(stretch.end, axis, width))
        start, end = min(ends), max(ends)
        if start == end and stretch.start != stretch.end:
            start, end = max(start - 1, 0), max(end, 1)
        inks[start:end] = [stretch.ink] * (end - start)
    return inks


def _draw_inks(sheet: Sheet, inks: Sequence[str], row: int, paper: Paper) -> None:
    for column in range(len(inks) // 8):
        cell = inks[8 * column : 8 * column + 8]
        if any(cell):
            character, style = _cell(cell, paper) if _exact(paper) else _filled(cell, paper)
            sheet.dot(LEFT + column, row, character, style)


def _exact(paper: Paper) -> bool:
    """Whether a cell can be part one ink and part another, or part paper."""
    return paper.colour and not paper.terminal and not paper.ascii


def _draw_words(sheet: Sheet, stretches: Sequence[Stretch], inks: Sequence[str], row: int, paper: Paper) -> None:
    """What a stretch is called, at its right end, where it is long enough."""
    for stretch in stretches:
        end = (len(inks) - 1 - inks[::-1].index(stretch.ink)) // 8 if stretch.ink in inks else 0
        start = end - len(stretch.word) - 1
        if stretch.word and start >= 0 and set(inks[8 * start : 8 * end]) == {stretch.ink}:
            style = paper.style(paper.background, background=paper.resolve(stretch.ink), bold=True)
            sheet.put(LEFT + start, row, stretch.word, style)


def _cell(inks: Sequence[str], paper: Paper) -> tuple[str, Style]:
    """A cell of at most two inks, the first one drawn over the last; "" is paper.

    Where there are three, the less of the outer two gives way: a gap of a hair's breadth is seen all the same.
    """
    between = next((ink for ink in inks if ink not in (inks[0], inks[-1])), None)
    if between is not None and inks[0] != inks[-1]:
        less = min(inks[0], inks[-1], key=inks.count)
        inks = [between if ink == less else ink for ink in inks]
    first, last = inks[0], inks[-1]
    until = next((index for index, ink in enumerate(inks) if ink != first), 8)
    front, back = (paper.resolve(ink) if ink else paper.background for ink in (first, last))
    if first == last and until < 8:  # a sliver inside of one cell
        sliver = next(ink for ink in inks if ink != first)
        return "▐", paper.style(paper.resolve(sliver) if sliver else paper.background, background=front)
    return EIGHTHS[until], paper.style(front, background=back)


def _filled(inks: Sequence[str], paper: Paper) -> tuple[str, Style]:
    """A cell of the ink that has most of it."""
    ink = max(filter(None, inks), key=inks.count)
    if inks.count(ink) < 4 and inks.count("") > 4:
        return " ", paper.blank
    unicode, ascii = FILLS[ink]
    return (ascii if paper.ascii else unicode if not paper.colour else "█"), paper.ink(ink)


def _eighth(value: float, axis: Axis, width: int) -> int:
    """The eighth of a cell at which a value lies, within the bar."""
    if math.isnan(value):
        return 0
    share = (min(max(value, axis.low), axis.high) - axis.low) / (axis.high - axis.low)
    return round(share * 8 * width)


def _draw_ticks(sheet: Sheet, axis: Axis, row: int, width: int, paper: Paper) -> None:
    sheet.put(SIGN + NAMES + 1, row, "nats".rjust(NUMBERS), paper.faint)
    free = LEFT
    for place, label in axis.ticks(max(2, width // 12)):
        middle = LEFT + round(place * (width - 1))
        start = min(max(middle - len(label) // 2, LEFT), sheet.width - len(label))
        if start >= free:
            sheet.put(start, row, ascii_form(label) if paper.ascii else label, paper.faint)
            free = start + len(label) + 2
