"""Tally: how far one run is, and how fast it goes."""

from __future__ import annotations

from collections.abc import Callable

from lec10_tui.vocabulary.experiments import Experiment
from lec10_tui.worker.meters import Slope, Stopwatch, seconds_left

RATE_SECONDS = 2.0
PACE_SECONDS = 10.0


class Tally:
    """Counts seconds of running (from `elapsed` on), units, steps and progress; rates are over sliding windows."""

    def __init__(self, clock: Callable[[], float], elapsed: float = 0.0) -> None:
        self._stopwatch = Stopwatch(clock, elapsed)
        self._started = elapsed
        self._units = 0
        self._rate = Slope(RATE_SECONDS)
        self._pace = Slope(PACE_SECONDS)
        self.steps = 0
        self.progress: float | None = None

    @property
    def elapsed(self) -> float:
        """Seconds the run has been going."""
        return self._stopwatch.seconds

    @property
    def complete(self) -> bool:
        """Whether the run's length was reached when it was last looked at."""
        return self.progress is not None and self.progress >= 1

    def go(self, going: bool) -> None:
        """The run goes, or is held: only running time counts."""
        self._stopwatch.go(going)

    def count(self, units: int, whole: bool) -> None:
        """A slice was taken that used so many units; `whole` where its step is."""
        self.steps += whole
        self._units += units

    def look(self, experiment: Experiment) -> None:
        """See how far the run is."""
        self.progress = experiment.progress(self.elapsed)

    def mark(self) -> None:
        """Put what was counted into the rates; once in a while is enough."""
        self._rate.add(self.elapsed, self._units)
        if self.progress is not None:
            self._pace.add(self.elapsed, self.progress)

    def forget_pace(self) -> None:
        """The run will go on at another pace: the time left is found anew."""
        self._pace.clear()

    @property
    def rate(self) -> float:
        """Units a second of running time, lately."""
        rate, ran = self._rate.slope, self.elapsed - self._started
        if rate is not None:
            return rate
        return self._units / ran if ran > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds of running until the run is complete, None when that can't be known."""
        return seconds_left(self.progress, self._pace.slope, self.elapsed)
