"""`v`: puts every reading of the image in hand beside the same quantity found another way, in slices."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.distributions import Normal

from lec10_tui.learning.random import generator
from lec10_tui.learning.truths import gaussian_kl, observation
from lec10_tui.learning.truths.evidence import evidence
from lec10_tui.learning.truths.gauss_hermite import expectation
from lec10_tui.lessons.amortization.experiment.table import Row, Rows
from lec10_tui.models.trained import TrainedModel
from lec10_tui.vocabulary.frames import Readings, Verdict
from lec10_tui.vocabulary.study import Checks

if TYPE_CHECKING:
    from lec10_tui.lessons.amortization.experiment.studying import AmortizationExperiment, Reading

AGREE = 2e-3
"""Nats by which two quadratures may differ beside the errors that they own up to."""

NODES = 20, 30
"""Gauss–Hermite nodes a dimension of the truth: the second gives it, the first tells its error."""

SAMPLES = 10_000
"""Independent samples of z, where K > 2."""

CHUNK = 1000

WIDER = 1.25
"""How much wider than the optimized q the proposal of the importance samples is: not as wide as the reading's own."""

SURE = 4.0
"""Standard errors within which two samplings have to agree."""


@dataclass(frozen=True)
class Truth:
    """A value in nats, what it may be wrong by, and how it was found; None where it could not be."""

    value: float | None
    tolerance: float
    note: str


@dataclass(frozen=True, eq=False)
class Claim:
    """What is verified: the readings, of which image, under which model."""

    model: TrainedModel
    x: Tensor
    reading: Reading
    seed: int

    @torch.no_grad()
    def log_likelihood(self, z: Tensor) -> Tensor:
        """log p(x|z), (n,), by torch.distributions."""
        output = self.model.exact.decode(z)
        if self.model.architecture.observation == "bernoulli":
            return observation.bernoulli(output, self.x.expand_as(output))
        return observation.gaussian(output, self.x, self.model.observation_variance)

    def log_joint(self, z: Tensor) -> Tensor:
        """log p(x|z) + log p(z), (n,), by torch.distributions."""
        return self.log_likelihood(z) + _log_prob(z, torch.zeros(z.shape[1]), torch.ones(z.shape[1]))

    def elbo(self, mu: Tensor, log_sigma: Tensor, purpose: str) -> Generator[None, None, Truth]:
        """The ELBO under N(`mu` (K,), diag σ²): by other nodes where K ≤ 2, else by independent samples."""
        sigma = log_sigma.exp()
        kl = float(gaussian_kl.library(mu, sigma).sum())
        if self.model.latent_dim <= 2:
            rough = expectation(self.log_likelihood, mu, sigma, NODES[0])
            yield
            value = expectation(self.log_likelihood, mu, sigma, NODES[1])
            note = f"Gauss–Hermite with {NODES[1]} nodes a dimension, KL by torch.distributions"
            return Truth(value - kl, AGREE + abs(value - rough), note)
        values = list[Tensor]()
        for z in self._draws(mu, sigma, purpose):
            values.append(self.log_likelihood(z))
            yield
        found = torch.cat(values)
        error = math.hypot(float(found.std()) / SAMPLES**0.5, self.reading.standard_error)
        return Truth(
            float(found.mean()) - kl, SURE * error, f"{SAMPLES} independent samples, KL by torch.distributions"
        )

    def evidence(self) -> Generator[None, None, Truth]:
        """log p(x): by a zooming grid where K ≤ 2, else by other importance samples from a wider proposal."""
        if self.model.latent_dim <= 2:
            try:
                found = yield from evidence(self.log_joint, self.model.latent_dim)
            except ValueError as reason:
                return Truth(None, 0.0, str(reason))
            tolerance = AGREE + found.error + self.reading.error
            return Truth(found.log_likelihood, tolerance, "a plain grid over z that zooms in and doubles")
        mu, sigma = self.reading.mu, WIDER * self.reading.log_sigma.exp()
        weights = list[Tensor]()
        for z in self._draws(mu, sigma, "verdicts importance"):
            weights.append(self.log_joint(z) - _log_prob(z, mu, sigma))
            yield
        log_weights = torch.cat(weights)
        shares = log_weights.softmax(0)
        error = math.hypot(float((shares.square().sum() - 1 / SAMPLES).sqrt()), self.reading.error)
        value = float(log_weights.logsumexp(0)) - math.log(SAMPLES)
        return Truth(value, SURE * error, f"{SAMPLES} other importance samples, from a wider proposal")

    def _draws(self, mu: Tensor, sigma: Tensor, purpose: str) -> Iterable[Tensor]:
        for block in range(SAMPLES // CHUNK):
            keyed = generator(self.seed, block, purpose)
            yield mu + sigma * torch.randn((CHUNK, len(mu)), generator=keyed, dtype=torch.float64)


def checks(run: AmortizationExperiment) -> Iterable[Checks]:
    """The verdicts on every reading as it stands now, and on every row of the table that is refined."""
    reading = run.latest
    _, x = run.model.image(reading.image)
    return _readings(Claim(run.model, x.double(), reading, run.knobs.seed)), _page(run.rows, tuple(run.rows.rows))


@torch.no_grad()
def _readings(claim: Claim) -> Checks:
    reading = claim.reading
    values = reading.values
    mu, log_sigma = (value[0] for value in claim.model.exact.encode(claim.x[None]))
    yield Verdict("step", values["step"], None, 0.0, "a count")
    amortized = yield from claim.elbo(mu, log_sigma, "verdicts encoder")
    yield _verdict("amortized_elbo", values, amortized)
    optimized = yield from claim.elbo(reading.mu, reading.log_sigma, "verdicts optimized")
    yield _verdict("optimized_elbo", values, optimized)
    yield _verdict("amortization_gap", values, _difference(optimized, amortized))
    log_likelihood = yield from claim.evidence()  # last, for it takes longest
    yield _verdict("log_likelihood", values, log_likelihood)
    yield _verdict("approximation_gap", values, _difference(log_likelihood, optimized))
    for name in ("encoder_milliseconds", "optimization_milliseconds"):
        yield Verdict(name, values[name], None, 0.0, "a time, as the clock said")


def _difference(left: Truth, right: Truth) -> Truth:
    """What the truths of two readings say of their difference."""
    if left.value is None or right.value is None:
        return Truth(None, 0.0, left.note)
    return Truth(left.value - right.value, left.tolerance + right.tolerance, "the difference of the two truths")


def _verdict(name: str, values: Readings, truth: Truth) -> Verdict:
    return Verdict(name, values[name], truth.value, truth.tolerance, truth.note)


def _page(table: Rows, rows: tuple[Row | None, ...]) -> Checks:
    """amortized ≤ optimized ≤ log p(x), where it is tightest: a gap below 0 would stand beside 0."""
    amortization, approximation = list[tuple[float, float]](), list[tuple[float, float]]()
    for image, row in enumerate(rows):
        likelihood = table.likelihood(image)
        if row is None:
            continue
        amortization.append((row.optimized - row.amortized, SURE * row.standard_error))
        if likelihood is not None:
            error = AGREE + likelihood.error
            if table.page.model.latent_dim > 2:
                error = SURE * math.hypot(likelihood.error, row.standard_error)
            approximation.append((likelihood.value - row.optimized, error))
    yield None
    for name, found in (("amortization", amortization), ("approximation", approximation)):
        if found:
            gap, error = min(found)
            note = f"no gap can be below 0; the least of {len(found)} image{'' if len(found) == 1 else 's'}"
            yield Verdict(f"least {name} gap", gap, max(gap, 0.0), error, note)


def _log_prob(z: Tensor, mu: Tensor, sigma: Tensor) -> Tensor:
    log_density: Tensor = Normal(mu.double(), sigma.double()).log_prob(z)  # type: ignore[no-untyped-call]
    return log_density.sum(-1)
