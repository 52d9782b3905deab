"""Playing an episode: one time step after another, by the clock."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

SPEEDS = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0)
"""Time steps a second that + and − walk through."""

FRAMES = 25.0
"""Pictures a second; faster than that, several time steps go by in one."""

LINGER = 0.6
"""Seconds the end of an episode stays in sight."""


class Play:
    """Calls `ahead(steps)` by the clock while it is going; that answers whether the end is reached.

    Then `ended()` is called, once the end was in sight for a moment. `every` sets a timer.
    """

    def __init__(
        self,
        every: Callable[[float, Callable[[], None]], Timer],
        ahead: Callable[[int], bool],
        ended: Callable[[], None],
    ) -> None:
        self.speed = 10.0
        self._every, self._ahead, self._ended = every, ahead, ended
        self._timer: Timer | None = None
        self._lingered = 0.0

    @property
    def going(self) -> bool:
        """Whether the episode is being played."""
        return self._timer is not None

    def start(self) -> None:
        """Play on from where the keys stand."""
        self.stop()
        self._lingered = 0.0
        self._timer = self._every(self._interval, self._tick)

    def stop(self) -> None:
        """Stand still."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def turn(self, direction: int) -> float:
        """Faster (1) or slower (−1); the speed from now on."""
        self.speed = SPEEDS[min(max(SPEEDS.index(self.speed) + direction, 0), len(SPEEDS) - 1)]
        if self.going:
            self.start()
        return self.speed

    @property
    def _interval(self) -> float:
        return 1.0 / min(self.speed, FRAMES)

    def _tick(self) -> None:
        if not self._ahead(max(round(self.speed / FRAMES), 1)):
            self._lingered = 0.0
            return
        self._lingered += self._interval
        if self._lingered >= LINGER:
            self._lingered = 0.0
            self._ended()
