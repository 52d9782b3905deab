"""How loose the bound is at one q: its terms, KL(q‖p(z|x)), the importance-weighted bound; coarse, then refined."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from lec10_tui.learning.gaussian import kl_per_dimension, log_prob
from lec10_tui.learning.hermite import hermite, refined_elbo
from lec10_tui.learning.importance import grouped_bound
from lec10_tui.learning.posterior import expectation
from lec10_tui.learning.random import generator
from lec10_tui.lessons.bound.experiment.exact import LATTICE, TOLERANCE, Exact, lattice

HERMITE = (6, 10)
"""Gauss–Hermite nodes a dimension of the coarse answer: the second gives it, the first tells its error."""

LOCAL = {1: (48, 96, 192, 384, 768, 1536), 2: (24, 48, 96, 144, 200)}
"""Nodes a dimension of the local grids for KL(q‖p(z|x)), as they are refined."""

BLOCK = 128
"""Importance samples of a coarse answer, and how many are drawn together."""

SLICE = 4 * BLOCK

REFINED = 10_000
"""Importance samples that a refined answer takes at least."""

GROUPS = 8
"""Estimates that it takes at least, so that they say how far apart they are."""


@dataclass(frozen=True)
class QTerms:
    """The terms of one q in nats, by how much two resolutions disagree, and how many nodes a dimension they took."""

    reconstruction: float
    kl: float
    posterior_kl: float
    error: float
    hermite: int
    local: int

    @property
    def elbo(self) -> float:
        """E_q[log p(x|z)] − KL (slide: Variational Inference)."""
        return self.reconstruction - self.kl


class Bound:
    """One q = N(`mu` (K,), diag σ²) for one image; what is asked for is found then, and refined in slices.

    Its importance samples are keyed by (`seed`, block), so that every q meets the same ε.
    """

    def __init__(self, exact: Exact, mu: Tensor, log_sigma: Tensor, seed: int) -> None:
        self.exact, self.mu, self.log_sigma, self.sigma = exact, mu, log_sigma, log_sigma.exp()
        self.refined: QTerms | None = None
        self.log_weights = torch.zeros(0, dtype=torch.float64)
        self._seed = seed
        self._slices = self._refined()

    @property
    def terms(self) -> QTerms:
        """The terms as good as they are known now."""
        return self.refined or self.coarse

    @property
    def coarse(self) -> QTerms:
        """The terms from a few hundred nodes: the same whenever they are asked for, once log p(x) is refined."""
        terms, own = self._coarse, self.exact.own
        return replace(terms, posterior_kl=terms.posterior_kl + own.log_value, error=terms.error + own.error)

    @cached_property
    def _coarse(self) -> QTerms:
        """The same, KL(q‖p(z|x)) without its normaliser."""
        exact = self.exact
        rough, fine = (
            float(exact.log_likelihood(self.mu + self.sigma * rule.points) @ rule.weights)
            for rule in (hermite(exact.latent_dim, nodes) for nodes in HERMITE)
        )
        points, _ = lattice(exact.latent_dim)
        z = self.mu + self.sigma * points
        chances = (-0.5 * points.square().sum(1)).softmax(0)
        return QTerms(
            reconstruction=fine,
            kl=float(kl_per_dimension(self.mu, self.log_sigma).sum()),
            posterior_kl=float(chances @ (log_prob(z, self.mu, self.log_sigma) - exact.log_joint(z))),
            error=abs(fine - rough),
            hermite=HERMITE[1],
            local=LATTICE[exact.latent_dim][0],
        )

    def refine(self, samples: int) -> bool:
        """Do one slice, once log p(x) is refined; True when the terms are, and enough is drawn for S = `samples`."""
        if self.refined is None:
            next(self._slices, None)
        elif len(self.log_weights) < enough(samples):
            self.draw(SLICE)
        return self.refined is not None and len(self.log_weights) >= enough(samples)

    def _refined(self) -> Generator[None, None, None]:
        exact = self.exact
        network, x, variance = exact.decoder.network, exact.x[None], exact.variance
        found = yield from refined_elbo(network, x, self.mu[None], self.log_sigma[None], variance, TOLERANCE)
        for local in LOCAL[exact.latent_dim]:
            divergence, error = yield from expectation(exact.log_joint, self.mu, self.sigma, local)
            if error <= TOLERANCE:
                break
        self.refined = QTerms(
            reconstruction=found.reconstruction,
            kl=found.kl,
            posterior_kl=divergence + exact.own.log_value,
            error=found.error + error + exact.own.error,
            hermite=found.nodes,
            local=local,
        )

    # --- importance samples -----------------------------------------------------------------------------------------

    def draw(self, count: int) -> None:
        """Draw at least `count` more importance samples, in whole blocks."""
        first, exact = len(self.log_weights) // BLOCK, self.exact
        keyed = (generator(self._seed, block, "importance") for block in range(first, first - (-count // BLOCK)))
        shape = (BLOCK, exact.latent_dim)
        z = self.mu + self.sigma * torch.cat([torch.randn(shape, generator=key, dtype=torch.float64) for key in keyed])
        weights = exact.log_joint(z) - log_prob(z, self.mu, self.log_sigma)
        self.log_weights = torch.cat((self.log_weights, weights))

    def importance(self, samples: int, draws: int | None = None) -> tuple[float, float]:
        """The bound with S = `samples` and its standard error in nats.

        It is estimated from the first `draws`, None as many as are enough. Where fewer than S are drawn so far, it is
        the bound with those: on average a lower one.
        """
        if not len(self.log_weights):
            self.draw(BLOCK)
        weights = self.log_weights[: draws or enough(samples)]
        return grouped_bound(weights, min(samples, len(weights)))


def enough(samples: int) -> int:
    """How many importance samples a refined bound with S = `samples` takes, in whole blocks."""
    return -(-max(REFINED, GROUPS * samples) // BLOCK) * BLOCK
