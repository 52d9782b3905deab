"""What shows the bound lesson: the exact picture, Jensen's inequality, the toy world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from lec10_tui.drawing.numbers import compact
from lec10_tui.lessons.bound.frame import (
    About,
    BoundKnobs,
    Importance,
    Jensen,
    Move,
    Posterior,
    PutPoint,
    Snap,
    Stretch,
    Terms,
    Toy,
)
from lec10_tui.lessons.bound.screen.arrangements import EXACT, JENSEN, TOY
from lec10_tui.lessons.bound.screen.ascent import AscentPanel
from lec10_tui.lessons.bound.screen.bar import BarPanel
from lec10_tui.lessons.bound.screen.collapse import CollapsePanel
from lec10_tui.lessons.bound.screen.command import command_again
from lec10_tui.lessons.bound.screen.equation import bound_equation, jensen_equation, toy_equation
from lec10_tui.lessons.bound.screen.importance import ImportancePanel
from lec10_tui.lessons.bound.screen.jensen import JensenPanel
from lec10_tui.lessons.bound.screen.own_keys import OWN_KEYS, TOY_KEYS
from lec10_tui.lessons.bound.screen.pictures import PicturesPanel
from lec10_tui.lessons.bound.screen.posterior import PosteriorPanel
from lec10_tui.lessons.bound.screen.toy import ToyPanel
from lec10_tui.lessons.bound.screen.turning import turn_knob
from lec10_tui.lessons.bound.screen.words import part_of
from lec10_tui.vocabulary.commands import SetSpeed
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.knobs import Knobs
from lec10_tui.vocabulary.reports import Link, Report
from lec10_tui.widgets.equation import Equation
from lec10_tui.widgets.keys import Key
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.lesson import LessonScreen
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.pages import Page
from lec10_tui.widgets.panel import Panel
from lec10_tui.widgets.reporting import Described

__all__ = ["BoundScreen"]

STEPS = 40
"""Presses that take μ across the window."""

FACTOR = 1.25
"""What one press makes σ wider by."""

SPEED = 10.0
"""Steps of ascent a second, until a person asks for more."""


class BoundScreen(LessonScreen):
    """Lesson 3: why a lower bound, and how loose is it?"""

    KNOBS: ClassVar[type[Knobs]] = BoundKnobs
    KEYS = OWN_KEYS
    PAGES = (Page("exact", "exact picture", EXACT), Page("jensen", "Jensen", JENSEN), Page("toy", "toy world", TOY))
    NO_WAY_BACK = "the ascent has no step back: a puts q at the encoder's answer, 0 at the prior"
    RUNNING = "ascending"
    UNIT = "steps/s"
    SHOWN = True

    def __init__(
        self,
        lesson: Described,
        link: Link,
        *,
        look: Look | None = None,
        given: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(lesson, link, look=look, given=given, **options)
        self._posterior: Posterior | None = None

    def on_mount(self) -> None:
        """The ascent is slow motion until a person asks for more."""
        self.send(SetSpeed(SPEED, shown=True))

    def hear(self, before: Report | None) -> None:
        """Remember the window that the arrows measure their steps by."""
        super().hear(before)
        self._posterior = part_of(self.report, "posterior", Posterior) or self._posterior

    def panels(self) -> Iterable[Panel]:
        """The panels in the order of tab; the posterior has the focus first."""
        return (
            PosteriorPanel(),
            BarPanel(),
            PicturesPanel(),
            AscentPanel(),
            JensenPanel(),
            ImportancePanel(),
            ToyPanel(),
            CollapsePanel(),
            KnobsPanel(self.KNOBS),
        )

    @property
    def all_keys(self) -> tuple[Key, ...]:
        """The keys, called by what they do on this page."""
        keys = super().all_keys
        in_toy_world = self.is_mounted and self.body.page == "toy"
        return tuple(TOY_KEYS.get(key.id, key) for key in keys) if in_toy_world else keys

    def wanted(self) -> tuple[Wanted, ...]:
        """What the title, the equation and the keys need of every frame."""
        both = (Wanted("jensen"), Wanted("importance", max_age=0.3)) if self.body.page == "jensen" else ()
        return (Wanted("about", max_age=0.5), Wanted("terms", max_age=0.1), *both)

    # What the lines say.

    def context(self, report: Report) -> tuple[str, ...]:
        """The model, the image, the noise of the decoder."""
        about = part_of(report, "about", About)
        if about is None:
            return ()
        label = f" · class {about.label}" if about.label else ""
        noise = f"η {compact(about.variance)}" if about.variance is not None else "Bernoulli"
        return (about.model, f"image {about.image}{label}", noise)

    def equation(self, report: Report | None) -> Equation:
        """The equation of the page: log p(x) and what it is made of, Jensen's inequality, the toy world's integral."""
        if self.body.page == "jensen":
            return jensen_equation(part_of(report, "jensen", Jensen), part_of(report, "importance", Importance))
        if self.body.page == "toy":
            return toy_equation(part_of(report, "toy", Toy))
        return bound_equation(part_of(report, "terms", Terms), part_of(report, "posterior", Posterior))

    def command_line(self) -> str:
        """The command that makes what is on the screen, as far as one can."""
        about = part_of(self.report, "about", About)
        if about is None or self.report is None or self.report.frame is None or self.setting.pending:
            return super().command_line()
        return command_again(self.lesson.name, about, str(self.report.frame.knobs["start"]), self.run_step)

    # Keys that move q and the point.

    @property
    def latent_dim(self) -> int:
        """K of the model that is open."""
        about = part_of(self.report, "about", About)
        return about.latent_dim if about is not None else 2

    def move_mean(self, dimension: int, direction: int) -> bool:
        """Move μ of a dimension by a share of the window; true: the arrow was taken."""
        posterior = self._posterior
        if posterior is None:
            return False
        if self._has(dimension):
            size = float(posterior.high[dimension] - posterior.low[dimension])
            self.send(Move(dimension, direction * size / STEPS))
        return True

    def turn_image(self, direction: int) -> bool:
        """Take the next image, or the one before."""
        self.put("image", max(int(self.setting.in_force["image"]) + direction, 0))
        return True

    def action_stretch(self, dimension: int, direction: int) -> None:
        """Make q wider or narrower in one dimension; in the toy world turn its noise."""
        if self.body.page == "toy":
            if dimension:
                self.tell("the toy world has no q: < and > turn its noise η")
            else:
                turn_knob(self.body.focused_panel, "toy_variance", direction)
        elif self._has(dimension):
            self.send(Stretch(dimension, FACTOR**direction))

    def action_snap(self, to: str) -> None:
        """Put q at the encoder's answer or at the prior; in the toy world x on the curve."""
        if self.body.page != "toy":
            self.send(Snap(to))
        elif to == "encoder":
            self.send(PutPoint())
        else:
            self.tell("the toy world has no q: a puts x on the curve")

    def _has(self, dimension: int) -> bool:
        if dimension < self.latent_dim:
            return True
        self.tell("this model has one code (K = 1): only left and right, < and > act on q")
        return False
