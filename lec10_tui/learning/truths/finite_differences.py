"""Derivatives by central differences, without backpropagation (slide: Reparameterization Trick)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def gradient(function: Callable[[Tensor], Tensor], at: Tensor, width: float = 1e-4) -> Tensor:
    """df/dv at `at` (n,) in float64 for `function` (n,) → scalar, with an error of the fourth order in `width`."""
    at = at.detach().double()
    slopes = []
    for direction in torch.eye(len(at), dtype=torch.float64, device=at.device) * width:
        near = function(at + direction) - function(at - direction)
        far = function(at + 2 * direction) - function(at - 2 * direction)
        slopes.append((8 * near - far) / (12 * width))
    return torch.stack(slopes).detach()


def reparameterized_gradients(
    loss: Callable[[Tensor], Tensor], mu: Tensor, sigma: Tensor, epsilon: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """z̄, μ̄ and σ̄ of loss(z) at z = μ + σ·ε, (K,) each: every one from its own differences."""
    mu, sigma, epsilon = mu.detach().double(), sigma.detach().double(), epsilon.detach().double()
    z_bar = gradient(loss, mu + sigma * epsilon)
    mu_bar = gradient(lambda moved: loss(moved + sigma * epsilon), mu)
    sigma_bar = gradient(lambda moved: loss(mu + moved * epsilon), sigma)
    return z_bar, mu_bar, sigma_bar
