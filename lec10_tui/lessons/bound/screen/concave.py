"""Jensen's inequality drawn: points on the concave log, their average below it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lec10_tui.drawing.axes import Axis, axis_between
from lec10_tui.drawing.canvas import MARKERS, draw_lines
from lec10_tui.drawing.curves import clipped
from lec10_tui.drawing.lines import Lines, Sheet, clip
from lec10_tui.drawing.numbers import ascii_form
from lec10_tui.drawing.palette import Paper
from lec10_tui.lessons.bound.frame import Floats, Jensen

FARTHEST = 4.0
"""The axis of X reaches this many times E[X] at most; what lies beyond is counted, not drawn."""
LABELS = 12
"""Cells of the labels at the right."""
GUTTER = 6
CURVE, CHORD = 0, 1


@dataclass(frozen=True)
class Plane:
    """The axes, and the cells they span from (`left`, 0)."""

    across: Axis
    up: Axis
    left: int
    width: int
    height: int

    def column(self, x: float) -> int:
        """The column in which x lies; it may be outside."""
        return self.left + int((x - self.across.low) / (self.across.high - self.across.low) * self.width)

    def row(self, y: float, ascii: bool) -> int:
        """The row in which a line at y is drawn, kept inside."""
        parts = MARKERS[ascii][2]
        place = min(max((y - self.up.low) / (self.up.high - self.up.low), 0.0), 1.0)
        highest = self.height * parts - 1
        return (highest - round(place * highest)) // parts


def plane_of(part: Jensen, columns: int, rows: int) -> Plane:
    """X from 0 to the largest that is drawn, log X from the lowest of what matters."""
    mean = math.exp(part.right)
    high = max(min(float(part.values[-1]), FARTHEST * mean), 1.2 * mean)
    low = min(float(np.log(part.values[0])), part.left)
    low = max(low, part.left - 3.0)
    labelled = columns >= 44
    left, width = (GUTTER, columns - GUTTER - LABELS) if labelled else (0, columns)
    up = axis_between(low, math.log(high) + 0.05 * (math.log(high) - low), log=False)
    return Plane(Axis(0.0, 1.05 * high), up, left, max(width, 1), max(rows - 1, 1))


def draw_concave(part: Jensen, columns: int, rows: int, paper: Paper) -> Lines:
    """The log, the points on it, the chord between the outermost, and both sides of the inequality at x = E[X]."""
    sheet = Sheet(columns, rows, paper.blank)
    if columns < 2 or rows < 3:
        return sheet.lines()
    plane = plane_of(part, columns, rows)
    _draw_ticks(sheet, plane, paper)
    _draw_curve(sheet, part, plane, paper)
    _draw_points(sheet, part, plane, paper)
    _draw_sides(sheet, part, plane, paper)
    return sheet.lines()


def _draw_curve(sheet: Sheet, part: Jensen, plane: Plane, paper: Paper) -> None:
    x = np.linspace(plane.across.high / (4 * plane.width), plane.across.high, 4 * plane.width)
    ends = np.array([part.values[0], min(float(part.values[-1]), plane.across.high)])
    lines = [(CURVE, _line(x, plane)), *([(CHORD, _line(ends, plane))] if ends[0] < ends[1] else [])]
    pieces = [(number, piece) for number, line in lines for piece in clipped(line)]
    styles = (paper.ink("log_likelihood"), paper.faint)
    for row, cells in enumerate(draw_lines(pieces, plane.width, plane.height, paper.ascii)):
        for column, (character, number) in enumerate(cells):
            if number >= 0:
                sheet.dot(plane.left + column, row, character, styles[number])


def _line(x: Floats, plane: Plane) -> tuple[Floats, Floats]:
    return plane.across.place(x) * plane.width, plane.up.place(np.log(x))


def _draw_points(sheet: Sheet, part: Jensen, plane: Plane, paper: Paper) -> None:
    mark = "o" if paper.ascii else "●"
    for value in part.values[part.values <= plane.across.high].tolist():
        if math.log(value) >= plane.up.low:
            sheet.dot(plane.column(value), plane.row(math.log(value), paper.ascii), mark, paper.ink("reconstruction"))


def _draw_sides(sheet: Sheet, part: Jensen, plane: Plane, paper: Paper) -> None:
    """E[log X] under log E[X], the gap between them, and their names at the right."""
    column = plane.column(math.exp(part.right))
    top, bottom = (plane.row(value, paper.ascii) for value in (part.right, part.left))
    for row in range(top + 1, bottom):
        sheet.dot(column, row, "|" if paper.ascii else "┃", paper.ink("gap"))
    right = plane.left + plane.width
    if right < sheet.width:
        lower = max(bottom, top + 1) if bottom == top else bottom
        for row, ink, name in ((top, "log_likelihood", "log E[X]"), (lower, "elbo", "E[log X]")):
            for at in range(column + 1, right):
                sheet.dot(at, row, "-" if paper.ascii else "╌", paper.ink(ink))
            sheet.put(right + 1, row, clip(name, sheet.width - right - 1), paper.letters(ink))
    sheet.dot(column, bottom, "#" if paper.ascii else "◆", paper.ink("elbo"))
    sheet.dot(column, top, "@" if paper.ascii else "◆", paper.ink("log_likelihood"))


def _draw_ticks(sheet: Sheet, plane: Plane, paper: Paper) -> None:
    if plane.left:
        for place, label in plane.up.ticks(max(2, plane.height // 3)):
            row = plane.row(plane.up.low + place * (plane.up.high - plane.up.low), paper.ascii)
            sheet.put(0, row, _text(label, paper).rjust(plane.left - 2), paper.faint)
            sheet.put(plane.left - 1, row, "|" if paper.ascii else "┤", paper.faint)
    free = 0
    for place, label in plane.across.ticks(max(2, plane.width // 10)):
        start = plane.left + int(place * plane.width) - len(label) // 2
        if start >= free and start + len(label) <= plane.left + plane.width:
            sheet.put(max(start, 0), sheet.height - 1, _text(label, paper), paper.faint)
            free = start + len(label) + 2
    sheet.put(max(free, plane.left + plane.width + 1), sheet.height - 1, "X", paper.faint)


def _text(text: str, paper: Paper) -> str:
    return ascii_form(text) if paper.ascii else text
