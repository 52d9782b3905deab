"""The bound with S importance samples, rising with S from the ELBO to log p(x)."""

from __future__ import annotations

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.numbers import fixed, grouped
from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.bound.frame import Floats, Importance
from lec10_tui.lessons.bound.screen.numbers import Numbers
from lec10_tui.lessons.bound.screen.panels import PartPanel
from lec10_tui.lessons.bound.screen.turning import turn_knob
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.inked import Pieces
from lec10_tui.widgets.panel import Direction
from lec10_tui.widgets.plot import Plot

ERRORS = 2.0
"""Standard errors on either side of the bound."""


class ImportancePanel(PartPanel[Importance]):
    """log of the mean of S importance weights p(x, z) / q(z): its expectation against S."""

    NAME = PART = "importance"
    KIND, MAX_AGE = Importance, 0.3
    TITLE = "S importance samples from q"
    TAB = "samples"
    MINIMUM = (34, 7)
    ABOUT = (
        "E[log (1/S) Σ p(x, z_s) / q(z_s)], z_s ~ q: Jensen again, with the mean of S weights in place of one.",
        "S = 1 is the ELBO; the bound rises with S to log p(x). Beads: two standard errors on either side.",
        "← → turn S. The q is that of the exact picture: < > and { } stretch it, a snaps it to the encoder.",
    )

    DEFAULT_CSS = """
    ImportancePanel > Plot { margin: 1 0 0 0; }
    """

    def compose(self) -> ComposeResult:
        """The numbers over the plot."""
        self.numbers, self.plot = Numbers(2), Plot(x_label="S")
        self.plot.x_log = True
        yield self.numbers
        yield self.plot

    def show_part(self, part: Importance) -> None:
        """Draw the bounds as far as they are known."""
        self.numbers.ascii = self.plot.ascii = self.look.ascii
        self.numbers.show(_lines(part), self.look)
        samples, here = part.samples.astype(np.float64), slice(part.chosen, part.chosen + 1)

        def line(name: str, label: str, values: Floats, colour: str, dotted: bool = False) -> Curve:
            return Curve.line(name, label, samples, values, colour, dotted)

        self.plot.show(
            (
                line("above", "", part.bounds + ERRORS * part.errors, "objective", True),
                line("below", "", part.bounds - ERRORS * part.errors, "objective", True),
                line("elbo", "ELBO", np.full(len(samples), part.elbo), "elbo"),
                line("log_likelihood", "log p(x)", np.full(len(samples), part.log_likelihood), "log_likelihood"),
                line("bound", "bound", part.bounds, "objective"),
                Curve.line("chosen", "", samples[here], part.bounds[here], "log_likelihood", dotted=True),
            )
        )
        self.subtitle = "" if part.done >= 1 else f"drawing, {part.done:.0%}"

    def move(self, direction: Direction) -> bool:
        """More samples, or fewer."""
        return direction in ("left", "right") and turn_knob(self, "samples", 1 if direction == "right" else -1)

    def as_text(self) -> str:
        """The numbers and the plot."""
        return f"{self.numbers.as_text()}\n{self.plot.as_text()}"

    def exports(self) -> tuple[Exported, ...]:
        """The bound against S; its minimum and maximum are two standard errors away."""
        part = self.part
        if part is None:
            return ()
        spread = ERRORS * part.errors
        series = Series("importance_bound", 1, part.samples, part.bounds - spread, part.bounds + spread, part.bounds)
        return (ExportedCurves("bound-importance", (series,)),)


def _lines(part: Importance) -> list[Pieces]:
    """The chosen S between the ELBO and log p(x)."""
    bound, error = float(part.bounds[part.chosen]), float(part.errors[part.chosen])
    chosen = f"S = {grouped(int(part.samples[part.chosen]))}"
    return [
        [(f"{'ELBO':>9}", "elbo"), (f"  {chosen:^20}", "objective"), (f"{'log p(x)':>11}", "log_likelihood")],
        [
            (fixed(part.elbo, 9, 2), "strong"),
            (f"  {fixed(bound, 10, 2)} ± {fixed(error, 7, 2).strip():<7}", "strong"),
            (fixed(part.log_likelihood, 11, 2), "strong"),
        ],
    ]
