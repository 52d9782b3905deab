"""KL(N(μ, diag σ²) ‖ N(0, I)) found without the formula (slide: Variational Inference)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence


def library(mu: Tensor, sigma: Tensor) -> Tensor:
    """The KL of every dimension in nats, the shape of `mu`, as torch.distributions knows it."""
    mu, sigma = mu.double(), sigma.double()
    divergence: Tensor = kl_divergence(Normal(mu, sigma), Normal(torch.zeros_like(mu), torch.ones_like(sigma)))
    return divergence


def monte_carlo(mu: Tensor, sigma: Tensor, samples: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """The KL's definition E_q[log q − log p] from `samples` draws, and its standard error: each the shape of `mu`."""
    mu, sigma = mu.double(), sigma.double()
    noise = torch.randn((samples, *mu.shape), generator=generator, dtype=torch.float64, device=mu.device)
    z = mu + sigma * noise
    log_q: Tensor = Normal(mu, sigma).log_prob(z)  # type: ignore[no-untyped-call]
    log_p: Tensor = Normal(torch.zeros_like(mu), torch.ones_like(sigma)).log_prob(z)  # type: ignore[no-untyped-call]
    ratios = log_q - log_p
    return ratios.mean(0), ratios.std(0) / samples**0.5
