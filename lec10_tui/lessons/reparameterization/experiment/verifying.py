"""`v`: each reading beside the same quantity by quadrature without a closed form, in float64, in slices."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.distributions import Normal

from lec10_tui.learning.random import generator
from lec10_tui.learning.targets import Separable
from lec10_tui.learning.truths import finite_differences, observation
from lec10_tui.learning.truths.gradient_truths import Distributions, Function, antithetic, general, separable
from lec10_tui.lessons.reparameterization.experiment.problem import Problem
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, Sample
from lec10_tui.vocabulary.frames import Readings, Verdict, Wanted
from lec10_tui.vocabulary.study import Checks

if TYPE_CHECKING:
    from lec10_tui.lessons.reparameterization.experiment.estimating import ReparameterizationExperiment

PAIRS = 10_000
WITHIN = "within 4 standard errors of a quadrature"


def checks(run: ReparameterizationExperiment) -> Iterable[Checks]:
    """The verdicts: on what the readings are now, the closed forms beside them, the sample that is on the screen."""
    readings = dict(run.readings_now())
    if not readings:
        return ()
    estimates = _by_quadrature if run.problem.dimension <= 2 or run.problem.model is None else _by_sampling
    return (_counts(readings), estimates(run, readings), _sample(run))


def _counts(readings: Readings) -> Checks:
    for name in ("step", "samples"):
        yield Verdict(name, readings[name], None, 0.0, "a count")


@torch.no_grad()
def _by_quadrature(run: ReparameterizationExperiment, readings: Readings) -> Checks:
    problem, samples = run.problem, int(readings["samples"])
    truths = yield from _distributions(problem, run.baseline)
    score, exact = truths.score, run.exact
    assert exact is not None
    tolerance = exact.error + score.mean_doubt + 1e-7 * max(1.0, abs(score.mean))
    note = f"{exact.by}, against E[f·score] by quadrature"
    yield Verdict("exact_gradient", readings["exact_gradient"], score.mean, tolerance, note)
    for name, truth in zip(ESTIMATORS, truths, strict=True):
        rounding = 1e-9 * max(1.0, abs(truth.mean))
        if samples >= 1:
            tolerance = 4 * truth.mean_error(samples) + truth.mean_doubt + rounding
            yield Verdict(f"{name}_mean", readings[f"{name}_mean"], truth.mean, tolerance, WITHIN)
        if samples >= 2:
            tolerance = 4 * truth.variance_error(samples) + truth.variance_doubt + 1e-9 * truth.variance
            yield Verdict(f"{name}_variance", readings[f"{name}_variance"], truth.variance, tolerance, WITHIN)
    if problem.model is None:
        for name, closed, truth in zip(ESTIMATORS, problem.closed_variances(run.baseline), truths, strict=True):
            label = f"{name} variance, closed form".replace("_", " with ")
            yield Verdict(label, float(closed), truth.variance, 1e-8 * truth.variance, "against a quadrature")


def _distributions(problem: Problem, baseline: float) -> Generator[None, None, Distributions]:
    if isinstance(problem.function, Separable):
        mu, sigma = float(problem.mu[0]), float(problem.sigma[0])
        return separable(problem.function.h, mu, sigma, problem.dimension, baseline)
    function = _function(problem)
    return (yield from general(function, problem.mu, problem.sigma, baseline, chunk=problem.at_once))


@torch.no_grad()
def _by_sampling(run: ReparameterizationExperiment, readings: Readings) -> Checks:
    """For K > 2: the gradient from mirrored samples of their own stream, without a derivative of f."""
    problem, samples, exact = run.problem, int(readings["samples"]), run.exact
    assert exact is not None
    stream = generator(run.knobs.seed, 0, "verify")
    slices = antithetic(_function(problem), problem.mu, problem.sigma, stream, PAIRS, chunk=problem.at_once)
    truth, error = yield from slices
    note = f"within 4 standard errors of {PAIRS:,} mirrored samples".replace(",", "\u2009")
    tolerance = 4 * math.hypot(error, exact.error)
    yield Verdict("exact_gradient", readings["exact_gradient"], truth, tolerance, note)
    for name in ESTIMATORS:
        if samples >= 2:
            variance = readings[f"{name}_variance"]
            tolerance = 4 * math.hypot(error, math.sqrt(variance / samples))
            yield Verdict(f"{name}_mean", readings[f"{name}_mean"], truth, tolerance, note)
            unknown = f"quadrature needs K ≤ 2, here K = {problem.dimension}"
            yield Verdict(f"{name}_variance", variance, None, 0.0, unknown)


def _sample(run: ReparameterizationExperiment) -> Checks:
    """The bars and scores of the sample on the screen, in its first dimension, against central differences."""
    part = run.part(Wanted("sample"))
    assert isinstance(part, Sample)
    mu, sigma, epsilon, z = (torch.from_numpy(one) for one in (part.mu, part.sigma, part.epsilon, part.z))
    function = _function(run.problem)

    @torch.no_grad()
    def f(first: Tensor) -> Tensor:
        return function(torch.cat((first, z[1:]))[None])[0]

    def log_q(moved: Tensor) -> Tensor:
        log_density: Tensor = Normal(moved[0], moved[1]).log_prob(z[0])  # type: ignore[no-untyped-call]
        return log_density

    bars = finite_differences.reparameterized_gradients(f, mu[:1], sigma[:1], epsilon[:1])
    yield None
    scores = finite_differences.gradient(log_q, torch.stack((mu[0], sigma[0])), 1e-3 * float(sigma[0]))
    names = ("∂f/∂z₁", "∂f/∂μ₁", "∂f/∂σ₁", "∂ log q/∂μ₁", "∂ log q/∂σ₁")
    readings = (part.z_bar, part.mu_bar, part.sigma_bar, part.score_mu, part.score_sigma)
    for name, reading, truth in zip(names, readings, (*torch.cat(bars), *scores), strict=True):
        tolerance = 1e-5 * max(1.0, abs(float(truth)))
        note = "of the sample on the screen, against central differences"
        yield Verdict(name, float(reading[0]), float(truth), tolerance, note)


def _function(problem: Problem) -> Function:
    """f by torch.distributions where it is a log likelihood."""
    if isinstance(problem.function, Separable):
        return problem.function
    model, x, variance = problem.function.model, problem.function.x, problem.function.variance
    if model.architecture.observation == "bernoulli":
        return lambda z: observation.bernoulli(model.decode(z), x)
    return lambda z: observation.gaussian(model.decode(z), x, variance)
