"""Series: a curve of bounded size that never grows, whatever the length of the run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 2048

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Series:
    """One curve: of each bin of `stride` steps the first step and the minimum, maximum and last value; all (n,)."""

    name: str
    stride: int
    steps: NDArray[np.int64]
    minimum: Floats
    maximum: Floats
    last: Floats


class Ladder:
    """Grows a Series by step number; when its bins are full, neighbours are merged and the stride doubles.

    What it holds depends only on the (step, value) pairs put in, in order of step, never on the clock.
    """

    def __init__(self, name: str, bins: int = BINS, stride: int = 1) -> None:
        self.name = name
        self.stride = stride
        self._bins = bins
        self._steps = np.zeros(bins, np.int64)
        self._values = np.zeros((3, bins), np.float64)
        self._count = 0

    def add(self, step: int, value: float) -> None:
        """Put in the value at `step`; steps must not go down."""
        start = step - step % self.stride
        if self._count and self._steps[self._count - 1] == start:
            low, high, _ = self._values[:, self._count - 1]
            self._values[:, self._count - 1] = (min(low, value), max(high, value), value)
            return
        if self._count == self._bins:
            self._halve()
            self.add(step, value)
            return
        self._steps[self._count] = start
        self._values[:, self._count] = value
        self._count += 1

    def _halve(self) -> None:
        self.stride *= 2
        steps, values = self._steps[: self._count].copy(), self._values[:, : self._count].copy()
        starts = steps - steps % self.stride
        first = np.flatnonzero(np.diff(starts, prepend=-1))
        ends = np.append(first[1:], len(starts)) - 1
        self._count = len(first)
        self._steps[: self._count] = starts[first]
        self._values[0, : self._count] = np.minimum.reduceat(values[0], first)
        self._values[1, : self._count] = np.maximum.reduceat(values[1], first)
        self._values[2, : self._count] = values[2][ends]

    def series(self) -> Series:
        """A frozen copy of what was put in so far."""
        values = self._values[:, : self._count].copy()
        return Series(self.name, self.stride, self._steps[: self._count].copy(), values[0], values[1], values[2])

    @classmethod
    def of(cls, series: Series, bins: int = BINS) -> Ladder:
        """A ladder that goes on where `series` stopped."""
        ladder = cls(series.name, bins, series.stride)
        ladder._count = len(series.steps)
        ladder._steps[: ladder._count] = series.steps
        ladder._values[:, : ladder._count] = (series.minimum, series.maximum, series.last)
        return ladder
