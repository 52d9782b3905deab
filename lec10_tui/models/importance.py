"""log p(x) of images by importance sampling (Burda et al., 2016), in slices."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from lec10_tui.learning.importance import log_weights
from lec10_tui.learning.vae import VAE
from lec10_tui.models.images import HELD_OUT_SEED, noise

SLICE = 2500
"""Images decoded in one slice: tens of milliseconds for the networks of these lessons."""

MARKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class ImportanceSampler:
    """Running importance-weighted bounds of `x` (n, D), one more sample for every image at a time."""

    def __init__(self, model: VAE, x: Tensor, variance: float) -> None:
        self.model, self.x, self.variance = model, x, variance
        self.samples = 0
        self._log_sum = torch.full((len(x),), -torch.inf, dtype=torch.float64)
        self._log_squares = self._log_sum.clone()
        self._total = torch.zeros(len(x), dtype=torch.float64)

    @torch.no_grad()
    def take(self, samples: int) -> None:
        """Draw `samples` more codes for every image; keyed by the number drawn before."""
        shape = (samples, len(self.x), self.model.architecture.latent_dim)
        epsilon = noise(shape, HELD_OUT_SEED, self.samples, "importance", self.x.device).to(self.x.dtype)
        weights = log_weights(self.model, self.x, epsilon, self.variance).cpu().double()
        self._log_sum = torch.logaddexp(self._log_sum, weights.logsumexp(0))
        self._log_squares = torch.logaddexp(self._log_squares, (2 * weights).logsumexp(0))
        self._total += weights.sum(0)
        self.samples += samples

    @property
    def bounds(self) -> Tensor:
        """log (1/S) Σ w for each image, (n,): a lower bound of log p(x) in expectation that rises with S."""
        return self._log_sum - math.log(self.samples)

    @property
    def elbos(self) -> Tensor:
        """The mean of log w for each image, (n,): the ELBO, estimated from all samples."""
        return self._total / self.samples

    @property
    def standard_error(self) -> float:
        """Standard error of the mean bound over the images that the sampling of z causes (delta method), in nats."""
        relative = (self._log_squares - 2 * self._log_sum).exp() - 1 / self.samples
        return float(relative.clamp(min=0).sum().sqrt() / len(self.x))


def slices(sampler: ImportanceSampler, samples: int, mark: Callable[[], None]) -> Iterator[None]:
    """Draw up to `samples` an image in slices of bounded size; `mark` is called at every number in MARKS and last."""
    at_once = max(1, SLICE // len(sampler.x))
    goals = [goal for goal in MARKS if goal < samples] + [samples]
    for goal in goals:
        while sampler.samples < goal:
            sampler.take(min(at_once, goal - sampler.samples))
            if sampler.samples == goal:
                mark()
            yield
