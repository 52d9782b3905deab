"""Plays a lesson's scenes: one deed after another, with its pauses, until the lecturer moves on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from lec10_tui.widgets.scenes import Deed, Scene


class Timer(Protocol):
    """Something that was set to happen later and can be stopped."""

    def stop(self) -> None:
        """It does not happen."""


class Player:
    """Goes through `scenes`: `do` does one deed, `later` calls back after some seconds, `changed` hears what plays."""

    def __init__(
        self,
        scenes: Sequence[Scene],
        do: Callable[[Deed], None],
        later: Callable[[float, Callable[[], None]], Timer],
        changed: Callable[[Scene | None, int], None],
    ) -> None:
        self.scenes = scenes
        self.index = -1
        self._do, self._later, self._changed = do, later, changed
        self._waiting: Timer | None = None

    @property
    def playing(self) -> bool:
        """Whether a scene is on the screen."""
        return self.index >= 0

    def play(self, index: int) -> None:
        """Play the scene of this index; past either end the nearest one stays as it is."""
        if not 0 <= index < len(self.scenes) or index == self.index:
            return
        self._stop_waiting()
        self.index = index
        self._changed(self.scenes[index], index)
        self._go_on(self.scenes[index].deeds)

    def move(self, direction: int) -> None:
        """Play the next (1) or the previous (−1) scene."""
        if self.playing:
            self.play(self.index + direction)

    def leave(self) -> None:
        """Stop playing; everything stays as the scene has set it."""
        self._stop_waiting()
        self.index = -1
        self._changed(None, -1)

    def _go_on(self, deeds: Sequence[Deed]) -> None:
        self._waiting = None
        playing = self.index
        for number, deed in enumerate(deeds):
            if deed.verb == "wait":
                self._waiting = self._later(float(deed.words[0]), partial(self._go_on, deeds[number + 1 :]))
                return
            self._do(deed)
            if self.index != playing:
                return

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
