"""Traits: what gymnasium doesn't say of its own small environments: names, arrows, pushes, where their state lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Arrows = tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True)
class Traits:
    """What is added to what gymnasium says.

    attribute: the simulator's member that holds its state. observe: a state (s,) as the policy would see it (d,), for
    environments that can be pushed. push: (which number of the state, how much a push of strength 1 adds to it).
    columns: of a grid world, whose state is a cell's index and whose table shows its row and column.
    """

    state_labels: tuple[str, ...]
    action_labels: tuple[str, ...]
    arrows: Arrows
    attribute: str = "state"
    observation_labels: tuple[str, ...] = ()
    pushed: str = ""
    push: tuple[int, float] = (0, 0.0)
    observe: Callable[[Floats], Floats] | None = None
    columns: int = 0


def known(id: str) -> Traits | None:
    """The traits of an environment; None for a stranger."""
    return _TRAITS.get(id)


def read(attribute: str, simulator: Any) -> Floats:
    """A copy of a simulator's state, (s,)."""
    return np.array(getattr(simulator, attribute), dtype=np.float64).reshape(-1)


def push(traits: Traits, simulator: Any, strength: float) -> Floats:
    """Push a simulator; its new state (s,)."""
    index, amount = traits.push
    state = np.array(getattr(simulator, traits.attribute))
    state[index] += amount * strength
    setattr(simulator, traits.attribute, state)
    return state.astype(np.float64)


def _acrobot(state: Floats) -> Floats:
    first, second, *spins = state
    return np.array([np.cos(first), np.sin(first), np.cos(second), np.sin(second), *spins])


def _pendulum(state: Floats) -> Floats:
    angle, spin = state
    return np.array([np.cos(angle), np.sin(angle), spin])


def _as_it_is(state: Floats) -> Floats:
    return state


_CAR = ("position", "velocity")
_TRAITS = {
    "Acrobot-v1": Traits(
        state_labels=("θ₁", "θ₂", "θ̇₁", "θ̇₂"),
        action_labels=("−1", "0", "+1"),
        arrows=(("left", (0.0,)), ("right", (2.0,)), ("down", (1.0,))),
        observation_labels=("cos θ₁", "sin θ₁", "cos θ₂", "sin θ₂", "θ̇₁", "θ̇₂"),
        pushed="the first joint, 2 rad/s",
        push=(2, 2.0),
        observe=_acrobot,
    ),
    "MountainCar-v0": Traits(
        state_labels=_CAR,
        action_labels=("←", "0", "→"),
        arrows=(("left", (0.0,)), ("right", (2.0,)), ("down", (1.0,))),
        observation_labels=_CAR,
        pushed="the car, 0.02 a step",
        push=(1, 0.02),
        observe=_as_it_is,
    ),
    "MountainCarContinuous-v0": Traits(
        state_labels=_CAR,
        action_labels=("force",),
        arrows=(("left", (-1.0,)), ("right", (1.0,)), ("down", (0.0,))),
        observation_labels=_CAR,
        pushed="the car, 0.02 a step",
        push=(1, 0.02),
        observe=_as_it_is,
    ),
    "Pendulum-v1": Traits(
        state_labels=("θ", "θ̇"),
        action_labels=("torque",),
        arrows=(("left", (-2.0,)), ("right", (2.0,)), ("down", (0.0,))),
        observation_labels=("cos θ", "sin θ", "θ̇"),
        pushed="the pendulum, 2 rad/s",
        push=(1, 2.0),
        observe=_pendulum,
    ),
    "FrozenLake-v1": Traits(
        state_labels=("row", "col"),
        action_labels=("←", "↓", "→", "↑"),
        arrows=(("left", (0.0,)), ("down", (1.0,)), ("right", (2.0,)), ("up", (3.0,))),
        attribute="s",
        columns=4,
    ),
    "CliffWalking-v1": Traits(
        state_labels=("row", "col"),
        action_labels=("↑", "→", "↓", "←"),
        arrows=(("up", (0.0,)), ("right", (1.0,)), ("down", (2.0,)), ("left", (3.0,))),
        attribute="s",
        columns=12,
    ),
}
