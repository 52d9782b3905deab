"""Fully connected networks: drawn from one generator, and walked layer by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

ACTIVATIONS: Mapping[str, type[nn.Module]] = {"tanh": nn.Tanh, "relu": nn.ReLU}


class _Linear(nn.Linear):
    """A linear map whose weights are drawn later: torch's own draws would come from the global generator."""

    def reset_parameters(self) -> None: ...


def perceptron(widths: Sequence[int], activation: str, generator: torch.Generator, last: float = 1.0) -> nn.Sequential:
    """Linear maps widths[0] → … → widths[-1] with the activation, a name in ACTIVATIONS, between them.

    Weights and biases come from U(−1/√n, 1/√n), n the number of inputs; those of the last map are `last` times that.
    """
    layers = [_Linear(*pair) for pair in pairwise(widths)]
    for layer in layers:
        bound = (last if layer is layers[-1] else 1.0) * layer.in_features**-0.5
        for parameter in layer.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)
    between = ACTIVATIONS[activation]
    return nn.Sequential(layers[0], *(part for layer in layers[1:] for part in (between(), layer)))


def walk(network: nn.Sequential, x: Tensor) -> list[tuple[Tensor, Tensor]]:
    """What every linear map of `network` gets and gives for `x` (B, d), in order; the last gives the output."""
    walked = []
    for part in network:
        before, x = x, part(x)
        if isinstance(part, nn.Linear):
            walked.append((before, x))
    return walked
