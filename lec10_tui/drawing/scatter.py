"""Scatters: marks (digits, letters) on a plane, told apart by the mark, with round ticks and equal measures."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from lec10_tui.drawing.axes import Axis, axis_between
from lec10_tui.drawing.lines import Lines, Sheet
from lec10_tui.drawing.numbers import ascii_form
from lec10_tui.drawing.palette import Paper

Floats = NDArray[np.float64]
LARGEST = 1e150
"""Points beyond this are left out, as those that are not finite."""


@dataclass(frozen=True)
class Plane:
    """The part of the plane that is drawn, in `width` × `height` cells from column `left`."""

    across: Axis
    up: Axis
    left: int
    width: int
    height: int

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """(column, row) of a point on the sheet; None outside."""
        right = (x - self.across.low) / (self.across.high - self.across.low)
        above = (y - self.up.low) / (self.up.high - self.up.low)
        if not (0 <= right <= 1 and 0 <= above <= 1):
            return None
        column = min(int(right * self.width), self.width - 1)
        return self.left + column, self.height - 1 - min(int(above * self.height), self.height - 1)


def draw_scatter(
    points: Floats,
    marks: Sequence[str],
    columns: int,
    rows: int,
    paper: Paper,
    *,
    x_label: str = "",
    y_label: str = "",
    circles: Sequence[float] = (),
    cursor: tuple[float, float] | None = None,
    highlight: str = "",
    colour: str = "",
) -> Lines:
    """`points` (n, 2), each by its one-character mark, in exactly `columns` × `rows` cells.

    Both axes have the same measure (cells are twice as tall as wide), and zero is in the picture where that costs
    little. Where several marks fall into one cell the most frequent is shown, of equals the one that is rarer in all.
    `circles` are radii around zero, drawn faintly (1 and 2: σ of the prior); `highlight` is the mark that stands out,
    `cursor` a place with a cross.
    """
    sheet = Sheet(columns, rows, paper.blank)
    labelled = columns >= 30 and rows >= 5
    left, height = (5, rows - 1) if labelled else (0, rows)
    if columns < 1 or rows < 1:
        return sheet.lines()
    values = np.asarray(points, np.float64).reshape(-1, 2)
    usable = np.flatnonzero(np.all(np.abs(values) < LARGEST, axis=1))
    values, shown = values[usable], [marks[number] for number in usable.tolist()]
    plane = plane_of(values, left, columns - left, height, max(circles, default=0.0))
    _draw_axes(sheet, plane, paper)
    if labelled:
        _draw_ticks(sheet, plane, x_label, y_label, paper)
    for radius in circles:
        for angle in np.linspace(0, 2 * math.pi, 4 * (columns + rows), endpoint=False).tolist():
            _put(sheet, plane, radius * math.cos(angle), radius * math.sin(angle), "." if paper.ascii else "·", paper)
    for (column, row), mark in winners(values, shown, plane).items():
        style = paper.ink(colour) if not highlight else paper.focus if mark == highlight else paper.faint
        sheet.put(column, row, mark, style)
    if cursor is not None and (where := plane.cell(*cursor)) is not None:
        sheet.put(*where, "+" if paper.ascii else "╋", paper.focus)
    return sheet.lines()


def plane_of(values: Floats, left: int, width: int, height: int, reach: float) -> Plane:
    """The plane of all points and of ± `reach`: a cell is as long across as half a cell is up."""
    low, high = (values.min(0), values.max(0)) if len(values) else (np.full(2, -3.0), np.full(2, 3.0))
    size = high - low
    low = np.minimum(np.where((low > 0) & (low < 0.3 * size), 0.0, low), -1.15 * reach or np.inf)
    high = np.maximum(np.where((high < 0) & (-high < 0.3 * size), 0.0, high), 1.15 * reach or -np.inf)
    x, y = (axis_between(float(low[side]), float(high[side]), log=False) for side in (0, 1))
    cell = max((x.high - x.low) / width, (y.high - y.low) / (2 * height))
    return Plane(_around(x, cell * width), _around(y, cell * 2 * height), left, width, height)


def winners(values: Floats, marks: Sequence[str], plane: Plane) -> dict[tuple[int, int], str]:
    """The mark of every cell that has any."""
    frequency = Counter(marks)
    fallen: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for (x, y), mark in zip(values.tolist(), marks, strict=True):
        if (where := plane.cell(x, y)) is not None:
            fallen[where][mark] += 1
    return {
        where: min(counts, key=lambda mark: (-counts[mark], frequency[mark], mark)) for where, counts in fallen.items()
    }


def _around(axis: Axis, length: float) -> Axis:
    """An axis of the same middle, `length` long."""
    middle = axis.low / 2 + axis.high / 2
    return Axis(middle - length / 2, middle + length / 2)


def _draw_axes(sheet: Sheet, plane: Plane, paper: Paper) -> None:
    zero = plane.cell(
        min(max(0.0, plane.across.low), plane.across.high),
        min(max(0.0, plane.up.low), plane.up.high),
    )
    if zero is not None:
        for column in range(plane.left, plane.left + plane.width):
            sheet.dot(column, zero[1], "." if paper.ascii else "┈", paper.faint)
        for row in range(plane.height):
            sheet.dot(zero[0], row, "." if paper.ascii else "┊", paper.faint)


def _draw_ticks(sheet: Sheet, plane: Plane, x_label: str, y_label: str, paper: Paper) -> None:
    room = plane.left - 2
    for place, label in plane.up.ticks(max(2, plane.height // 3)):
        row = plane.height - 1 - min(int(place * plane.height), plane.height - 1)
        if len(label) <= room:
            sheet.put(0, row, _text(label, paper).rjust(room), paper.faint)
    end = sheet.width - (cell_len(x_label) + 1 if x_label else 0)
    free = 0
    for place, label in plane.across.ticks(max(2, plane.width // 10)):
        start = max(plane.left, plane.left + int(place * plane.width) - len(label) // 2)
        if start >= free and start + len(label) <= end:
            sheet.put(start, plane.height, _text(label, paper), paper.faint)
            free = start + len(label) + 2
    sheet.put(end + 1, plane.height, x_label, paper.faint)
    sheet.put(plane.left, 0, y_label, paper.faint)


def _put(sheet: Sheet, plane: Plane, x: float, y: float, character: str, paper: Paper) -> None:
    if (where := plane.cell(x, y)) is not None:
        sheet.dot(*where, character, paper.faint)


def _text(text: str, paper: Paper) -> str:
    return ascii_form(text) if paper.ascii else text
