"""`v`: puts every reading beside the same quantity found another way, in slices, from refined terms."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal

from lec10_tui.learning.random import generator
from lec10_tui.learning.truths import gaussian_kl, observation
from lec10_tui.learning.truths.evidence import Evidence, evidence
from lec10_tui.learning.truths.gauss_hermite import expectation
from lec10_tui.lessons.bound.experiment.bounds import Bound, enough
from lec10_tui.lessons.bound.experiment.reading import readings
from lec10_tui.lessons.bound.experiment.toy import Place, jensen
from lec10_tui.lessons.bound.frame import BoundKnobs
from lec10_tui.vocabulary.frames import Verdict
from lec10_tui.vocabulary.study import Checks

if TYPE_CHECKING:
    from lec10_tui.lessons.bound.experiment.studying import BoundExperiment

AGREE = 1e-3
"""Nats by which two quadratures may differ beside the errors that they own up to."""

PAIR = 1e-2
"""Nats by which log p(x) − ELBO and KL(q‖p(z|x)) may differ beside those."""

NODES = 17, 25
"""Gauss–Hermite nodes a dimension of the truth: the second gives it, the first tells its error."""

DRAWN = 10_000
"""Samples of z under q for the ELBO."""

CHUNK = 500

GRID = 200_001
"""Nodes of the toy world's plain grid over z."""

PIECES = 4
"""Slices that it is evaluated in."""

FARTHEST = 9.0

Slices = Generator[None, None, Tensor]


@dataclass(frozen=True, eq=False)
class Claim:
    """What is verified: where everything stood when `v` was pressed, and the readings once their terms are refined."""

    step: int
    knobs: BoundKnobs
    bound: Bound
    place: Place

    def refined(self) -> Generator[None, None, dict[str, float]]:
        """The readings, after what is still coarse has been refined."""
        while not self.bound.exact.refined:
            self.bound.exact.refine()
            yield
        while not self.bound.refine(self.knobs.samples):
            yield
        return readings(self.step, self.knobs, self.bound, self.place, self.bound.terms)

    @torch.no_grad()
    def log_likelihood(self, z: Tensor) -> Tensor:
        """log p(x|z), (n,), by torch.distributions."""
        exact = self.bound.exact
        output = exact.decoder.network.decode(z)
        x = exact.x.expand_as(output)
        if exact.decoder.bernoulli:
            return observation.bernoulli(output, x)
        return observation.gaussian(output, x, exact.variance)

    def log_joint(self, z: Tensor) -> Tensor:
        """log p(x|z) + log p(z), (n,), by torch.distributions."""
        return self.log_likelihood(z) + _log_prob(z, torch.zeros(z.shape[1]), torch.ones(z.shape[1]))

    def log_weights(self, count: int) -> Slices:
        """log p(x, z) − log q(z) at `count` codes drawn from q by a stream of their own, (count,)."""
        bound, weights = self.bound, list[Tensor]()
        for block in range(-(-count // CHUNK)):
            keyed = generator(self.knobs.seed, block, "verdicts")
            epsilon = torch.randn((CHUNK, bound.exact.latent_dim), generator=keyed, dtype=torch.float64)
            z = bound.mu + bound.sigma * epsilon
            weights.append(self.log_joint(z) - _log_prob(z, bound.mu, bound.sigma))
            yield
        return torch.cat(weights)[:count]


def checks(run: BoundExperiment) -> Iterable[Checks]:
    """The verdicts on every reading as things stand now, however q is moved meanwhile."""
    claim = Claim(run.step, run.knobs, run.bound, run.toy.place)
    return _terms(claim), _drawn(claim), _jensen(claim), _toy(claim)


def _terms(claim: Claim) -> Checks:
    """log p(x) by a zooming grid, the terms under q by another Gauss–Hermite, the KL by torch.distributions."""
    found = yield from claim.refined()
    bound, error = claim.bound, found["quadrature_error"]
    yield Verdict("step", found["step"], None, 0.0, "a count")
    kl = float(gaussian_kl.library(bound.mu, bound.sigma).sum())
    yield Verdict("kl", found["kl"], kl, 1e-9 * max(1.0, kl), "torch.distributions")
    rough = expectation(claim.log_likelihood, bound.mu, bound.sigma, NODES[0])
    yield None
    reconstruction = expectation(claim.log_likelihood, bound.mu, bound.sigma, NODES[1])
    unsure = AGREE + error + abs(reconstruction - rough)
    note = f"Gauss–Hermite with {NODES[1]} nodes a dimension, log p(x|z) by torch.distributions"
    yield Verdict("reconstruction", found["reconstruction"], reconstruction, unsure, note)
    truth = yield from _evidence(claim)
    if isinstance(truth, str):
        yield Verdict("log_likelihood", found["log_likelihood"], None, 0.0, truth)
        yield Verdict("posterior_kl", found["posterior_kl"], None, 0.0, truth)
    else:
        log_likelihood, doubt = truth.log_likelihood, truth.error
        note = "a grid that zooms in until two sizes agree"
        yield Verdict("log_likelihood", found["log_likelihood"], log_likelihood, AGREE + error + doubt, note)
        divergence = log_likelihood - reconstruction + kl
        note = "that grid − Gauss–Hermite + KL"
        yield Verdict("posterior_kl", found["posterior_kl"], divergence, PAIR + unsure + doubt, note)
    note = "KL(q‖p(z|x)) by its own local grid and normaliser"
    yield Verdict("gap", found["gap"], found["posterior_kl"], PAIR + error, note)
    yield Verdict("quadrature_error", error, None, 0.0, "what two resolutions differ by is nobody's truth")


def _evidence(claim: Claim) -> Generator[None, None, Evidence | str]:
    """log p(x), or in one line why it can't be had."""
    try:
        return (yield from evidence(claim.log_joint, claim.bound.exact.latent_dim, chunk=CHUNK))
    except ValueError as error:
        return str(error)


def _drawn(claim: Claim) -> Checks:
    """The ELBO and the importance-weighted bound from samples that nothing else has seen."""
    found = yield from claim.refined()
    samples = claim.knobs.samples
    count = max(DRAWN, enough(samples))
    log_weights = (yield from claim.log_weights(count)).numpy()
    error = float(log_weights.std() / math.sqrt(count))
    note = f"the mean of log w over {count} fresh samples, ± 4 standard errors"
    tolerance = 4 * error + AGREE + found["quadrature_error"]
    yield Verdict("elbo", found["elbo"], float(log_weights.mean()), tolerance, note)
    groups = log_weights[: count // samples * samples].reshape(-1, samples)
    highest = groups.max(1, keepdims=True)
    estimates = highest[:, 0] + np.log(np.exp(groups - highest).mean(1))
    _, own = claim.bound.importance(samples)
    both = math.hypot(own, float(estimates.std(ddof=1) / math.sqrt(len(estimates))))
    note = f"{len(estimates)} fresh estimates of S = {samples}, ± 4 standard errors of both"
    yield Verdict("importance_bound", found["importance_bound"], float(estimates.mean()), 4 * both + 1e-9, note)


def _jensen(claim: Claim) -> Checks:
    knobs = claim.knobs
    values, left, right = jensen(knobs.points, knobs.spread, knobs.seed)
    drawn = values.numpy()
    slack = 1e-9 * max(1.0, knobs.spread)
    standing = 4 * knobs.spread / math.sqrt(knobs.points)
    note = f"numpy, on the same values; of the lognormal itself it is 0 ± {standing:.2g}"
    yield Verdict("jensen_left", left, float(np.log(drawn).mean()), slack, note)
    note = f"numpy, on the same values; of the lognormal itself it is s²/2 = {knobs.spread**2 / 2:g}"
    yield Verdict("jensen_right", right, float(np.log(drawn.mean())), slack, note)


def _toy(claim: Claim) -> Checks:
    """log p(x) in the plane by the plainest of rules, on a very fine grid over z."""
    place, exponents = claim.place, []
    grid = np.linspace(-FARTHEST, FARTHEST, GRID)
    for z in np.array_split(grid, PIECES):
        squares = np.square(place.curve.points(torch.from_numpy(z)).numpy() - place.x.numpy()).sum(1)
        exponents.append(-0.5 * z**2 - squares / (2 * place.variance))
        yield None
    log_values = np.concatenate(exponents)
    top = float(log_values.max())
    total = top + math.log(float(np.exp(log_values - top).sum() * (grid[1] - grid[0])))
    truth = total - 1.5 * math.log(2 * math.pi) - math.log(place.variance)
    note = f"the trapezoid rule on {GRID} codes, in numpy"
    yield Verdict("toy_log_density", place.log_density, truth, 1e-5, note)


def _log_prob(z: Tensor, mu: Tensor, sigma: Tensor) -> Tensor:
    """log N(z; μ, diag σ²), (n,), by torch.distributions."""
    values: Tensor = Normal(mu.double(), sigma.double()).log_prob(z)  # type: ignore[no-untyped-call]
    return values.sum(-1)
