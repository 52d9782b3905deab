"""The race of the slide's two strategies: same network, weights and batches, each by a clock of its own, in slices."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.binarise import binarise
from lec10_tui.learning.race import Amortized, PerExample, ascend, bound
from lec10_tui.learning.random import generator
from lec10_tui.learning.vae import VAE
from lec10_tui.lessons.amortization.experiment.drawn import drawn
from lec10_tui.lessons.amortization.frame import Race
from lec10_tui.models.images import noise
from lec10_tui.models.trained import TrainedModel

NAMES = ("amortized", "per example")

EXAMPLES = 4096
"""Training images that both learn from at most: few enough for the strategy that keeps a q of each to come round again
within seconds, enough for an encoder not to learn them by heart."""

BATCH = 128
LEARNING_RATE = 1e-3

HELD_OUT = 32
"""Held-out images that both are measured on."""

POINTS = 64
"""Draws of ε that each held-out ELBO is a mean over."""

INFERENCE_STEPS, INFERENCE_POINTS, INFERENCE_RATE = 80, 4, 0.1
"""The ascent from the prior that is the second strategy's inference for an image it has not seen."""

SLICE_SECONDS = 0.02
FIRST, GROWTH = 0.25, 1.3
"""When the held-out ELBOs are taken: at 0, then at `FIRST` seconds, then every time `GROWTH` times as late."""

Curve = list[tuple[float, float]]


class Runner:
    """One strategy on its way: its clock in seconds, its updates, and its held-out ELBO by them."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seconds = 0.0
        self.updates = 0
        self.curve: Curve = []

    @property
    def due(self) -> bool:
        """Whether its held-out ELBO is to be taken now."""
        if not self.curve:
            return True
        return self.seconds >= max(FIRST, GROWTH * self.curve[-1][0])


class Racing:
    """A race that goes on from where it is whenever `slices` is asked for more.

    Both start from the weights that `seed` gives, and see the same batches in the same order, each at its own pace.
    What measures them is charged to neither. `rate` is that of the inner ascents.
    """

    def __init__(self, model: TrainedModel, seed: int, inner_steps: int, rate: float) -> None:
        self.model, self.seed, self.inner_steps, self.rate = model, seed, inner_steps, rate
        self.examples = min(EXAMPLES, len(model.images.train))
        self.runners = (Runner(0), Runner(1))
        networks = [VAE(model.architecture, generator(seed, 0, "race")) for _ in NAMES]
        self._amortized = Amortized(networks[0], LEARNING_RATE)
        self._per_example = PerExample(networks[1], self.examples, LEARNING_RATE)
        self._held_out = model.images.held_out[model.images.shown(0, HELD_OUT)]
        self._training = tuple(self._train(runner) for runner in self.runners)

    def slices(self) -> Iterator[Race]:
        """Let it go, a slice of about 20 ms at a time; raises FloatingPointError where one comes to no number."""
        while True:
            for runner in self.runners:
                if runner.due:
                    yield from self._measure(runner)
            runner = min(self.runners, key=lambda runner: runner.seconds)
            began = time.perf_counter()
            while time.perf_counter() < began + SLICE_SECONDS:
                next(self._training[runner.number])
            runner.seconds += time.perf_counter() - began
            yield self.part(going=True)

    def part(self, going: bool) -> Race:
        """How it stands."""
        return race_part(
            tuple(runner.curve for runner in self.runners),
            tuple(runner.updates for runner in self.runners),
            tuple(BATCH * runner.updates / runner.seconds if runner.seconds else 0.0 for runner in self.runners),
            len(self._held_out),
            self.network,
            going,
        )

    @property
    def network(self) -> str:
        """What races, in words."""
        architecture = self.model.architecture
        layers = "-".join(map(str, (architecture.pixels, *architecture.hidden, architecture.latent_dim)))
        conv = "conv " if architecture.encoder == "conv" else ""
        return (
            f"{conv}{layers} {architecture.activation} and back, Adam {LEARNING_RATE:g}, batches of {BATCH} of "
            f"{self.examples} images; {self.inner_steps} inner steps, {INFERENCE_STEPS} from N(0, I) when held out"
        )

    # --- the two ------------------------------------------------------------------------------------------------

    def _train(self, runner: Runner) -> Iterator[None]:
        """Update after update, in slices."""
        variance, latent_dim = self.model.observation_variance, self.model.latent_dim
        while True:
            update = runner.updates
            rows, x = self._batch(update)
            steps = self.inner_steps if runner.number else 0
            epsilon = noise((steps + 1, len(x), latent_dim), self.seed, update, "race epsilon", x.device)
            if runner.number:
                yield from self._per_example.update(rows, x, epsilon, variance, self.rate)
            else:
                self._amortized.update(x, epsilon[0], variance)
            runner.updates += 1
            yield

    def _batch(self, update: int) -> tuple[Tensor, Tensor]:
        """Which examples the batch of this update has, (B,), and their pixels (B, D)."""
        epoch, place = divmod(update, -(-self.examples // BATCH))
        order = torch.randperm(self.examples, generator=generator(self.seed, epoch, "race order"))
        rows = order[place * BATCH : (place + 1) * BATCH]
        x = self.model.images.train[rows].float().div_(255)
        return rows, binarise(x, generator(self.seed, update, "race pixels")) if self.model.images.binary else x

    def _measure(self, runner: Runner) -> Iterator[Race]:
        """The mean held-out ELBO, by the strategy's own inference, in slices that no clock counts."""
        model, x, variance = self._network(runner), self._held_out, self.model.observation_variance
        with torch.no_grad():
            mu, log_sigma = model.encode(x)
        if runner.number:
            shape = (INFERENCE_STEPS, INFERENCE_POINTS, *mu.shape)
            epsilon = noise(shape, self.seed, 0, "race inference", x.device)
            ways = ascend(model, x, torch.zeros_like(mu), torch.zeros_like(mu), epsilon, variance, INFERENCE_RATE)
            for number, q in enumerate(ways):
                mu, log_sigma = q
                if number % 4 == 3:
                    yield self.part(going=True)
        points = drawn(self.model.latent_dim, POINTS, self.seed, 0, "race held-out").float()
        total = 0.0
        for part in torch.split(points, 16):
            with torch.no_grad():
                values = bound(model, x, mu, log_sigma, part[:, None].expand(-1, len(x), -1), variance)
            total += float(values.double().mean()) * len(part)
            yield self.part(going=True)
        elbo = total / len(points)
        if not np.isfinite(elbo):
            raise FloatingPointError(f"the held-out ELBO of {NAMES[runner.number]} became {elbo:g}")
        runner.curve.append((runner.seconds, elbo))

    def _network(self, runner: Runner) -> VAE:
        return (self._amortized.model, self._per_example.model)[runner.number]


def race_part(
    curves: tuple[Curve, ...],
    updates: tuple[int, ...],
    rates: tuple[float, ...],
    images: int,
    network: str,
    going: bool,
) -> Race:
    """A frozen picture of a race."""
    seconds, elbos = ([np.array([point[axis] for point in curve]) for curve in curves] for axis in (0, 1))
    return Race(
        names=(NAMES[0], NAMES[1]),
        seconds=(seconds[0], seconds[1]),
        elbos=(elbos[0], elbos[1]),
        updates=(updates[0], updates[1]),
        images_per_second=(rates[0], rates[1]),
        images=images,
        network=network,
        going=going,
    )


NO_RACE = race_part(([], []), (0, 0), (0.0, 0.0), HELD_OUT, "", False)


def race_header(part: Race) -> dict[str, Any]:
    """What the header of a snapshot holds of a race: how it stood; its networks are not kept."""
    plain = {"updates": list(part.updates), "images_per_second": list(part.images_per_second)}
    return {**plain, "images": part.images, "network": part.network}


def race_arrays(part: Race) -> dict[str, NDArray[np.generic]]:
    """The curves of a race, for a snapshot."""
    curves = (("seconds", part.seconds), ("elbos", part.elbos))
    return {f"race/{name}/{number}": values[number].copy() for name, values in curves for number in range(2)}


def race_of(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Race:
    """The race as it stood when it was kept."""
    curves = tuple(
        list(zip(arrays[f"race/seconds/{number}"].tolist(), arrays[f"race/elbos/{number}"].tolist(), strict=True))
        for number in range(2)
    )
    updates, rates = tuple(map(int, header["updates"])), tuple(map(float, header["images_per_second"]))
    return race_part(curves, updates, rates, int(header["images"]), str(header["network"]), False)
