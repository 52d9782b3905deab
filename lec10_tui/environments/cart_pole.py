"""The cart-pole by numpy: gymnasium's CartPole-v1 to the last bit, every lane in the same few array operations.

Barto, Sutton, Anderson (1983), "Neuronlike adaptive elements that can solve difficult learning control problems".
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.environments.description import Description, horizon_in_force
from lec10_tui.environments.lanes import Actions, Step, check_seeds

ID = "CartPole-v1"
TIME_LIMIT = 500
THRESHOLD = 475.0

GRAVITY = 9.8
POLE_MASS = 0.1
TOTAL_MASS = POLE_MASS + 1.0
HALF_LENGTH = 0.5
POLE_MOMENT = POLE_MASS * HALF_LENGTH
FORCE = 10.0
SECONDS = 0.02
"""One step of Euler's method."""

LARGEST_POSITION = 2.4
LARGEST_ANGLE = 12 * 2 * pi / 360
START = 0.05
"""The first state is uniform in ± this, in each of its four numbers."""

PUSH = 1.0
"""What a push of strength 1 adds to the cart's velocity, in m/s."""

_LABELS = ("x", "ẋ", "pole", "pole˙")


def describe(horizon: int | None = None) -> Description:
    """The cart-pole, cut after `horizon` steps where that comes before its own limit."""
    return Description(
        id=ID,
        native=True,
        observation_size=4,
        observation_labels=_LABELS,
        state_labels=_LABELS,
        discrete=True,
        actions=2,
        action_labels=("←", "→"),
        action_low=(),
        action_high=(),
        arrows=(("left", (0.0,)), ("right", (1.0,))),
        pushed="the cart, 1 m/s",
        time_limit=TIME_LIMIT,
        horizon=horizon_in_force(horizon, TIME_LIMIT),
        threshold=THRESHOLD,
        drawn="film",
    )


def step_states(states: NDArray[np.float64], force: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """The states (4, n) one step later under `force` (n,), in newtons; rows are x, ẋ, θ, θ̇.

    The order of operations is gymnasium's: sums rounded in another order would drift apart.
    """
    velocity, angle, spin = states[1], states[2], states[3]
    cosine, sine = np.cos(angle), np.sin(angle)
    pull = (force + POLE_MOMENT * (spin * spin) * sine) / TOTAL_MASS
    rotation = (GRAVITY * sine - cosine * pull) / (
        HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cosine * cosine) / TOTAL_MASS)
    )
    rates = np.empty_like(states)
    rates[0] = velocity
    rates[1] = pull - POLE_MOMENT * rotation * cosine / TOTAL_MASS
    rates[2] = spin
    rates[3] = rotation
    rates *= SECONDS
    rates += states
    return rates


class CartPoleLanes:
    """Cart-poles side by side: observation (x, ẋ, θ, θ̇), actions 0 left and 1 right, reward 1 a step."""

    def __init__(self, lanes: int, horizon: int | None = None) -> None:
        self.description = describe(horizon)
        self.lanes = lanes
        self._states = np.zeros((4, lanes))
        self._alive = np.zeros(lanes, dtype=np.bool_)
        self._all_alive = False
        self._time = 0

    def reset(self, seeds: Sequence[int]) -> NDArray[np.float32]:
        """Start where gymnasium starts with the same seeds; (n, 4)."""
        self._states[:] = np.array([_start(seed) for seed in check_seeds(seeds, self.lanes)]).T
        self._alive[:] = True
        self._all_alive = True
        self._time = 0
        return self.observations()

    def step(self, actions: Actions) -> Step:
        """Push every cart that is still up with ±10 N for 0.02 s; actions are 0 or 1, (n,)."""
        states = step_states(self._states, actions * (2 * FORCE) - FORCE)
        alive = self._alive
        rewards = alive.astype(np.float64)
        beyond = np.abs(states[::2]) > _LIMITS
        if self._all_alive:
            self._states = states
            terminated = beyond[0] | beyond[1]
        else:
            np.copyto(self._states, states, where=alive)
            terminated = (beyond[0] | beyond[1]) & alive
        self._time += 1
        truncated = alive.copy() if self._time >= self.description.horizon else np.zeros_like(alive)
        self._alive = alive & ~(terminated | truncated)
        self._all_alive = bool(self._alive.all())
        return Step(self.observations(), rewards, terminated, truncated)

    def push(self, lane: int, strength: float) -> None:
        """Add `strength` m/s to the cart's velocity; nothing where the pole has fallen."""
        if self._alive[lane]:
            self._states[1, lane] += PUSH * strength

    def observations(self) -> NDArray[np.float32]:
        """The states as the policy sees them, (n, 4)."""
        return self._states.T.astype(np.float32, order="C")

    def states(self) -> NDArray[np.float64]:
        """x in m, ẋ in m/s, θ in rad (0 is upright), θ̇ in rad/s; (n, 4)."""
        return self._states.T.copy()

    def render(self) -> NDArray[np.uint8] | None:
        """Nothing: the film shows it."""
        return None

    def close(self) -> None:
        """Nothing is held."""


_LIMITS = np.array([[LARGEST_POSITION], [LARGEST_ANGLE]])


def _start(seed: int) -> NDArray[np.float64]:
    return np.random.Generator(np.random.PCG64(seed)).uniform(-START, START, 4)
