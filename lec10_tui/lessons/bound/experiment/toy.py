"""The two smaller worlds: a point in the plane beside a curve with noise, and Jensen's inequality on drawn values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property, lru_cache

import torch
from torch import Tensor

from lec10_tui.learning.jensen import lognormal, sides
from lec10_tui.learning.random import generator
from lec10_tui.learning.toy_curve import ToyCurve
from lec10_tui.vocabulary.knobs import BadValue

MARGIN = 1.0
"""How far beyond the curve the window and the point may go, in units of x."""

SEEN = 3.0
"""Codes up to this far from 0 are drawn as the curve."""

OFF = 0.6
"""How far off the curve the point begins, at z = ½."""

SHARP = 5e-4
"""The smallest η whose density is drawn at once."""

TILE = 48
"""Pixels each way that one slice of a sharper density has."""

UNSEEN = 0.1
"""Noise narrower than this part of a pixel can't be seen."""

DECADES = (-5, 1)
"""Powers of ten between which η runs where the density collapses."""

ROUGH, FINE = 1, 6
"""Values of η in a decade, at once and refined."""

KEPT = 3


class Density:
    """p(x) on `columns` × `rows` pixels from `low` to `high` (2,): a little blurred at first where η is small."""

    def __init__(self, curve: ToyCurve, variance: float, low: Tensor, high: Tensor, columns: int, rows: int) -> None:
        self.low, self.high = low, high
        self.values = curve.raster(low, high, columns, rows, max(variance, SHARP))
        self._slices = self._refined(curve, variance, columns, rows) if variance < SHARP else iter(())
        self.done = variance >= SHARP

    def refine(self) -> None:
        """Do one slice."""
        next(self._slices, None)

    def _refined(self, curve: ToyCurve, variance: float, columns: int, rows: int) -> Iterator[None]:
        pixel = (self.high - self.low) / torch.tensor([columns, rows])
        variance = max(variance, (UNSEEN * float(pixel.min())) ** 2)
        values = torch.empty_like(self.values)
        for top in range(0, rows, TILE):
            for left in range(0, columns, TILE):
                right, bottom = min(left + TILE, columns), min(top + TILE, rows)
                low = torch.stack((self.low[0] + left * pixel[0], self.high[1] - bottom * pixel[1]))
                high = torch.stack((self.low[0] + right * pixel[0], self.high[1] - top * pixel[1]))
                tile = curve.raster(low, high, right - left, bottom - top, variance)
                values[top:bottom, left:right] = tile
                yield
        self.values, self.done = values, True


class Collapsing:
    """log p(x) against η at two `points` (2, 2): the density collapses onto the one, and leaves the other."""

    def __init__(self, curve: ToyCurve, points: Tensor) -> None:
        self._curve, self._points = curve, points
        self._found: dict[float, Tensor] = {}
        self._fine = _logarithmic(FINE)
        for variance in _logarithmic(ROUGH):
            self._find(variance)

    def _find(self, variance: float) -> None:
        self._found[variance] = self._curve.log_density(self._points, variance)

    @property
    def variances(self) -> Tensor:
        """The values of η so far, rising, (m,)."""
        return torch.tensor(sorted(self._found), dtype=torch.float64)

    @property
    def log_densities(self) -> Tensor:
        """log p(x) at both points, (m, 2)."""
        return torch.stack([self._found[variance] for variance in sorted(self._found)])

    @property
    def done(self) -> bool:
        """Whether all values of η are there."""
        return len(self._found) == len(self._fine)

    def refine(self) -> None:
        """Do one slice."""
        waiting = [variance for variance in self._fine if variance not in self._found]
        for variance in waiting[:4]:
            self._find(variance)


class Place:
    """One point `x` (2,) beside one curve under one η: what is asked for is found then."""

    def __init__(self, curve: ToyCurve, variance: float, x: Tensor) -> None:
        self.curve, self.variance, self.x = curve, variance, x

    @cached_property
    def nearest(self) -> tuple[Tensor, float]:
        """The nearest place of the curve, (2,), and how far it is."""
        _, point, distance = self.curve.nearest(self.x)
        return point, distance

    @cached_property
    def log_density(self) -> float:
        """log p(x) in nats."""
        return float(self.curve.log_density(self.x[None], self.variance))

    @cached_property
    def slope(self) -> float:
        """d log p(x) / d log η."""
        return float(self.curve.slope(self.x[None], self.variance))


class ToyWorld:
    """A point x in the plane and p(x) = ∫ N(z; 0, 1) N(x; G(z), ηI) dz; `version` grows with whatever is refined."""

    def __init__(self, curve: str, variance: float, point: Tensor | None = None) -> None:
        self.version = 0
        self._densities: dict[tuple[int, int], Density] = {}
        self._collapsing: tuple[Place, Collapsing] | None = None
        self.curve, self.variance = ToyCurve(curve), variance
        self.place = Place(self.curve, variance, self._clamped(self._first() if point is None else point))

    @property
    def point(self) -> Tensor:
        """x, (2,)."""
        return self.place.x

    def turn(self, curve: str, variance: float) -> None:
        """Another curve, another η."""
        self.curve, self.variance = ToyCurve(curve), variance
        self._densities.clear()
        self._at(self.point)

    def move(self, across: float, up: float) -> None:
        """Move the point by so much, as far as the window goes; raises BadValue for what is no number."""
        if not (math.isfinite(across) and math.isfinite(up)):
            raise BadValue(f"x: {across:g}, {up:g} is no way to move it; two numbers would be right")
        self._at(self.point + torch.tensor([across, up], dtype=torch.float64))

    def put(self) -> None:
        """Put the point on the nearest place of the curve."""
        self._at(self.place.nearest[0])

    def _at(self, point: Tensor) -> None:
        self.place = Place(self.curve, self.variance, self._clamped(point))
        self.version += 1

    def _clamped(self, point: Tensor) -> Tensor:
        low, high = self.box
        return torch.maximum(torch.minimum(point, high), low)

    def _first(self) -> Tensor:
        """Beside the curve at z = ½, on its left."""
        z = torch.tensor([0.5])
        across, up = self.curve.tangent(z)[0]
        normal = torch.stack((-up, across))
        beside: Tensor = self.curve.points(z)[0] + OFF * normal / normal.norm()
        return beside

    # --- pictures ---------------------------------------------------------------------------------------------------

    @property
    def drawn(self) -> Tensor:
        """G(z) for z from −3 to 3, (m, 2)."""
        return self.curve.points(torch.linspace(-SEEN, SEEN, 241, dtype=torch.float64))

    @property
    def box(self) -> tuple[Tensor, Tensor]:
        """The curve and a margin: the lowest and the highest x, (2,) each."""
        drawn = self.drawn
        return drawn.amin(0) - MARGIN, drawn.amax(0) + MARGIN

    def density(self, columns: int, rows: int) -> Density:
        """p(x) on so many pixels, of a window made longer one way so that a unit is as long across as up."""
        columns, rows = max(columns, 1), max(rows, 1)
        density = self._densities.pop((columns, rows), None)
        if density is None:
            low, high = self.box
            pixels = torch.tensor([columns, rows], dtype=torch.float64)
            middle, half = (low + high) / 2, pixels * ((high - low) / pixels).max() / 2
            density = Density(self.curve, self.variance, middle - half, middle + half, columns, rows)
        self._densities[columns, rows] = density
        while len(self._densities) > KEPT:
            del self._densities[next(iter(self._densities))]
        return density

    def collapsing(self) -> Collapsing:
        """log p(x) against η where the point is, and at the nearest place of the curve."""
        if self._collapsing is None or self._collapsing[0] is not self.place:
            points = torch.stack((self.place.nearest[0], self.point))
            self._collapsing = self.place, Collapsing(self.curve, points)
        return self._collapsing[1]

    def refine(self) -> bool:
        """Do one slice; True once nothing that was asked for is coarse."""
        waiting: list[Density | Collapsing] = [density for density in self._densities.values() if not density.done]
        if self._collapsing is not None and self._collapsing[0] is self.place and not self._collapsing[1].done:
            waiting.append(self._collapsing[1])
        if waiting:
            waiting[-1].refine()
            self.version += waiting[-1].done
        return not waiting


def _logarithmic(per_decade: int) -> tuple[float, ...]:
    """Values of η, so many in a decade: those of few are among those of more."""
    first, last = DECADES
    return tuple(10.0 ** (first + step / per_decade) for step in range((last - first) * per_decade + 1))


@lru_cache(maxsize=4)
def jensen(points: int, spread: float, seed: int) -> tuple[Tensor, float, float]:
    """The values of X that are drawn, rising, (n,); the mean of log X, and the log of mean X."""
    values = lognormal(points, spread, generator(seed, 0, "jensen"))
    return (values, *sides(values))
