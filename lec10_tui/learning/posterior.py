"""KL(q ‖ p(z|x)) on grids of its own, and p(z|x) over a window (slide: Variational Inference)."""

from __future__ import annotations

import math
from collections.abc import Generator

import torch
from torch import Tensor
from torch.nn.functional import max_pool1d, max_pool2d

from lec10_tui.learning.gaussian import log_prob
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.quadrature import CHUNK, Integral, LogJoint
from lec10_tui.learning.vae import VAE

REACH = 8.5
"""Standard deviations of q out to which its own grid goes: what is left out weighs 1e-16."""

_INTERVALS = 24
"""Intervals of the normaliser's lattice at first, a dimension."""

_HALVINGS = 6
"""How often they are halved at most."""

_AGREE = 1e-4
"""Nats within which two lattices are taken to say the same."""

_HOPELESS = 30.0
"""Nats below the top from where on a node of the lattice has no mass beside it."""


def log_joint_of(model: VAE, x: Tensor, variance: float) -> LogJoint:
    """log p(x|z) + log p(z) in nats, (n, K) → (n,), of one image `x` (D,); `variance` is η."""

    @torch.no_grad()
    def log_joint(z: Tensor) -> Tensor:
        prior = -0.5 * (z.square() + math.log(2 * math.pi)).sum(-1)
        return log_likelihood(model.architecture.observation, model.decode(z), x, variance) + prior

    return log_joint


def posterior_kl(
    log_joint: LogJoint, mu: Tensor, sigma: Tensor, around: Integral, nodes: int
) -> Generator[None, None, tuple[float, float]]:
    """KL(q ‖ p(z|x)) = E_q[log q − log p(x, z)] + log ∫ p(x, z) dz in nats, and by how much it may be wrong.

    q = N(`mu` (K,), diag `sigma`²). The expectation is taken by the trapezoid rule with about `nodes` a dimension in
    q's own coordinates; the normaliser by the trapezoid rule on a lattice of its own, halved until two agree. `around`
    only says where that lattice lies. Yields after every slice of at most `CHUNK` codes.
    """
    divergence, expectation_error = yield from expectation(log_joint, mu, sigma, nodes)
    log_normaliser, normaliser_error = yield from normaliser(log_joint, around)
    return divergence + log_normaliser, expectation_error + normaliser_error


def expectation(
    log_joint: LogJoint, mu: Tensor, sigma: Tensor, nodes: int
) -> Generator[None, None, tuple[float, float]]:
    """E_q[log q − log p(x, z)], and how far the grid of every other node is from it."""
    latent_dim = len(mu)
    half = max(nodes // 4, 2)  # an even number of intervals each way: every other node is a grid too, 0 among them
    places = torch.arange(-2 * half, 2 * half + 1)
    steps = torch.cartesian_prod(*[places] * latent_dim).view(-1, latent_dim)
    epsilon = steps.double() * (REACH / (2 * half))
    inside = epsilon.square().sum(1) <= REACH**2
    steps, epsilon = steps[inside], epsilon[inside]
    values = []
    for part in torch.split(epsilon, CHUNK):
        z = mu + sigma * part
        values.append(log_prob(z, mu, sigma.log()) - log_joint(z))
        yield
    found = torch.cat(values)
    log_chances = -0.5 * epsilon.square().sum(1)
    every_other = (steps % 2 == 0).all(1)
    fine = float(log_chances.softmax(0) @ found)
    coarse = float(log_chances[every_other].softmax(0) @ found[every_other])
    return fine, abs(fine - coarse)


def normaliser(log_joint: LogJoint, around: Integral) -> Generator[None, None, tuple[float, float]]:
    """log ∫ p(x, z) dz by the trapezoid rule on a lattice around the posterior, and how far the last two are apart.

    The lattice is halved where there can be mass, and nowhere else: it stays affordable however narrow or bent the
    posterior is.
    """
    latent_dim = len(around.mean)
    margin = (around.high - around.low) / 8
    low, width = around.low - margin, around.high - around.low + 2 * margin
    grid = torch.ones([_INTERVALS + 1] * latent_dim, dtype=torch.bool)
    previous, error = math.nan, math.inf
    for halvings in range(_HALVINGS + 1):
        intervals = _INTERVALS * 2**halvings
        places = torch.nonzero(grid)
        values = []
        for part in torch.split(low + width * places / intervals, CHUNK):
            values.append(log_joint(part))
            yield
        found = torch.cat(values)
        now = float(found.logsumexp(0) + (width / intervals).log().sum())
        error = abs(now - previous)
        if error <= _AGREE:
            break
        previous = now
        grid = _halved(grid, places, found)
    return now, error


def _halved(grid: Tensor, places: Tensor, values: Tensor) -> Tensor:
    """Which nodes of the lattice with half the spacing are near to one that can hold mass."""
    latent_dim = grid.dim()
    pool = max_pool1d if latent_dim == 1 else max_pool2d
    filled = torch.full(grid.shape, -torch.inf, dtype=torch.float64)
    filled[grid] = values
    highest = pool(filled[None], 3, stride=1, padding=1)[0][grid]
    filled[~grid] = torch.inf
    lowest = -pool(-filled[None], 3, stride=1, padding=1)[0][grid]
    hopeful = highest + (highest - lowest) / 2 >= values.max() - _HOPELESS
    finer = torch.zeros([2 * side - 1 for side in grid.shape], dtype=torch.float64)
    finer[tuple(2 * places[hopeful].T)] = 1.0
    return pool(finer[None], 3, stride=1, padding=1)[0] > 0


def density(
    log_joint: LogJoint, log_value: float, low: Tensor, high: Tensor, columns: int, rows: int
) -> Generator[None, None, Tensor]:
    """p(z|x) at the middles of `rows` × `columns` pixels from `low` to `high` (K,), top row largest z₂; in slices.

    `log_value` is log p(x). With K = 1 there is one row, whatever `rows` says.
    """
    middles = [
        start + (end - start) * (torch.arange(count, dtype=torch.float64) + 0.5) / count
        for start, end, count in zip(low, high, (columns, rows), strict=False)
    ]
    codes = middles[0][:, None] if len(low) == 1 else torch.cartesian_prod(middles[1].flip(0), middles[0]).flip(1)
    values = []
    for part in torch.split(codes, CHUNK):
        values.append((log_joint(part) - log_value).exp())
        yield
    return torch.cat(values).view(-1, columns)
