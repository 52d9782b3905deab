"""The ascent of the ELBO: the bound rising under log p(x), and its gap and its KL."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from textual.app import ComposeResult

from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.bound.frame import Ascent
from lec10_tui.lessons.bound.screen.panels import PartPanel
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.panel import Direction
from lec10_tui.widgets.plot import Plot

BOTH_ROWS = 18
"""With fewer rows than this one plot is shown at a time, and ← → go from one to the next."""

GROWS = "space ascends the ELBO; it rises here under log p(x)"


@dataclass(frozen=True)
class Page:
    """One plot: its title, and its curves as (reading, label)."""

    title: str
    curves: tuple[tuple[str, str], ...]


PAGES = (
    Page("ELBO ≤ log p(x)", (("log_likelihood", "log p(x)"), ("elbo", "ELBO"))),
    Page("gap, KL(q ‖ p)", (("kl", "KL"), ("gap", "gap"))),
)


class AscentPanel(PartPanel[Ascent]):
    """The curves of the ascent, in two plots where there is room for two."""

    NAME = PART = "ascent"
    KIND = Ascent
    TITLE = PAGES[0].title
    TAB = "ascent"
    MINIMUM = (16, 4)
    ABOUT = (
        "Gradient ascent of the ELBO in μ and log σ (Adam): the bound rises, log p(x) stays where it is.",
        "What is left at the end is the gap of the best Gaussian with a diagonal Σ: p(z|x) is no Gaussian.",
        "← → show one plot at a time where there is no room for both. L makes the axis of steps logarithmic.",
    )

    page = 0

    def compose(self) -> ComposeResult:
        """A plot a page."""
        self.plots = tuple(Plot(x_label="step") for _ in PAGES)
        yield from self.plots

    def depends(self, report: Report) -> Hashable:
        """The page that is shown, too."""
        return (super().depends(report), self.page)

    def show_part(self, part: Ascent) -> None:
        """Draw them as the room allows, or say what makes them grow."""
        both = self.room.height >= BOTH_ROWS
        held = {series.name: series for series in part.series}
        grown = any(len(series.steps) > 1 for series in part.series)
        self.say("" if grown else GROWS)
        self.title = PAGES[0 if both else self.page].title
        self.subtitle = "" if both or not grown else f"{self.page + 1} of {len(PAGES)}  ← →"
        for number, (plot, page) in enumerate(zip(self.plots, PAGES, strict=True)):
            plot.display = grown and (both or number == self.page)
            plot.styles.height = f"{3 - number}fr"
            plot.ascii, plot.x_log = self.look.ascii, self.look.logarithmic
            if plot.display:
                plot.show(_curves(page, held))

    def move(self, direction: Direction) -> bool:
        """The other plot, where only one is shown."""
        if direction not in ("left", "right") or self.room.height >= BOTH_ROWS:
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
        return (ExportedCurves("bound-ascent", self.part.series),) if self.part is not None else ()


def _curves(page: Page, held: dict[str, Series]) -> list[Curve]:
    return [Curve.of(held[name], label) for name, label in page.curves if name in held]
