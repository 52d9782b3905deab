"""Spaces: what a policy sees of an observation, and how its actions become an environment's."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.wrappers import FlattenObservation
from numpy.typing import NDArray

from lec10_tui.environments.description import NoEnvironment
from lec10_tui.environments.lanes import Actions

Arrows = tuple[tuple[str, tuple[float, ...]], ...]

SHOWN = 6
"""How many numbers of an unknown observation a table shows."""


class Observing:
    """How observations become vectors: one-hot for Discrete, flattened for everything else."""

    def __init__(self, id: str, space: spaces.Space[Any]) -> None:
        if not space.is_np_flattenable:
            raise NoEnvironment(f"{id} has {_name(space)} observations; a policy needs ones that flatten to a vector")
        self._discrete = isinstance(space, spaces.Discrete)
        self._flat = isinstance(space, spaces.Box)
        self.size = int(spaces.flatdim(space))
        if self.size < 1:
            raise NoEnvironment(f"{id} has empty observations; a policy needs at least one number")
        self.labels = tuple(f"s{index}" for index in range(self.size))
        self.state_labels = ("s",) if self._discrete else self.labels[:SHOWN]

    def flattened(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """The environment with observations that stack into an array."""
        return environment if self._flat else FlattenObservation(environment)

    def vectors(self, observations: Any) -> NDArray[np.float32]:
        """Stacked observations as the policy sees them, copied, (n, d) float32."""
        with np.errstate(over="ignore"):  # what float32 can't hold is infinite, and found to be
            return np.array(observations, dtype=np.float32).reshape(-1, self.size)

    def states(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """The few numbers that stand for a state nothing else is known of: (n, 1) the index, or (n, s) the first s."""
        if self._discrete:
            return np.array(vectors.argmax(axis=1)[:, None], dtype=np.float64)
        return vectors[:, :SHOWN].astype(np.float64)


class Acting:
    """How indices, or values of every dimension, become actions of an environment's space."""

    def __init__(self, id: str, space: spaces.Space[Any]) -> None:
        self._space = space
        if isinstance(space, spaces.Discrete):
            self.discrete, self.actions = True, int(space.n)
            self.low: tuple[float, ...] = ()
            self.high: tuple[float, ...] = ()
            self.labels = tuple(str(index) for index in range(int(space.start), int(space.start) + self.actions))
            keys = ("left", "right", "up", "down")[: self.actions]
            self.arrows: Arrows = tuple((key, (float(index),)) for index, key in enumerate(keys))
        elif isinstance(space, spaces.Box) and space.shape and np.prod(space.shape):
            self.discrete, self.actions = False, int(np.prod(space.shape))
            self._shape = space.shape
            self.low = tuple(float(bound) for bound in space.low.ravel())
            self.high = tuple(float(bound) for bound in space.high.ravel())
            self.labels = tuple(f"a{index}" for index in range(self.actions))
            self.arrows = _pulls(self.low, self.high)
        else:
            bare = " without dimensions" if isinstance(space, spaces.Box) else ""
            raise NoEnvironment(
                f"{id} has {_name(space)} actions{bare}; only Discrete and Box ones can be learned here"
            )

    def taken(self, actions: Actions) -> Any:
        """The environments' own actions, stacked: counted from the space's start, or clipped to its bounds."""
        if isinstance(self._space, spaces.Discrete):
            return np.asarray(actions, dtype=np.int64) + self._space.start
        clipped = np.clip(actions, self.low, self.high)
        whole = np.rint(clipped) if np.issubdtype(self._space.dtype, np.integer) else clipped
        return whole.astype(self._space.dtype).reshape(-1, *self._shape)


def _pulls(low: tuple[float, ...], high: tuple[float, ...]) -> Arrows:
    """Left and right are the ends of the first dimension; up and down those of the second, or down is nothing."""
    rest = tuple(min(max(0.0, least), most) for least, most in zip(low, high, strict=True))
    ends = [
        (least if least > -np.inf else -1.0, most if most < np.inf else 1.0)
        for least, most in zip(low, high, strict=True)
    ]

    def moved(dimension: int, value: float) -> tuple[float, ...]:
        return (*rest[:dimension], value, *rest[dimension + 1 :])

    across = (("left", moved(0, ends[0][0])), ("right", moved(0, ends[0][1])))
    if len(low) == 1:
        return (*across, ("down", rest))
    return (*across, ("up", moved(1, ends[1][1])), ("down", moved(1, ends[1][0])))


def _name(space: spaces.Space[Any]) -> str:
    return type(space).__name__
