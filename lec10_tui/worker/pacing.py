"""Pacing: when the next frame is due and when the next step is."""

from __future__ import annotations

from dataclasses import dataclass

from lec10_tui.vocabulary.knobs import BadValue


@dataclass(frozen=True)
class Pacing:
    """How often frames are built while a run is going: with painting they take `share` of the wall clock.

    The interval stays within `shortest` … `longest` seconds; while nothing but the clock moves, `quiet` seconds pass.
    """

    share: float = 0.06
    shortest: float = 0.1
    longest: float = 2.0
    quiet: float = 1.0

    def interval(self, build_seconds: float, paint_seconds: float) -> float:
        """Seconds from one publication to the next, when building and painting one cost this much."""
        wished = (max(build_seconds, 0.0) + max(paint_seconds, 0.0)) / self.share
        return min(max(wished, self.shortest), self.longest)


class Metronome:
    """Says when the next step is due: at once at full speed, on even beats in slow motion; a missed beat is let go.

    `shown` is a wish for whoever takes the steps: that each be seen before the next.
    """

    def __init__(self) -> None:
        self.steps_per_second: float | None = None
        self.shown = False
        self._next = 0.0

    def set(self, steps_per_second: float | None, now: float, shown: bool = False) -> None:
        """Go at this speed from now on, None is full speed; raises BadValue for a speed that is not positive."""
        if steps_per_second is not None and not 0 < steps_per_second < float("inf"):
            raise BadValue(f"speed: {steps_per_second!r} is not a positive number of steps per second, or None")
        self.steps_per_second, self.shown = steps_per_second, shown
        if steps_per_second is not None:
            self._next = min(self._next, now + 1 / steps_per_second)

    def start(self, now: float) -> None:
        """The next step is due at once."""
        self._next = now

    def beat(self, now: float) -> None:
        """A step was begun at `now`."""
        if self.steps_per_second is not None:
            self._next = max(self._next + 1 / self.steps_per_second, now)

    def wait(self, now: float) -> float:
        """Seconds until the next step is due, 0 when it is."""
        return 0.0 if self.steps_per_second is None else max(self._next - now, 0.0)
