"""What a policy says of actions as torch.distributions knows it, and ∇ log π one step at a time (slide: REINFORCE)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.distributions import Categorical, Distribution, Independent, Normal, kl_divergence

Array = NDArray[Any]


class PlainPolicy:
    """A policy in float64 from its weights by name and its architecture in plain values.

    `weights` are those of linear maps, `….INDEX.weight` and `….INDEX.bias` in the order of their indices, and
    `log_scale` where actions are continuous; `architecture` says under `continuous` which they are and under
    `activation` (tanh, relu) what stands between the maps.
    """

    def __init__(self, weights: Mapping[str, Array], architecture: Mapping[str, Any]) -> None:
        self.parameters = {
            name: torch.from_numpy(np.array(array, np.float64)).requires_grad_() for name, array in weights.items()
        }
        stems = [name.removesuffix("weight") for name in weights if name.endswith(".weight")]
        self._maps = sorted(stems, key=lambda stem: int(stem.split(".")[-2]))
        self._activation = {"tanh": torch.tanh, "relu": torch.relu}[architecture["activation"]]
        self._continuous = bool(architecture["continuous"])

    def distribution(self, observations: Array) -> Distribution:
        """π(·|s) for `observations` (B, d)."""
        x = torch.from_numpy(np.array(observations, np.float64))
        for index, stem in enumerate(self._maps):
            if index:
                x = self._activation(x)
            x = x @ self.parameters[f"{stem}weight"].T + self.parameters[f"{stem}bias"]
        if not self._continuous:
            return Categorical(logits=x)
        scale = self.parameters["log_scale"].exp().expand_as(x)
        return Independent(Normal(x, scale), 1)

    def log_prob(self, observations: Array, actions: Array) -> Tensor:
        """log π(a|s) in nats, (B,), of indices (B,) or of values (B, k) before clipping."""
        given = torch.from_numpy(np.array(actions, np.float64 if self._continuous else np.int64))
        log_prob: Tensor = self.distribution(observations).log_prob(given)
        return log_prob

    def entropy(self, observations: Array) -> Tensor:
        """The entropy in nats in every state, (B,)."""
        entropy: Tensor = self.distribution(observations).entropy()
        return entropy.detach()

    def kl(self, other: PlainPolicy, observations: Array) -> Tensor:
        """KL(self ‖ other) in nats in every state, (B,)."""
        divergence: Tensor = kl_divergence(self.distribution(observations), other.distribution(observations))
        return divergence.detach()

    def gradients(self, observations: Array, actions: Array, weights: Array) -> Iterator[Tensor]:
        """w_t ∇ log π(a_t|s_t) over all parameters, (P,), one step after another, each by its own backward pass."""
        for time, weight in enumerate(weights):
            log_prob = self.log_prob(observations[time : time + 1], actions[time : time + 1]).sum()
            parts = torch.autograd.grad(log_prob, list(self.parameters.values()))
            yield float(weight) * torch.cat([part.flatten() for part in parts])
