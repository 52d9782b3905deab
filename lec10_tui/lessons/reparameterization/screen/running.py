"""The running means of the estimators with their confidence bands, over the line of the exact gradient."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len
from textual.app import ComposeResult

from lec10_tui.drawing.plots import LABELS_PART, Curve
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, Running
from lec10_tui.lessons.reparameterization.screen.words import INVITE, LABELS, number
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.plot import Plot

CONFIDENCE = 1.96
"""Standard errors at either side of a mean that hold the truth 95 times of 100."""

TITLE, SHORT = "Running means of ∂/∂μ₁ E_q[f]", "Running means"
ROOMY = 50
"""Columns from which on the title line has room for more words."""


class RunningPanel(Panel):
    """Means against the number of samples: all three, or one of them alone."""

    NAME = "running"
    TITLE = SHORT
    TAB = "means"
    MINIMUM = (16, 4)
    ABOUT = (
        "Each estimator's mean with its 95 % band (± 1.96 standard errors), and the exact gradient as the dotted line.",
        "All go to the same line: both are unbiased. The bands shrink as 1/√n; how wide they start is the variance.",
        "← → show one estimator at a time, on an axis of its own. L makes the axis of samples logarithmic.",
    )

    chosen = 0

    def compose(self) -> ComposeResult:
        """One plot."""
        self.plot = Plot(x_label="samples", areas=True)
        yield self.plot

    def on_mount(self) -> None:
        """Say what makes them grow."""
        self.say(INVITE)

    def wanted(self) -> tuple[Wanted, ...]:
        """The means and their errors."""
        return (Wanted("running", max_age=0.2),)

    def depends(self, report: Report) -> object:
        """Which of them are shown, too."""
        return (super().depends(report), self.chosen)

    def show(self, report: Report) -> None:
        """Draw them."""
        part = self._part(report)
        grown = part is not None and any(len(series.steps) for series in part.means)
        self.say("" if grown else INVITE)
        if part is None or not grown:
            return
        names = ESTIMATORS if self.chosen == 0 else (ESTIMATORS[self.chosen - 1],)
        roomy = self.room.width >= ROOMY
        self.title = TITLE if roomy else SHORT
        told = ("95 % bands  ← →" if roomy else "← →") if self.chosen == 0 else f"{LABELS[names[0]]} alone"
        self.subtitle = told
        self.plot.ascii = self.look.ascii
        self.plot.x_log = self.look.logarithmic
        self.plot.show(self._curves(part, names))

    def _part(self, report: Report | None) -> Running | None:
        part = report.frame.parts.get("running") if report is not None and report.frame is not None else None
        return part if isinstance(part, Running) else None

    def _curves(self, part: Running, names: tuple[str, ...]) -> list[Curve]:
        means = {series.name: series for series in part.means}
        errors = {series.name: series for series in part.errors}
        widest_first = sorted(names, key=lambda name: -float(np.nan_to_num(errors[name].last[-1])))
        curves = [band(means[name], errors[name], self.look.say(LABELS[name])) for name in widest_first]
        if np.isfinite(part.exact):
            steps = np.concatenate([curve.x for curve in curves])
            first = steps.min() if self.look.logarithmic else min(0.0, steps.min())
            ends = np.array([first, max(steps.max(), first + 1)])
            label = f"exact {number(part.exact)}"
            label = label if cell_len(label) < self.room.width // LABELS_PART else "exact"
            curves.append(Curve.line("exact", label, ends, np.full(2, part.exact), "foreground", dotted=True))
        return curves

    def move(self, direction: Direction) -> bool:
        """All of them, or one alone."""
        if direction not in ("left", "right"):
            return False
        self.chosen = (self.chosen + (1 if direction == "right" else -1)) % (1 + len(ESTIMATORS))
        if self.report is not None:
            self.receive(self.report)
        return True

    def as_text(self) -> str:
        """The plot as it is drawn."""
        return "" if self.words else self.plot.as_text()

    def exports(self) -> tuple[Exported, ...]:
        """Every mean and every standard error, as one table."""
        part = self._part(self.report)
        if part is None:
            return ()
        named = [
            Series(f"{series.name}_{what}", series.stride, series.steps, series.minimum, series.maximum, series.last)
            for what, held in (("mean", part.means), ("standard_error", part.errors))
            for series in held
        ]
        return (ExportedCurves("reparameterization-means", tuple(named)),)


def band(means: Series, errors: Series, label: str) -> Curve:
    """A running mean in the middle of its confidence band; where there is no error yet, the mean alone."""
    steps = means.steps.astype(np.float64)
    reach = CONFIDENCE * np.nan_to_num(errors.last, nan=0.0, posinf=0.0)
    return Curve(means.name, label, steps, means.last - reach, means.last + reach, means.last, means.name)
