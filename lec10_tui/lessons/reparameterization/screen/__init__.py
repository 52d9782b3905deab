"""What shows the reparameterization lesson: two graphs, three estimators of one gradient, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from lec10_tui.drawing.numbers import grouped
from lec10_tui.lessons.reparameterization.frame import About, ReparameterizationKnobs
from lec10_tui.lessons.reparameterization.screen.arrangements import LARGE, NARROW, WIDE
from lec10_tui.lessons.reparameterization.screen.dimensions import DimensionsPanel
from lec10_tui.lessons.reparameterization.screen.equation import gradient_equation, latest
from lec10_tui.lessons.reparameterization.screen.graphs import GraphsPanel
from lec10_tui.lessons.reparameterization.screen.histograms import HistogramsPanel
from lec10_tui.lessons.reparameterization.screen.running import RunningPanel
from lec10_tui.lessons.reparameterization.screen.variances import VariancesPanel
from lec10_tui.lessons.reparameterization.screen.words import drawn, formula
from lec10_tui.vocabulary.commands import SetSpeed
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.knobs import Knobs
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.equation import Equation
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.lesson import LessonScreen
from lec10_tui.widgets.panel import Panel
from lec10_tui.widgets.setting import made_again

__all__ = ["ReparameterizationScreen"]

SLOW = 100.0
"""Batches a second until a person asks for more: at full speed all is over before anyone has looked."""


class ReparameterizationScreen(LessonScreen):
    """Lesson 4: how to differentiate through a sample."""

    KNOBS: ClassVar[type[Knobs]] = ReparameterizationKnobs
    ARRANGEMENTS = (NARROW, WIDE, LARGE)
    RUNNING = "sampling"
    UNIT = "samples/s"
    NO_WAY_BACK = "samples are not taken back; r starts again, and the same seed draws the same ones"

    def on_mount(self) -> None:
        """Draw so slowly that the means can be seen settling; + goes faster."""
        self.send(SetSpeed(SLOW))

    def panels(self) -> Iterable[Panel]:
        """The panels in the order of tab; the graphs have the focus first."""
        return (
            GraphsPanel(),
            RunningPanel(),
            VariancesPanel(),
            HistogramsPanel(),
            DimensionsPanel(),
            KnobsPanel(self.KNOBS),
        )

    def wanted(self) -> tuple[Wanted, ...]:
        """What the title and the equation need of every frame."""
        return (Wanted("about", max_age=1.0), Wanted("sample", max_age=0.4), Wanted("variances", max_age=0.4))

    @property
    def about(self) -> About | None:
        """What is averaged, once something is open."""
        part = self.report.frame.parts.get("about") if self.report and self.report.frame else None
        return part if isinstance(part, About) else None

    def context(self, report: Report) -> tuple[str, ...]:
        """What f is, its dimension, where q stands; of a model's reconstruction term the model and the image."""
        about = self.about
        if about is None or report.frame is None:
            return ()
        knobs = report.frame.knobs
        if about.model:
            label = f" ({about.label})" if about.label else ""
            return (about.model, f"K {about.dimension}", f"image {about.image}{label}")
        return (
            f"f = {formula(about.formula, self.look)}",
            f"dimension {grouped(about.dimension)}",
            f"μ {knobs['mu']:g}",
            f"σ {knobs['sigma']:g}",
        )

    def equation(self, report: Report | None) -> Equation:
        """The gradient and the two expectations that equal it (slide: Reparameterization Trick)."""
        frame = report.frame if report is not None else None
        if frame is None:
            return gradient_equation({}, 1)
        about = frame.parts.get("about")
        return gradient_equation(latest(frame), about.dimension if isinstance(about, About) else 1)

    def command_line(self) -> str:
        """The command that draws the same samples again, as many as were drawn."""
        frame = self.report.frame if self.report is not None else None
        if frame is None or self.about is None or not frame.step or self.setting.pending:
            return super().command_line()
        about, knobs = self.about, ReparameterizationKnobs
        return made_again(self.lesson.name, knobs, about.given, about.changes, "samples", drawn(frame))
