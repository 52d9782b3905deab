"""Draws of ε ~ N(0, I) that cover it evenly: randomised quasi-Monte Carlo, keyed."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.quasirandom import SobolEngine

from lec10_tui.learning.random import key

_EDGE = 1e-12


def drawn(latent_dim: int, count: int, seed: int, step: int, purpose: str) -> Tensor:
    """`count` points (count, K) float64, each N(0, I), spread evenly together: scrambled Sobol points through Φ⁻¹.

    Means over them are unbiased, and nearer to the expectation than means over as many independent draws.
    """
    engine = SobolEngine(latent_dim, scramble=True, seed=key(seed, step, purpose))  # type: ignore[no-untyped-call]
    uniform: Tensor = engine.draw(count, dtype=torch.float64)
    epsilon: Tensor = torch.special.ndtri(uniform.clamp(_EDGE, 1 - _EDGE))
    return epsilon
