"""Importance-weighted bounds on log p(x) (Burda, Grosse and Salakhutdinov 2016)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from lec10_tui.learning.gaussian import log_prob, reparameterize
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.vae import VAE


def log_weights(model: VAE, x: Tensor, epsilon: Tensor, variance: float) -> Tensor:
    """log p(x|z) + log p(z) − log q(z|x), (S, B), for images `x` (B, D) at z = μ + σ·ε, `epsilon` (S, B, K)."""
    return log_weights_under(model, x, *model.encode(x), epsilon, variance)


def log_weights_under(model: VAE, x: Tensor, mu: Tensor, log_sigma: Tensor, epsilon: Tensor, variance: float) -> Tensor:
    """log p(x|z) + log p(z) − log q(z) at z = μ + σ·ε for a q of one's own, the shape of `epsilon` without its last.

    `x` (B, D) and `mu`, `log_sigma` (B, K) for `epsilon` (S, B, K); for one image (1, D), (K,) and (S, K) will do.
    """
    z = reparameterize(mu, log_sigma, epsilon)
    output = model.decode(z.flatten(0, -2)).view(*z.shape[:-1], -1)
    prior = log_prob(z, torch.zeros_like(mu), torch.zeros_like(mu))
    return log_likelihood(model.architecture.observation, output, x, variance) + prior - log_prob(z, mu, log_sigma)


def bound(log_weights: Tensor) -> Tensor:
    """The bound with all S samples, (B,) in nats: the log of the mean weight; the ELBO at S = 1, log p(x) as S → ∞."""
    return log_weights.logsumexp(0) - math.log(len(log_weights))


def grouped_bound(log_weights: Tensor, samples: int) -> tuple[float, float]:
    """The bound with S = `samples`, estimated from `log_weights` (N,) in ⌊N/S⌋ groups, and its standard error in nats.

    Where one group is all there is, its error is that of the log of a mean (delta method). Raises ValueError where
    there is not even one.
    """
    groups = len(log_weights) // samples
    if groups == 0:
        raise ValueError(f"importance bound: {len(log_weights)} weights are fewer than the {samples} of one estimate")
    grouped = log_weights[: groups * samples].double().view(groups, samples)
    estimates = grouped.logsumexp(1) - math.log(samples)
    if groups > 1:
        return float(estimates.mean()), float(estimates.std()) / groups**0.5
    shares = grouped[0].softmax(0)
    return float(estimates[0]), float((shares.square().sum() - 1 / samples).clamp(min=0).sqrt())
