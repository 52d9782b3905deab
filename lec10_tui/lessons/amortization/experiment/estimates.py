"""The numbers of the table: ELBOs of one q, and log p(x), each in slices and with its own doubt."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from lec10_tui.learning.ascent import Ascent
from lec10_tui.learning.hermite import refined_elbo
from lec10_tui.learning.importance import grouped_bound, log_weights_under
from lec10_tui.learning.posterior import log_joint_of
from lec10_tui.learning.quadrature import GlobalQuadrature
from lec10_tui.lessons.amortization.experiment.ascents import CODES, POINTS, Bound, drawn_rule
from lec10_tui.lessons.amortization.experiment.drawn import drawn
from lec10_tui.models.trained import TrainedModel

TOLERANCE = 1e-3
"""Nats to which two resolutions have to agree."""

MOST_NODES = 48
"""Gauss–Hermite nodes a dimension at most: a q that needs more is far too wide to be anybody's best."""

REPLICATES, REPLICATE = 8, 128
"""Independent sets of points, and points in each, that give an ELBO where K > 2; they tell its error."""

SAMPLES = 5000
"""Importance samples for log p(x) where K > 2."""

PROPOSAL_STEPS, PROPOSAL_RATE = 80, 0.05
"""The ascent that their proposal comes from: always the same, so that log p(x) is too, wherever the run stands."""

WIDER = 1.1
"""How much wider than that q the proposal is: what q misses at its edges would weigh too much."""


@dataclass(frozen=True)
class Elbo:
    """An ELBO in nats, by how much two resolutions disagree (0 by sampling), its standard error (0 by quadrature)."""

    value: float
    error: float
    standard_error: float


@dataclass(frozen=True, eq=False)
class Likelihood:
    """log p(x) in nats and by how much it may be wrong; p(z|x) has its mass within `low` … `high` (K,), about."""

    value: float
    error: float
    low: Tensor
    high: Tensor


@torch.no_grad()
def elbo(model: TrainedModel, x: Tensor, mu: Tensor, log_sigma: Tensor, seed: int) -> Generator[None, None, Elbo]:
    """The ELBO of image `x` (D,) under q = N(`mu` (K,), diag σ²): by refined Gauss–Hermite where K ≤ 2, else sampled.

    What is sampled is keyed by the seed alone: every q of every image meets the same ε.
    """
    if model.latent_dim <= 2:
        refining = refined_elbo(
            model.exact, x[None], mu[None], log_sigma[None], model.observation_variance, TOLERANCE, MOST_NODES
        )
        found = yield from refining
        return Elbo(found.reconstruction - found.kl, found.error, 0.0)
    bound = Bound(model, x[None])
    means = []
    for replicate in range(REPLICATES):
        bound.take(drawn_rule(model.latent_dim, REPLICATE, seed, replicate, "evaluation"))
        means.append(bound(mu[None], log_sigma[None])[0])
        if replicate % (CODES // REPLICATE // 2) == 0:
            yield
    values = torch.stack(means)
    return Elbo(float(values.mean()), 0.0, float(values.std()) / REPLICATES**0.5)


class Evidence:
    """log p(x) of one image (D,): by quadrature where K ≤ 2, coarse at once; else by importance sampling."""

    def __init__(self, model: TrainedModel, x: Tensor, seed: int) -> None:
        self.model, self.x, self.seed = model, x, seed
        self.log_joint = log_joint_of(model.exact, x, model.observation_variance)
        self.refined: Likelihood | None = None
        self._quadrature = (
            GlobalQuadrature(self.log_joint, model.latent_dim, TOLERANCE) if model.latent_dim <= 2 else None
        )

    def coarse(self) -> Likelihood | None:
        """log p(x) as well as it is known, and at least coarsely; None where only samples will tell."""
        if self.refined is not None or self._quadrature is None:
            return self.refined
        return _of_quadrature(self._quadrature)

    def refine(self) -> Generator[None, None, Likelihood]:
        """log p(x) as good as it gets; which slices it took does not matter to it."""
        while self.refined is None:
            if self._quadrature is None:
                self.refined = yield from sampled(self.model, self.x, self.seed)
            elif self._quadrature.refine(0.0):
                self.refined = _of_quadrature(self._quadrature)
            else:
                yield
        return self.refined


def _of_quadrature(quadrature: GlobalQuadrature) -> Likelihood:
    integral = quadrature.integral
    return Likelihood(integral.log_value, integral.error, integral.low, integral.high)


def sampled(model: TrainedModel, x: Tensor, seed: int) -> Generator[None, None, Likelihood]:
    """log p(x) of `x` (D,) from importance samples; their proposal is the q that an ascent from the encoder's finds.

    The expected answer is a lower bound, below log p(x) by about half the square of its error.
    """
    with torch.no_grad():
        mu, log_sigma = model.exact.encode(x[None])
    bound = Bound(model, x[None])
    ascent = Ascent(bound, mu, log_sigma, PROPOSAL_RATE)
    for step in range(PROPOSAL_STEPS):
        bound.take(drawn_rule(model.latent_dim, POINTS, seed, step, "proposal"))
        ascent.step()
        if step % 4 == 3:
            yield
    mu, sigma = ascent.mu[0], WIDER * ascent.log_sigma[0].exp()
    parts = []
    for part in torch.split(drawn(model.latent_dim, SAMPLES, seed, 0, "importance"), CODES):
        with torch.no_grad():  # never around a yield: other slices differentiate
            parts.append(log_weights_under(model.exact, x[None], mu, sigma.log(), part, model.observation_variance))
        yield
    value, error = grouped_bound(torch.cat(parts), SAMPLES)
    return Likelihood(value, error, mu - 3 * sigma, mu + 3 * sigma)
