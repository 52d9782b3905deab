"""Small models for a bound lesson to study: linear ones, whose truths are closed forms, and bent ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from lec10_tui.data.image_set import ImageSet
from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.truths.linear_gaussian import best_diagonal
from lec10_tui.learning.truths.ppca import PPCA
from lec10_tui.learning.vae import VAE
from lec10_tui.lessons.bound.experiment.studying import BoundExperiment
from lec10_tui.lessons.bound.frame import BoundKnobs
from lec10_tui.models.images import Images
from lec10_tui.models.trained import TrainedModel
from lec10_tui.vocabulary.knobs import check
from lec10_tui.vocabulary.turns import Turn


def small_model(
    observation: str = "bernoulli", latent_dim: int = 2, hidden: tuple[int, ...] = (12,), variance: float = 0.05
) -> TrainedModel:
    """A model of 4×4 images with large weights: the posterior is no Gaussian, and the encoder far off.

    Without `hidden` it is linear, and its encoder nearly right.
    """
    architecture = Architecture((4, 4), latent_dim, "mlp", hidden, "tanh", observation)
    network = VAE(architecture, torch.Generator().manual_seed(3))
    with torch.no_grad():
        for weight in network.parameters():
            weight.mul_(1.5)
        if not hidden:
            _answer_rightly(network, variance)
    exact = VAE(architecture)
    exact.load_state_dict(network.state_dict())
    for net in (network, exact):
        net.requires_grad_(False)
    generator = np.random.default_rng(0)
    labels = np.arange(24) % 3
    images = generator.integers(0, 256, (24, 4, 4), dtype=np.uint8)
    data = ImageSet(
        name="noise", train=images[12:], train_labels=labels[12:], held_out=images[:12], held_out_labels=labels[:12],
        class_marks=tuple("abc"), class_names=tuple("abc"), source="", licence="", sha256="0" * 64,
    )  # fmt: skip
    shown = Images(data, observation, torch.device("cpu"))
    return TrainedModel(
        name=f"small-{observation}", network=network, exact=exact.double(), images=shown, source="noise",
        observation_variance=variance, seed=0,
    )  # fmt: skip


def _answer_rightly(network: VAE, variance: float) -> None:
    """Have the encoder of a linear model answer with the posterior's mean and nearly its best scales."""
    (encoder,), (decoder,) = network.encoder, network.decoder
    truth = PPCA(decoder.weight.double(), decoder.bias.double(), variance)
    matrix, offset = truth.posterior_map()
    _, scales = best_diagonal(truth, truth.mean[None])
    encoder.weight.copy_(torch.cat((matrix, torch.zeros_like(matrix))))
    encoder.bias.copy_(torch.cat((offset, scales[0].log() + 0.1)))


def study(model: TrainedModel, planned: tuple[Turn, ...] = (), **given: Any) -> BoundExperiment:
    """A new run that studies `model`."""
    chosen = check(BoundKnobs, given)
    return BoundExperiment(BoundKnobs(**chosen), model, given=chosen, planned=planned)


def closed_form(run: BoundExperiment) -> PPCA:
    """What the linear decoder of `run` is, in closed form."""
    (layer,) = (module for module in run.model.exact.decoder if isinstance(module, torch.nn.Linear))
    return PPCA(layer.weight, layer.bias, run.variance)


def settle(run: BoundExperiment) -> int:
    """Do all the work that waits; how many slices it took."""
    slices = 0
    while run.work():
        slices += 1
    return slices


def walk(run: BoundExperiment, steps: int) -> None:
    """Take so many steps, whatever slices they come in."""
    goal = run.step + steps
    while run.step < goal:
        run.advance()
