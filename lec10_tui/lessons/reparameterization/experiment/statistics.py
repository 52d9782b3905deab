"""What a run remembers of its samples, of bounded size: moments, histograms, the running means and their errors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lec10_tui.lessons.reparameterization.experiment.moments import Moments
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, Floats
from lec10_tui.vocabulary.series import Ladder, Series

Arrays = Mapping[str, NDArray[np.generic]]

BINS = 120
WIDE = 3.5
"""How many standard deviations of the widest estimator the histograms reach to either side."""


def edges_around(estimates: Floats) -> Floats:
    """The edges of bins, (BINS + 1,), that hold nearly all of `estimates` (3, n), in the middle what all agree on."""
    middle = float(estimates[0].mean())
    reach = WIDE * float(estimates.std(1).max()) or 1.0
    return np.linspace(middle - reach, middle + reach, BINS + 1)


class Statistics:
    """Takes estimates in batches; what it holds depends on the batches alone, to the last bit."""

    def __init__(self, edges: Floats) -> None:
        self.edges = edges
        self.moments = Moments()
        self.counts = np.zeros((len(ESTIMATORS), len(edges) - 1), np.int64)
        self.outside = np.zeros(len(ESTIMATORS), np.int64)
        self._means = [Ladder(name) for name in ESTIMATORS]
        self._errors = [Ladder(name) for name in ESTIMATORS]

    def add(self, estimates: Floats) -> None:
        """Take in the estimates of a batch, (3, n)."""
        self.moments.add(estimates)
        bins = self.counts.shape[1]
        for row, places in enumerate(np.searchsorted(self.edges, estimates, side="right") - 1):
            inside = places[(places >= 0) & (places < bins)]
            self.counts[row] += np.bincount(inside, minlength=bins)
            self.outside[row] += len(places) - len(inside)
        if self.moments.count < 2:
            return
        for ladders, values in ((self._means, self.moments.mean), (self._errors, self.moments.standard_error)):
            for ladder, value in zip(ladders, values.tolist(), strict=True):
                ladder.add(self.moments.count, value)

    @property
    def means(self) -> tuple[Series, ...]:
        """The running means against the number of samples, one curve an estimator."""
        return tuple(ladder.series() for ladder in self._means)

    @property
    def errors(self) -> tuple[Series, ...]:
        """The standard errors of the running means, likewise."""
        return tuple(ladder.series() for ladder in self._errors)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything, as a snapshot holds it."""
        named: dict[str, NDArray[np.generic]] = {
            "moments": self.moments.array(),
            "histogram/edges": self.edges.copy(),
            "histogram/counts": self.counts.copy(),
            "histogram/outside": self.outside.copy(),
        }
        for kind, all_series in (("mean", self.means), ("error", self.errors)):
            for series in all_series:
                named[f"running/{series.name}/{kind}/steps"] = np.append(series.steps, series.stride)
                named[f"running/{series.name}/{kind}/values"] = np.stack((series.minimum, series.maximum, series.last))
        return named

    @classmethod
    def of(cls, arrays: Arrays) -> Statistics:
        """What `arrays` of a snapshot held."""
        statistics = cls(np.asarray(arrays["histogram/edges"], np.float64))
        statistics.moments.load(np.asarray(arrays["moments"], np.float64))
        statistics.counts = np.array(arrays["histogram/counts"], np.int64)
        statistics.outside = np.array(arrays["histogram/outside"], np.int64)
        statistics._means = [_ladder(name, "mean", arrays) for name in ESTIMATORS]
        statistics._errors = [_ladder(name, "error", arrays) for name in ESTIMATORS]
        return statistics


def _ladder(name: str, kind: str, arrays: Arrays) -> Ladder:
    steps = np.asarray(arrays[f"running/{name}/{kind}/steps"], np.int64)
    low, high, last = np.asarray(arrays[f"running/{name}/{kind}/values"], np.float64)
    return Ladder.of(Series(name, int(steps[-1]), steps[:-1], low, high, last))
