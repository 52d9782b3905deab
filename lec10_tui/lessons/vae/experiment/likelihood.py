"""log p(x) of held-out images by importance sampling (Burda et al., 2016), in slices of a copy of the model."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from lec10_tui.lessons.vae.frame import Likelihood
from lec10_tui.models.importance import ImportanceSampler, slices

if TYPE_CHECKING:
    from lec10_tui.lessons.vae.experiment.training import VAEExperiment


def estimate_likelihood(run: VAEExperiment, samples: int, images: int) -> Iterator[Likelihood]:
    """The estimate as it grows; the model is the one of the step at which it began."""
    model, step = copy.deepcopy(run.model), run.step
    order = run.images.order[: min(images, len(run.images.order))]
    x = run.images.held_out[order.to(run.images.device)]
    sampler = ImportanceSampler(model, x, run.knobs.observation_variance)
    counts: list[int] = []
    bounds: list[float] = []

    def mark() -> None:
        counts.append(sampler.samples)
        bounds.append(float(sampler.bounds.mean()))

    for _ in slices(sampler, samples, mark):
        yield Likelihood(
            step=step,
            images=len(x),
            samples=np.array(counts, np.int64),
            bounds=np.array(bounds),
            standard_error=sampler.standard_error,
            elbo=float(sampler.elbos.mean()),
            done=sampler.samples / samples,
        )
