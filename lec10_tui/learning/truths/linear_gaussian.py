"""The ELBO of a linear decoder in closed form, for any Gaussian q, and the q of each kind that is best."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, kl_divergence

from lec10_tui.learning.truths.ppca import PPCA


def elbo(model: PPCA, x: Tensor, mu: Tensor, covariance: Tensor) -> Tensor:
    """E_q[log p(x|z)] − KL(q ‖ N(0, I)) in nats, (N,), for `x` (N, D) and q = N(`mu` (N, K), `covariance` (N, K, K)).

    With E‖x − Wz − b‖² = ‖x − Wμ − b‖² + tr(WᵀWΣ), and the KL written out.
    """
    pixels, latent_dim = model.weight.shape
    error = (x.double() - model.mean - mu @ model.weight.T).square().sum(-1)
    inner = model.weight.T @ model.weight
    error = error + (inner * covariance).sum((-2, -1))
    reconstruction = -error / (2 * model.variance) - pixels / 2 * math.log(2 * math.pi * model.variance)
    trace = covariance.diagonal(dim1=-2, dim2=-1).sum(-1)
    kl = 0.5 * (mu.square().sum(-1) + trace - latent_dim - torch.logdet(covariance))
    return reconstruction - kl


def posterior_kl(model: PPCA, x: Tensor, mu: Tensor, covariance: Tensor) -> Tensor:
    """KL(q ‖ p(z|x)) in nats, (N,), as torch.distributions has it."""
    means, posterior_covariance = model.posterior(x)
    divergence: Tensor = kl_divergence(
        MultivariateNormal(mu, covariance), MultivariateNormal(means, posterior_covariance)
    )
    return divergence


def best_diagonal(model: PPCA, x: Tensor) -> tuple[Tensor, Tensor]:
    """μ and σ, (N, K) each, of the q with independent dimensions that is nearest to the posterior.

    Its mean is the posterior's, and its precision the diagonal of the posterior's precision.
    """
    means, covariance = model.posterior(x)
    return means, torch.linalg.inv(covariance).diagonal().rsqrt().expand_as(means)


def diagonal_gap(model: PPCA) -> float:
    """log p(x) − ELBO in nats at the best diagonal q, the same for every x: (Σ log Λᵢᵢ − log det Λ)/2."""
    _, covariance = model.posterior(model.mean[None])
    precision = torch.linalg.inv(covariance)
    return 0.5 * float(precision.diagonal().log().sum() - torch.logdet(precision))
