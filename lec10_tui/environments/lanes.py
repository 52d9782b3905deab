"""Lanes: copies of one environment stepped side by side, an episode each from reset to reset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lec10_tui.environments.description import Description

Actions = NDArray[np.int64] | NDArray[np.float64]
"""(n,) indices, or (n, k) values of every dimension before they are clipped."""


@dataclass(frozen=True, eq=False)
class Step:
    """What one step brought to each of n lanes.

    observations: (n, d) float32; rewards: (n,) float64; terminated, truncated: (n,) bool, set by the step that ended
    the lane's episode and by no later one. truncated: the time limit in force has cut it (both may be set at once).
    A lane that was over before has reward 0 and its last observation.
    """

    observations: NDArray[np.float32]
    rewards: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]


class Lanes(Protocol):
    """n copies of one environment; what happens in a lane depends on its own seed and actions alone."""

    @property
    def description(self) -> Description:
        """What the environment is."""

    @property
    def lanes(self) -> int:
        """How many there are: n."""

    def reset(self, seeds: Sequence[int]) -> NDArray[np.float32]:
        """Start an episode in every lane, one seed ≥ 0 each; the first observations (n, d). May raise
        EnvironmentBroke."""

    def step(self, actions: Actions) -> Step:
        """Take one action a lane; continuous ones are clipped here. Lanes that are over are left untouched, whatever
        their action. May raise EnvironmentBroke."""

    def push(self, lane: int, strength: float) -> None:
        """Push what can be pushed; does nothing where nothing can be, or where the lane is over."""

    def observations(self) -> NDArray[np.float32]:
        """What the policy would see now, (n, d): the last observations, or those of the states that pushes made."""

    def states(self) -> NDArray[np.float64]:
        """The simulator's state of every lane, (n, s), copied: what a film is drawn from."""

    def render(self) -> NDArray[np.uint8] | None:
        """Lane 0 as the environment itself draws it, (height, width, 3); None unless it was made to render."""

    def close(self) -> None:
        """Free what the environments hold."""


def check_seeds(seeds: Sequence[Any], lanes: int) -> list[int]:
    """One whole number ≥ 0 a lane; raises ValueError."""
    if len(seeds) != lanes:
        raise ValueError(f"{len(seeds)} seeds for {lanes} lanes: one each is needed")
    if any(seed < 0 for seed in seeds):
        raise ValueError(f"seed {min(seeds)}: a seed is 0 or more")
    return [int(seed) for seed in seeds]
