"""Evaluates a saved model on held-out images: the ELBO's terms and log p(x), in nats an image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from lec10_tui.data.catalogue import load
from lec10_tui.learning.architecture import Architecture
from lec10_tui.lessons.vae.experiment.held_out import held_out_noise, measure
from lec10_tui.lessons.vae.frame import VAEKnobs
from lec10_tui.models.images import Images
from lec10_tui.models.importance import ImportanceSampler, slices
from lec10_tui.models.stored import stored_model
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import BadValue, check
from lec10_tui.vocabulary.reports import Snapshot

IMAGES_AT_ONCE = 250


def evaluate(
    snapshot: Snapshot,
    places: Places,
    options: Mapping[str, Any],
    progress: Callable[[float], None] = lambda done: None,
) -> Mapping[str, float]:
    """Means over the held-out images of the run's data set, or of the option `data`; reports progress from 0 to 1.

    elbo, reconstruction and kl come from one sample of z an image, log_likelihood from `importance_samples` (500) of
    them (`log_likelihood_error` is the standard error that this sampling causes). Raises BadValue for any other option,
    and when the images of `data` have another shape than the model's.
    """
    for name in options.keys() - {"data", "importance_samples"}:
        raise BadValue(f"{name.replace('_', ' ')}: a vae is evaluated on images, with data and importance samples")
    data, importance_samples = options.get("data"), options.get("importance_samples", 500)
    knobs = VAEKnobs(**check(VAEKnobs, snapshot.header["knobs"]))
    architecture = Architecture.of_plain(snapshot.header["architecture"])
    images = Images(load(data or knobs.data, places), architecture.observation, torch.device("cpu"))
    if images.image_shape != architecture.image_shape:
        wrong, right = ("×".join(map(str, shape)) for shape in (images.image_shape, architecture.image_shape))
        raise BadValue(f"data: {data} has images of {wrong}; this model takes {right}")
    model = stored_model(architecture, snapshot.arrays)
    variance = knobs.observation_variance
    x = images.held_out
    held_out = measure(model, x, held_out_noise(len(x), architecture.latent_dim, images.device), variance)
    total, squares = 0.0, 0.0
    for start in range(0, len(x), IMAGES_AT_ONCE):
        sampler = ImportanceSampler(model, x[start : start + IMAGES_AT_ONCE], variance)
        for _ in slices(sampler, importance_samples, lambda: None):
            progress((start + len(sampler.x) * sampler.samples / importance_samples) / len(x))
        total += float(sampler.bounds.sum())
        squares += (sampler.standard_error * len(sampler.x)) ** 2
    return {
        "images": len(x),
        "elbo": held_out.elbo,
        "reconstruction": held_out.reconstruction,
        "kl": held_out.kl,
        "log_likelihood": total / len(x),
        "log_likelihood_error": squares**0.5 / len(x),
        "importance_samples": importance_samples,
    }
