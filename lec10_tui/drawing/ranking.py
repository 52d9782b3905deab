"""A ranking: rows of numbers that any column can put in order, with small bars to the same scale beside some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from lec10_tui.drawing.bars import filled
from lec10_tui.drawing.columns import format_of
from lec10_tui.drawing.lines import Sheet, clip, pad_text
from lec10_tui.drawing.numbers import ascii_form
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.spelling import spelled

Floats = NDArray[np.float64]

MARGIN = 2
"""Cells left of the first column: the cursor's mark."""
GAP = 2
"""Cells between two columns; the mark of the order stands in the first of them."""
SHORTEST_BAR, LONGEST_BAR = 4, 16
UNKNOWN = "…"
Line = list[Segment]


@dataclass(frozen=True, eq=False)
class Measure:
    """One column: `values` are numbers (n,), NaN where one is not known yet, or words; `foot` stands below them all.

    With `bar` a bar is drawn beside every number. `ink` is the meaning of its colour, one for all rows or one a row.
    `short` is the title where there is little room; `priority` says how soon it leaves: the greater, the sooner.
    """

    key: str
    title: str
    values: Floats | tuple[str, ...]
    foot: float | str = ""
    short: str = ""
    ink: str | tuple[str, ...] = ""
    bar: bool = False
    decimals: int = 2
    priority: int = 0


@dataclass(frozen=True, eq=False)
class Ranking:
    """Columns over the same rows, whose numbers are those of the arrays."""

    measures: tuple[Measure, ...]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.measures[0].values) if self.measures else 0

    @property
    def largest(self) -> float:
        """What a full bar stands for, in every column alike; 0 where nothing is positive."""
        bars = [np.append(one.values, 0.0) for one in self.measures if one.bar and not isinstance(one.values, tuple)]
        return max((float(np.nanmax(values)) for values in bars), default=0.0)


@dataclass(frozen=True, eq=False)
class _Written:
    """A column as it is written: its texts take `written` cells at most, in every row and below."""

    measure: Measure
    title: str
    short: str
    texts: tuple[str, ...]
    foot: str
    written: int

    def width(self, bar: int) -> int:
        """How wide it is with a bar of at least so many cells, none for 0."""
        barred = self.written + 1 + bar if bar and self.measure.bar else self.written
        return max(barred, cell_len(self.short))


@dataclass(frozen=True, eq=False)
class Place:
    """A column from cell `left`, `width` wide, of which a bar takes the last `bar` cells."""

    column: _Written
    left: int
    width: int
    bar: int
    title: str

    @property
    def measure(self) -> Measure:
        """What it shows."""
        return self.column.measure


@dataclass(frozen=True, eq=False)
class Layout:
    """Which columns of `ranking` are shown in `width` cells, and where."""

    ranking: Ranking
    width: int
    ascii: bool
    places: tuple[Place, ...]


def order(ranking: Ranking, key: str, descending: bool) -> tuple[int, ...]:
    """The row numbers by the measure `key`, equal ones in their own order, what is not known last; KeyError."""
    values = {one.key: one.values for one in ranking.measures}[key]
    rows = range(ranking.count)
    if isinstance(values, tuple):
        return tuple(sorted(rows, key=lambda number: values[number], reverse=descending))
    known = np.isfinite(values)
    sign = -1.0 if descending else 1.0
    return tuple(sorted(rows, key=lambda number: (not known[number], sign * values[number] if known[number] else 0.0)))


def layout(ranking: Ranking, width: int, ascii: bool) -> Layout:
    """The columns that fit in `width` cells, the ones that matter most first; what is left over lengthens the bars."""
    columns = [_written(measure, ascii) for measure in ranking.measures]
    room = width - MARGIN - 1  # the mark of the order may stand after the last column
    kept: list[_Written] = []
    for column in sorted(columns, key=lambda column: column.measure.priority):
        if _length([*kept, column], 0) > room:
            break
        kept.append(column)
    kept = [column for column in columns if column in kept]
    bar = next((bar for bar in range(LONGEST_BAR, SHORTEST_BAR - 1, -1) if _length(kept, bar) <= room), 0)
    gap = GAP + min(max(room - _length(kept, bar), 0) // max(len(kept), 1), GAP)
    places, left = [], MARGIN
    for column in kept:
        wide = column.width(bar)
        title = column.title if cell_len(column.title) <= wide else column.short
        places.append(Place(column, left, wide, wide - column.written - 1 if bar and column.measure.bar else 0, title))
        left += wide + gap
    return Layout(ranking, width, ascii, tuple(places))


def _length(columns: Sequence[_Written], bar: int) -> int:
    return sum(column.width(bar) + GAP for column in columns) - GAP


def header(layout: Layout, paper: Paper, chosen: str = "", sorted_by: str = "", descending: bool = False) -> Line:
    """The line of titles: the `chosen` one is what the keys act on, the one it is `sorted_by` has an arrow."""
    sheet = Sheet(layout.width, 1, paper.blank)
    for place in layout.places:
        key = place.measure.key
        ink = place.measure.ink if isinstance(place.measure.ink, str) else ""
        style = paper.focus if key == chosen else paper.letters(ink) + Style(bold=True)
        text = _aligned(place, place.title)
        start = place.left + len(text) - len(text.lstrip())
        sheet.put(start, 0, text.strip(), style)
        if key == sorted_by:
            arrow = ("v" if descending else "^") if layout.ascii else ("▾" if descending else "▴")
            sheet.put(start + cell_len(text.strip()), 0, arrow, paper.focus)
    return sheet.lines()[0]


def row(layout: Layout, number: int, paper: Paper, cursor: bool = False) -> Line:
    """The line of row `number`; the cursor's own is bold, on raised paper, and has a mark."""
    background = paper.raised if cursor else ""
    added = Style(bold=True, bgcolor=background or None) if cursor else Style()
    sheet = Sheet(layout.width, 1, paper.style(background=background))
    if cursor:
        sheet.put(0, 0, ">" if layout.ascii else "▸", paper.focus + Style(bgcolor=background or None))
    largest = layout.ranking.largest
    for place in layout.places:
        ink = place.measure.ink if isinstance(place.measure.ink, str) else place.measure.ink[number]
        text = place.column.texts[number]
        style = paper.faint if text == _said(UNKNOWN, layout.ascii) else paper.letters(ink) + added
        sheet.put(place.left, 0, _aligned(place, text), style)
        value = place.measure.values[number]
        if place.bar and not isinstance(value, str) and value > 0:
            share, start = float(value) / largest, place.left + place.column.written + 1
            sheet.put(start, 0, filled(share, place.bar, layout.ascii), paper.ink(ink) + added)
    return sheet.lines()[0]


def foot(layout: Layout, paper: Paper) -> Line:
    """The line below the rows: what sums each column up."""
    sheet = Sheet(layout.width, 1, paper.blank)
    for place in layout.places:
        sheet.put(place.left, 0, _aligned(place, place.column.foot), paper.strong)
    return sheet.lines()[0]


def _written(measure: Measure, ascii: bool) -> _Written:
    title, short = (spelled(text, ascii) for text in (measure.title, measure.short or measure.title))
    if isinstance(measure.values, tuple):
        texts = [spelled(text, ascii) for text in measure.values]
        foot = str(measure.foot)
    else:
        below = np.nan if isinstance(measure.foot, str) else measure.foot
        write = format_of(np.append(measure.values, below), measure.decimals).write
        texts = [write(value) if np.isfinite(value) else UNKNOWN for value in measure.values.tolist()]
        foot = measure.foot if isinstance(measure.foot, str) else write(below) if np.isfinite(below) else UNKNOWN
    said = tuple(_said(text.strip(), ascii) for text in (*texts, foot))
    return _Written(measure, title, short, said[:-1], said[-1], max(map(cell_len, said)))


def _aligned(place: Place, text: str) -> str:
    """`text` where it belongs in the column: words and what stands over a bar at its left end, numbers at the right."""
    if isinstance(place.measure.values, tuple) or (place.bar and text == place.title):
        return clip(text, place.width)
    return pad_text(text, place.column.written if place.bar else place.width, "right")


def _said(text: str, ascii: bool) -> str:
    return ascii_form(text) if ascii else text
