"""Small models whose encoders are far off: every kind of gap is there, and everything is quick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from lec10_tui.data.image_set import ImageSet
from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.vae import VAE
from lec10_tui.lessons.amortization.experiment.studying import AmortizationExperiment
from lec10_tui.lessons.amortization.frame import AmortizationKnobs
from lec10_tui.models.images import Images
from lec10_tui.models.trained import TrainedModel
from lec10_tui.vocabulary.frames import Part, Wanted
from lec10_tui.vocabulary.knobs import check
from lec10_tui.vocabulary.turns import Turn

TIMES = ("encoder_milliseconds", "optimization_milliseconds")
PARTS = ("about", "ascent", "plane", "pictures", "table", "race")


def small_model(observation: str = "bernoulli", latent_dim: int = 2) -> TrainedModel:
    """A model of 4×4 images that was never trained, with large weights: 26 images to train on, 14 held out."""
    architecture = Architecture((4, 4), latent_dim, "mlp", (12,), "tanh", observation)
    network = VAE(architecture, torch.Generator().manual_seed(3)).requires_grad_(False)
    for weight in network.parameters():
        weight.mul_(1.7)
    exact = VAE(architecture).requires_grad_(False)
    exact.load_state_dict(network.state_dict())
    labels = np.arange(40) % 3
    images = np.random.default_rng(0).integers(0, 256, (40, 4, 4), dtype=np.uint8)
    data = ImageSet(
        name="noise", train=images[14:], train_labels=labels[14:], held_out=images[:14], held_out_labels=labels[:14],
        class_marks=tuple("abc"), class_names=tuple("abc"), source="", licence="", sha256="0" * 64,
    )  # fmt: skip
    return TrainedModel(
        name=f"small-{observation}", network=network, exact=exact.double(),
        images=Images(data, observation, torch.device("cpu")), source="noise", observation_variance=0.05, seed=0,
    )  # fmt: skip


def study(model: TrainedModel, planned: tuple[Turn, ...] = (), **given: Any) -> AmortizationExperiment:
    """A new run over pages of four images, unless `given` says otherwise."""
    chosen = check(AmortizationKnobs, {"images": 4, **given})
    return AmortizationExperiment(AmortizationKnobs(**chosen), model, given=chosen, planned=planned)


def walk(run: AmortizationExperiment, steps: int) -> None:
    """Take so many steps, whatever slices they come in."""
    goal = run.step + steps
    while run.step < goal:
        run.advance()


def settle(run: AmortizationExperiment) -> int:
    """Do all the work that waits; how many slices it took."""
    slices = 1
    while run.work():
        slices += 1
    return slices


def exact(readings: Mapping[str, float]) -> dict[str, float]:
    """All but the times, which no two runs have in common."""
    return {name: value for name, value in readings.items() if name not in TIMES}


def part(run: AmortizationExperiment, name: str, columns: int = 0, rows: int = 0) -> Any:
    """A part of the run's frame."""
    found = run.part(Wanted(name, columns, rows))
    assert isinstance(found, Part)
    return found
