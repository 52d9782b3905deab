"""The weights of a network as arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn


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
