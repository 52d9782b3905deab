"""The window on the latent plane around the posterior and the encoder's q, and p(z|x) in it: coarse, then finer."""

from __future__ import annotations

import math
from collections.abc import Generator, Hashable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.posterior import density
from lec10_tui.learning.quadrature import LogJoint
from lec10_tui.lessons.amortization.experiment.slices import at_once

Floats = NDArray[np.float64]

COARSE = 400
"""Pixels of the coarse picture, about."""

SEEN, FARTHEST = 2.5, 4.0
"""Standard deviations of a q that have to be seen, and how far from its mean at most: the prior has no more to show."""

BEYOND = 0.25
"""How far beyond the posterior and the encoder's q the window reaches for an ascent, in parts of their size."""


class Window(NamedTuple):
    """From `low` to `high`, each of d numbers."""

    low: tuple[float, ...]
    high: tuple[float, ...]


class Box(NamedTuple):
    """From `low` to `high`, (K,) each: what is to be seen."""

    low: Tensor
    high: Tensor


def around(mu: Tensor, sigma: Tensor) -> Box:
    """The box around a q, as far as it has to be seen."""
    reach = (SEEN * sigma).clamp(max=FARTHEST)
    return Box(mu - reach, mu + reach)


def window(whole: Sequence[Box], ascents: Sequence[Box]) -> Window:
    """The window that shows the `whole` boxes, and `ascents` as far as they are near, in the first one or two of K.

    One that is wide or far away, as the prior is, would make a patch of all the others: it is cut until it arrives.
    Units are equal, and the edges on a lattice as fine as the window is large, so that it stands still while what it
    shows moves a little.
    """
    lows, highs = (torch.stack(edges)[:, :2] for edges in zip(*whole, *ascents, strict=True))
    edges = lows[: len(whole)].amin(0), highs[: len(whole)].amax(0)
    margin = BEYOND * (edges[1] - edges[0]).max()
    low = lows.amin(0).clamp(min=edges[0] - margin).numpy()
    high = highs.amax(0).clamp(max=edges[1] + margin).numpy()
    unit = 2.0 ** math.floor(math.log2(max(float((high - low).max()), 1e-6))) / 8
    low, high = np.floor(low / unit), np.ceil(high / unit)
    missing = (high - low).max() - (high - low)
    low, high = low - missing // 2, high + (missing - missing // 2)
    return Window(tuple((low * unit).tolist()), tuple((high * unit).tolist()))


class Raster:
    """p(z|x) in one window at one size, from `coarse` to fine; `log_value` is the log p(x) that it was found with."""

    def __init__(self, log_joint: LogJoint, log_value: float, shown: Window, columns: int, rows: int) -> None:
        self.log_value = log_value
        self._log_joint = log_joint
        self._low, self._high = (torch.tensor(edge, dtype=torch.float64) for edge in shown)
        columns, rows = max(columns, 1), max(rows, 1) if len(shown.low) == 2 else 1
        shrink = max(1.0, math.sqrt(columns * rows / COARSE))
        self._size = columns, rows
        self.values = at_once(self._made(math.ceil(columns / shrink), math.ceil(rows / shrink)))
        self.coarse = shrink > 1

    def refine(self) -> Generator[None, None, None]:
        """Make it as fine as was asked for, in slices."""
        self.values = yield from self._made(*self._size)
        self.coarse = False

    def _made(self, columns: int, rows: int) -> Generator[None, None, Floats]:
        found = yield from density(self._log_joint, self.log_value, self._low, self._high, columns, rows)
        values: Floats = found.numpy().copy()
        return values


class Posterior:
    """The last picture of p(z|x) that was asked for."""

    def __init__(self) -> None:
        self._raster: Raster | None = None
        self._of: Hashable = None

    @property
    def coarse(self) -> bool:
        """Whether the picture is still coarse."""
        return self._raster is not None and self._raster.coarse

    def picture(
        self, index: int, log_joint: LogJoint, log_value: float, shown: Window, columns: int, rows: int
    ) -> tuple[Floats, Generator[None, None, None] | None]:
        """p(z|x) of the image `index` as well as it is known, (rows, columns) or less; and what refines it, if needed.

        The work is only given the first time.
        """
        of = index, shown, columns, rows
        work = None
        if self._raster is None or self._of != of:
            self._raster, self._of = Raster(log_joint, log_value, shown, columns, rows), of
            work = self._raster.refine() if self._raster.coarse else None
        return self._raster.values * math.exp(self._raster.log_value - log_value), work
