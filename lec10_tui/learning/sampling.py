"""Actions drawn from a policy in numpy: no call of torch, and no copy of a weight, for a step of an environment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import nn

from lec10_tui.learning.policy import Policy
from lec10_tui.learning.random import array_generator

Array = NDArray[np.generic]
Floats = NDArray[np.float64]

BLOCK = 64
"""How many time steps' noise is drawn at once."""

ROWS = 8
"""How many lanes are multiplied at once: always as many, or the last bits of a lane would depend on those beside it."""


class Sampler:
    """Draws actions from `policy`, whose weights it sees where torch keeps them: what updates in place, it follows."""

    def __init__(self, policy: Policy) -> None:
        layers = [part for part in policy.network if isinstance(part, nn.Linear)]
        self._layers = [(layer.weight.detach().numpy().T, layer.bias.detach().numpy()) for layer in layers]
        self._tanh = policy.architecture.activation == "tanh"
        self._log_scale = None if policy.log_scale is None else policy.log_scale.detach().numpy()

    def choose(self, observations: NDArray[np.float32], noise: Floats) -> NDArray[np.int64] | Floats:
        """An action for every row of `observations` (n, d).

        Discrete: indices (n,), the inverse of the cumulative probabilities at `noise` (n,), uniform in [0, 1).
        Continuous: μ + σ·ε (n, k) for `noise` (n, k), standard normal; not clipped. To the last bit, an action depends
        on its own row alone.
        """
        output = self._output(observations)
        if self._log_scale is not None:
            return output + np.exp(self._log_scale.astype(np.float64)) * noise
        output -= np.maximum.reduce(output, axis=1, keepdims=True)
        cumulative = np.add.accumulate(np.exp(output, out=output), axis=1, dtype=np.float64)
        passed = cumulative[:, :-1] <= cumulative[:, -1:] * noise[:, None]
        chosen: NDArray[np.int64] = np.add.reduce(passed, axis=1, dtype=np.int64)
        return chosen

    def _output(self, observations: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits (n, A) or means (n, k)."""
        count, size = observations.shape
        if count % ROWS:
            observations = np.concatenate((observations, np.zeros((-count % ROWS, size), observations.dtype)))
        x = observations.reshape(-1, ROWS, size)
        for index, (weight, bias) in enumerate(self._layers):
            if index:
                x = np.tanh(x, out=x) if self._tanh else np.maximum(x, 0.0, out=x)
            x = x @ weight
            x += bias
        return x.reshape(-1, x.shape[2])[:count]


class Noise:
    """What every lane's actions are drawn with, time step by time step; see `noise`."""

    def __init__(self, seed: int, step: int, purpose: str, lanes: int, dimensions: int | None) -> None:
        self._stream = (seed, step, purpose)
        self._shape = (BLOCK, lanes) if dimensions is None else (BLOCK, lanes, dimensions)
        self._uniform = dimensions is None
        self._index, self._block = -1, np.empty(0)

    def at(self, time: int) -> Floats:
        """The noise of time step `time`: (n,) uniform in [0, 1), or (n, k) standard normal. Not to be written to."""
        index, row = divmod(time, BLOCK)
        if index != self._index:
            generator = array_generator(*self._stream, block=index)
            self._block = generator.random(self._shape) if self._uniform else generator.standard_normal(self._shape)
            self._index = index
        now: Floats = self._block[row]
        return now


def noise(seed: int, step: int, purpose: str, lanes: int, dimensions: int | None) -> Noise:
    """Noise for `lanes` lanes keyed by (seed, step, purpose): uniform where `dimensions` is None, else normal.

    What it has for a time step does not depend on which were asked for before.
    """
    return Noise(seed, step, purpose, lanes, dimensions)
