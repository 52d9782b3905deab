"""The curves of training: the return and its mean, entropy, gradient norm, how far each update moved the policy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.numbers import compact
from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.reinforce.frame import Curves
from lec10_tui.lessons.reinforce.screen.following import MAX_AGE
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.plot import Plot


@dataclass(frozen=True)
class Page:
    """One plot: what it is called alone and among the others, and its curves as (reading, label, colour)."""

    title: str
    above: str
    curves: tuple[tuple[str, str, str], ...]


PAGES = (
    Page(
        "Return r(τ)", "return r(τ), and its mean over 100 episodes",
        (("return", "r(τ)", "return"), ("mean_return_100", "mean of 100", "objective")),
    ),
    Page("Entropy of π", "entropy of π, in nats a state", (("entropy", "entropy", "green"),)),
    Page("Gradient norm", "norm of the gradient", (("gradient_norm", "‖∇‖", "sky blue"),)),
    Page("KL of each update", "KL(π before ‖ π after) of each update", (("update_kl", "KL", "orange"),)),
)  # fmt: skip

GROWS = "t trains; the return of every episode grows here"

ALL_ROWS = 24
"""With fewer rows than this one plot is shown at a time, and ← → go from one to the next."""


class CurvesPanel(Panel):
    """The curves against the update: all of them where there is room, else a page each."""

    NAME = "curves"
    TITLE = PAGES[0].title
    TAB = "curves"
    MINIMUM = (16, 4)
    ABOUT = (
        "The return of each update's episodes with the mean of the last 100, and the line that counts as solved.",
        "The policy's entropy, the norm of the gradient, and KL between the policies before and after each update.",
        "← → turn the page where there is no room for all. L makes the axis of updates logarithmic.",
    )

    page = 0

    def compose(self) -> ComposeResult:
        """A plot a page."""
        self.plots = tuple(Plot(x_label="update") for _ in PAGES)
        yield from self.plots

    def on_mount(self) -> None:
        """Say what makes them grow."""
        self.say(GROWS)

    def wanted(self) -> tuple[Wanted, ...]:
        """The curves."""
        return (Wanted("curves", max_age=MAX_AGE),)

    def show(self, report: Report) -> None:
        """Draw them as the room allows, or say what makes them grow."""
        part = report.frame.parts.get("curves") if report.frame else None
        if not isinstance(part, Curves):
            return
        held = {series.name: series for series in part.series}
        together = self._together
        self.title = "Training" if together else PAGES[self.page].title
        self.subtitle = "" if together else f"{self.page + 1} of {len(PAGES)}  ← →"
        grown = any(len(series.steps) for series in part.series)
        self.say("" if grown else GROWS)
        for number, (plot, page) in enumerate(zip(self.plots, PAGES, strict=True)):
            plot.display = grown and (together or number == self.page)
            plot.styles.height = "2fr" if number == 0 else "1fr"
            plot.ascii = self.look.ascii
            plot.x_log = self.look.logarithmic
            plot.y_label = self.look.say(page.above) if together else ""
            if plot.display:
                plot.show(self._curves(page, held, part.threshold if number == 0 else None))

    @property
    def _together(self) -> bool:
        return self.room.height >= ALL_ROWS

    def _curves(self, page: Page, held: dict[str, Series], threshold: float | None) -> list[Curve]:
        curves = [
            Curve.of(held[name], self.look.say(label), colour) for name, label, colour in page.curves if name in held
        ]
        if threshold is not None and curves and len(curves[0].x):
            ends = np.array([0.0, float(curves[0].x[-1])]) if not self.look.logarithmic else curves[0].x[[0, -1]]
            label = f"solved {compact(threshold)}"
            curves.append(Curve.line("threshold", label, ends, np.full(2, threshold), "green", dotted=True))
        return curves

    def depends(self, report: Report) -> object:
        """The page that is shown, too."""
        return (super().depends(report), self.page)

    def move(self, direction: Direction) -> bool:
        """Another page, where only one is shown."""
        if direction not in ("left", "right") or self._together:
            return False
        self.page = (self.page + (1 if direction == "right" else -1)) % len(PAGES)
        if self.report is not None:
            self.receive(self.report)
        return True

    def as_text(self) -> str:
        """The plots as they are drawn."""
        return "\n\n".join(plot.as_text() for plot in self.plots if plot.display)

    def exports(self) -> tuple[Exported, ...]:
        """Every curve, as one table."""
        part = self.report.frame.parts.get("curves") if self.report and self.report.frame else None
        return (ExportedCurves("reinforce-curves", part.series),) if isinstance(part, Curves) else ()
