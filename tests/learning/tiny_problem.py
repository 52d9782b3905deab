"""A problem of three states whose every trajectory is known, and the learning code driven over all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from lec10_tui.learning.policy import Policy, PolicyArchitecture, policy_arrays
from lec10_tui.learning.random import generator
from lec10_tui.learning.reinforce import surrogate, weights
from lec10_tui.learning.returns import returns, rewards_to_go
from lec10_tui.learning.truths.policy_truths import PlainPolicy
from lec10_tui.learning.truths.tiny_mdp import TinyMDP, Trajectories

Floats = NDArray[np.float64]

ARCHITECTURE = PolicyArchitecture(3, 2, False, (4,), "tanh")
SEEN = np.eye(3, dtype=np.float32)


def tiny_mdp(offset: float = 0.0, horizon: int = 3) -> TinyMDP:
    """Two states to be in, a third that ends the episode."""
    return TinyMDP(
        initial=np.array([0.7, 0.3, 0.0]),
        transitions=np.array(
            [[[0.5, 0.3, 0.2], [0.1, 0.9, 0.0]], [[0.6, 0.0, 0.4], [0.25, 0.5, 0.25]], [[0.0, 0.0, 1.0]] * 2]
        ),
        rewards=np.array([[1.0, -0.5], [3.0, 0.25], [0.0, 0.0]]),
        terminal=np.array([False, False, True]),
        horizon=horizon,
        offset=offset,
    )


@dataclass(frozen=True, eq=False)
class Problem:
    """All trajectories of an MDP under one policy: `chance` (N,) is p(τ)."""

    mdp: TinyMDP
    policy: Policy
    paths: Trajectories
    chance: Floats
    plain: PlainPolicy

    @property
    def observations(self) -> NDArray[np.float32]:
        """What the policy sees, (T, N, 3)."""
        return SEEN[self.paths.states]

    def to_go(self, discount: float = 1.0) -> Floats:
        """The rewards-to-go of every trajectory, (T, N)."""
        return rewards_to_go(self.paths.rewards, self.paths.alive, discount)

    def weights(self, estimator: str, baseline: Floats | float = 0.0, discount: float = 1.0) -> Floats:
        """The estimator's weights, (T, N), for a baseline that broadcasts to them."""
        paths = self.paths
        values = np.broadcast_to(np.asarray(baseline, np.float64), paths.alive.shape)
        earned = returns(paths.rewards, paths.alive, discount)
        weight, spread = weights(estimator, self.to_go(discount), earned, values, paths.alive, False)
        assert spread == 1.0
        return weight

    def mean_gradient(self, weight: Floats) -> Floats:
        """E[g], (P,): one surrogate over all steps of all trajectories, each with its probability."""
        alive = self.paths.alive
        return self._update(self.observations[alive], self.paths.actions[alive], (weight * self.chance)[alive])

    def gradients(self, weight: Floats) -> Floats:
        """g of every trajectory by itself, (N, P)."""
        rows = []
        for path in range(len(self.chance)):
            alive = self.paths.alive[:, path]
            rows.append(
                self._update(self.observations[alive, path], self.paths.actions[alive, path], weight[alive, path])
            )
        return np.stack(rows)

    def variance(self, weight: Floats) -> float:
        """The trace of g's covariance."""
        rows = self.gradients(weight)
        mean = self.chance @ rows
        return float(self.chance @ np.square(rows - mean).sum(1))

    def true_gradient(self, discount: float = 1.0) -> Floats:
        """∇J by dynamic programming and automatic differentiation of the truth's own network."""
        table = self.plain.distribution(SEEN).probs  # type: ignore[attr-defined]
        expected = self.mdp.expected_return(table, discount)
        parts = torch.autograd.grad(expected, list(self.plain.parameters.values()))
        return torch.cat([part.flatten() for part in parts]).numpy()

    def _update(self, observations: NDArray[np.float32], actions: NDArray[np.int64], weight: Floats) -> Floats:
        given = (torch.from_numpy(observations).double(), torch.from_numpy(actions), torch.from_numpy(weight))
        loss, _ = surrogate(self.policy, *given, episodes=1, entropy_bonus=0.0)
        parts = torch.autograd.grad(-loss, list(self.policy.parameters()))
        return torch.cat([part.flatten() for part in parts]).numpy()


def tiny_problem(offset: float = 0.0, horizon: int = 3) -> Problem:
    """The problem with a policy that prefers something in every state."""
    policy = Policy(ARCHITECTURE, generator(3, 0, "policy")).double()
    with torch.no_grad():
        for parameter in policy.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator(4, parameter.numel(), "weights")))
    plain = PlainPolicy(policy_arrays(policy), ARCHITECTURE.plain())
    mdp = tiny_mdp(offset, horizon)
    paths = mdp.trajectories()
    table = plain.distribution(SEEN).probs.detach().numpy()  # type: ignore[attr-defined]
    return Problem(mdp, policy, paths, paths.probabilities(table), plain)
