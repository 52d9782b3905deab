"""The collapse: log p(x) against η, on the curve and off it."""

from __future__ import annotations

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.numbers import compact, fixed, signed
from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.bound.frame import Collapse, Floats, Toy
from lec10_tui.lessons.bound.screen.numbers import Numbers
from lec10_tui.lessons.bound.screen.panels import PartPanel
from lec10_tui.lessons.bound.screen.tables import table
from lec10_tui.lessons.bound.screen.turning import turn_knob
from lec10_tui.lessons.bound.screen.words import part_of
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.inked import Pieces
from lec10_tui.widgets.panel import Direction
from lec10_tui.widgets.plot import Plot

NAMES, COLUMN = 15, 12
"""Cells of what a row is called, and of each of its numbers."""

BELOW = 3.0
"""How many times its own range the curve of the place on the manifold is seen to be left below."""


class CollapsePanel(PartPanel[Collapse]):
    """log p at the point and at the nearest place of the curve as η goes to 0, with the slopes in closed form."""

    NAME = PART = "collapse"
    KIND, MAX_AGE = Collapse, 0.3
    TITLE = "log p(x) as η → 0"
    TAB = "collapse"
    MINIMUM = (44, 7)
    ABOUT = (
        "As η → 0, log p(x) rises without bound on the curve, like −½ (D − 1) log η; off it, it falls like "
        "−distance²/2η.",
        "So d log p / d log η goes to −½ on a curve in the plane, and to distance²/2η − ½ at a point off it: the slope "
        "beside it is that of the curve as it is drawn, and at x that of p(x) itself.",
        "← → turn η; the dots show where it stands.",
    )

    DEFAULT_CSS = """
    CollapsePanel > Plot { margin: 1 0 0 0; }
    """

    def compose(self) -> ComposeResult:
        """The numbers over the plot."""
        self.numbers, self.plot = Numbers(3), Plot(x_label="η")
        self.plot.x_log = True
        yield self.numbers
        yield self.plot

    def wanted(self) -> tuple[Wanted, ...]:
        """The curves, and the numbers of the point, whatever the size of their map."""
        return (*super().wanted(), Wanted("toy", 1, 1, self.MAX_AGE))

    def show_part(self, part: Collapse) -> None:
        """Draw both curves and their slopes."""
        toy = part_of(self.bound.report, "toy", Toy)
        if toy is None:
            return
        self.numbers.ascii = self.plot.ascii = self.look.ascii
        self.numbers.show(_lines(part, toy), self.look)
        self.plot.x_label = self.look.text("η", "eta")
        low, high = float(part.on.min()), float(part.on.max())
        self.plot.y_limits = (low - BELOW * (high - low), high + 0.1 * (high - low))
        at, on = np.array([toy.variance]), _at(part, part.on, toy.variance)
        self.plot.show(
            (
                Curve.line("off", "at x", part.variances, part.off, "gap"),
                Curve.line("on", "on the curve", part.variances, part.on, "q"),
                *(
                    Curve.line("here", "", at, np.array([value]), "log_likelihood", dotted=True)
                    for value in (on, toy.log_density)
                ),
            )
        )

    def move(self, direction: Direction) -> bool:
        """More noise, or less."""
        return direction in ("left", "right") and turn_knob(self, "toy_variance", 1 if direction == "right" else -1)

    def as_text(self) -> str:
        """The numbers and the plot."""
        return f"{self.numbers.as_text()}\n{self.plot.as_text()}"

    def exports(self) -> tuple[Exported, ...]:
        """log p(x) against η, and what its slope comes to."""
        names = ("variances", "on", "off", "slope_on", "slope_off")
        part = self.part
        return (table("bound-collapse", {name: getattr(part, name) for name in names}),) if part is not None else ()


def _at(part: Collapse, values: Floats, variance: float) -> float:
    """A curve's value at η, between the places it is known at."""
    return float(np.interp(np.log(variance), np.log(part.variances), values))


def _limit(part: Collapse, slopes: Floats, variance: float) -> float:
    """A slope in closed form at η: it is a / η + b, so what is linear is its product with η."""
    return float(np.interp(variance, part.variances, slopes * part.variances)) / variance


def _lines(part: Collapse, toy: Toy) -> list[Pieces]:
    """log p(x) and its slope at η, beside what the slope comes to in closed form."""
    variance, drawn = toy.variance, np.gradient(part.on, np.log(part.variances))
    rows = (
        ("on the curve", "q", _at(part, part.on, variance), _at(part, drawn, variance), part.slope_on),
        ("at x", "gap", toy.log_density, toy.slope, part.slope_off),
    )
    head: Pieces = [
        (f"{'η = ' + compact(variance):<{NAMES}}", "dim"),
        (f"{'log p(x)':>{COLUMN}}{'slope':>{COLUMN}}{'as η → 0':>{COLUMN}}", "dim"),
    ]
    return [
        head,
        *(
            [
                (f"{name:<{NAMES}}", ink),
                (fixed(value, COLUMN, 3), "strong"),
                (signed(slope, COLUMN, 3), "strong"),
                (signed(_limit(part, limit, variance), COLUMN, 3), "strong"),
            ]
            for name, ink, value, slope, limit in rows
        ),
    ]
