"""A Markov decision process small enough that all its trajectories can be listed (slides: MDPs, REINFORCE)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float64]
Path = tuple[tuple[int, ...], tuple[int, ...], float]
"""The states and actions of a trajectory, and the environment's part of its probability."""


@dataclass(frozen=True, eq=False)
class Trajectories:
    """All N trajectories there are, side by side and T steps long.

    `states` and `actions` are (T, N), `rewards` (T, N), `alive` (T, N) says which steps were taken; `dynamics` (N,) is
    the environment's part of p(τ): p(s_0) Π p(s_{t+1}|s_t, a_t).
    """

    states: NDArray[np.int64]
    actions: NDArray[np.int64]
    rewards: Floats
    alive: NDArray[np.bool_]
    dynamics: Floats

    def probabilities(self, policy: Floats) -> Floats:
        """p(τ) of each, (N,), where π(a|s) is `policy` (S, A)."""
        chosen = np.where(self.alive, policy[self.states, self.actions], 1.0)
        chance: Floats = self.dynamics * chosen.prod(0)
        return chance


@dataclass(frozen=True, eq=False)
class TinyMDP:
    """p(s_0) `initial` (S,), p(s'|s, a) `transitions` (S, A, S), r(s, a) `rewards` (S, A), `horizon` T steps.

    Entering a state in `terminal` (S,) ends the episode. `offset` is added to every reward. `horizon` is counted in
    actions.
    """

    initial: Floats
    transitions: Floats
    rewards: Floats
    terminal: NDArray[np.bool_]
    horizon: int
    offset: float = 0.0

    def trajectories(self) -> Trajectories:
        """Every trajectory that the environment allows, whatever the policy."""
        starts = np.flatnonzero(self.initial)
        found = [path for state in starts for path in self._grown((int(state),), (), float(self.initial[state]))]
        shape = (self.horizon, len(found))
        states, actions, alive = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
        for column, (past, taken, _) in enumerate(found):
            states[: len(past), column] = past
            actions[: len(taken), column] = taken
            alive[: len(taken), column] = True
        rewards = np.where(alive, self.rewards[states, actions] + self.offset, 0.0)
        return Trajectories(states, actions, rewards, alive, np.array([chance for _, _, chance in found]))

    def _grown(self, past: tuple[int, ...], taken: tuple[int, ...], chance: float) -> Iterator[Path]:
        """All whole trajectories that begin with the states `past` and the actions `taken`, one fewer."""
        for action in range(self.rewards.shape[1]):
            into = self.transitions[past[-1], action]
            last = len(past) == self.horizon
            ending = 1.0 if last else float(into[self.terminal].sum())
            if ending > 0:
                yield past, (*taken, action), chance * ending
            if not last:
                for state in np.flatnonzero(into * ~self.terminal):
                    yield from self._grown((*past, int(state)), (*taken, action), chance * float(into[state]))

    def values(self, policy: Tensor, discount: float = 1.0) -> Tensor:
        """V_t(s), (T + 1, S): what is earned on average from s on at time t, by backward dynamic programming."""
        rewards = torch.from_numpy(self.rewards) + self.offset
        going = torch.from_numpy(self.transitions * ~self.terminal)
        values = [torch.zeros(len(self.initial), dtype=torch.float64)]
        for _ in range(self.horizon):
            values.append((policy * (rewards + discount * going @ values[-1])).sum(1))
        return torch.stack(values[::-1])

    def expected_return(self, policy: Tensor, discount: float = 1.0) -> Tensor:
        """J = E[r(τ)], a scalar that can be differentiated, where π(a|s) is `policy` (S, A)."""
        return torch.from_numpy(self.initial) @ self.values(policy, discount)[0]
