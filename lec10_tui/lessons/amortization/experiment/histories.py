"""Where many ascents have been: their ELBOs and means by step, of bounded size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.series import Ladder, Series

BINS = 512

Floats = NDArray[np.float64]


class Histories:
    """One curve and one path a row, all by the same steps: bins of `stride` steps, merged in pairs when they are full.

    Of each bin the minimum, maximum and last value are kept, and the last place (d,).
    """

    def __init__(self, rows: int, dimensions: int, bins: int = BINS) -> None:
        self.stride = 1
        self._bins = bins
        self._steps = np.zeros(bins, np.int64)
        self._values = np.zeros((3, bins, rows))
        self._places = np.zeros((bins, rows, dimensions))
        self._count = 0

    def add(self, step: int, values: Floats, places: Floats) -> None:
        """Put in the `values` (rows,) and `places` (rows, d) at `step`; steps must not go down."""
        if self._count == self._bins and step >= self._steps[-1] + self.stride:
            self._halve()
        start = step - step % self.stride
        if self._count and self._steps[self._count - 1] == start:
            low, high, _ = self._values[:, self._count - 1]
            self._values[:, self._count - 1] = np.minimum(low, values), np.maximum(high, values), values
        else:
            self._steps[self._count] = start
            self._values[:, self._count] = values
            self._count += 1
        self._places[self._count - 1] = places

    def _halve(self) -> None:
        """Merge neighbours; the bins are full, and an even number."""
        half = self._bins // 2
        self.stride *= 2
        low, high, last = self._values.reshape(3, half, 2, -1)
        self._values[:, :half] = low.min(1), high.max(1), last[:, 1]
        self._steps[:half] = self._steps[::2]
        self._places[:half] = self._places[1::2]
        self._count = half

    def series(self, name: str, row: int, step: int, value: float) -> Series:
        """The curve of `row`, and where it is at `step`, which was not put in yet."""
        low, high, last = self._values[:, : self._count, row]
        ladder = Ladder.of(Series(name, self.stride, self._steps[: self._count], low, high, last), self._bins)
        ladder.add(step, value)
        return ladder.series()

    def path(self, row: int) -> Floats:
        """Where `row` has been, (n, d)."""
        return self._places[: self._count, row].copy()

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Copies of all there is: `load` goes on from them."""
        return {
            "steps": np.append(self._steps[: self._count], self.stride),
            "values": self._values[:, : self._count].copy(),
            "places": self._places[: self._count].copy(),
        }

    def load(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what `arrays` gave."""
        *steps, self.stride = (int(step) for step in arrays["steps"])
        self._count = len(steps)
        self._steps[: self._count] = steps
        self._values[:, : self._count] = arrays["values"]
        self._places[: self._count] = arrays["places"]
