"""Policies of several shapes that prefer something in every state, and steps for them to judge."""

from __future__ import annotations

import torch

from lec10_tui.learning.policy import Policy, PolicyArchitecture, policy_arrays
from lec10_tui.learning.random import generator
from lec10_tui.learning.truths.policy_truths import PlainPolicy

SHAPES = [
    PolicyArchitecture(4, 3, False, (16,), "tanh"),
    PolicyArchitecture(5, 2, False, (), "relu"),
    PolicyArchitecture(3, 2, True, (8, 8), "relu"),
    PolicyArchitecture(2, 1, True, (), "tanh"),
]


def leaning(architecture: PolicyArchitecture, seed: int = 0) -> Policy:
    """A policy whose every weight was drawn, the scale too."""
    policy = Policy(architecture, generator(seed, 0, "policy"))
    with torch.no_grad():
        for index, parameter in enumerate(policy.parameters()):
            parameter.copy_(0.7 * torch.randn(parameter.shape, generator=generator(seed, index, "lean")))
    return policy


def steps(architecture: PolicyArchitecture, count: int = 50) -> tuple[torch.Tensor, torch.Tensor]:
    """Observations (B, d) in float64, and actions."""
    observations = torch.randn(count, architecture.observations, generator=generator(1, 0, "seen")).double()
    if architecture.continuous:
        return observations, torch.randn(count, architecture.actions, generator=generator(1, 0, "act")).double()
    return observations, torch.randint(architecture.actions, (count,), generator=generator(1, 0, "act"))


def plain(policy: Policy) -> PlainPolicy:
    """The same policy as the truths know it."""
    return PlainPolicy(policy_arrays(policy), policy.architecture.plain())
