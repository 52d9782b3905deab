"""What shows the amortization lesson: its panels, its arrangement, its equation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from lec10_tui.lessons.amortization.frame import About, AmortizationKnobs, Race
from lec10_tui.lessons.amortization.screen.ascent import AscentPanel
from lec10_tui.lessons.amortization.screen.cost import CostPanel
from lec10_tui.lessons.amortization.screen.equation import gaps_equation
from lec10_tui.lessons.amortization.screen.images import MAX_AGE
from lec10_tui.lessons.amortization.screen.pictures import PicturesPanel
from lec10_tui.lessons.amortization.screen.plane import PlanePanel
from lec10_tui.lessons.amortization.screen.race import RacePanel
from lec10_tui.lessons.amortization.screen.table import TablePanel
from lec10_tui.lessons.amortization.screen.words import image_words, part_of
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.knobs import Knobs
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.areas import Arrangement
from lec10_tui.widgets.equation import Equation
from lec10_tui.widgets.keys import Key
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.lesson import LessonScreen
from lec10_tui.widgets.panel import Panel
from lec10_tui.widgets.setting import made_again

__all__ = ["AmortizationScreen"]

WIDE = Arrangement(
    min_width=100,
    min_height=30,
    areas=("knobs ascent|race ascent|race plane", "table table pictures|cost pictures|cost"),
    columns=(26, "6fr", "1fr", "6fr"),
    rows=("5fr", "6fr"),
)

LARGE = Arrangement(
    min_width=180,
    min_height=46,
    areas=("knobs ascent plane pictures", "knobs table table cost", "knobs table table race"),
    columns=(28, "6fr", "5fr", "5fr"),
    rows=("9fr", 13, "7fr"),
)

OBSERVATIONS = {"bernoulli": "Bernoulli", "gaussian": "Gaussian"}


class AmortizationScreen(LessonScreen):
    """Lesson 5: what the encoder saves, and what it costs."""

    KNOBS: ClassVar[type[Knobs]] = AmortizationKnobs
    KEYS = (Key("race", ("t",), "t", "race", "race", "race the two training strategies, or hold the race", "Run", 5),)
    ARRANGEMENTS = (WIDE, LARGE)
    NO_WAY_BACK = "an ascent has no step back; r starts it again"
    RUNNING = "ascending"
    UNIT = "steps/s"

    def panels(self) -> Iterable[Panel]:
        """The panels in the order of tab; the first one has the focus."""
        self.race = RacePanel()
        return (
            AscentPanel(),
            PlanePanel(),
            PicturesPanel(),
            TablePanel(),
            CostPanel(),
            self.race,
            KnobsPanel(self.KNOBS),
        )

    def wanted(self) -> tuple[Wanted, ...]:
        """What the title, the image in hand and the keys need of every frame."""
        return (*(Wanted(name, max_age=MAX_AGE) for name in ("about", "table")), Wanted("race", max_age=1.0))

    def context(self, report: Report) -> tuple[str, ...]:
        """The model, the image in hand, K, the observation model, how many images are ascended."""
        about = part_of(report, "about", About)
        if about is None:
            return (str(report.frame.knobs["model"]),) if report.frame is not None else ()
        images = f"{about.count} image{'' if about.count == 1 else 's'}"
        observation = OBSERVATIONS.get(about.observation, about.observation)
        return (about.model, image_words(about), f"K {about.latent_dim}", observation, images, f"cpu {about.threads}")

    def state_word(self, report: Report | None) -> str:
        """How the run stands; a race that goes while it does not is said too."""
        race = part_of(report, "race", Race)
        if race is not None and race.going and self.status.state in ("paused", "finished"):
            return "racing"
        return super().state_word(report)

    def equation(self, report: Report | None) -> Equation:
        """What log p(x) is made of, with its numbers."""
        return gaps_equation(report)

    def command_line(self) -> str:
        """The command that makes this run again, its knobs turned at the steps they were turned at."""
        about = part_of(self.report, "about", About)
        if about is None or not self.run_step or self.setting.pending:
            return super().command_line()
        return made_again(self.lesson.name, AmortizationKnobs, about.given, about.changes, "steps", self.run_step)

    def action_race(self) -> None:
        """Start the race, or hold it, where it can be seen."""
        self.body.activate("race")
        self.race.toggle()
