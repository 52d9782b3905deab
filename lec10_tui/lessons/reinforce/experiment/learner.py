"""The learner: a policy, its optimizer and the state of every baseline, moved together and saved together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.environments.description import Description
from lec10_tui.environments.rollout import Batch
from lec10_tui.learning.baselines import Baselines
from lec10_tui.learning.optimizers import build, optimizer_arrays, restore_optimizer
from lec10_tui.learning.policy import Policy, PolicyArchitecture, policy_arrays
from lec10_tui.learning.random import generator
from lec10_tui.learning.reinforce import surrogate_of, weights
from lec10_tui.learning.returns import rewards_to_go
from lec10_tui.learning.sampling import Sampler
from lec10_tui.learning.weights import load_weights
from lec10_tui.lessons.reinforce.frame import ReinforceKnobs
from lec10_tui.vocabulary.reports import RunFailed

Arrays = Mapping[str, NDArray[np.generic]]
Floats = NDArray[np.float64]

LEAP = 1e4
"""No update that moves a policy further, in nats a state, leaves one that can still learn in float32."""
POLICY, OPTIMIZER, BASELINES = "policy/", "optimizer/", "baselines/"


@dataclass(frozen=True, eq=False)
class Weighed:
    """What an estimator gives every step of some episodes, (T, n) each; weights were divided by `spread`."""

    reward_to_go: Floats
    baseline_values: Floats
    weight: Floats
    spread: float


@dataclass(frozen=True)
class Update:
    """What one update did: the norm of its gradient, the policy's mean entropy before it, KL(before ‖ after)."""

    gradient_norm: float
    entropy: float
    kl: float


class Learner:
    """A policy that learns by REINFORCE; its first weights are keyed by the seed, or come from `arrays`.

    Raises RunFailed where the arrays are those of an environment that was another.
    """

    def __init__(self, description: Description, knobs: ReinforceKnobs, arrays: Arrays | None = None) -> None:
        self.architecture = architecture_of(description, knobs)
        self.policy = Policy(self.architecture, generator(knobs.seed, 0, "weights"))
        self.optimizer = build(knobs.optimizer, self.policy.parameters(), knobs.learning_rate)
        self.baselines = Baselines(self.architecture, generator(knobs.seed, 0, "baseline"))
        if arrays is not None:
            try:
                self._load(arrays)
            except ValueError as error:
                what = f"what was learned does not fit {description.id} as it is here ({error})"
                raise RunFailed(what, "a new run learns it afresh") from error
        self.sampler = Sampler(self.policy)

    def _load(self, arrays: Arrays) -> None:
        load_weights(self.policy, within(arrays, POLICY))
        if state := within(arrays, OPTIMIZER):
            restore_optimizer(self.optimizer, state)
        if state := within(arrays, BASELINES):
            self.baselines.load(state)

    def update(self, batch: Batch, weight: Floats, entropy_bonus: float) -> Update:
        """One step of the optimizer along the gradient of a batch; nothing is changed when it is no finite number.

        `weight` (T, n) multiplies each ∇ log π. Raises FloatingPointError with one line.
        """
        observations, actions = taken(batch)
        chosen = torch.from_numpy(weight[batch.alive].astype(np.float32))
        before = self.policy.distribution(observations)
        loss, entropy = surrogate_of(before, actions, chosen, batch.alive.shape[1], entropy_bonus)
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        gradients = [parameter.grad for parameter in self.policy.parameters() if parameter.grad is not None]
        norm = float(torch.stack([gradient.square().sum() for gradient in gradients]).sum().sqrt())
        if not (math.isfinite(float(loss.detach())) and math.isfinite(norm)):
            raise FloatingPointError("the gradient of the policy is not finite")
        weights_before, optimizer_before = policy_arrays(self.policy), optimizer_arrays(self.optimizer)
        self.optimizer.step()
        with torch.no_grad():
            after = self.policy.distribution(observations)
            kl, back = float(before.kl(after).mean()), float(after.kl(before).mean())
        if not (kl < LEAP and back < LEAP):  # nor when one is no number
            load_weights(self.policy, weights_before)
            restore_optimizer(self.optimizer, optimizer_before)
            raise FloatingPointError("the policy would leap to where it can learn nothing more")
        return Update(norm, float(entropy), max(kl, 0.0))

    @torch.no_grad()
    def entropy(self, batch: Batch) -> float:
        """The policy's mean entropy over the steps of a batch, in nats."""
        return float(self.policy.distribution(taken(batch)[0]).entropy().mean())

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Copies of everything that is learned, by name."""
        parts = {
            POLICY: policy_arrays(self.policy),
            OPTIMIZER: optimizer_arrays(self.optimizer),
            BASELINES: self.baselines.arrays(),
        }
        return {head + name: array for head, part in parts.items() for name, array in part.items()}


def weigh(batch: Batch, baselines: Baselines, knobs: ReinforceKnobs) -> Weighed:
    """What the estimator and the baseline in `knobs` give every step of `batch` (slides: REINFORCE, Baselines)."""
    to_go = rewards_to_go(batch.rewards, batch.alive, knobs.discount)
    values = baselines.values(knobs.baseline, knobs.estimator, knobs.baseline_constant, batch.observations, batch.alive)
    weight, spread = weights(knobs.estimator, to_go, to_go[0], values, batch.alive, knobs.normalise == "on")
    return Weighed(to_go, values, weight, spread)


def taken(batch: Batch) -> tuple[Tensor, Tensor]:
    """The observations (B, d) and actions (B,) or (B, k) of the B steps that were taken."""
    observations = torch.from_numpy(batch.observations[batch.alive])
    return observations, torch.from_numpy(np.ascontiguousarray(batch.actions[batch.alive]))


def architecture_of(description: Description, knobs: ReinforceKnobs) -> PolicyArchitecture:
    """The policy's shape in this environment."""
    return PolicyArchitecture(
        description.observation_size, description.actions, not description.discrete, knobs.hidden, knobs.activation
    )


def within(arrays: Arrays, head: str) -> dict[str, NDArray[np.generic]]:
    """The arrays whose names begin with `head`, without it."""
    return {name.removeprefix(head): array for name, array in arrays.items() if name.startswith(head)}
