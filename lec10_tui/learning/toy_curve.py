"""The toy world: a decoder of one code draws a curve, p(x) = ∫ N(z; 0, 1) N(x; G(z), ηI) dz (slide: Observation Model).

The integral is one-dimensional: Gauss–Legendre on panels as short as the noise is narrow makes it exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

DIMENSIONS = 2
"""D, of the plane."""

REACH = 16.0
"""Codes out to which p(x) is integrated: a small η makes even unlikely ones matter where nothing else is near x."""

_LIKELY = 6.0
"""Codes beyond it have a chance of 2e-9: they matter for the density's log alone."""

LINE_DIRECTION, LINE_OFFSET = (1.0, 0.6), (0.2, -0.3)
"""The line is G(z) = direction · z + offset: p(x) is a Gaussian."""

_ORDER = 10
"""Gauss–Legendre nodes of a panel."""

_WIDTH = 3.0
"""The length of a panel in standard deviations of z given x."""

_HOPELESS = 60.0
"""Nats below the top of the integrand from where on a panel is left out."""

_NARROW = 8.0
"""Standard deviations of the noise beyond which nothing of it is seen."""

_AT_ONCE = 2_000_000
"""Values that are held in memory at once."""


@dataclass(frozen=True)
class _Shape:
    """G, G′ and G″, each (n,) → two of (n,)."""

    point: Callable[[Tensor], tuple[Tensor, Tensor]]
    tangent: Callable[[Tensor], tuple[Tensor, Tensor]]
    bend: Callable[[Tensor], tuple[Tensor, Tensor]]


def _spiral(size: float, power: complex) -> _Shape:
    """G(z) = size · e^{power · z} in the complex plane: the same turn, and the same growth, with every unit of z."""

    def derivative(order: int) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        factor = size * power**order

        def value(z: Tensor) -> tuple[Tensor, Tensor]:
            radius, angle = (power.real * z).exp(), power.imag * z
            across = radius * (factor.real * angle.cos() - factor.imag * angle.sin())
            return across, radius * (factor.real * angle.sin() + factor.imag * angle.cos())

        return value

    return _Shape(derivative(0), derivative(1), derivative(2))


_SHAPES: Mapping[str, _Shape] = {
    "wave": _Shape(
        lambda z: (z, (1.5 * z).sin()),
        lambda z: (torch.ones_like(z), 1.5 * (1.5 * z).cos()),
        lambda z: (torch.zeros_like(z), -2.25 * (1.5 * z).sin()),
    ),
    "arc": _Shape(
        lambda z: (2 * (z / 2).sin(), 2 * (z / 2).cos() - 1),
        lambda z: ((z / 2).cos(), -(z / 2).sin()),
        lambda z: (-(z / 2).sin() / 2, -(z / 2).cos() / 2),
    ),
    "spiral": _spiral(0.9, 0.25 + 1.4j),
    "line": _Shape(
        lambda z: (LINE_DIRECTION[0] * z + LINE_OFFSET[0], LINE_DIRECTION[1] * z + LINE_OFFSET[1]),
        lambda z: (torch.full_like(z, LINE_DIRECTION[0]), torch.full_like(z, LINE_DIRECTION[1])),
        lambda z: (torch.zeros_like(z), torch.zeros_like(z)),
    ),
}

NAMES = tuple(_SHAPES)


class ToyCurve:
    """The curve called `name`, one of NAMES: x = G(z) + √η · noise with z ~ N(0, 1); raises ValueError for another."""

    def __init__(self, name: str) -> None:
        if name not in _SHAPES:
            raise ValueError(f"curve: {name!r} is not one of {', '.join(NAMES)}")
        self.name, self._shape = name, _SHAPES[name]
        self._table = torch.linspace(-_LIKELY, _LIKELY, 1201, dtype=torch.float64)

    def points(self, z: Tensor) -> Tensor:
        """G(z), (n, 2), for codes `z` (n,)."""
        return torch.stack(self._shape.point(z.double()), dim=-1)

    def tangent(self, z: Tensor) -> Tensor:
        """G′(z), (n, 2)."""
        return torch.stack(self._shape.tangent(z.double()), dim=-1)

    def bend(self, z: Tensor) -> Tensor:
        """G″(z), (n, 2)."""
        return torch.stack(self._shape.bend(z.double()), dim=-1)

    def log_density(self, x: Tensor, variance: float) -> Tensor:
        """log p(x) in nats, (n,), for points `x` (n, 2); η is `variance`."""
        return self._integrals(x, variance)[0]

    def slope(self, x: Tensor, variance: float) -> Tensor:
        """d log p(x) / d log η = E[‖x − G(z)‖² | x] / 2η − D/2, exactly, (n,), for points `x` (n, 2)."""
        return self._integrals(x, variance)[1] / (2 * variance) - DIMENSIONS / 2

    def raster(self, low: Tensor, high: Tensor, columns: int, rows: int, variance: float) -> Tensor:
        """p(x) averaged over each of `rows` × `columns` pixels from `low` to `high` (2,), top row largest x₂.

        Averages, not values at the middles: a density that is narrower than a pixel keeps all its mass.
        """
        deviation = math.sqrt(variance)
        edges = self._edges(variance, 0.0, _LIKELY)
        within = self._squares(((low + high) / 2)[None].double(), edges)[0].sqrt()
        beyond = within - float((high - low).norm()) / 2 - _NARROW * deviation
        # A panel is out of sight if both its ends are farther off than it is long.
        across, up = self._shape.point(edges)
        lengths = torch.hypot(across.diff(), up.diff())
        z, log_weights = _rule(edges, torch.minimum(beyond[1:], beyond[:-1]) <= 2 * lengths)
        across, up = self._shape.point(z)
        in_column = _mass_between(low[0], high[0], columns, across, deviation)
        in_row = _mass_between(low[1], high[1], rows, up, deviation).flip(0)
        area = float((high - low).prod()) / (columns * rows)
        return (in_row * log_weights.exp()) @ in_column.T / area

    def nearest(self, x: Tensor) -> tuple[float, Tensor, float]:
        """The code z, of those within 6 of 0, whose G(z) is nearest to the point `x` (2,); G(z) (2,); the distance."""
        squares = (self.points(self._table) - x.double()).square().sum(-1)
        best = int(squares.argmin())
        low, high = float(self._table[max(best - 1, 0)]), float(self._table[min(best + 1, len(squares) - 1)])
        z = self._table[best].clone()
        for _ in range(20):  # Newton's method on half the squared distance, kept within its neighbours in the table
            error, tangent = self.points(z) - x, self.tangent(z)
            curvature = float(tangent.square().sum() + (error * self.bend(z)).sum())
            if curvature <= 0:
                break
            before, z = z, (z - (error @ tangent) / curvature).clamp(low, high)
            if bool(z == before):
                break
        point = self.points(z)
        return float(z), point, float((point - x).norm())

    # --- quadrature -------------------------------------------------------------------------------------------------

    def _integrals(self, x: Tensor, variance: float) -> tuple[Tensor, Tensor]:
        """log p(x) and E[‖x − G(z)‖² | x], (n,) each."""
        x = x.double()
        edges = self._edges(variance, self._farthest(x), REACH)
        log_densities, errors = [], []
        for part in torch.split(x, max(1, _AT_ONCE // (_ORDER * len(edges)))):
            z, log_weights = _rule(edges, self._holding_mass(part, edges, variance))
            squares = self._squares(part, z)
            terms = log_weights - squares / (2 * variance)
            log_sum = terms.logsumexp(1)
            log_densities.append(log_sum - DIMENSIONS / 2 * math.log(2 * math.pi * variance))
            errors.append(((terms - log_sum[:, None]).exp_() * squares).sum(1))
        return torch.cat(log_densities), torch.cat(errors)

    def _squares(self, x: Tensor, z: Tensor) -> Tensor:
        """‖x − G(z)‖², (n, m)."""
        across, up = self._shape.point(z)
        return (x[:, :1] - across).square_() + (x[:, 1:] - up).square_()

    def _farthest(self, x: Tensor) -> float:
        """About how far the farthest of the points `x` (n, 2) is from the curve."""
        return math.sqrt(float(self._squares(x, self._table[::10]).amin(1).max()))

    def _edges(self, variance: float, distance: float, reach: float) -> Tensor:
        """The edges of panels that fill [−`reach`, `reach`], for points that are so far off the curve.

        The precision of z given x is 1 + (|G′|² − (x − G)·G″)/η: panels are a few of its standard deviations long.
        """
        table, squares, bends = _steepness(self.name, reach)
        density = (1 + (squares + distance * bends) / variance).sqrt().numpy()
        lengths = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)]) * float(table[1] - table[0])
        panels = math.ceil(lengths[-1] / _WIDTH)
        return torch.from_numpy(np.interp(np.linspace(0, lengths[-1], panels + 1), lengths, table.numpy()))

    def _holding_mass(self, x: Tensor, edges: Tensor, variance: float) -> Tensor:
        """Which panels have a part in the integral of any of the points `x` (n, 2)."""
        z = torch.cat([edges, (edges[1:] + edges[:-1]) / 2])
        heights = -0.5 * z.square() - self._squares(x, z) / (2 * variance)
        near = (heights >= heights.amax(1, keepdim=True) - _HOPELESS).any(0)
        at_edge, inside = near[: len(edges)], near[len(edges) :]
        return at_edge[1:] | at_edge[:-1] | inside


def limit_slopes(distance: float, variances: Tensor) -> Tensor:
    """What d log p(x) / d log η comes to as η → 0, (m,): distance²/2η − (D − 1)/2, by Laplace's method.

    For x at `distance` 0, on the curve, it is −(D − 1)/2: log p(x) rises without bound as the density collapses onto
    the curve. Off it the first term wins, and log p(x) → −∞. What is left out is of the order of η: it shows while η is
    not small beside |G′|², so that the prior still pulls, or √η not small beside the radius of curvature. One exception
    stays however small η is: at a centre of curvature, where |G′|² = (x − G)·G″, no one place is the nearest.
    """
    return distance**2 / (2 * variances) - (DIMENSIONS - 1) / 2


@lru_cache(maxsize=16)
def _steepness(name: str, reach: float) -> tuple[Tensor, Tensor, Tensor]:
    """Codes z (m,) from −`reach` to `reach`; |G′|² and |G″| there, (m,) each."""
    z, shape = torch.linspace(-reach, reach, 8193, dtype=torch.float64), _SHAPES[name]
    return z, torch.hypot(*shape.tangent(z)).square(), torch.hypot(*shape.bend(z))


@lru_cache(maxsize=1)
def _legendre() -> tuple[Tensor, Tensor]:
    """The nodes and the weights of a panel, (n,) each."""
    places, weights = np.polynomial.legendre.leggauss(_ORDER)
    return torch.from_numpy(places), torch.from_numpy(weights)


def _mass_between(low: Tensor, high: Tensor, count: int, centres: Tensor, deviation: float) -> Tensor:
    """What N(centre, deviation²) has in each of `count` equal parts from `low` to `high`, (count, m)."""
    edges = torch.linspace(float(low), float(high), count + 1, dtype=torch.float64)
    below: Tensor = torch.special.ndtr((edges[:, None] - centres) / deviation)
    return below[1:] - below[:-1]


def _rule(edges: Tensor, chosen: Tensor | slice = slice(None)) -> tuple[Tensor, Tensor]:
    """Codes (m,) on the `chosen` panels between `edges`, and the logs of their weights times N(z; 0, 1)."""
    places, weights = _legendre()
    low, half = edges[:-1][chosen, None], (edges[1:] - edges[:-1])[chosen, None] / 2
    z = (low + half * (1 + places)).flatten()
    return z, (half * weights).log().flatten() - 0.5 * (z.square() + math.log(2 * math.pi))
