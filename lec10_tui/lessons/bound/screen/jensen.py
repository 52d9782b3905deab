"""Jensen's inequality on values of X drawn from a lognormal."""

from __future__ import annotations

import math

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.numbers import fixed, grouped
from lec10_tui.drawing.palette import Paper
from lec10_tui.lessons.bound.frame import Jensen
from lec10_tui.lessons.bound.screen.concave import draw_concave, plane_of
from lec10_tui.lessons.bound.screen.numbers import Numbers
from lec10_tui.lessons.bound.screen.panels import PartPanel
from lec10_tui.lessons.bound.screen.tables import table
from lec10_tui.lessons.bound.screen.turning import turn_knob
from lec10_tui.widgets.canvas import Canvas
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.inked import Pieces
from lec10_tui.widgets.panel import Direction

NAMES, COLUMN = 15, 10
"""Cells of what a row is called, and of each of its numbers."""


class Concave(Canvas):
    """The concave log with the points on it."""

    part: Jensen | None = None

    def show(self, part: Jensen) -> None:
        """Show these points."""
        self.part = part
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        return draw_concave(self.part, width, height, paper) if self.part is not None else []


class JensenPanel(PartPanel[Jensen]):
    """E[log X] ≤ log E[X], on points and in closed form."""

    NAME = PART = "jensen"
    KIND = Jensen
    TITLE = "E[log X] ≤ log E[X]"
    TAB = "jensen"
    MINIMUM = (46, 9)
    ABOUT = (
        "The log is concave: an average of points on it (◆ below) lies under the log of their average (◆ on it).",
        "X is lognormal, log X ~ N(0, s²): E[log X] = 0 and log E[X] = s²/2, so the gap is s²/2 exactly.",
        "With X = p(x, z) / q(z), z ~ q, the left side is the ELBO and the right side is log p(x).",
        "← → draw fewer or more points, ↑ ↓ turn s. With two points their average lies on the chord.",
    )

    DEFAULT_CSS = """
    JensenPanel > Concave { margin: 1 0 0 0; }
    """

    def compose(self) -> ComposeResult:
        """The numbers over the drawing."""
        self.numbers, self.drawing = Numbers(3), Concave()
        yield self.numbers
        yield self.drawing

    def show_part(self, part: Jensen) -> None:
        """Draw the points and both sides."""
        self.numbers.ascii = self.drawing.ascii = self.look.ascii
        self.numbers.show(_lines(part), self.look)
        self.drawing.show(part)
        plane = plane_of(part, self.room.width, self.room.height)
        beyond = int((part.values > plane.across.high).sum())
        self.subtitle = f"{grouped(beyond)} further to the right" if beyond else ""

    def move(self, direction: Direction) -> bool:
        """More points or fewer, a wider X or a narrower one."""
        turns = {"left": ("points", -1), "right": ("points", 1), "down": ("spread", -1), "up": ("spread", 1)}
        return direction in turns and turn_knob(self, *turns[direction])

    def as_text(self) -> str:
        """The numbers and the drawing."""
        return f"{self.numbers.as_text()}\n{self.drawing.as_text()}"

    def exports(self) -> tuple[Exported, ...]:
        """The points on the log."""
        part = self.part
        return (table("bound-jensen", {"x": part.values, "log_x": np.log(part.values)}),) if part is not None else ()


def _lines(part: Jensen) -> list[Pieces]:
    """Both sides and their gap, on the points and exactly."""
    spread = math.sqrt(2 * max(part.expected_right, 0.0))
    rows = (
        (f"{grouped(len(part.values))} points", part.left, part.right, ""),
        ("all of X", part.expected_left, part.expected_right, f"   s²/2, s = {spread:.2f}"),
    )
    head = [(" " * NAMES, ""), (f"{'E[log X]':>{COLUMN}}", "elbo"), (f"{'log E[X]':>{COLUMN}}", "log_likelihood"),
            (f"{'gap':>{COLUMN}}", "gap")]  # fmt: skip
    return [
        head,
        *(
            [
                (f"{name:<{NAMES}}", "dim"),
                *((fixed(value, COLUMN, 3), "strong") for value in (left, right, right - left)),
                (tail, "dim"),
            ]
            for name, left, right, tail in rows
        ),
    ]
