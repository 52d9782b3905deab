"""Baselines, each from earlier batches alone, so that subtracting one leaves the gradient's mean (slide: Baselines)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lec10_tui.learning.optimizers import build, optimizer_arrays, restore_optimizer
from lec10_tui.learning.perceptron import perceptron
from lec10_tui.learning.policy import PolicyArchitecture
from lec10_tui.learning.reinforce import ESTIMATORS
from lec10_tui.learning.weights import load_weights, weight_arrays

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

KINDS = ("none", "constant", "mean", "time-dependent", "value")

HALF_LIFE = 16.0
"""After so many episodes what came before counts half."""


class RunningMean:
    """Means of several quantities, one an entry, that forget: `mean` (m,) and the `weight` (m,) that stands behind it.

    The first `size` entries are there, and 0, from the start; more come as they are seen. One beyond them all has the
    value of the last, or 0 where there is none.
    """

    def __init__(self, size: int) -> None:
        self.mean, self.weight = np.zeros(size), np.zeros(size)

    def learn(self, sums: Floats, counts: Floats, keep: float) -> None:
        """Take in `counts` (m,) values that add up to `sums`; those before count `keep` of what they did."""
        missing = len(counts) - len(self.mean)
        if missing > 0:
            self.mean, self.weight = np.pad(self.mean, (0, missing)), np.pad(self.weight, (0, missing))
        self.weight *= keep
        seen = np.flatnonzero(counts)
        self.weight[seen] += counts[seen]
        self.mean[seen] += (sums[seen] - counts[seen] * self.mean[seen]) / self.weight[seen]

    def values(self, count: int) -> Floats:
        """The first `count` entries, (count,)."""
        if not len(self.mean):
            return np.zeros(count)
        return self.mean[np.minimum(np.arange(count), len(self.mean) - 1)]


class ValueNetwork(nn.Module):
    """V(s): a network with the policy's widths that learns what is earned from s on; 0 before it has learned.

    It sees targets as (target − `center`) / `scale`. As those two follow the targets, its last layer is rewritten so
    that V stays what it was (van Hasselt et al. 2016, Pop-Art): returns may grow from 10 to 500 in a few batches.
    """

    STEPS, SAMPLES, RATE = 8, 512, 1e-2

    def __init__(self, architecture: PolicyArchitecture, generator: torch.Generator | None = None) -> None:
        super().__init__()
        widths = (architecture.observations, *architecture.hidden, 1)
        generator = generator or torch.Generator().manual_seed(0)
        self.network = perceptron(widths, architecture.activation, generator)
        self.optimizer = build("adam", self.network.parameters(), self.RATE)
        self.center, self.scale = 0.0, 0.0

    @torch.no_grad()
    def values(self, observations: Tensor) -> Tensor:
        """V(s), (B,), for `observations` (B, d)."""
        output: Tensor = self.network(observations)[:, 0]
        return output * self.scale + self.center

    def learn(self, observations: Tensor, targets: Tensor, center: float, scale: float) -> None:
        """Some steps of least squares on `targets` (B,), each on every m-th row, so that large batches cost no more."""
        self._rescale(center, scale)
        stride = -(-len(targets) // self.SAMPLES) | 1  # odd: rows go by time and lane, and an even one would skip lanes
        wanted = (targets - center) / scale
        for step in range(self.STEPS):
            rows = slice(step % stride, None, stride)
            self.optimizer.zero_grad()
            (self.network(observations[rows])[:, 0] - wanted[rows]).square().mean().backward()
            self.optimizer.step()

    @torch.no_grad()
    def _rescale(self, center: float, scale: float) -> None:
        weight, bias = list(self.network.parameters())[-2:]
        if self.scale:
            weight.mul_(self.scale / scale)
            bias.copy_((bias * self.scale + (self.center - center)) / scale)
        self.center, self.scale = center, scale


class Baselines:
    """The state of every baseline, all kept up to date at every update whichever is in force.

    What a batch is weighed with comes from the batches before it: ask for `values` first, `learn` the batch afterwards.
    """

    def __init__(self, architecture: PolicyArchitecture, generator: torch.Generator | None = None) -> None:
        self.network = ValueNetwork(architecture, generator)
        self._means = {
            "returns": RunningMean(1),
            "returns-by-time": RunningMean(0),
            "rewards-to-go": RunningMean(2),  # and their squares
            "rewards-to-go-by-time": RunningMean(0),
        }

    def values(
        self, kind: str, estimator: str, constant: float, observations: NDArray[np.float32], alive: Mask
    ) -> Floats:
        """What is subtracted at every step, (T, n), 0 where none was taken, for `observations` (T, n, d).

        mean: of the estimator's own quantity, over episodes (full return) or over all their steps (reward-to-go).
        time-dependent: that over the episodes that were alive at t; past the longest of them, its last.
        value: V(s_t), which learns rewards-to-go whatever the estimator.
        """
        for name, given, choices in (("baseline", kind, KINDS), ("estimator", estimator, ESTIMATORS)):
            if given not in choices:
                raise ValueError(f"{name}: {given!r} is not one of {', '.join(choices)}")
        found = np.zeros(alive.shape)
        if kind == "constant":
            found[alive] = constant
        elif kind == "value":
            found[alive] = self.network.values(torch.from_numpy(observations[alive])).numpy()
        elif kind != "none":
            quantity = "returns" if estimator == "full-return" else "rewards-to-go"
            if kind == "mean":
                found[alive] = self._means[quantity].values(1)
            else:
                found += self._means[f"{quantity}-by-time"].values(len(alive))[:, None]
                found[~alive] = 0.0
        return found

    def learn(self, observations: NDArray[np.float32], rewards_to_go: Floats, alive: Mask) -> None:
        """Take in a batch, (T, n, d), (T, n) and (T, n), that an update has learned from."""
        keep = 0.5 ** (alive.shape[1] / HALF_LIFE)
        targets = rewards_to_go[alive]
        counts = alive.sum(1).astype(np.float64)
        returns = rewards_to_go[0]
        steps, episodes = np.full(2, len(targets), np.float64), np.full(1, len(returns), np.float64)
        moments = np.array([targets.sum(), np.square(targets).sum()])
        self._means["returns"].learn(returns.sum(keepdims=True), episodes, keep)
        self._means["returns-by-time"].learn(alive @ returns, counts, keep)
        self._means["rewards-to-go"].learn(moments, steps, keep)
        self._means["rewards-to-go-by-time"].learn(np.where(alive, rewards_to_go, 0.0).sum(1), counts, keep)
        mean, square = self._means["rewards-to-go"].mean
        scale = max(square - mean**2, 1e-6 * square, 1e-24) ** 0.5
        given = torch.from_numpy(observations[alive])
        self.network.learn(given, torch.from_numpy(targets.astype(np.float32)), float(mean), float(scale))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Copies of all of it by name, as `load` takes them."""
        network = self.network
        return {
            **{f"{name}.mean": running.mean.copy() for name, running in self._means.items()},
            **{f"{name}.weight": running.weight.copy() for name, running in self._means.items()},
            "value.standardised": np.array([network.center, network.scale]),
            **{f"value.{name}": array for name, array in weight_arrays(network).items()},
            **{f"value.optimizer.{name}": array for name, array in optimizer_arrays(network.optimizer).items()},
        }

    def load(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from `arrays` to the bit; raises ValueError with one line when they are another's."""
        rest = dict(arrays)
        try:
            pairs = {name: (rest.pop(f"{name}.mean"), rest.pop(f"{name}.weight")) for name in self._means}
            standardised = rest.pop("value.standardised")
        except KeyError as missing:
            raise ValueError(f"baselines: {missing} is missing") from None
        for name, (mean, weight) in pairs.items():
            size = len(mean) if name.endswith("-by-time") and mean.ndim else len(self._means[name].mean)
            if not mean.shape == weight.shape == (size,):
                raise ValueError(f"baselines: {name} is {mean.shape} by {weight.shape}, ({size},) twice is needed")
        if standardised.shape != (2,):
            raise ValueError(f"baselines: value.standardised is {standardised.shape}, (2,) is needed")
        state = {name: rest.pop(name) for name in list(rest) if name.startswith("value.optimizer.")}
        load_weights(self.network, {name.removeprefix("value."): array for name, array in rest.items()})
        restore_optimizer(
            self.network.optimizer, {name.removeprefix("value.optimizer."): array for name, array in state.items()}
        )
        for name, (mean, weight) in pairs.items():
            self._means[name].mean, self._means[name].weight = mean.astype(np.float64), weight.astype(np.float64)
        self.network.center, self.network.scale = map(float, standardised)
