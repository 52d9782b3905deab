"""Running means and variances that are merged exactly, whatever the batches (Chan, Golub and LeVeque, 1983)."""

from __future__ import annotations

import numpy as np

from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, Floats


class Moments:
    """Of `count` samples the means (3,) and the sums of squared deviations from them (3,), one entry an estimator."""

    def __init__(self) -> None:
        self.count = 0
        self.mean: Floats = np.zeros(len(ESTIMATORS))
        self._squares: Floats = np.zeros(len(ESTIMATORS))

    def add(self, estimates: Floats) -> None:
        """Take in more samples, `estimates` (3, n) with n ≥ 1."""
        more = estimates.shape[1]
        mean = estimates.mean(1)
        squares = np.square(estimates - mean[:, None]).sum(1)
        total, away = self.count + more, mean - self.mean
        self.mean = self.mean + away * (more / total)
        self._squares = self._squares + squares + away**2 * (self.count * more / total)
        self.count = total

    @property
    def variance(self) -> Floats:
        """The unbiased variances of one sample, (3,); NaN below two samples."""
        return self._squares / (self.count - 1) if self.count > 1 else np.full(len(ESTIMATORS), np.nan)

    @property
    def standard_error(self) -> Floats:
        """The standard errors of the means, (3,); NaN below two samples."""
        return np.sqrt(self.variance / max(self.count, 1))

    def array(self) -> Floats:
        """Everything, as (7,) that `load` takes back."""
        return np.array([self.count, *self.mean, *self._squares], np.float64)

    def load(self, array: Floats) -> None:
        """Go on from what `array` of another gave."""
        count, *rest = array.tolist()
        self.count, (self.mean, self._squares) = int(count), np.array(rest).reshape(2, -1)
