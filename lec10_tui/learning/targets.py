"""The functions f whose expectation under q is differentiated, with what is known of them in closed form.

A sum f(z) = Σ h(zᵢ) over the dimensions needs six moments of h under one Gaussian: by Stein's lemma, E[h·ε] = σ·E[h′]
and E[h²·ε²] = E[h²] + σ²·E[(h²)″], they give the variance of every estimator in any number of dimensions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.vae import VAE

Function = Callable[[Tensor], Tensor]
"""f(z) of every sample: (n, K) → (n,)."""


@dataclass(frozen=True)
class GaussianMoments:
    """Moments of h and of its derivatives under z ~ N(μ, σ²): E[h], Var h, E[h′], Var h′, E[h″], E[(h²)″]."""

    mean: float
    variance: float
    slope: float
    slope_variance: float
    bend: float
    square_bend: float


@dataclass(frozen=True)
class Separable:
    """f(z) = Σ h(zᵢ): `formula` as people write it, h of every entry of z, and h's moments at (μ, σ)."""

    name: str
    formula: str
    h: Callable[[Tensor], Tensor]
    moments: Callable[[float, float], GaussianMoments]

    def __call__(self, z: Tensor) -> Tensor:
        """f(z), (n,), for `z` (n, K)."""
        return self.h(z).sum(-1)

    def gradient(self, mu: float, sigma: float) -> float:
        """∂/∂μ₁ E[f(z)] = E[h′(z₁)] for z ~ N(μ, σ²I), whatever the dimension."""
        return self.moments(mu, sigma).slope

    def variances(self, mu: float, sigma: float, dimension: int, baseline: float) -> tuple[float, float, float]:
        """The variances of one sample's ∂/∂μ₁: pathwise, score function, score function with `baseline` for b."""
        moments = self.moments(mu, sigma)
        score = _score_variance(moments, sigma, dimension, 0.0)
        return moments.slope_variance, score, _score_variance(moments, sigma, dimension, baseline)


def _score_variance(moments: GaussianMoments, sigma: float, dimension: int, baseline: float) -> float:
    """Var[(h(z₁) + S − b)·ε₁/σ], S the other dimensions' sum: independent of ε₁, as b is."""
    rest = (dimension - 1) * moments.mean - baseline
    rest_square = (dimension - 1) * moments.variance + rest**2
    square = moments.variance + moments.mean**2 + sigma**2 * moments.square_bend
    cross = 2 * rest * (moments.mean + sigma**2 * moments.bend)
    return (square + cross + rest_square) / sigma**2 - moments.slope**2


def _quadratic(mu: float, sigma: float) -> GaussianMoments:
    m, v = mu**2, sigma**2
    return GaussianMoments(m + v, 4 * m * v + 2 * v**2, 2 * mu, 4 * v, 2.0, 12 * (m + v))


def _sine(mu: float, sigma: float) -> GaussianMoments:
    damp, lost = math.exp(-(sigma**2)), -math.expm1(-(sigma**2))
    mean, slope = math.sqrt(damp) * math.sin(mu), math.sqrt(damp) * math.cos(mu)
    # 1 ∓ damp·cos 2μ without cancellation where σ is small
    below, above = lost + 2 * damp * math.sin(mu) ** 2, lost + 2 * damp * math.cos(mu) ** 2
    double = 2 * damp**2 * math.cos(2 * mu)
    return GaussianMoments(mean, lost * above / 2, slope, lost * below / 2, -mean, double)


def _exponential(mu: float, sigma: float) -> GaussianMoments:
    mean = math.exp(mu / 2 + sigma**2 / 8)
    square, variance = math.exp(mu + sigma**2 / 2), mean**2 * math.expm1(sigma**2 / 4)
    return GaussianMoments(mean, variance, mean / 2, variance / 4, mean / 4, square)


QUADRATIC = Separable("quadratic", "Σ z²", lambda z: z.square(), _quadratic)
SINE = Separable("sine", "Σ sin z", lambda z: z.sin(), _sine)
EXPONENTIAL = Separable("exponential", "Σ exp(z/2)", lambda z: (z / 2).exp(), _exponential)

SEPARABLE = {target.name: target for target in (QUADRATIC, SINE, EXPONENTIAL)}


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """f(z) = log p(x|z) in nats for one image `x` (D,) and the decoder of `model`; `variance` is η."""

    model: VAE
    x: Tensor
    variance: float

    @property
    def formula(self) -> str:
        """f as people write it."""
        return "log p(x|z)"

    def __call__(self, z: Tensor) -> Tensor:
        """f(z), (n,), for `z` (n, K): all samples are decoded at once."""
        return log_likelihood(self.model.architecture.observation, self.model.decode(z), self.x, self.variance)
