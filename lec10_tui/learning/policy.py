"""A policy network π(a|s), categorical or diagonal Gaussian, and what it says of actions (slides: RL, MDPs)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lec10_tui.learning.perceptron import ACTIVATIONS, perceptron
from lec10_tui.learning.weights import load_weights, weight_arrays

FIRST_OUTPUTS = 0.01
"""How much smaller than usual the last layer starts, so that the first policy leans nowhere."""


@dataclass(frozen=True)
class PolicyArchitecture:
    """The shape of a policy; raises ValueError with one line for values that describe none.

    `observations` is the size d of the vector it sees. `actions` is how many there are to choose from, or with
    `continuous` how many dimensions one has. `hidden` are the layers' widths; () leaves one linear map.
    """

    observations: int
    actions: int
    continuous: bool
    hidden: tuple[int, ...]
    activation: str

    def __post_init__(self) -> None:
        for name in ("observations", "actions"):
            if not _is_size(getattr(self, name)):
                raise ValueError(f"{name}: {getattr(self, name)!r} is not a whole number from 1 up")
        if not isinstance(self.continuous, bool):
            raise ValueError(f"continuous: {self.continuous!r} is not True or False")
        if not all(map(_is_size, self.hidden)):
            raise ValueError(f"hidden: {self.hidden!r} are not whole numbers from 1 up, as (64, 64)")
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"activation: {self.activation!r} is not one of {', '.join(ACTIVATIONS)}")

    def plain(self) -> dict[str, Any]:
        """These values as JSON has them: numbers, strings and lists."""
        return {**asdict(self), "hidden": list(self.hidden)}

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> PolicyArchitecture:
        """The architecture that `plain` gave; raises ValueError with one line when it is none."""
        names = [field.name for field in fields(cls)]
        if not isinstance(plain, Mapping) or sorted(plain) != sorted(names):
            raise ValueError(f"architecture: {plain!r} does not have exactly the values {', '.join(names)}")
        if not isinstance(plain["hidden"], (list, tuple)):
            raise ValueError(f"hidden: {plain['hidden']!r} is not a list of whole numbers")
        return cls(**{**plain, "hidden": tuple(plain["hidden"])})


@dataclass(frozen=True, eq=False)
class Categorical:
    """π(·|s) for B states as a chance for every action: `log_probabilities` (B, A) in nats; `mean`, `scale` (B, 0)."""

    log_probabilities: Tensor

    @property
    def probabilities(self) -> Tensor:
        """π(a|s), (B, A)."""
        return self.log_probabilities.exp()

    @property
    def mean(self) -> Tensor:
        """Discrete actions have none, (B, 0)."""
        return self.log_probabilities[:, :0]

    @property
    def scale(self) -> Tensor:
        """Discrete actions have none, (B, 0)."""
        return self.log_probabilities[:, :0]

    def log_prob(self, actions: Tensor) -> Tensor:
        """log π(a|s) of the indices `actions` (B,) in nats, (B,)."""
        return self.log_probabilities.gather(1, actions[:, None])[:, 0]

    def entropy(self) -> Tensor:
        """−Σ_a π(a|s) log π(a|s) in nats, (B,)."""
        return -(self.probabilities * self.log_probabilities).sum(1)

    def kl(self, other: Distribution) -> Tensor:
        """KL(self ‖ other) in nats, (B,); raises TypeError where the other's actions are continuous."""
        if not isinstance(other, Categorical):
            raise TypeError("kl: one policy is over discrete actions, the other over continuous ones")
        return (self.probabilities * (self.log_probabilities - other.log_probabilities)).sum(1)


@dataclass(frozen=True, eq=False)
class Gaussian:
    """π(·|s) for B states as N(`mean`, σ²) in every dimension of an action: (B, k) each; `probabilities` are (B, 0)."""

    mean: Tensor
    log_scale: Tensor

    @property
    def probabilities(self) -> Tensor:
        """Continuous actions have densities instead, (B, 0)."""
        return self.mean[:, :0]

    @property
    def scale(self) -> Tensor:
        """σ, (B, k)."""
        return self.log_scale.exp()

    def log_prob(self, actions: Tensor) -> Tensor:
        """log π(a|s) of `actions` (B, k), as they were before any clipping, in nats, (B,): a log density."""
        scaled = (actions.to(self.mean.dtype) - self.mean) * torch.exp(-self.log_scale)
        return -(0.5 * scaled.square() + self.log_scale + 0.5 * math.log(2 * math.pi)).sum(1)

    def entropy(self) -> Tensor:
        """Σ (log σ + ½ log 2πe) in nats, (B,)."""
        return (self.log_scale + 0.5 * math.log(2 * math.pi * math.e)).sum(1)

    def kl(self, other: Distribution) -> Tensor:
        """KL(self ‖ other) in nats, (B,); raises TypeError where the other's actions are discrete."""
        if not isinstance(other, Gaussian):
            raise TypeError("kl: one policy is over continuous actions, the other over discrete ones")
        twice = 2 * (self.log_scale - other.log_scale)
        apart = (self.mean - other.mean) * torch.exp(-other.log_scale)
        return 0.5 * (twice.expm1() - twice + apart.square()).sum(1)


Distribution = Categorical | Gaussian


class Policy(nn.Module):
    """A network d → logits of A actions, or d → the mean of k values whose scale is the same in every state.

    Every initial weight is drawn from `generator` alone (None: one seeded with 0), in float32 on the CPU; the first
    policy is nearly uniform, or nearly N(0, I).
    """

    def __init__(self, architecture: PolicyArchitecture, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.architecture = architecture
        widths = (architecture.observations, *architecture.hidden, architecture.actions)
        generator = generator or torch.Generator().manual_seed(0)
        self.network = perceptron(widths, architecture.activation, generator, last=FIRST_OUTPUTS)
        self.log_scale = nn.Parameter(torch.zeros(architecture.actions)) if architecture.continuous else None

    def distribution(self, observations: Tensor) -> Distribution:
        """π(·|s) for `observations` (B, d)."""
        return self.of_output(self.network(observations))

    def of_output(self, output: Tensor) -> Distribution:
        """π(·|s) where the network gave `output` (B, A) or (B, k)."""
        if self.log_scale is None:
            return Categorical(output.log_softmax(1))
        # a copy: what is said now must not change when the weights are moved in place
        return Gaussian(output, self.log_scale.expand_as(output).clone())


def open_policy(architecture: PolicyArchitecture, arrays: Mapping[str, NDArray[Any]]) -> Policy:
    """A policy with the weights in `arrays`; raises ValueError with one line when they are not this architecture's."""
    policy = Policy(architecture)
    load_weights(policy, arrays)
    return policy


def policy_arrays(module: nn.Module) -> dict[str, NDArray[np.generic]]:
    """Copies of every weight by name, as `open_policy` takes them."""
    return weight_arrays(module)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
