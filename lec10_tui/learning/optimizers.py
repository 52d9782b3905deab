"""Optimizers by name, and their state as arrays that resume exactly.

The updates are torch.optim's own functions. Its classes are left out: building the first one imports torch._dynamo,
a second of processor time and 70 MB that a short run would feel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim.adagrad import adagrad
from torch.optim.adam import adam
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

Tensors = list[Tensor]
Update = Callable[[Tensors, Tensors, Mapping[str, Tensors], float, bool], None]
"""Moves the weights along the gradients, given the state, the learning rate and whether to use the fused kernel."""


def _adam(weight_decay: float) -> Update:
    """Kingma and Ba 2015; with weight decay it is AdamW (Loshchilov and Hutter 2019)."""

    def update(weights: Tensors, gradients: Tensors, state: Mapping[str, Tensors], rate: float, fused: bool) -> None:
        adam(
            weights, gradients, state["exp_avg"], state["exp_avg_sq"], [], state["step"], fused=fused, lr=rate,
            beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=weight_decay, decoupled_weight_decay=True,
            amsgrad=False, maximize=False,
        )  # fmt: skip

    return update


def _sgd(momentum: float) -> Update:
    def update(weights: Tensors, gradients: Tensors, state: Mapping[str, Tensors], rate: float, fused: bool) -> None:
        buffers: list[Tensor | None] = [*state.get("momentum_buffer", [None] * len(weights))]
        sgd(
            weights, gradients, buffers, fused=fused, lr=rate, momentum=momentum,
            weight_decay=0.0, dampening=0.0, nesterov=False, maximize=False,
        )  # fmt: skip

    return update


def _rmsprop(weights: Tensors, gradients: Tensors, state: Mapping[str, Tensors], rate: float, fused: bool) -> None:
    rmsprop(
        weights, gradients, state["square_avg"], [], [], state["step"], foreach=True, lr=rate,
        alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False,
    )  # fmt: skip


def _adagrad(weights: Tensors, gradients: Tensors, state: Mapping[str, Tensors], rate: float, fused: bool) -> None:
    adagrad(
        weights, gradients, state["sum"], state["step"], fused=fused, lr=rate,
        eps=1e-10, weight_decay=0.0, lr_decay=0.0, maximize=False,
    )  # fmt: skip


_FUSED = ("cpu", "cuda", "mps")

_RULES: Mapping[str, tuple[Update, tuple[str, ...], tuple[str, ...]]] = {
    "adam": (_adam(weight_decay=0.0), ("step", "exp_avg", "exp_avg_sq"), _FUSED),
    "adamw": (_adam(weight_decay=0.01), ("step", "exp_avg", "exp_avg_sq"), _FUSED),
    "sgd": (_sgd(momentum=0.0), (), _FUSED),
    "momentum": (_sgd(momentum=0.9), ("momentum_buffer",), _FUSED),
    "rmsprop": (_rmsprop, ("step", "square_avg"), ()),
    "adagrad": (_adagrad, ("step", "sum"), ("cpu",)),
}

NAMES = tuple(_RULES)


class Optimizer:
    """Steps `parameters` by one of torch.optim's rules at its defaults, in one fused pass where the device has it.

    `state` has one tensor a parameter under every key, zeros at first.
    """

    def __init__(self, name: str, parameters: Iterable[Tensor], learning_rate: float) -> None:
        if name not in _RULES:
            raise ValueError(f"optimizer: {name!r} is not one of {', '.join(NAMES)}")
        self.parameters = list(parameters)
        self.learning_rate = learning_rate
        self._update, keys, devices = _RULES[name]
        device = self.parameters[0].device
        self._fused = device.type in devices
        # The fused kernels count steps on the device, the others on the CPU.
        count = torch.zeros((), device=device if self._fused else "cpu")
        self.state: dict[str, Tensors] = {
            key: [(count if key == "step" else parameter.detach()).clone().zero_() for parameter in self.parameters]
            for key in keys
        }

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients; with `set_to_none` False they are zeros instead."""
        for parameter in self.parameters:
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.zero_()

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter along its gradient; all must have one."""
        gradients = [parameter.grad for parameter in self.parameters if parameter.grad is not None]
        if len(gradients) < len(self.parameters):
            raise RuntimeError("a step needs the gradient of every parameter: call backward first")
        self._update(self.parameters, gradients, self.state, self.learning_rate, self._fused)


def build(name: str, parameters: Iterable[Tensor], learning_rate: float) -> Optimizer:
    """The optimizer called `name`, one of NAMES (momentum is SGD with 0.9); raises ValueError for any other."""
    return Optimizer(name, parameters, learning_rate)


def optimizer_arrays(optimizer: Optimizer) -> dict[str, NDArray[np.generic]]:
    """Copies of the state of every parameter, named `INDEX.KEY`; what knobs set (the rate) is not among them."""
    return {name: value.cpu().numpy().copy() for name, value in _named(optimizer).items()}


def restore_optimizer(optimizer: Optimizer, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Go on from the state in `arrays` to the bit; raises ValueError with one line when they are another's."""
    state = _named(optimizer)
    for name in (*state, *arrays):
        if name not in arrays or name not in state:
            raise ValueError(f"optimizer state: {name} is {'missing' if name in state else 'not a part of it'}")
        if arrays[name].shape != tuple(state[name].shape):
            raise ValueError(f"optimizer state: {name} is {arrays[name].shape}, {tuple(state[name].shape)} is needed")
    for name, value in state.items():
        value.copy_(torch.from_numpy(np.array(arrays[name])))


def _named(optimizer: Optimizer) -> dict[str, Tensor]:
    return {f"{index}.{key}": value for key, values in optimizer.state.items() for index, value in enumerate(values)}
