"""The curves: the ELBO and its reconstruction term together, the KL below, training solid, held-out dotted."""

from __future__ import annotations

from textual.app import ComposeResult

from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.vae.frame import Curves
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.plot import Plot

BOTH_ROWS = 12
"""With fewer rows than this one plot is shown at a time, and ← → go from one to the next."""

PAGES = (("elbo", "reconstruction"), ("kl",))


class CurvesPanel(Panel):
    """The curves against the step, in two plots where there is room for two."""

    NAME = "curves"
    TITLE = "ELBO and its terms, in nats"
    TAB = "curves"
    MINIMUM = (16, 4)
    ABOUT = (
        "Solid: means over the training steps since the last reading. Dotted: held-out images, always the same noise.",
        "← → show one term at a time where there is no room for all. L makes the step axis logarithmic.",
    )

    page = 0

    def compose(self) -> ComposeResult:
        """The plots, the taller one above."""
        self.plots = (Plot(id="bound"), Plot(id="kl", x_label="step"))
        yield from self.plots

    def wanted(self) -> tuple[Wanted, ...]:
        """The curves."""
        return (Wanted("curves", max_age=0.2),)

    def show(self, report: Report) -> None:
        """Draw them as the room allows."""
        assert report.frame is not None
        part = report.frame.parts.get("curves")
        if not isinstance(part, Curves):
            return
        both = self.room.height >= BOTH_ROWS
        held = {series.name: series for series in part.series}
        weighted = report.frame.knobs["beta"] != 1 or report.frame.knobs["kl_warmup"] != 0
        for number, (plot, names) in enumerate(zip(self.plots, PAGES, strict=True)):
            plot.display = both or number == self.page
            plot.styles.height = f"{3 - number}fr"
            plot.ascii = self.look.ascii
            plot.x_log = self.look.logarithmic
            plot.x_label = "step" if number or not both else ""
            if plot.display:
                plot.show(_curves(held, (*names, "objective") if weighted and not number else names))
        self.subtitle = "" if both else f"{self.page + 1} of 2  ← →"

    def depends(self, report: Report) -> object:
        """The page that is shown too."""
        return (super().depends(report), self.page)

    def move(self, direction: Direction) -> bool:
        """The other plot, where only one is shown."""
        if direction not in ("left", "right") or self.room.height >= BOTH_ROWS:
            return False
        self.page = 1 - self.page
        if self.report is not None:
            self.receive(self.report, force=True)
        return True

    def as_text(self) -> str:
        """The plots as they are drawn."""
        return "\n\n".join(plot.as_text() for plot in self.plots if plot.display)

    def exports(self) -> tuple[Exported, ...]:
        """Every curve, as one table."""
        part = self.report.frame.parts.get("curves") if self.report and self.report.frame else None
        return (ExportedCurves("vae-curves", part.series),) if isinstance(part, Curves) else ()


def _curves(held: dict[str, Series], names: tuple[str, ...]) -> list[Curve]:
    curves = []
    for name in names:
        short = "recon." if name == "reconstruction" else name
        for key, label, dotted in ((name, short, False), (f"held_out_{name}", "held-out", True)):
            if key in held:
                series = held[key]
                steps = series.steps.astype(float)
                curve = Curve(key, label, steps, series.minimum, series.maximum, series.last, name, dotted)
                curves.append(curve)
    return curves
