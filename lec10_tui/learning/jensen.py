"""Jensen's inequality for the concave log, on values that are drawn (slide: Variational Inference)."""

from __future__ import annotations

import torch
from torch import Tensor


def lognormal(points: int, spread: float, generator: torch.Generator) -> Tensor:
    """`points` values of X with log X ~ N(0, `spread`²), rising, (n,) float64."""
    values: Tensor = torch.randn(points, generator=generator, dtype=torch.float64).mul(spread).exp().sort().values
    return values


def sides(values: Tensor) -> tuple[float, float]:
    """The mean of log X and the log of the mean X over `values` (n,) > 0: the first is never above the second."""
    logs = values.double().log()
    left = float(logs.mean())
    right = left + float((logs - left).expm1().mean().log1p())
    return left, max(left, right)  # where all values are alike, rounding alone would decide


def closed(spread: float) -> tuple[float, float]:
    """E[log X] = 0 and log E[X] = s²/2 of the lognormal itself, s = `spread`."""
    return 0.0, 0.5 * spread**2
