"""What an action earned: rewards-to-go and returns (slide: REINFORCE)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rewards_to_go(rewards: Floats, alive: NDArray[np.bool_], discount: float) -> Floats:
    """Σ_{k≥t} γ^{k−t} r_k for every step, (T, n); only rewards of `alive` steps count, the other steps have 0.

    The columns are episodes side by side; `alive` (T, n) says which of their steps were taken.
    """
    earned = np.where(alive, rewards, 0.0)
    for later, now in zip(earned[:0:-1], earned[-2::-1], strict=True):
        now += discount * later
    return earned


def returns(rewards: Floats, alive: NDArray[np.bool_], discount: float = 1.0) -> Floats:
    """r(τ) = Σ_k γ^k r_k of every episode, (n,); its reward-to-go at t = 0."""
    earned: Floats = rewards_to_go(rewards, alive, discount)[0]
    return earned
