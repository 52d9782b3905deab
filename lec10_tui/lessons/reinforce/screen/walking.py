"""A lesson's screen that walks an episode: the time step the keys stand at, and what they do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lec10_tui.lessons.reinforce.frame import Act, NextEpisode, PreviousEpisode, Push
from lec10_tui.lessons.reinforce.screen.following import EpisodePanel
from lec10_tui.lessons.reinforce.screen.hand import Hand
from lec10_tui.lessons.reinforce.screen.play import Play
from lec10_tui.vocabulary.commands import Command, Open, Pause, Run
from lec10_tui.vocabulary.reports import Link, Report
from lec10_tui.widgets.described import Described
from lec10_tui.widgets.lesson import LessonScreen
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.panel import Direction
from lec10_tui.widgets.title import Heading

ENDED = ("finished", "failed", "stopped")
"""States in which a run that was asked to go does not."""


class WalkingScreen(LessonScreen):
    """A screen with an episode in `hand` that is walked, played, acted in and pushed; training stops for that."""

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
        self.play = Play(self.set_interval, self._ahead, self._ended)
        self._asked: bool | None = None

    def busy(self, report: Report) -> bool:
        """Whether space would hold something."""
        return self.training or self.play.going

    def heading(self) -> Heading:
        """With the speed of the play while it goes; how much of a run is left says nothing then."""
        heading = super().heading()
        if self.play.going:
            heading = replace(heading, state="running", held=f"{self.play.speed:g} steps/s")
        return heading if self.training else replace(heading, progress=None)

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

    def on_screen_suspend(self) -> None:
        """Nothing plays where nobody sees it; training goes on."""
        self.play.stop()

    def hear(self, before: Report | None) -> None:
        """Take what the report brings of the episode in hand."""
        super().hear(before)
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

    def follow(self) -> None:
        """The keys stand elsewhere: paint what depends on that, and nothing else."""
        self.show_heading()
        self.equation_strip.equation = self.equation(self.report)
        if self.report is not None:
            self.foot.line.running = self.busy(self.report)
            for panel in self.body.shown:
                if isinstance(panel, EpisodePanel):
                    panel.receive(self.report)

    def stand(self) -> bool:
        """Hold whatever goes; whether it was the training, whose episode is then walked from its start."""
        trained = self.training
        if trained:
            self.send(Pause())
            self.hand.go(0)
        self.play.stop()
        return trained

    def walk(self, by: int) -> bool:
        """Go along the episode, its ends included."""
        if not self.stand():
            self.hand.go(self.hand.time + by)
        self.follow()
        return True

    def jump(self, direction: Direction) -> bool:
        """To the first or the last state; whether `direction` is that."""
        if direction not in ("home", "end"):
            return False
        self.stand()
        self.hand.go(0 if direction == "home" else self.hand.steps)
        self.follow()
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
            self.follow()
        return True

    def _in_episode(self, does: str) -> bool:
        """Whether there is a time step to do something at; the run and the play stand still for it."""
        if not self.stand() and self.hand.over:
            self.tell(f"the episode is over and nobody {does} in it; . samples the next")
            return False
        return self.hand.steps > 0

    def _ahead(self, steps: int) -> bool:
        """Play on; whether the end is reached."""
        if self.hand.go(self.hand.time + steps):
            self.follow()
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

    # Keys that walk.

    def action_toggle_run(self) -> None:
        """Play the episode, or hold what goes: the play, the training."""
        if self.training or self.play.going:
            self.stand()
        else:
            self.play.start()
        self.follow()

    def action_step(self, direction: int) -> None:
        """One action on, or back; past an end the next episode, or the previous one."""
        if self.stand():
            self.follow()
            return
        episode = self.hand.episode
        beyond = self.hand.over if direction > 0 else self.hand.time == 0
        if episode is None or not beyond:
            self.walk(direction)
        elif direction > 0 or episode.earlier:
            self._ask_for(direction)
            self.follow()
        else:
            self.tell("this is the first step of the first episode that is kept")

    def action_push(self, direction: int) -> None:
        """Push what can be pushed, before the action at the cursor."""
        about = self.hand.about
        if about is None or not about.pushed:
            self.tell(f"{about.environment if about else 'this environment'} has nothing to push")
        elif self._in_episode("pushes"):
            self.send(Push(self.hand.time, float(direction)))
            self.follow()
