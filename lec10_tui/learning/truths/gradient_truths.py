"""How one sample's estimate of ∂/∂μ₁ E_q[f] is distributed, by quadrature (slide: Reparameterization Trick).

The mean comes from E[f·ε₁]/σ₁ alone, pathwise derivatives from central differences: nothing is backpropagated and no
closed form is used. The trapezoid rule converges faster than any power of its step for what is smooth under a Gaussian.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

Function = Callable[[Tensor], Tensor]

WIDTH = 1e-3
"""Of the central differences, whose error is of the fourth order in it."""


@dataclass(frozen=True)
class Distribution:
    """Mean, variance and fourth central moment of one estimate, and by how much the first two may be off."""

    mean: float
    variance: float
    fourth: float
    mean_doubt: float = 0.0
    variance_doubt: float = 0.0

    def mean_error(self, samples: int) -> float:
        """The standard error of the mean of so many estimates."""
        return math.sqrt(self.variance / samples)

    def variance_error(self, samples: int) -> float:
        """The standard error of the sample variance of so many estimates, 2 or more."""
        square = (samples - 3) / (samples - 1) * self.variance**2
        return math.sqrt(max(self.fourth - square, 0.0) / samples)


class Distributions(NamedTuple):
    """Of the pathwise estimate, the score function's, and the score function's with a baseline."""

    pathwise: Distribution
    score: Distribution
    score_baseline: Distribution


def separable(h: Function, mu: float, sigma: float, dimension: int, baseline: float) -> Distributions:
    """The estimates for f(z) = Σ h(zᵢ), zᵢ ~ N(`mu`, `sigma`²), in any number of dimensions; `h` is (n,) → (n,).

    The other dimensions' sum S is independent of z₁: of it only its first four moments matter.
    """
    epsilon, weights = _axis(reach=30.0, step=1 / 32)
    values = h(mu + sigma * epsilon)
    slopes = _derivative(h, mu + sigma * epsilon)
    mean = float(weights @ values)
    central = [float(weights @ (values - mean) ** power) for power in range(5)]
    # E[h^j ε^k] of the first dimension, for the powers of (h + S − b)·ε
    joint = [[float(weights @ (values**power * epsilon**order)) for order in range(5)] for power in range(5)]

    def weighed(subtracted: float) -> Distribution:
        rest = _sum_moments(central, dimension - 1, (dimension - 1) * mean - subtracted)
        raw = [
            sum(math.comb(order, k) * joint[order - k][order] * rest[k] for k in range(order + 1)) / sigma**order
            for order in range(5)
        ]
        return _centred(raw)

    return Distributions(_of_values(slopes, weights), weighed(0.0), weighed(baseline))


def general(
    function: Function, mu: Tensor, sigma: Tensor, baseline: float, chunk: int = 512
) -> Generator[None, None, Distributions]:
    """The estimates for any f of K = 1 or 2 dimensions, (n, K) → (n,), on a grid around q, yielding after every chunk.

    What may be wrong with them is how far a grid of twice the step is off. Raises ValueError for any other K.
    """
    latent_dim = len(mu)
    if latent_dim not in (1, 2):
        raise ValueError(f"quadrature: K = {latent_dim} is not 1 or 2, sampling is for more")
    axis, chances = _axis(reach=8.0, step=0.4)
    epsilon = torch.cartesian_prod(*[axis] * latent_dim).view(-1, latent_dim)
    weights = torch.cartesian_prod(*[chances] * latent_dim).view(-1, latent_dim).prod(-1)
    alternate = torch.arange(len(axis)) % 2 == 0
    coarse = torch.cartesian_prod(*[alternate] * latent_dim).view(-1, latent_dim).all(-1)
    direction = torch.eye(latent_dim, dtype=torch.float64)[0]
    values, slopes = [], []
    for part in torch.split(epsilon, chunk):
        z = mu + sigma * part
        values.append(function(z))
        yield
        slope = yield from _sliced_derivative(function, z, direction)
        slopes.append(slope)
    f, first = torch.cat(values), epsilon[:, 0] / sigma[0]
    estimates = (torch.cat(slopes), f * first, (f - baseline) * first)
    thin = weights[coarse] / weights[coarse].sum()
    return Distributions(*(_doubted(_of_values(g, weights), _of_values(g[coarse], thin)) for g in estimates))


def antithetic(
    function: Function, mu: Tensor, sigma: Tensor, generator: torch.Generator, pairs: int, chunk: int = 500
) -> Generator[None, None, tuple[float, float]]:
    """∂/∂μ₁ E_q[f] from `pairs` of mirrored samples, (f(μ + σε) − f(μ − σε))·ε₁/2σ₁: the mean, its standard error.

    Unbiased in any number of dimensions, without a derivative of f. Yields after every `chunk` of pairs.
    """
    found = []
    for start in range(0, pairs, chunk):
        shape = (min(chunk, pairs - start), len(mu))
        epsilon = torch.randn(shape, generator=generator, dtype=torch.float64)
        right = function(mu + sigma * epsilon)
        yield
        found.append((right - function(mu - sigma * epsilon)) * epsilon[:, 0] / (2 * sigma[0]))
        yield
    estimates = torch.cat(found)
    return float(estimates.mean()), float(estimates.std()) / pairs**0.5


def _axis(reach: float, step: float) -> tuple[Tensor, Tensor]:
    """The trapezoid rule for ε ~ N(0, 1): an odd number of nodes, and their weights, which sum to 1."""
    each_side = round(reach / step)
    nodes = torch.arange(-each_side, each_side + 1, dtype=torch.float64) * step
    weights = torch.exp(-0.5 * nodes**2)
    return nodes, weights / weights.sum()


def _derivative(h: Function, at: Tensor) -> Tensor:
    near, far = h(at + WIDTH) - h(at - WIDTH), h(at + 2 * WIDTH) - h(at - 2 * WIDTH)
    return (8 * near - far) / (12 * WIDTH)


def _sliced_derivative(function: Function, z: Tensor, direction: Tensor) -> Generator[None, None, Tensor]:
    width = WIDTH * direction
    slope = torch.zeros(len(z), dtype=torch.float64)
    for times, weight in ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0)):
        slope += weight * function(z + times * width) / (12 * WIDTH)
        yield
    return slope


def _sum_moments(central: list[float], count: int, mean: float) -> list[float]:
    """E[T⁰] … E[T⁴] of a sum of `count` independent values with these `central` moments, moved to have this `mean`."""
    variance, third = count * central[2], count * central[3]
    fourth = 3 * variance**2 + count * (central[4] - 3 * central[2] ** 2)
    about_zero = [1.0, 0.0, variance, third, fourth]
    return [
        sum(math.comb(order, k) * about_zero[k] * mean ** (order - k) for k in range(order + 1)) for order in range(5)
    ]


def _centred(raw: list[float]) -> Distribution:
    _, mean, square, cube, fourth = raw
    variance = square - mean**2
    return Distribution(mean, variance, fourth - 4 * mean * cube + 6 * mean**2 * square - 3 * mean**4)


def _of_values(values: Tensor, weights: Tensor) -> Distribution:
    mean = float(weights @ values)
    return Distribution(mean, float(weights @ (values - mean) ** 2), float(weights @ (values - mean) ** 4))


def _doubted(fine: Distribution, coarse: Distribution) -> Distribution:
    doubts = abs(fine.mean - coarse.mean), abs(fine.variance - coarse.variance)
    return Distribution(fine.mean, fine.variance, fine.fourth, *doubts)
