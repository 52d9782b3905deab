"""The ascent: the ELBO against the step from both starts, under log p(x); what lies between them are the gaps."""

from __future__ import annotations

import math

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.amortization.frame import Ascent
from lec10_tui.lessons.amortization.screen.images import ImagePanel
from lec10_tui.lessons.amortization.screen.words import START_INKS, InHand, in_hand, number, part_of
from lec10_tui.vocabulary.knobs import Length
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.plot import Plot

WIDE = 64
"""Columns from which on the lines are labelled in full, with their numbers."""

SHORT = {"amortization": "amort.", "approximation": "approx."}

BAR = 4
"""Columns of the bar that stands for a gap at the end of the lines."""


class AscentPanel(ImagePanel):
    """The two ascents of the image in hand between the encoder's ELBO and log p(x)."""

    NAME = "ascent"
    TITLE = "ELBO against step"
    TAB = "ascent"
    MINIMUM = (24, 5)
    PARTS = ("about", "ascent", "table")
    ABOUT = (
        "Each image gets a q of its own: its ELBO climbs in μ and log σ, from the encoder's answer and from N(0, I).",
        "Amortization gap: from the encoder's ELBO (dotted) to the best reached. Approximation gap: on to log p(x).",
        "The axis is that of the gaps: what is far below runs in from below. L makes the step axis logarithmic.",
        "← → take another image.",
    )

    def compose(self) -> ComposeResult:
        """The plot."""
        self.plot = Plot(x_label="step")
        yield self.plot

    def on_mount(self) -> None:
        """Say what is on its way."""
        self.say("the encoder is being asked; the ascents start from its answer")

    def show(self, report: Report) -> None:
        """Draw both ascents and what they can't cross."""
        part, hand = part_of(report, "ascent", Ascent), in_hand(report)
        if part is None or report.frame is None:
            return
        self.say("")
        log = self.look.logarithmic
        last = max((int(series.steps[-1]) for series in part.series if len(series.steps)), default=0)
        end = float(max(last, _steps(self.lesson_screen.setting.in_force["length"]), 2))
        self.plot.ascii, self.plot.x_log = self.look.ascii, log
        self.plot.x_limits = (1.0 if log else 0.0, end)
        self.plot.y_limits = _limits(part, hand)
        curves = self._flat(part, hand, 1.0 if log else 0.0, end)
        for series in part.series:
            ends = float(series.last[-1]) if len(series.last) else math.nan
            curves.append(Curve.of(series, self._label(f"from {series.name}", ends), START_INKS[series.name]))
        self.plot.show([*curves, *self._gaps(hand, end)])
        known = math.isfinite(part.log_likelihood)
        self.subtitle = self.named(report) if known else "log p(x) is being computed"

    def _flat(self, part: Ascent, hand: InHand | None, start: float, end: float) -> list[Curve]:
        """What does not change with the steps: log p(x), and what the encoder alone reaches."""
        x, curves = np.array([start, end]), []
        if math.isfinite(part.log_likelihood):
            label, level = self._label("log p(x)", part.log_likelihood), np.full(2, part.log_likelihood)
            curves.append(Curve.line("log_likelihood", label, x, level, "log_likelihood"))
        if hand is not None:
            label, level = self._label("encoder's q", hand.amortized), np.full(2, hand.amortized)
            curves.append(Curve.line("amortized", label, x, level, "encoder", dotted=True))
        return curves

    def _gaps(self, hand: InHand | None, end: float) -> list[Curve]:
        """A bar a gap at the end of the lines, with its label beside it."""
        if hand is None:
            return []
        ends = (
            ("amortization", hand.amortized, hand.optimized),
            ("approximation", hand.optimized, hand.log_likelihood),
        )
        x = np.linspace(end * (1 - BAR / max(0.6 * self.room.width, 2 * BAR)), end, 4 * BAR)
        bars = []
        for name, low, high in ends:
            if high > low:
                word = f"{name} gap" if self.room.width >= WIDE else SHORT[name]
                lows, highs = np.full(len(x), low), np.full(len(x), high)
                label = f"{word} {number(high - low)}"
                bars.append(Curve(name, self.look.say(label), x, lows, highs, (lows + highs) / 2, "gap"))
        return bars

    def _label(self, words: str, value: float) -> str:
        return self.look.say(f"{words} {number(value)}" if self.room.width >= WIDE else words)

    def as_text(self) -> str:
        """The plot as it is drawn, and the numbers of the image in hand."""
        hand = in_hand(self.report)
        if hand is None:
            return ""
        numbers = (
            f"log p(x) {number(hand.log_likelihood)} = ELBO {number(hand.amortized)}"
            f" + amortization gap {number(hand.amortization_gap)} + approximation gap {number(hand.approximation_gap)}"
        )
        return f"{self.plot.as_text()}\n{self.look.say(numbers)}"

    def exports(self) -> tuple[Exported, ...]:
        """Both ascents, as one table."""
        part = part_of(self.report, "ascent", Ascent)
        return (ExportedCurves("amortization-ascent", part.series),) if part is not None else ()


def _steps(length: Length) -> int:
    """How many steps a length is, 0 where it is endless or counted in seconds."""
    return int(length.amount or 0) if length.unit == "steps" else 0


def _limits(part: Ascent, hand: InHand | None) -> tuple[float, float] | None:
    """An axis that holds still while they climb: the gaps in its upper half."""
    if hand is None:
        return None
    reached = [float(series.last[-1]) for series in part.series if len(series.last)]
    known = math.isfinite(part.log_likelihood)
    top = part.log_likelihood if known else float(np.nanmax([hand.amortized, hand.optimized, *reached]))
    span = max(top - hand.amortized, 0.1)
    return (hand.amortized - span, top + 0.1 * span)
