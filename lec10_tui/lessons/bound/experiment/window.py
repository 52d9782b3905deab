"""The window on p(z|x): where it looks, and the density in it, coarse at once, then refined in slices."""

from __future__ import annotations

import math
from collections.abc import Generator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from lec10_tui.learning.posterior import density
from lec10_tui.lessons.bound.experiment.bounds import Bound
from lec10_tui.lessons.bound.experiment.exact import Exact

Floats = NDArray[np.float64]
Box = tuple[Tensor, Tensor]
"""The lowest and the highest z, (K,) each."""

SCALES = 4.5
"""How many of its scales the window shows of the posterior on either side of its mean."""

SEEN = 3.0
"""How many have to be seen for the window to stay."""

CLOSER = 3.0
"""How many times as wide as a new one the window may be before it closes in."""

ROOM = 0.15
"""What a new window has beyond what has to be seen, in parts of its width: q may go on before the next one."""

COARSE = 256
"""Pixels of a coarse density."""

KEPT = 3
"""Sizes of which the density is kept."""

_TINY = 1e-300


class Raster:
    """p(z|x) on `columns` × `rows` pixels of `box`; one row where K = 1."""

    def __init__(self, exact: Exact, box: Box, columns: int, rows: int) -> None:
        self.box, self.coarse = box, True
        self._exact, self._log_value = exact, exact.integral.log_value
        few = math.sqrt(max(columns * rows / COARSE, 1.0)) if rows > 1 else max(columns / COARSE, 1.0)
        fewer = math.ceil(columns / few), math.ceil(rows / few)
        self._values = _enlarged(self._density(box, *fewer), columns, rows)
        self._sharpen(columns, rows)
        self._slices = self._refined(columns, rows)

    @property
    def values(self) -> Floats:
        """The density (rows, columns), normalised by log p(x) as well as it is known now."""
        correction = math.exp(self._log_value - self._exact.integral.log_value)
        return (self._values * correction).numpy()

    def refine(self) -> None:
        """Do one slice."""
        next(self._slices, None)

    def _slices_of(self, box: Box, columns: int, rows: int) -> Generator[None, None, Tensor]:
        return density(self._exact.log_joint, self._log_value, *box, columns, rows)

    def _density(self, box: Box, columns: int, rows: int) -> Tensor:
        slices = self._slices_of(box, columns, rows)
        while True:
            try:
                next(slices)
            except StopIteration as end:
                values: Tensor = end.value
                return values

    def _sharpen(self, columns: int, rows: int) -> None:
        """Put the posterior's mass in, where it is too small for the coarse pixels to hit upon it."""
        low, high = self.box
        counts = torch.tensor([columns, rows], dtype=torch.float64)[: len(low)]
        pixel = (high - low) / counts
        mean, reach = self._exact.integral.mean, SEEN * self._exact.integral.scale
        first = ((mean - reach - low) / pixel).floor().clamp(min=0).minimum(counts - 1)
        end = ((mean + reach - low) / pixel).ceil().minimum(counts).maximum(first + 1)
        size = [int(count) for count in end - first]
        if math.prod(size) > COARSE:
            return
        values = self._density((low + first * pixel, low + end * pixel), *size, *[1] * (2 - len(size)))
        left, top = int(first[0]), rows - int(end[1]) if len(size) == 2 else 0
        self._values[top : top + len(values), left : left + size[0]] = values

    def _refined(self, columns: int, rows: int) -> Generator[None, None, None]:
        self._values = yield from self._slices_of(self.box, columns, rows)
        self.coarse = False


class Window:
    """Where p(z|x) is looked at, for one image under one η; it stays put while q moves inside it.

    It holds the posterior's mass, the encoder's q = N(`mu`, diag `sigma`²) and the q that is looked at. `version` grows
    with every change.
    """

    def __init__(self, exact: Exact, mu: Tensor, sigma: Tensor) -> None:
        self.exact = exact
        self._encoder = mu, sigma
        self.box: Box | None = None
        self.version = 0
        self._rasters: dict[tuple[int, int], Raster] = {}

    def follow(self, bound: Bound) -> None:
        """See to it that q can be seen: the window is laid anew when q leaves it, or when it is far too wide."""
        low, high = self._around(bound, SCALES, 2.0)
        if self.box is not None:
            lowest, highest = self._around(bound, SEEN, 1.0)
            inside = bool((lowest >= self.box[0]).all() and (highest <= self.box[1]).all())
            if inside and bool((self.box[1] - self.box[0] <= CLOSER * (high - low)).all()):
                return
            low, high = low - ROOM * (high - low), high + ROOM * (high - low)
        self.box = low, high
        self.version += 1
        self._rasters.clear()

    def _around(self, bound: Bound, scales: float, deviations: float) -> Box:
        integral = self.exact.integral
        spans = [(integral.mean, scales * integral.scale)]
        spans += [(mu, deviations * sigma) for mu, sigma in (self._encoder, (bound.mu, bound.sigma))]
        lows = torch.stack([middle - half for middle, half in spans])
        highs = torch.stack([middle + half for middle, half in spans])
        return lows.amin(0), highs.amax(0)

    def raster(self, columns: int, rows: int) -> Raster:
        """The density on so many pixels, coarse when it is asked for the first time."""
        columns, rows = max(columns, 1), max(rows, 1) if self.exact.latent_dim == 2 else 1
        raster = self._rasters.pop((columns, rows), None)
        if raster is None:
            raster = Raster(self.exact, self._fitted(columns, rows), columns, rows)
        self._rasters[columns, rows] = raster
        while len(self._rasters) > KEPT:
            del self._rasters[next(iter(self._rasters))]
        return raster

    def refine(self) -> bool:
        """Do one slice for the size asked for last; True once nothing is coarse."""
        coarse = [raster for raster in self._rasters.values() if raster.coarse]
        if coarse:
            coarse[-1].refine()
            self.version += not coarse[-1].coarse
        return not coarse

    def _fitted(self, columns: int, rows: int) -> Box:
        """The window made longer one way, so that a unit is as long across as up."""
        assert self.box is not None
        low, high = self.box
        if len(low) == 1:
            return low, high
        pixels = torch.tensor([columns, rows], dtype=torch.float64)
        middle, half = (low + high) / 2, pixels * ((high - low) / pixels).max() / 2
        return middle - half, middle + half


def _enlarged(values: Tensor, columns: int, rows: int) -> Tensor:
    """Densities on more pixels, their logs interpolated."""
    logs = values.clamp_min(_TINY).log()[None, None]
    size = (rows if len(values) > 1 else 1, columns)
    return interpolate(logs, size, mode="bilinear", align_corners=False)[0, 0].exp()
