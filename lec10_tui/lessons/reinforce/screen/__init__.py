"""What shows the reinforce lesson: the debugger of an episode, its panels, its keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from lec10_tui.lessons.reinforce.frame import About, ApplyUpdate, ReinforceKnobs
from lec10_tui.lessons.reinforce.screen.arrangements import LARGE, WIDE
from lec10_tui.lessons.reinforce.screen.command import command_again
from lec10_tui.lessons.reinforce.screen.curves import CurvesPanel
from lec10_tui.lessons.reinforce.screen.equation import UpdateStrip, update_equation
from lec10_tui.lessons.reinforce.screen.following import MAX_AGE
from lec10_tui.lessons.reinforce.screen.loop import LoopPanel
from lec10_tui.lessons.reinforce.screen.own_keys import OWN_KEYS
from lec10_tui.lessons.reinforce.screen.picture import PicturePanel
from lec10_tui.lessons.reinforce.screen.table import TablePanel
from lec10_tui.lessons.reinforce.screen.update import UpdatePanel, more_likely
from lec10_tui.lessons.reinforce.screen.walking import ENDED, WalkingScreen
from lec10_tui.lessons.reinforce.screen.words import estimator_words
from lec10_tui.vocabulary.commands import Run, SetSpeed
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.knobs import Knobs
from lec10_tui.vocabulary.reports import Link, Report
from lec10_tui.widgets import keys
from lec10_tui.widgets.equation import Equation
from lec10_tui.widgets.keys import GROUPS, Key
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.panel import Panel
from lec10_tui.widgets.reporting import Described

__all__ = ["ReinforceScreen"]

SLOW = 5.0
TRAINING_SPEEDS: tuple[float | None, ...] = (SLOW, 10.0, 30.0, 100.0, None)
"""Updates a second that + and − walk through while it trains; None is full speed."""

SHOWN_UP_TO = 10.0
"""Up to this speed the next update waits until the last one was seen."""


class ReinforceScreen(WalkingScreen):
    """Lesson 8: step through an episode, see what each action gets, then train."""

    KNOBS: ClassVar[type[Knobs]] = ReinforceKnobs
    KEYS = OWN_KEYS
    ARRANGEMENTS = (WIDE, LARGE)
    UNIT = "steps/s"
    SHIPPED = "half-trained"
    SHIPPED_SAVE = "a shipped run is kept already; t trains on in a run of your own"
    CONTINUES = True

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
        self.equation_strip = UpdateStrip()
        self._pace: float | None = SLOW
        self._updating = False

    def panels(self) -> Iterable[Panel]:
        """The panels in the order of tab; the table has the focus first."""
        return (
            TablePanel(),
            PicturePanel(),
            CurvesPanel(),
            LoopPanel(),
            UpdatePanel(),
            KnobsPanel(self.KNOBS),
        )

    def wanted(self) -> tuple[Wanted, ...]:
        """What the title, the equation and the keys need of every frame."""
        return tuple(Wanted(name, max_age=MAX_AGE) for name in ("about", "episode", "credit"))

    @property
    def all_keys(self) -> tuple[Key, ...]:
        """The keys, those that run the episode first."""
        return tuple(sorted(keys.merged(self.KEYS), key=lambda key: GROUPS.index(key.group)))

    # What the lines say.

    def context(self, report: Report) -> tuple[str, ...]:
        """The environment and the estimator."""
        if report.frame is None:
            return ()
        credit, knobs = self.hand.credit, report.frame.knobs
        estimator, baseline = (
            (credit.estimator, credit.baseline) if credit else (str(knobs["estimator"]), str(knobs["baseline"]))
        )
        environment = self.hand.about.environment if self.hand.about is not None else str(knobs["environment"])
        return (environment, estimator_words(estimator, baseline))

    def equation(self, report: Report | None) -> Equation:
        """REINFORCE's update with the numbers at the cursor (slide: REINFORCE)."""
        return update_equation(self.hand.episode, self.hand.credit, self.hand.time)

    def state_word(self, report: Report | None) -> str:
        """What goes on, and where in the episode the keys stand."""
        steps = self.hand.steps
        if self.training or not steps:
            return super().state_word(report)
        where = f"t = {self.hand.time:>{len(str(steps))}} of {steps}"
        if self.play.going:
            return f"playing {where}"
        return f"{self.status.state} · {where}" if self.status.state in ENDED else f"paused at {where}"

    # Keys that train and weigh.

    def on_mount(self) -> None:
        """Training is slow motion until a person asks for more."""
        self._set_pace()

    def _set_pace(self) -> None:
        self.send(SetSpeed(self._pace, shown=self._pace is not None and self._pace <= SHOWN_UP_TO))

    def action_train(self) -> None:
        """Train on, or stop; with knobs that wait for a new run and none begun, that new run."""
        if self.training:
            self.stand()
        elif self.setting.pending and not self.run_step:
            self.restart(running=True)
        else:
            self.play.stop()
            self.send(Run())
        self.follow()

    def action_update_once(self) -> None:
        """One step of the optimizer along the episode in hand."""
        self.stand()
        self._updating = True
        self.send(ApplyUpdate())
        self.follow()

    def hear(self, before: Report | None) -> None:
        """Say what an update that was asked for has done, where the strip has no room for it too."""
        super().hear(before)
        if self.report is None or self.report.failure is not None:
            self._updating = False
        credit = self.hand.credit
        if self._updating and credit is not None and len(credit.delta_log_prob):
            self._updating = False
            self.tell(f"{more_likely(credit)} actions became more likely")

    def action_weigh(self, estimator: str) -> None:
        """An estimator without a baseline, for the same episode."""
        self.put("estimator", estimator)
        self.put("baseline", "none")

    def action_compare(self, baseline: str) -> None:
        """A baseline under the estimator in force, for the same episode."""
        self.put("baseline", baseline)

    def action_speed(self, direction: int) -> None:
        """Faster, or slower: the training while it goes, else the play."""
        if not self.training:
            speed = self.play.turn(direction)
            self.tell(f"the episode plays at {speed:g} step{'' if speed == 1 else 's'} a second")
            self.follow()
            return
        index = TRAINING_SPEEDS.index(self._pace) + direction
        self._pace = TRAINING_SPEEDS[min(max(index, 0), len(TRAINING_SPEEDS) - 1)]
        self._set_pace()
        self.tell("training at full speed" if self._pace is None else f"training at {self._pace:g} updates a second")

    def begins_running(self) -> bool:
        """A run that is started again trains at once only if this one does; its first episode is worth a look."""
        return self.training

    def command_line(self) -> str:
        """The command that makes this run again, if it is one that has begun."""
        about = self.report.frame.parts.get("about") if self.report and self.report.frame else None
        about = about if isinstance(about, About) else self.hand.about
        if about is None or not self.run_step or self.setting.pending:
            return super().command_line()
        return command_again(self.lesson.name, about, self.run_step)
