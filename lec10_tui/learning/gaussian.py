"""Diagonal Gaussians: the reparameterization trick, the KL to the prior N(0, I), log densities."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def reparameterize(mu: Tensor, log_sigma: Tensor, epsilon: Tensor) -> Tensor:
    """z = μ + σ·ε (slide: Reparameterization Trick); `epsilon` may have leading sample dimensions."""
    return torch.addcmul(mu, log_sigma.exp(), epsilon)


def kl_per_dimension(mu: Tensor, log_sigma: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) = (μ² + σ² − 1 − ln σ²)/2 in nats for every dimension, the shape of `mu`.

    With expm1 it stays exact to rounding where q nearly is the prior (Kingma and Welling 2014, appendix B).
    """
    twice = 2 * log_sigma
    return 0.5 * (mu.square() + (twice.expm1() - twice))


def log_prob(z: Tensor, mu: Tensor, log_sigma: Tensor) -> Tensor:
    """log N(z; μ, diag σ²) in nats, summed over the last dimension."""
    scaled = (z - mu) * torch.exp(-log_sigma)
    return -(0.5 * scaled.square() + log_sigma + 0.5 * math.log(2 * math.pi)).sum(-1)
