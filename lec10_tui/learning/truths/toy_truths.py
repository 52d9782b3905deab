"""The toy world's log p(x) by the plainest rule there is, and its slope by differences (slide: Observation Model)."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor


def log_density(
    points: Callable[[Tensor], Tensor], x: Tensor, variance: float, reach: float = 12.0, spacing: float = 0.0
) -> float:
    """log ∫ N(z; 0, 1) N(x; G(z), ηI) dz in nats for one point `x` (2,), by the trapezoid rule.

    `points` is G, (m,) → (m, 2), and η `variance`. The codes are `spacing` apart, by default √η/30: for curves that are
    no faster than about 10 per unit of z.
    """
    spacing = spacing or min(math.sqrt(variance) / 30, 0.01)
    steps = math.ceil(reach / spacing)
    log_sums = []
    for part in torch.split(torch.arange(-steps, steps + 1, dtype=torch.float64) * spacing, 1_000_000):
        squares = (points(part) - x.double()).square().sum(-1)
        log_sums.append((-squares / (2 * variance) - 0.5 * part.square()).logsumexp(0))
    constants = 0.5 * math.log(2 * math.pi) + len(x) / 2 * math.log(2 * math.pi * variance)
    return float(torch.stack(log_sums).logsumexp(0)) + math.log(spacing) - constants


def slope(points: Callable[[Tensor], Tensor], x: Tensor, variance: float, width: float = 1e-2) -> float:
    """d log p(x) / d log η by central differences with an error of the fourth order in `width`."""
    spacing = min(math.sqrt(variance) / 30, 0.01)
    moved = [log_density(points, x, variance * math.exp(factor * width), spacing=spacing) for factor in (-2, -1, 1, 2)]
    return (8 * (moved[2] - moved[1]) - (moved[3] - moved[0])) / (12 * width)
