"""What a run remembers of its readings: curves and rows, both of bounded size, by step number alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.frames import Readings
from lec10_tui.vocabulary.series import Ladder, Series

ROWS = 4096


class Record:
    """Takes the readings at fixed steps: every `every` steps, and more often before the first of them.

    `key` is the reading that says at which step they were taken. Keeps a curve for each name in `curves`, and at most
    `rows` rows: when they are full, every second reading step is dropped, by its number. What is kept depends on the
    steps alone, never on the clock.
    """

    def __init__(self, every: int, curves: Sequence[str], rows: int = ROWS, key: str = "step") -> None:
        self.every = every
        self._key = key
        self.version = 0
        self._early = max(1, every // 5)
        self._limit = rows
        self._ladders = {name: Ladder(name) for name in curves}
        self._rows: list[Readings] = []
        self._thinning = 1

    def due(self, step: int) -> bool:
        """Whether `step` is a reading step."""
        return step % (self._early if step <= self.every else self.every) == 0

    def add(self, readings: Readings, among: Mapping[str, Sequence[float]] | None = None) -> None:
        """Take the readings at the step they name; `among` are the values of a curve of which a reading is the last."""
        step = int(readings[self._key])
        if self._rows and self._rows[-1][self._key] == step:
            self._rows.pop()
        self._rows.append(dict(readings))
        for name, ladder in self._ladders.items():
            for value in (*(among or {}).get(name, ()), readings[name]):
                ladder.add(step, value)
        while len(self._rows) > self._limit:
            self._thinning *= 2
            stride = self.every * self._thinning
            self._rows = [row for row in self._rows[:-1] if row[self._key] % stride == 0] + self._rows[-1:]
        self.version += 1

    @property
    def last(self) -> Readings:
        """The last readings; empty before the first."""
        return self._rows[-1] if self._rows else {}

    @property
    def rows(self) -> tuple[Readings, ...]:
        """The rows kept, in order of step."""
        return tuple(self._rows)

    @property
    def series(self) -> tuple[Series, ...]:
        """Frozen copies of the curves."""
        return tuple(ladder.series() for ladder in self._ladders.values())

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The curves as arrays, for a snapshot."""
        named: dict[str, NDArray[np.generic]] = {"curves/thinning": np.array(self._thinning)}
        for series in self.series:
            named[f"curves/{series.name}/steps"] = np.append(series.steps, series.stride)
            named[f"curves/{series.name}/values"] = np.stack((series.minimum, series.maximum, series.last))
        return named

    def restore(self, arrays: Mapping[str, NDArray[np.generic]], rows: Iterable[Readings]) -> None:
        """Go on from what `arrays` and `rows` of a snapshot hold."""
        for name in self._ladders:
            if f"curves/{name}/steps" not in arrays:
                continue
            steps = np.asarray(arrays[f"curves/{name}/steps"], np.int64)
            low, high, last = np.asarray(arrays[f"curves/{name}/values"], np.float64)
            self._ladders[name] = Ladder.of(Series(name, int(steps[-1]), steps[:-1], low, high, last))
        self._rows = [dict(row) for row in rows]
        self._thinning = int(arrays.get("curves/thinning", np.array(1)))
        self.version += 1
