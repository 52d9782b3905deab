"""Codes on a grid through the inverse Gaussian CDF, so that each stands for equally much of the prior."""

from __future__ import annotations

import torch
from torch import Tensor


def quantile_codes(count: int) -> Tensor:
    """Φ⁻¹((i + ½)/n) for i < n, (n,) float64: the middles, in probability, of n equally likely parts of N(0, 1)."""
    codes: Tensor = torch.special.ndtri((torch.arange(count, dtype=torch.float64) + 0.5) / count)
    return codes


def grid_codes(columns: int, rows: int, latent_dim: int, dimensions: tuple[int, int], others: Tensor) -> Tensor:
    """Codes (rows · columns, K) float64 in reading order; the rest of each code is that of `others` (K,).

    `dimensions` (i, j), counted from 0: i grows to the right, j upwards, so the top row has the largest z_j. Where both
    are the same (K = 1) that one dimension runs through all codes in reading order.
    """
    across, up = dimensions
    if not (0 <= across < latent_dim and 0 <= up < latent_dim):
        raise ValueError(f"dimensions: {dimensions} are not two of the {latent_dim} dimensions of z, counted from 0")
    codes = torch.as_tensor(others, dtype=torch.float64).expand(rows * columns, latent_dim).clone()
    if across == up:
        codes[:, across] = quantile_codes(rows * columns)
    else:
        codes[:, across] = quantile_codes(columns).repeat(rows)
        codes[:, up] = quantile_codes(rows).flip(0).repeat_interleave(columns)
    return codes
