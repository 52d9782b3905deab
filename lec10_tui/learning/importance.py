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
    mu, log_sigma = model.encode(x)
    z = reparameterize(mu, log_sigma, epsilon)
    output = model.decode(z.flatten(0, 1)).view(*z.shape[:2], -1)
    prior = log_prob(z, torch.zeros_like(mu), torch.zeros_like(mu))
    return log_likelihood(model.architecture.observation, output, x, variance) + prior - log_prob(z, mu, log_sigma)


def bound(log_weights: Tensor) -> Tensor:
    """The bound with all S samples, (B,) in nats: the log of the mean weight; the ELBO at S = 1, log p(x) as S → ∞."""
    return log_weights.logsumexp(0) - math.log(len(log_weights))
