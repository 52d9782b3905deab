"""The swimmer: five links in honey that have to learn to swim to the right (the lecture's locomotion, in seconds)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lec10_tui.environments.description import Description, horizon_in_force
from lec10_tui.environments.lanes import Actions, Step, check_seeds
from lec10_tui.environments.swimmer_physics import Floats, swim

ID = "lec10/Swimmer-v0"
TIME_LIMIT = 100

JOINTS = 4
STRONGEST = 3.0
"""The largest torque, of either sign; larger ones are clipped."""
BEND = 0.5
"""How far a torque of 1 bends a joint in the end, in rad: joints are springs, so none ever passes 1.5 rad."""
RELAXATION = 0.5
"""The part of the way to where its torque and its spring balance that a joint goes in one step."""
SUBSTEPS = 4
START = 0.1
"""The first joint angles and the first heading are uniform in ± this, in rad."""

_THETAS = ("θ₁", "θ₂", "θ₃", "θ₄")


def describe(horizon: int | None = None) -> Description:
    """The swimmer, cut after `horizon` steps where that comes before its own limit.

    The left and right arrows bend the whole body, up and down its front against its rear: right, down, left, up, and
    round again, is a wave that swims.
    """
    return Description(
        id=ID,
        native=True,
        observation_size=JOINTS + 1,
        observation_labels=("body", *_THETAS),
        state_labels=("x", "body", *_THETAS),
        discrete=False,
        actions=JOINTS,
        action_labels=("u₁", "u₂", "u₃", "u₄"),
        action_low=(-STRONGEST,) * JOINTS,
        action_high=(STRONGEST,) * JOINTS,
        arrows=tuple((name, tuple(STRONGEST * sign for sign in signs)) for name, signs in _ARROWS),
        pushed="",
        time_limit=TIME_LIMIT,
        horizon=horizon_in_force(horizon, TIME_LIMIT),
        threshold=None,
        drawn="film",
    )


class SwimmerLanes:
    """Swimmers side by side: the reward of a step is how far the centre came along +x, in body lengths.

    Observation: the body's direction (0 is along +x) and the four joint angles, in rad. Actions: a torque for each
    joint, (n, 4). An episode's return is its displacement; nothing ends it but its horizon.
    """

    def __init__(self, lanes: int, horizon: int | None = None) -> None:
        self.description = describe(horizon)
        self.lanes = lanes
        self._centre = np.zeros(lanes, dtype=np.complex128)
        self._body = np.zeros(lanes)
        self._joints = np.zeros((lanes, JOINTS))
        self._time = self.description.horizon

    def reset(self, seeds: Sequence[int]) -> NDArray[np.float32]:
        """Lay every swimmer nearly straight along +x, its centre at the origin; (n, 5)."""
        start = np.array([_start(seed) for seed in check_seeds(seeds, self.lanes)])
        self._centre = np.zeros(self.lanes, dtype=np.complex128)
        self._body, self._joints = start[:, 0], start[:, 1:]
        self._time = 0
        return self.observations()

    def step(self, actions: Actions) -> Step:
        """Let the joints go where `actions` (n, 4) bend them, and see where that takes the swimmers."""
        over = self._time >= self.description.horizon
        rewards = np.zeros(self.lanes)
        if not over:
            rest = BEND * np.clip(np.asarray(actions, dtype=np.float64), -STRONGEST, STRONGEST)
            joints = self._joints + RELAXATION * (rest - self._joints)
            head = self._body - body_angle(self._joints)
            centre, head = swim(self._centre, head, self._joints, joints, SUBSTEPS)
            rewards = centre.real - self._centre.real
            self._centre, self._joints, self._body = centre, joints, head + body_angle(joints)
            self._time += 1
        truncated = np.full(self.lanes, not over and self._time >= self.description.horizon)
        return Step(self.observations(), rewards, np.zeros(self.lanes, dtype=np.bool_), truncated)

    def push(self, lane: int, strength: float) -> None:
        """Nothing: a push stops at once where there is no inertia."""

    def observations(self) -> NDArray[np.float32]:
        """What the policy sees, (n, 5)."""
        seen = np.empty((self.lanes, JOINTS + 1), dtype=np.float32)
        seen[:, 0], seen[:, 1:] = self._body, self._joints
        return seen

    def states(self) -> Floats:
        """x of the centre in body lengths, the body's direction and the joint angles in rad, y: (n, 7)."""
        columns = (self._centre.real, self._body, *self._joints.T, self._centre.imag)
        return np.stack(columns, axis=1)

    def render(self) -> NDArray[np.uint8] | None:
        """Nothing: the film shows it."""
        return None

    def close(self) -> None:
        """Nothing is held."""


def body_angle(joints: Floats) -> Floats:
    """The mean angle of the links (…,) as seen from the head's, for joint angles (…, 4)."""
    mean: Floats = np.cumsum(joints, axis=-1).sum(axis=-1) / (joints.shape[-1] + 1)
    return mean


def _start(seed: int) -> Floats:
    return np.random.Generator(np.random.PCG64(seed)).uniform(-START, START, JOINTS + 1)


_ARROWS = (("left", (-1, -1, -1, -1)), ("right", (1, 1, 1, 1)), ("up", (1, 1, -1, -1)), ("down", (-1, -1, 1, 1)))
