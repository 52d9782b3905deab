"""log p(x) = log ∫ p(x|z) p(z) dz by quadrature, refined until two grids agree (slide: Observation Model)."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import max_pool1d, max_pool2d

LogJoint = Callable[[Tensor], Tensor]
"""log p(x|z) + log p(z) in nats, (n, K) float64 → (n,): all that is known of the model here."""


@dataclass(frozen=True)
class Evidence:
    """log p(x) in nats, and by how much the last two grids disagree."""

    log_likelihood: float
    error: float


def evidence(
    log_joint: LogJoint, latent_dim: int, tolerance: float = 1e-4, reach: float = 12.0, chunk: int = 1024
) -> Generator[None, None, Evidence]:
    """log p(x) for K = 1 or 2, as a generator that yields after every `chunk` nodes, so that it can be run in slices.

    Each grid has twice the nodes of the last on the box that can still hold mass: it zooms in on a narrow posterior
    from [−`reach`, `reach`]ᴷ. Raises ValueError for other K, and where the grids don't come to agree.
    """
    if latent_dim not in (1, 2):
        raise ValueError(f"quadrature: K = {latent_dim} is not 1 or 2, importance sampling is for more")
    box = [(-reach, reach)] * latent_dim
    before = math.nan
    for nodes in (128, 160, 192, 256, 384, 512, 768):
        axes = [torch.linspace(low, high, nodes, dtype=torch.float64) for low, high in box]
        codes = torch.cartesian_prod(*axes).view(-1, latent_dim)
        values = []
        for part in torch.split(codes, chunk):
            values.append(log_joint(part).double().cpu())
            yield
        grid = torch.cat(values).view([nodes] * latent_dim)
        if not math.isfinite(float(grid.max())):
            raise ValueError(f"quadrature: log p(x, z) reaches {float(grid.max()):g} on the grid, it should be finite")
        cell = math.prod((high - low) / (nodes - 1) for low, high in box)
        now = float(grid.flatten().logsumexp(0)) + math.log(cell)
        if abs(now - before) <= tolerance:
            return Evidence(now, abs(now - before))
        before = now
        box = _holding_mass(grid, axes)
    raise ValueError(f"quadrature: no two grids agree to {tolerance:g} nats, the last says {now:.6g}")


def log_evidence(log_joint: LogJoint, latent_dim: int, tolerance: float = 1e-4, reach: float = 12.0) -> Evidence:
    """`evidence`, run to its end."""
    slices = evidence(log_joint, latent_dim, tolerance, reach)
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: Evidence = end.value
            return result


def _holding_mass(grid: Tensor, axes: list[Tensor]) -> list[tuple[float, float]]:
    """The box around every node that could reach within 40 nats of the top, were the slope beside it to go on."""
    pool = max_pool1d if grid.dim() == 1 else max_pool2d
    highest = pool(grid[None], 3, stride=1, padding=1)[0]
    lowest = -pool(-grid[None], 3, stride=1, padding=1)[0]
    hopeful = highest + (highest - lowest) >= grid.max() - 40.0
    box = []
    for dimension, axis in enumerate(axes):
        others = [other for other in range(grid.dim()) if other != dimension]
        inside = torch.nonzero(hopeful.any(others[0]) if others else hopeful).flatten()
        first, last = int(inside[0]) - 1, int(inside[-1]) + 1
        box.append((float(axis[max(first, 0)]), float(axis[min(last, len(axis) - 1)])))
    return box
