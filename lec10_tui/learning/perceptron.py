"""Fully connected networks: drawn from one generator, walked layer by layer, and their weights as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
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


def weight_arrays(module: nn.Module) -> dict[str, NDArray[np.generic]]:
    """Copies of every weight of `module` by name."""
    return {name: parameter.detach().cpu().numpy().copy() for name, parameter in module.named_parameters()}


def load_weights(module: nn.Module, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Take the weights in `arrays`; raises ValueError with one line when they are another network's."""
    parameters = dict(module.named_parameters())
    for name in (*parameters, *arrays):
        if name not in arrays:
            raise ValueError(f"weights: {name} is missing, this architecture needs it")
        if name not in parameters:
            raise ValueError(f"weights: {name} is not a part of this architecture")
        shape = tuple(parameters[name].shape)
        if arrays[name].shape != shape or arrays[name].dtype.kind != "f":
            raise ValueError(f"weights: {name} is {arrays[name].dtype} {arrays[name].shape}, floats {shape} are needed")
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(torch.from_numpy(np.array(arrays[name])))
