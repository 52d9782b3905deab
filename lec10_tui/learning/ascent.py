"""Per-example variational inference: gradient ascent of the ELBO in μ and log σ (slide: Amortization)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Objective = Callable[[Tensor, Tensor], Tensor]
"""What is to rise: μ and log σ, each (B, K) → (B,) nats, differentiable in both."""

FIRST_DECAY, SECOND_DECAY, EPSILON = 0.9, 0.999, 1e-8


class Ascent:
    """Adam (Kingma and Ba 2015) on `mu` and `log_sigma`, each (B, K), in float64; every row climbs by itself.

    Adam rescales each entry by its own gradients, so B ascents at once are the B ascents one by one.
    """

    def __init__(self, objective: Objective, mu: Tensor, log_sigma: Tensor, learning_rate: float) -> None:
        self.objective = objective
        self.learning_rate = learning_rate
        self.put(mu, log_sigma)

    def put(self, mu: Tensor, log_sigma: Tensor) -> None:
        """Go on from here, without the momentum of the way so far; raises ValueError unless both are (B, K)."""
        if mu.dim() != 2 or mu.shape != log_sigma.shape:
            raise ValueError(f"q: μ {tuple(mu.shape)} and log σ {tuple(log_sigma.shape)} should both be (B, K)")
        self._at = torch.stack([mu, log_sigma]).detach().double()
        self._first = torch.zeros_like(self._at)
        self._second = torch.zeros_like(self._at)
        self.steps = 0

    @property
    def mu(self) -> Tensor:
        """μ of every row, (B, K)."""
        return self._at[0].clone()

    @property
    def log_sigma(self) -> Tensor:
        """log σ of every row, (B, K)."""
        return self._at[1].clone()

    def step(self) -> Tensor:
        """One step up; the objective (B,) where it was taken from."""
        with torch.enable_grad():
            at = self._at.clone().requires_grad_()
            values = self.objective(at[0], at[1])
            (gradient,) = torch.autograd.grad(values.sum(), at)
        self.steps += 1
        self._first.lerp_(gradient, 1 - FIRST_DECAY)
        self._second.lerp_(gradient.square(), 1 - SECOND_DECAY)
        mean = self._first / (1 - FIRST_DECAY**self.steps)
        scale = (self._second / (1 - SECOND_DECAY**self.steps)).sqrt() + EPSILON
        self._at = self._at + self.learning_rate * mean / scale
        return values.detach()

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Copies of everything but what knobs set: `load` goes on from them to the bit."""
        state = {"mu": self._at[0], "log_sigma": self._at[1], "first": self._first, "second": self._second}
        return {name: value.numpy().copy() for name, value in state.items()} | {"steps": np.array(self.steps)}

    def load(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what `arrays` gave."""
        self.put(*(torch.from_numpy(np.array(arrays[name], np.float64)) for name in ("mu", "log_sigma")))
        self._first = torch.from_numpy(np.array(arrays["first"], np.float64))
        self._second = torch.from_numpy(np.array(arrays["second"], np.float64))
        self.steps = int(arrays["steps"])
