"""Panels that follow the time step the keys stand at."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, ClassVar, cast

from lec10_tui.lessons.reinforce.frame import Episode
from lec10_tui.lessons.reinforce.screen.hand import Hand
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.panel import Direction, Panel

if TYPE_CHECKING:
    from lec10_tui.lessons.reinforce.screen.walking import WalkingScreen

MAX_AGE = 0.2

PAGE = 10
"""Time steps of a page where there are no rows to count."""


class EpisodePanel(Panel):
    """A panel that shows the episode in hand at the time step the keys stand at, and follows them."""

    PARTS: ClassVar[tuple[str, ...]] = ("about", "episode")

    @property
    def reinforce(self) -> WalkingScreen:
        """The screen it stands on."""
        return cast("WalkingScreen", self.screen)

    @property
    def hand(self) -> Hand:
        """The episode in hand."""
        return self.reinforce.hand

    def wanted(self) -> tuple[Wanted, ...]:
        """Its parts."""
        return tuple(Wanted(name, max_age=MAX_AGE) for name in self.PARTS)

    def depends(self, report: Report) -> Hashable:
        """What the keys stand at, too."""
        return (super().depends(report), self.hand.time)

    def on_mount(self) -> None:
        """Say what is on its way."""
        self.say("the first episode is being sampled")

    def show(self, report: Report) -> None:
        """Show the episode, if there is one."""
        if self.hand.episode is None:
            return
        self.say("")
        self.show_episode(self.hand.episode, self.hand.time)

    def show_episode(self, episode: Episode, time: int) -> None:
        """Paint the episode with the keys at `time`, 0 … T."""

    def move(self, direction: Direction) -> bool:
        """Along the episode."""
        steps = {"up": -1, "down": 1, "page_up": -PAGE, "page_down": PAGE}
        if direction in steps:
            return self.reinforce.walk(steps[direction])
        return self.reinforce.jump(direction)
