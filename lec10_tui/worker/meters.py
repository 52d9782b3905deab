"""Meters: how long a run has been going, and how fast something grows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable


class Stopwatch:
    """Counts seconds while it is going; `seconds` may start above 0."""

    def __init__(self, clock: Callable[[], float], seconds: float = 0.0) -> None:
        self._clock = clock
        self._before = seconds
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        """Seconds counted so far."""
        return self._before + (0.0 if self._since is None else self._clock() - self._since)

    def go(self, going: bool) -> None:
        """Start or hold it; doing so twice changes nothing."""
        if going and self._since is None:
            self._since = self._clock()
        elif not going and self._since is not None:
            self._before, self._since = self.seconds, None


class Slope:
    """How much a quantity grows per unit of another, over a sliding window of the latter."""

    def __init__(self, window: float, marks: int = 100) -> None:
        self._window = window
        self._apart = window / marks
        self._marks: deque[tuple[float, float]] = deque()
        self._last: tuple[float, float] | None = None

    def clear(self) -> None:
        """Forget everything."""
        self._marks.clear()
        self._last = None

    def add(self, at: float, value: float) -> None:
        """The quantity is `value` at `at`; `at` must not go down."""
        self._last = (at, value)
        if not self._marks or at - self._marks[-1][0] >= self._apart:
            self._marks.append(self._last)
        while len(self._marks) > 1 and self._marks[1][0] <= at - self._window:
            self._marks.popleft()

    @property
    def slope(self) -> float | None:
        """The growth over the window, None before two marks stand apart."""
        if self._last is None or self._last[0] <= self._marks[0][0]:
            return None
        return (self._last[1] - self._marks[0][1]) / (self._last[0] - self._marks[0][0])


def seconds_left(progress: float | None, slope: float | None, elapsed: float) -> float | None:
    """Seconds of running until `progress` is 1, by its recent `slope` or else by the whole run; None when unknown."""
    if progress is None:
        return None
    if progress >= 1:
        return 0.0
    if slope is None or slope <= 0:
        slope = progress / elapsed if elapsed > 0 else 0.0
    return (1 - progress) / slope if slope > 0 else None
