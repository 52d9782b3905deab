"""The vae experiment: one optimizer step after another, readings at fixed steps, everything else on request."""

from __future__ import annotations

import itertools
import math
import platform
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, NoReturn

import numpy as np
import torch
from numpy.typing import NDArray

from lec10_tui import __version__
from lec10_tui.data.image_set import ImageSet
from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.vae import VAE
from lec10_tui.lessons.vae.experiment.held_out import measure, monitor
from lec10_tui.lessons.vae.experiment.learner import Learner
from lec10_tui.lessons.vae.experiment.likelihood import estimate_likelihood
from lec10_tui.lessons.vae.experiment.parts import build_part, stamp
from lec10_tui.lessons.vae.experiment.verifying import verify
from lec10_tui.lessons.vae.frame import MeasureLikelihood, StopLikelihood, VAEKnobs
from lec10_tui.models.images import Images, device_named, noise
from lec10_tui.models.stored import Arrays, stored_model
from lec10_tui.vocabulary.commands import Command, SetKnob, Verify
from lec10_tui.vocabulary.frames import Part, Readings, Wanted
from lec10_tui.vocabulary.knobs import BadValue, check
from lec10_tui.vocabulary.record import Record
from lec10_tui.vocabulary.reports import RunFailed, Snapshot
from lec10_tui.vocabulary.turns import Turn, Turns

READ_EVERY = 50
_numbers = itertools.count()
CURVES = ("elbo", "reconstruction", "kl", "objective", "held_out_elbo", "held_out_reconstruction", "held_out_kl")


class VAEExperiment:
    """Trains one variational autoencoder; every random number is keyed by (seed, step, purpose)."""

    lesson = "vae"
    unit = "examples"

    def __init__(
        self,
        knobs: VAEKnobs,
        data: ImageSet,
        *,
        given: Mapping[str, Any] | None = None,
        planned: tuple[Turn, ...] = (),
        snapshot: Snapshot | None = None,
    ) -> None:
        torch.set_num_threads(knobs.threads)
        try:
            device = device_named(knobs.device)
        except ValueError as error:
            raise BadValue(str(error)) from None
        self.number = next(_numbers)
        self.turns = Turns(knobs, given or {}, planned)
        self.step = 0
        self.images = Images(data, knobs.observation, device)
        self.architecture = Architecture(
            self.images.image_shape, knobs.latent_dim, knobs.encoder, knobs.hidden, knobs.activation, knobs.observation
        )
        self.record = Record(READ_EVERY, CURVES)
        self._sums = [0.0, 0.0, 0.0]
        self._summed = 0
        self._good: tuple[int, Arrays] | None = None
        self.measured: dict[str, Part] = {}
        self.measurements = 0
        self._slices: dict[str, Iterator[Part]] = {}
        self.learner = Learner(self.architecture, knobs, device, snapshot.arrays if snapshot else None)
        if snapshot is None:
            self._take_turns()
            self._read()
        else:
            self._resume(snapshot)

    @property
    def knobs(self) -> VAEKnobs:
        """The knobs in force."""
        return self.turns.knobs

    @property
    def model(self) -> VAE:
        """The model as it is now."""
        return self.learner.model

    # --- stepping -----------------------------------------------------------------------------------------------

    @property
    def epoch(self) -> float:
        """How often the training images have been seen."""
        return self.images.seen(self.step, self.knobs.batch_size) / len(self.images.train)

    def advance(self) -> int:
        """One optimizer step; the number of images in its batch. Raises RunFailed at the last good state."""
        knobs, step = self.knobs, self.step
        x = self.images.batch(knobs.seed, step, knobs.batch_size)
        epsilon = noise((len(x), knobs.latent_dim), knobs.seed, step, "epsilon", self.images.device)
        values = self.learner.step(x, epsilon, knobs.observation_variance, self.kl_weight)
        if not all(map(math.isfinite, values)):
            self._fail(f"the loss became {_word(values[0])} at step {step + 1}")
        self._sums = [total + value for total, value in zip(self._sums, values, strict=True)]
        self._summed += 1
        self.step += 1
        if self.record.due(self.step):
            self._read()
        self._take_turns()
        return len(x)

    @property
    def kl_weight(self) -> float:
        """The weight of the KL term at this step: β, reached over the warm-up."""
        warmup = self.knobs.kl_warmup
        return self.knobs.beta * (min(1.0, (self.step + 1) / warmup) if warmup else 1.0)

    def progress(self, elapsed: float) -> float | None:
        """How much of the run's length is done; None when it is endless."""
        length = self.knobs.length
        if length.amount is None:
            return None
        done = {"steps": self.step, "epochs": self.epoch, "seconds": elapsed}[length.unit]
        return min(done / length.amount, 1.0)

    def finish(self) -> None:
        """Take the closing readings when the last step was no reading step."""
        if self._summed:
            self._read()

    def _read(self) -> None:
        knobs = self.knobs
        held_out = monitor(self.model, self.images, knobs.observation_variance)
        if not math.isfinite(held_out.elbo):
            self._fail(f"the held-out ELBO became {_word(held_out.elbo)} at step {self.step}")
        if self._summed:
            loss, reconstruction, kl = (total / self._summed for total in self._sums)
        else:
            loss, reconstruction, kl = self._before_training()
        self.held_out = held_out
        self.variance_at_reading = knobs.observation_variance
        readings = {
            "step": float(self.step),
            "epoch": self.epoch,
            "objective": -loss,
            "elbo": reconstruction - kl,
            "reconstruction": reconstruction,
            "kl": kl,
            "held_out_elbo": held_out.elbo,
            "held_out_reconstruction": held_out.reconstruction,
            "held_out_kl": held_out.kl,
            "active_dimensions": float(held_out.active.sum()),
        }
        self.record.add(readings)
        self._sums, self._summed = [0.0, 0.0, 0.0], 0
        self._good = self.step, self._state()

    def _before_training(self) -> tuple[float, float, float]:
        knobs = self.knobs
        x = self.images.batch(knobs.seed, 0, knobs.batch_size)
        epsilon = noise((len(x), knobs.latent_dim), knobs.seed, 0, "epsilon", self.images.device)
        terms = measure(self.model, x, epsilon, knobs.observation_variance)
        return self.kl_weight * terms.kl - terms.reconstruction, terms.reconstruction, terms.kl

    def _fail(self, what: str) -> NoReturn:
        if self._good is None:
            raise RunFailed(what, "choose other knobs, then start again")
        self._return_to(*self._good)
        self.turns.go_back(self.step)
        advice = f"the weights of step {self.step} are kept; lower the rate (now {self.knobs.learning_rate:g})"
        if self.knobs.observation == "gaussian":
            advice += f" or raise η (now {self.knobs.observation_variance:g})"
        raise RunFailed(what, f"{advice}, and it can go on from there")

    @property
    def kept_step(self) -> int:
        """The step of the last good weights: that of the last readings, or of the snapshot that was opened since."""
        return self._good[0] if self._good else 0

    def kept_model(self) -> VAE:
        """A copy of the model with the last good weights."""
        return stored_model(self.architecture, self._good[1] if self._good else {})

    def readings(self) -> Readings:
        """The readings at the last reading step: training ones are means over the steps since the one before."""
        return self.record.last

    # --- commands -----------------------------------------------------------------------------------------------

    def apply(self, command: Command) -> None:
        """Turn a live or a view knob, start or stop a measurement; raises BadValue for what can't be done."""
        if isinstance(command, SetKnob):
            self._set(command.name, command.value)
        elif isinstance(command, MeasureLikelihood):
            self._slices["likelihood"] = estimate_likelihood(self, command.samples, command.images)
        elif isinstance(command, StopLikelihood):
            self._slices.pop("likelihood", None)
        elif isinstance(command, Verify):
            self._slices["verdicts"] = verify(self)
        else:
            raise BadValue(f"the vae lesson has no command {type(command).__name__}")

    def _set(self, name: str, value: Any) -> None:
        dimension = check(VAEKnobs, {name: value})[name] if name in ("grid_x", "grid_y") else 1
        if dimension > self.knobs.latent_dim:
            raise BadValue(f"{name.replace('_', ' ')}: {value} is not a dimension of z, 1 to {self.knobs.latent_dim}")
        self.turns.put(self.step, name, value)
        if name == "learning_rate":
            self.learner.optimizer.learning_rate = self.knobs.learning_rate

    def turn(self, values: Mapping[str, Any]) -> None:
        """Set live and view knobs at this step; raises BadValue."""
        for name, value in values.items():
            self._set(name, value)

    def _take_turns(self) -> None:
        for _, name, value in self.turns.due(self.step):
            self._set(name, value)

    def work(self) -> bool:
        """One slice of the measurements that wait; False when there are none."""
        for name, slices in list(self._slices.items()):
            part = next(slices, None)
            if part is None:
                self._slices.pop(name, None)
                continue
            self.measured[name] = part
            self.measurements += 1
        return bool(self._slices)

    # --- frames -------------------------------------------------------------------------------------------------

    def stamp(self, wanted: Wanted) -> Hashable:
        """What the wanted part depends on: an equal stamp means an equal part."""
        return stamp(self, wanted)

    def part(self, wanted: Wanted) -> Part:
        """Build the wanted part."""
        return build_part(self, wanted)

    # --- snapshots ----------------------------------------------------------------------------------------------

    def _state(self) -> dict[str, NDArray[np.generic]]:
        return {**self.learner.arrays(), "sums": np.array([*self._sums, self._summed], np.float64)}

    def _return_to(self, step: int, arrays: Arrays) -> None:
        self.step = step
        self.learner.load(arrays)
        *sums, summed = (float(value) for value in arrays["sums"])
        self._sums, self._summed = sums, int(summed)

    def _resume(self, snapshot: Snapshot) -> None:
        self.step = snapshot.step
        if "sums" in snapshot.arrays:
            self._return_to(snapshot.step, snapshot.arrays)
        self.record.restore(snapshot.arrays, snapshot.metrics)
        self.turns = Turns.of_header(VAEKnobs, snapshot.header)
        self.held_out = monitor(self.model, self.images, self.knobs.observation_variance)
        self.variance_at_reading = self.knobs.observation_variance
        self._good = self.step, self._state()

    def snapshot(self) -> Snapshot:
        """Everything needed to go on exactly from this step."""
        data = self.images.data
        header = {
            **self.turns.header(),
            "epoch": self.epoch,
            "seed": self.knobs.seed,
            "architecture": self.architecture.plain(),
            "data": {
                "name": data.name,
                "sha256": data.sha256,
                "train": len(data.train),
                "held_out": len(data.held_out),
            },
            "versions": {
                "lec10": __version__,
                "python": platform.python_version(),
                "torch": torch.__version__,
                "numpy": np.__version__,
            },
            "readings": dict(self.readings()),
        }
        return Snapshot(self.lesson, self.step, header, {**self._state(), **self.record.arrays()}, self.record.rows)


def _word(value: float) -> str:
    return "NaN" if math.isnan(value) else "infinite"
