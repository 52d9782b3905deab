"""Panels of the latent space with a product of Gauss–Legendre rules on each, for K = 1 or 2."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import max_pool1d, max_pool2d


class Panels(NamedTuple):
    """Panels, one a row: their edges, what they hold, what they promise, how far they are to be believed.

    `log_mass` is the log of the integral over a panel, `mean` and `variance` (P, K) are the moments of z there.
    `hope` is the log of what it would hold if it rose beside its nodes by half of what they differ, `rise` that half;
    `log_change` the log of how much it and its siblings differ from their parent, an equal share each.
    """

    low: Tensor
    high: Tensor
    log_mass: Tensor
    mean: Tensor
    variance: Tensor
    hope: Tensor
    rise: Tensor
    log_change: Tensor

    def at(self, rows: Tensor) -> Panels:
        """Some of them, by index or mask."""
        return Panels(*(values[rows] for values in self))

    def beside(self, others: Panels) -> Panels:
        """These, then `others`."""
        return Panels(*(torch.cat(pair) for pair in zip(self, others, strict=True)))


def measured(low: Tensor, high: Tensor, values: Tensor) -> Panels:
    """The panels from `low` to `high` (P, K) where the integrand's log has `values` (P, n) at the codes of `rule`."""
    latent_dim, nodes = low.shape[1], values.shape[1]
    order = nodes if latent_dim == 1 else round(nodes**0.5)
    codes, log_weights = rule(low, high, order)
    masses = values + log_weights
    share = masses.softmax(1)[..., None]
    mean = (share * codes).sum(1)
    variance = (share * (codes - mean[:, None]).square()).sum(1)
    top, fall = _neighbours(values, order, latent_dim)
    rise = fall / 2
    promise = top + rise
    best = promise.argmax(1, keepdim=True)
    hope = promise.gather(1, best)[:, 0] + (high - low).log().sum(1)
    log_mass = masses.logsumexp(1)
    # Until there are parts to compare with, all of a panel's mass is in doubt.
    return Panels(low, high, log_mass, mean, variance, hope, rise.gather(1, best)[:, 0], log_mass)


@lru_cache(maxsize=16)
def _legendre(latent_dim: int, nodes: int) -> tuple[Tensor, Tensor]:
    """The product rule on [−1, 1]ᴷ: points (n, K), logs of the weights (n,)."""
    places, weights = map(torch.from_numpy, np.polynomial.legendre.leggauss(nodes))
    points = torch.cartesian_prod(*[places] * latent_dim).view(-1, latent_dim)
    return points, torch.cartesian_prod(*[weights.log()] * latent_dim).view(-1, latent_dim).sum(-1)


def rule(low: Tensor, high: Tensor, nodes: int) -> tuple[Tensor, Tensor]:
    """The rule on boxes from `low` to `high` (P, K): codes (P, n, K), logs of the weights (P, n)."""
    points, log_weights = _legendre(low.shape[1], nodes)
    half = (high - low) / 2
    return (low + half)[:, None] + half[:, None] * points, half.log().sum(1)[:, None] + log_weights


def _neighbours(values: Tensor, nodes: int, latent_dim: int) -> tuple[Tensor, Tensor]:
    """The highest among each node and those beside it, and how far the lowest is below it: (P, n) each."""
    pool = max_pool1d if latent_dim == 1 else max_pool2d
    grid = values.view(-1, *[nodes] * latent_dim)
    highest, lowest = pool(grid, 3, stride=1, padding=1), -pool(-grid, 3, stride=1, padding=1)
    return highest.view_as(values), (highest - lowest).view_as(values)


def lattice(latent_dim: int, panels: int, reach: float) -> tuple[Tensor, Tensor]:
    """The edges of `panels`ᴷ equal panels that fill [−reach, reach]ᴷ."""
    edges = torch.linspace(-reach, reach, panels + 1, dtype=torch.float64)
    low, high = (torch.cartesian_prod(*[side] * latent_dim).view(-1, latent_dim) for side in (edges[:-1], edges[1:]))
    return low, high


def cut(low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
    """The edges of the 2ᴷ parts of every panel, panel after panel."""
    latent_dim = low.shape[1]
    sides = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * latent_dim).view(-1, latent_dim)
    half = (high - low) / 2
    lows = low[:, None] + half[:, None] * sides
    return lows.flatten(0, 1), (lows + half[:, None]).flatten(0, 1)


def log_difference(left: Tensor, right: Tensor) -> Tensor:
    """log |exp(left) − exp(right)|, −∞ where they are equal."""
    high, low = torch.maximum(left, right), torch.minimum(left, right)
    return high + torch.log(-torch.expm1(low - high))
