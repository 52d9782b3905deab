"""The ELBO without sampling: expectations under a diagonal Gaussian q by Gauss–Hermite quadrature, for K = 1 or 2.

The nodes follow q, so they stay right however narrow it is; where it is wide, more of them are needed.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from lec10_tui.learning.gaussian import kl_per_dimension
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.vae import VAE

LADDER = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 320, 448, 640)
"""Nodes a dimension, as they are refined."""

CHUNK = 1024
"""Codes decoded in one slice."""

_NEGLIGIBLE = 1e-20

_FARTHEST = 10.0
"""Standard deviations beyond which a node's weight is negligible: below 1e-21."""


@dataclass(frozen=True, eq=False)
class Nodes:
    """E[f(ε)] ≈ Σ weights · f(points) for ε ~ N(0, I): `points` (n, K), `weights` (n,), float64, summing to 1."""

    points: Tensor
    weights: Tensor


class Refined(NamedTuple):
    """The ELBO's terms under q in nats, by how much the last two resolutions disagree, and nodes a dimension."""

    reconstruction: float
    kl: float
    error: float
    nodes: int


@lru_cache(maxsize=64)
def hermite(latent_dim: int, nodes: int) -> Nodes:
    """The product rule with `nodes` a dimension, without the corners whose weight is below 1e-20.

    Exact for polynomials below degree 2·`nodes` (to rounding). Raises ValueError for K other than 1 and 2.
    """
    if latent_dim not in (1, 2):
        raise ValueError(f"Gauss–Hermite: K = {latent_dim} is not 1 or 2, sampling is for more")
    places, chances = _rule(nodes)
    points = torch.cartesian_prod(*[places] * latent_dim).view(-1, latent_dim)
    weights = torch.cartesian_prod(*[chances] * latent_dim).view(-1, latent_dim).prod(-1)
    kept = weights > _NEGLIGIBLE
    return Nodes(points[kept], weights[kept] / weights[kept].sum())


def _rule(nodes: int) -> tuple[Tensor, Tensor]:
    """The rule in one dimension: its nodes that matter, and their weights (Golub and Welsch 1969).

    The weights come from Hermite polynomials divided by √n!, which stay in range however many nodes there are.
    """
    off_diagonal = torch.arange(1, nodes, dtype=torch.float64).sqrt()
    places = torch.linalg.eigvalsh(torch.diag(off_diagonal, -1))
    places = (places - places.flip(0)) / 2
    places = places[places.abs() <= _FARTHEST]
    before, polynomial = torch.zeros_like(places), torch.ones_like(places)
    for degree in range(1, nodes):
        step = places * polynomial - math.sqrt(degree - 1) * before
        before, polynomial = polynomial, step / math.sqrt(degree)
    weights = 1 / (nodes * polynomial.square())
    return places, weights / weights.sum()


def reconstruction(model: VAE, x: Tensor, mu: Tensor, log_sigma: Tensor, variance: float, nodes: int) -> Tensor:
    """E_q[log p(x|z)] in nats, (B,), for `x` (B, D) under q = N(`mu` (B, K), diag σ²): differentiable in both."""
    rule = hermite(mu.shape[-1], nodes)
    return _log_likelihoods(model, x, mu, log_sigma, variance, rule.points) @ rule.weights


def elbo(model: VAE, x: Tensor, mu: Tensor, log_sigma: Tensor, variance: float, nodes: int) -> Tensor:
    """E_q[log p(x|z)] − KL(q ‖ N(0, I)) in nats, (B,), differentiable in `mu` and `log_sigma`."""
    return reconstruction(model, x, mu, log_sigma, variance, nodes) - kl_per_dimension(mu, log_sigma).sum(-1)


@torch.no_grad()
def refined_elbo(
    model: VAE,
    x: Tensor,
    mu: Tensor,
    log_sigma: Tensor,
    variance: float,
    tolerance: float = 1e-3,
    most: int = LADDER[-1],
) -> Generator[None, None, Refined]:
    """The terms for one image, `x` (1, D), with nodes added until three resolutions agree to `tolerance` nats.

    Yields after every slice of at most `CHUNK` codes. `error` is how far the last three are apart, so that a chance
    agreement of two deceives nobody; twice that where `most` nodes a dimension have not made them agree.
    """
    kl = float(kl_per_dimension(mu, log_sigma).sum())
    found: list[float] = []
    ladder = [nodes for nodes in LADDER if nodes <= most]
    for nodes in ladder:
        rule = hermite(mu.shape[-1], nodes)
        total = 0.0
        for points, weights in zip(torch.split(rule.points, CHUNK), torch.split(rule.weights, CHUNK), strict=True):
            total += float(_log_likelihoods(model, x, mu, log_sigma, variance, points)[0] @ weights)
            yield
        found.append(total)
        error = max(found[-3:]) - min(found[-3:])
        if len(found) >= 3 and error <= tolerance:
            break
    else:
        error *= 2
    return Refined(found[-1], kl, error, nodes)


def _log_likelihoods(model: VAE, x: Tensor, mu: Tensor, log_sigma: Tensor, variance: float, points: Tensor) -> Tensor:
    """log p(x|z) at z = μ + σ·`points` (n, K), (B, n)."""
    z = mu[:, None] + log_sigma.exp()[:, None] * points
    output = model.decode(z.flatten(0, 1)).view(*z.shape[:2], -1)
    return log_likelihood(model.architecture.observation, output, x[:, None], variance)
