"""Expectations under a diagonal Gaussian q by Gauss–Hermite quadrature, for codes of one or two dimensions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor


def expectation(function: Callable[[Tensor], Tensor], mu: Tensor, sigma: Tensor, nodes: int = 20) -> float:
    """E[f(z)] for z ~ N(`mu` (K,), diag `sigma`²), `function` (n, K) → (n,).

    Exact for polynomials below degree 2·`nodes`; the nodes follow q, so it stays right however narrow q is.
    """
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    latent_dim = len(mu)
    standard = torch.cartesian_prod(*[torch.from_numpy(points)] * latent_dim).view(-1, latent_dim)
    chances = torch.from_numpy(weights / weights.sum())
    product = torch.cartesian_prod(*[chances] * latent_dim).view(-1, latent_dim).prod(-1)
    values = function(mu.double().cpu() + sigma.double().cpu() * standard)
    return float(product @ values.double().cpu())
