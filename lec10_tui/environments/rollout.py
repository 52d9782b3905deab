"""Rollout: one episode in every lane, sampled in slices and handed over as a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.environments.description import EnvironmentBroke
from lec10_tui.environments.lanes import Actions, Lanes

LARGEST = 4 << 30
"""The most bytes that a batch's observations may take, unless told otherwise."""


@dataclass(frozen=True, eq=False)
class Batch:
    """n whole episodes side by side; T is the length of the longest.

    observations: (T, n, d) float32, what each action was chosen on; actions: (T, n) int64 indices or (T, n, k) float64
    before clipping; rewards: (T, n) float64; alive: (T, n) bool, whether the lane took the step at t; lengths: (n,).
    terminated, truncated: (n,) bool, exactly one of the two for every lane.
    states: (T + 1, n, s) float64, the simulator's before each action and at last; final_observations: (n, d) float32,
    the observation after the last action. Where a lane is over, rewards are 0 and the rest stands still.
    """

    observations: NDArray[np.float32]
    actions: Actions
    rewards: NDArray[np.float64]
    alive: NDArray[np.bool_]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    states: NDArray[np.float64]
    final_observations: NDArray[np.float32]
    lengths: NDArray[np.int64]

    @property
    def steps(self) -> int:
        """How many steps were taken, over all lanes."""
        return int(self.lengths.sum())


class Rollout:
    """Samples an episode in every lane: `choose` is asked for the actions of all n lanes at every t, always.

    A lane that is over is shown its last observation and what is chosen for it is not taken, so that the noise of a
    lane doesn't depend on the others. `pushes` are (time, lane, strength), done before the observation at that time.
    """

    def __init__(
        self,
        lanes: Lanes,
        choose: Callable[[NDArray[np.float32], int], Actions],
        seeds: Sequence[int],
        pushes: Iterable[tuple[int, int, float]] = (),
        clock: Callable[[], float] = perf_counter,
        largest: int = LARGEST,
    ) -> None:
        self.steps = 0
        self._lanes = lanes
        self._choose = choose
        self._clock = clock
        self._largest = largest
        self._pushes: dict[int, list[tuple[int, float]]] = {}
        for time, lane, strength in pushes:
            self._pushes.setdefault(time, []).append((lane, strength))
        self._now = lanes.reset(seeds)
        self._going = np.ones(lanes.lanes, dtype=np.bool_)
        self._terminated = np.zeros(lanes.lanes, dtype=np.bool_)
        self._observations: list[NDArray[np.float32]] = []
        self._actions: list[Any] = []
        self._rewards: list[NDArray[np.float64]] = []
        self._alive: list[NDArray[np.bool_]] = []
        self._states: list[NDArray[np.float64]] = []

    def advance(self, seconds: float) -> bool:
        """Sample for about `seconds`, one step at least; True once every lane is over. May raise EnvironmentBroke."""
        until = self._clock() + seconds
        while self._going.any():
            self._step()
            if self._clock() >= until:
                break
        return not self._going.any()

    def batch(self) -> Batch:
        """The episodes, once every lane is over."""
        if self._going.any():
            raise RuntimeError(f"{int(self._going.sum())} lanes of {len(self._going)} are not over yet")
        alive = np.stack(self._alive)
        return Batch(
            observations=np.stack(self._observations),
            actions=np.stack(self._actions),
            rewards=np.stack(self._rewards),
            alive=alive,
            terminated=self._terminated,
            truncated=~self._terminated,
            states=np.stack([*self._states, self._lanes.states()]),
            final_observations=self._now,
            lengths=alive.sum(axis=0),
        )

    def _step(self) -> None:
        time = len(self._alive)
        if time in self._pushes:
            for lane, strength in self._pushes[time]:
                self._lanes.push(lane, strength)
            self._now = self._lanes.observations()
        self._check_size(time + 1)
        self._states.append(self._lanes.states())
        actions = self._choose(self._now, time).copy()
        step = self._lanes.step(actions)
        self._observations.append(self._now)
        self._actions.append(actions)
        self._rewards.append(step.rewards)
        self._alive.append(self._going)
        self.steps += int(np.count_nonzero(self._going))
        self._now = step.observations
        self._terminated |= step.terminated & self._going
        self._going = self._going & ~(step.terminated | step.truncated)

    def _check_size(self, length: int) -> None:
        if length * self._now.nbytes > self._largest:
            description = self._lanes.description
            raise EnvironmentBroke(
                f"{description.id}: {length} steps of {self._lanes.lanes} episodes with {description.observation_size} "
                f"numbers each take more than {self._largest:,} bytes",
                "fewer episodes or a shorter T is needed",
            )
