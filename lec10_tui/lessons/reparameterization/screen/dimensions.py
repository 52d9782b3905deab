"""How the variances, and their ratio, grow with the dimension of z."""

from __future__ import annotations

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.numbers import grouped
from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, Dimensions, Floats
from lec10_tui.lessons.reparameterization.screen.words import LABELS, times
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.plot import Plot

BOTH_ROWS = 22
"""With fewer rows than this one plot is shown at a time."""

TITLES = ("Ratio by dimension", "Variance by dimension")


class DimensionsPanel(Panel):
    """The ratio and the variances against the dimension, both axes logarithmic."""

    NAME = "dimensions"
    TITLE = TITLES[0]
    TAB = "dims"
    MINIMUM = (20, 4)
    ABOUT = (
        "How many times the pathwise variance the score function's is, by the dimension of z; both axes logarithmic.",
        "Lines are closed forms where there are any, dots are measured on samples of their own.",
        "∂f/∂z₁ hears of one dimension alone; f · ∂log q/∂μ₁ hears the noise of all of them.",
        "← → show the variances themselves.",
    )

    page = 0

    def compose(self) -> ComposeResult:
        """The ratio and the variances."""
        self.plots = (Plot(x_label="dim."), Plot(x_label="dim."))
        for plot in self.plots:
            plot.x_log = plot.y_log = True
        yield from self.plots

    def on_mount(self) -> None:
        """Say that it is on its way."""
        self.say("the variance by dimension is measured as soon as a run is open")

    def wanted(self) -> tuple[Wanted, ...]:
        """The variances by dimension."""
        return (Wanted("dimensions", max_age=0.4),)

    def depends(self, report: Report) -> object:
        """The page, too."""
        return (super().depends(report), self.page)

    def show(self, report: Report) -> None:
        """Draw what is known."""
        part = self._part(report)
        if part is None:
            return
        if len(part.dimensions) < 2:
            self.subtitle = ""
            for plot in self.plots:
                plot.display = False
            self.say(alone(part))
            return
        self.say("")
        both = self.room.height >= BOTH_ROWS
        for number, (plot, values) in enumerate(zip(self.plots, (ratios, variances), strict=True)):
            plot.display = both or number == self.page
            plot.ascii = self.look.ascii
            plot.y_label = self.look.say(("ratio to pathwise", "variance")[number]) if both else ""
            if plot.display:
                plot.show(self._curves(part, values(part.closed), values(part.measured), number))
        self.title = TITLES[1] if both else TITLES[self.page]
        done = "" if part.done >= 1 else f"measuring, {part.done:.0%}"
        self.subtitle = done or (f"{grouped(part.samples)} samples a dot" if both else "← →")

    def _part(self, report: Report | None) -> Dimensions | None:
        part = report.frame.parts.get("dimensions") if report is not None and report.frame is not None else None
        return part if isinstance(part, Dimensions) else None

    def _curves(self, part: Dimensions, closed: Floats, measured: Floats, page: int) -> list[Curve]:
        x = part.dimensions.astype(np.float64)
        curves = []
        for place in (1, 2) if page == 0 else (1, 2, 0):
            name, dotted = ESTIMATORS[place], bool(np.isfinite(measured[:, place]).any())
            label = self.look.say(LABELS[name])
            if np.isfinite(closed[:, place]).any():
                ink = "foreground" if dotted else name
                curves.append(Curve.line(f"{name} closed", "" if dotted else label, x, closed[:, place], ink))
            if dotted:
                curves.append(Curve.line(name, label, *apart(x, measured[:, place]), name, dotted=True))
        return curves

    def move(self, direction: Direction) -> bool:
        """The other plot, where only one is shown."""
        if direction not in ("left", "right") or self.room.height >= BOTH_ROWS:
            return False
        self.page = 1 - self.page
        if self.report is not None:
            self.receive(self.report)
        return True

    def as_text(self) -> str:
        """The plots as they are drawn."""
        return "" if self.words else "\n\n".join(plot.as_text() for plot in self.plots if plot.display)

    def exports(self) -> tuple[Exported, ...]:
        """Every variance, measured and in closed form; the step is the dimension."""
        part = self._part(self.report)
        if part is None:
            return ()
        series = tuple(
            Series(f"{name}_{what}", 1, part.dimensions, *([values[:, place]] * 3))
            for place, name in enumerate(ESTIMATORS)
            for what, values in (("measured", part.measured), ("closed", part.closed))
        )
        return (ExportedCurves("reparameterization-dimensions", series),)


def variances(values: Floats) -> Floats:
    """The variances themselves."""
    return values


def ratios(values: Floats) -> Floats:
    """Variances (m, 3) over the pathwise one of the same dimension; NaN where that is 0."""
    pathwise = np.where(values[:, :1] > 0, values[:, :1], np.nan)
    return values / pathwise


def apart(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Points as a curve that is broken between any two of them, so that each is drawn as a dot."""
    between = np.sqrt(x[:-1] * x[1:])
    at, dots = np.empty(2 * len(x) - 1), np.full(2 * len(x) - 1, np.nan)
    at[::2], at[1::2], dots[::2] = x, between, y
    return at, dots


def alone(part: Dimensions) -> str:
    """What there is to say where the dimension can't be chosen."""
    other = "the other f(z) have as many dimensions as you like"
    if not len(part.dimensions):
        return f"this f(z) has its model's own dimension; {other}"
    ratio = float(ratios(part.measured)[0, 1])
    said = f": there score has {times(ratio)} the pathwise variance" if np.isfinite(ratio) else ""
    return f"K = {part.dimensions[0]} is the model's own dimension{said}; {other}"
