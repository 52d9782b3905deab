"""What shows the reinforce lesson: the debugger of an episode, its panels, its keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from lec10_tui.lessons.reinforce.frame import (
    About,
    Act,
    ApplyUpdate,
    NextEpisode,
    PreviousEpisode,
    Push,
    ReinforceKnobs,
)
from lec10_tui.lessons.reinforce.screen.arrangements import LARGE, WIDE
from lec10_tui.lessons.reinforce.screen.command import command_again
from lec10_tui.lessons.reinforce.screen.curves import CurvesPanel
from lec10_tui.lessons.reinforce.screen.equation import UpdateStrip, update_equation
from lec10_tui.lessons.reinforce.screen.following import MAX_AGE, EpisodePanel
from lec10_tui.lessons.reinforce.screen.hand import Hand
from lec10_tui.lessons.reinforce.screen.loop import LoopPanel
from lec10_tui.lessons.reinforce.screen.own_keys import OWN_KEYS
from lec10_tui.lessons.reinforce.screen.picture import PicturePanel
from lec10_tui.lessons.reinforce.screen.play import Play
from lec10_tui.lessons.reinforce.screen.table import TablePanel
from lec10_tui.lessons.reinforce.screen.update import UpdatePanel
from lec10_tui.lessons.reinforce.screen.words import estimator_words
from lec10_tui.vocabulary.commands import Command, Open, Pause, Run, SetSpeed
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.knobs import Knobs
from lec10_tui.vocabulary.reports import Link, Report
from lec10_tui.widgets import keys
from lec10_tui.widgets.equation import Equation
from lec10_tui.widgets.keys import GROUPS, Key
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.lesson import LessonScreen
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.reporting import Described

__all__ = ["ReinforceScreen"]

SLOW = 5.0
TRAINING_SPEEDS: tuple[float | None, ...] = (SLOW, 10.0, 30.0, 100.0, None)
"""Updates a second that + and − walk through while it trains; None is full speed."""

SHOWN_UP_TO = 10.0
"""Up to this speed the next update waits until the last one was seen."""

ENDED = ("finished", "failed", "stopped")
"""States in which a run that was asked to go does not."""


class ReinforceScreen(LessonScreen):
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
        self.hand = Hand()
        super().__init__(lesson, link, look=look, given=given, **options)
        self.equation_strip = UpdateStrip()
        self.play = Play(self.set_interval, self._ahead, self._ended)
        self._pace: float | None = SLOW
        self._asked: bool | None = None

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
        return f"paused at {where}" if self.status.state in ("paused", "loading") else f"at {where}"

    def busy(self, report: Report) -> bool:
        """Whether space would hold something."""
        return self.training or self.play.going

    def _show_heading(self) -> None:
        super()._show_heading()
        heading = self.title_line.heading
        if self.play.going:
            heading = replace(heading, state="running", held=f"{self.play.speed:g} steps/s")
        if not self.training:  # how much of a run is left says nothing while its episode is walked
            heading = replace(heading, progress=None)
        self.title_line.heading = heading

    # The episode in hand.

    @property
    def training(self) -> bool:
        """Whether the run is going, or will be once the worker has heard of the last key."""
        return self._asked if self._asked is not None else self.status.state == "running"

    def send(self, command: Command) -> None:
        """Hand a command to the worker, and remember whether the run is to go."""
        if isinstance(command, (Run, Pause)):
            self._asked = isinstance(command, Run)
        elif isinstance(command, Open):
            self._asked = command.running
        super().send(command)

    def on_mount(self) -> None:
        """Training is slow motion until a person asks for more."""
        self._set_pace()

    def _set_pace(self) -> None:
        self.send(SetSpeed(self._pace, shown=self._pace is not None and self._pace <= SHOWN_UP_TO))

    def on_screen_suspend(self) -> None:
        """Nothing plays where nobody sees it; training goes on."""
        self.play.stop()

    def _hear(self, before: Report | None) -> None:
        """Take what the report brings of the episode in hand."""
        super()._hear(before)
        report = self.report
        if report is None or report.frame is None:
            return
        runs, ran = self.status.state == "running", before is not None and before.status.state == "running"
        if runs == self._asked or self.status.state in ENDED or report.failure is not None:
            self._asked = None
        if report.failure is not None:
            self.hand.awaited = 0
        self.hand.take(report.frame, runs and self.training)
        if self.training:
            self.play.stop()
        elif ran and not runs and self.hand.time == self.hand.steps - 1:
            self.hand.go(0)  # what was trained on last can be walked from its start

    def _follow(self) -> None:
        """The keys stand elsewhere: paint what depends on that, and nothing else."""
        self._show_heading()
        self.equation_strip.equation = self.equation(self.report)
        if self.report is not None:
            self.foot.line.running = self.busy(self.report)
            for panel in self.body.shown:
                if isinstance(panel, EpisodePanel):
                    panel.receive(self.report)

    def _stand(self) -> bool:
        """Hold whatever goes; whether it was the training, whose episode is then walked from its start."""
        trained = self.training
        if trained:
            self.send(Pause())
            self.hand.go(0)
        self.play.stop()
        return trained

    def walk(self, by: int) -> bool:
        """Go along the episode, its ends included."""
        if not self._stand():
            self.hand.go(self.hand.time + by)
        self._follow()
        return True

    def jump(self, direction: Direction) -> bool:
        """To the first or the last state; whether `direction` is that."""
        if direction not in ("home", "end"):
            return False
        self._stand()
        self.hand.go(0 if direction == "home" else self.hand.steps)
        self._follow()
        return True

    def act(self, direction: Direction) -> bool:
        """Take the action that an arrow means in place of the policy's; whether it means one."""
        about = self.hand.about
        values = dict(about.arrows).get(direction) if about is not None else None
        if values is None:
            return False
        if self._in_episode("acts"):
            self.send(Act(self.hand.time, values))
            self.hand.go(self.hand.time + 1)
            self._follow()
        return True

    def _in_episode(self, does: str) -> bool:
        """Whether there is a time step to do something at; the run and the play stand still for it."""
        if not self._stand() and self.hand.over:
            self.tell(f"the episode is over and nobody {does} in it; . samples the next")
            return False
        return self.hand.steps > 0

    def _ahead(self, steps: int) -> bool:
        """Play on; whether the end is reached."""
        if self.hand.go(self.hand.time + steps):
            self._follow()
        return self.hand.over

    def _ended(self) -> None:
        self._ask_for(1)

    def _ask_for(self, direction: int) -> None:
        """The next episode, or the previous one, once however often it is asked for."""
        if self.hand.awaited:
            self.tell("the next episode is being sampled")
            return
        self.hand.awaited = direction
        self.send(NextEpisode() if direction > 0 else PreviousEpisode())

    # Keys.

    def action_toggle_run(self) -> None:
        """Play the episode, or hold what goes: the play, the training."""
        if self.training or self.play.going:
            self._stand()
        else:
            self.play.start()
        self._follow()

    def action_step(self, direction: int) -> None:
        """One action on, or back; past an end the next episode, or the previous one."""
        if self._stand():
            self._follow()
            return
        episode = self.hand.episode
        beyond = self.hand.over if direction > 0 else self.hand.time == 0
        if episode is None or not beyond:
            self.walk(direction)
        elif direction > 0 or episode.earlier:
            self._ask_for(direction)
            self._follow()
        else:
            self.tell("this is the first step of the first episode that is kept")

    def action_train(self) -> None:
        """Train on, or stop; with knobs that wait for a new run and none begun, that new run."""
        if self.training:
            self._stand()
        elif self.setting.pending and not self.run_step:
            self.restart(running=True)
        else:
            self.play.stop()
            self.send(Run())
        self._follow()

    def action_update_once(self) -> None:
        """One step of the optimizer along the episode in hand."""
        self._stand()
        self.send(ApplyUpdate())
        self._follow()

    def action_weigh(self, estimator: str) -> None:
        """An estimator without a baseline, for the same episode."""
        self.put("estimator", estimator)
        self.put("baseline", "none")

    def action_compare(self, baseline: str) -> None:
        """A baseline under the estimator in force, for the same episode."""
        self.put("baseline", baseline)

    def action_push(self, direction: int) -> None:
        """Push what can be pushed, before the action at the cursor."""
        about = self.hand.about
        if about is None or not about.pushed:
            self.tell(f"{about.environment if about else 'this environment'} has nothing to push")
        elif self._in_episode("pushes"):
            self.send(Push(self.hand.time, float(direction)))
            self._follow()

    def action_speed(self, direction: int) -> None:
        """Faster, or slower: the training while it goes, else the play."""
        if not self.training:
            self.tell(f"the episode plays at {self.play.turn(direction):g} steps a second")
            self._follow()
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
