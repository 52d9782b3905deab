"""Both ways to differentiate an expectation: bars against autograd, means and variances against their closed forms."""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from typing import TypeVar

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.estimators import (
    Backward,
    Score,
    hermite_gradient,
    pathwise,
    sampled_gradient,
    score,
    score_function,
)
from lec10_tui.learning.gaussian import log_prob, reparameterize
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.targets import EXPONENTIAL, QUADRATIC, SEPARABLE, SINE, Function, Reconstruction, Separable
from lec10_tui.learning.truths.gradient_truths import separable
from lec10_tui.learning.vae import VAE

T = TypeVar("T")
EVERY = pytest.mark.parametrize("target", list(SEPARABLE.values()), ids=list(SEPARABLE))


def ended(slices: Generator[None, None, T]) -> T:
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: T = end.value
            return result


def doubles(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def noise(samples: int, dimension: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn((samples, dimension), generator=generator, dtype=torch.float64)


def small_reconstruction(observation: str) -> Reconstruction:
    model = VAE(Architecture((4, 4), 2, "mlp", (8,), "tanh", observation)).double().requires_grad_(False)
    x = (torch.rand(16, generator=torch.Generator().manual_seed(1)) < 0.5).double()
    return Reconstruction(model, x, 0.05)


FUNCTIONS: dict[str, Function] = {
    **SEPARABLE,
    "bernoulli": small_reconstruction("bernoulli"),
    "gaussian": small_reconstruction("gaussian"),
}


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_mu_bar_is_z_bar_and_sigma_bar_is_z_bar_epsilon_as_autograd_says(name: str) -> None:
    function, epsilon = FUNCTIONS[name], noise(50, 2)
    mu, sigma = doubles(0.4, -1.2), doubles(0.7, 1.9)
    back: Backward = pathwise(function, mu, sigma, epsilon)
    means = mu.expand(50, 2).clone().requires_grad_()
    deviations = sigma.expand(50, 2).clone().requires_grad_()
    f = function(reparameterize(means, deviations.log(), epsilon))
    mu_bar, sigma_bar = torch.autograd.grad(f.sum(), (means, deviations))
    scale = float(mu_bar.abs().max())
    assert torch.allclose(back.f, f.detach(), atol=1e-12 * float(back.f.abs().max()), rtol=0)
    assert torch.allclose(back.mu_bar, mu_bar, atol=1e-12 * scale, rtol=0)
    assert torch.allclose(back.sigma_bar, sigma_bar, atol=1e-12 * scale, rtol=0)
    assert torch.equal(back.mu_bar, back.z_bar) and torch.equal(back.sigma_bar, back.z_bar * epsilon)


def test_the_bars_are_found_inside_no_grad_too() -> None:
    with torch.no_grad():
        back = pathwise(QUADRATIC, doubles(1.0), doubles(1.0), doubles(0.5)[None])
    assert back.mu_bar.tolist() == [[3.0]] and back.sigma_bar.tolist() == [[1.5]] and back.f.tolist() == [2.25]


def test_the_score_is_the_derivative_of_log_q() -> None:
    mu, sigma, z = doubles(0.4, -1.2), doubles(0.7, 1.9), noise(30, 2)
    found: Score = score(z, mu, sigma)
    means = mu.expand(30, 2).clone().requires_grad_()
    deviations = sigma.expand(30, 2).clone().requires_grad_()
    bars = torch.autograd.grad(log_prob(z, means, deviations.log()).sum(), (means, deviations))
    for ours, theirs in zip(found, bars, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
def test_the_reconstruction_term_is_log_p_of_x_given_z(observation: str) -> None:
    target, z = small_reconstruction(observation), noise(5, 2)
    expected = [log_likelihood(observation, target.model.decode(one[None])[0], target.x, 0.05) for one in z]
    assert torch.allclose(target(z), torch.stack(expected), atol=1e-12, rtol=0)


def estimates(target: Separable, mu: float, sigma: float, epsilon: Tensor, baseline: float) -> list[Tensor]:
    means, deviations = (torch.full((epsilon.shape[1],), value, dtype=torch.float64) for value in (mu, sigma))
    back = pathwise(target, means, deviations, epsilon)
    scores = score(means + deviations * epsilon, means, deviations).mu
    f = back.f
    return [one[:, 0] for one in (back.mu_bar, score_function(f, scores), score_function(f, scores, baseline))]


@pytest.mark.parametrize("mu, sigma", [(1.0, 1.0), (2.0, 0.5), (-0.5, 1.5)])
def test_a_million_samples_of_the_square_have_the_known_means_and_variances(mu: float, sigma: float) -> None:
    samples = 1_000_000
    through, weighed, _ = estimates(QUADRATIC, mu, sigma, noise(samples, 1), 0.0)
    known = mu**4 / sigma**2 + 14 * mu**2 + 15 * sigma**2
    for found, variance in ((through, 4 * sigma**2), (weighed, known)):
        assert abs(float(found.mean()) - 2 * mu) <= 4 * (variance / samples) ** 0.5
        squares = (found - 2 * mu) ** 2
        assert abs(float(squares.mean()) - variance) <= 4 * float(squares.std()) / samples**0.5
    assert QUADRATIC.variances(mu, sigma, 1, 0.0) == pytest.approx((4 * sigma**2, known, known), rel=1e-12)


@EVERY
@pytest.mark.parametrize("dimension", [1, 3])
def test_every_estimator_is_unbiased_with_the_variance_that_is_said(target: Separable, dimension: int) -> None:
    samples, mu, sigma, baseline = 200_000, 0.7, 0.8, 2.5
    exact = target.gradient(mu, sigma)
    variances = target.variances(mu, sigma, dimension, baseline)
    found = estimates(target, mu, sigma, noise(samples, dimension, seed=3), baseline)
    for one, variance in zip(found, variances, strict=True):
        assert abs(float(one.mean()) - exact) <= 4 * (variance / samples) ** 0.5
        squares = (one - exact) ** 2
        assert abs(float(squares.mean()) - variance) <= 4 * float(squares.std()) / samples**0.5


@EVERY
@given(
    mu=st.floats(-3, 3), sigma=st.floats(0.05, 2), dimension=st.integers(1, 300), baseline=st.floats(-50, 50)
)  # fmt: skip
def test_closed_forms_are_what_a_quadrature_finds(
    target: Separable, mu: float, sigma: float, dimension: int, baseline: float
) -> None:
    truths = separable(target.h, mu, sigma, dimension, baseline)
    closed = target.variances(mu, sigma, dimension, baseline)
    scale = max(1.0, abs(truths.score.mean))
    for variance, truth in zip(closed, truths, strict=True):
        assert target.gradient(mu, sigma) == pytest.approx(truth.mean, abs=1e-8 * scale)
        assert variance == pytest.approx(truth.variance, rel=1e-8)


@pytest.mark.parametrize("mu", [0.0, 0.3])
def test_the_sine_keeps_its_digits_where_sigma_is_small(mu: float) -> None:
    variance, _, _ = SINE.variances(mu, 1e-3, 1, 0.0)
    assert variance == pytest.approx(separable(torch.sin, mu, 1e-3, 1, 0.0).pathwise.variance, rel=1e-4)
    assert variance == pytest.approx(1e-6 * torch.sin(doubles(mu)).item() ** 2 + 0.5e-12, rel=1e-5)


def test_in_one_dimension_neither_way_is_always_better() -> None:
    through, weighed, _ = SINE.variances(1.0, 1.0, 1, 0.0)
    assert weighed < through
    through, weighed, _ = QUADRATIC.variances(1.0, 1.0, 1, 0.0)
    assert through < weighed


@EVERY
def test_the_ratio_grows_with_the_dimension_and_a_baseline_makes_it_grow_slower(target: Separable) -> None:
    ratios = []
    for dimension in (4, 16, 64, 256):
        mean = dimension * target.moments(1.0, 1.0).mean
        through, weighed, lowered = target.variances(1.0, 1.0, dimension, mean)
        ratios.append((weighed / through, lowered / through))
    for (before, before_lowered), (after, after_lowered) in pairwise(ratios):
        assert 8 < after / before < 20 and 2.5 < after_lowered / before_lowered < 5


def test_the_exact_gradient_by_gauss_hermite_is_that_of_the_closed_form() -> None:
    mu, sigma = doubles(0.7, 0.7), doubles(0.6, 0.6)
    for target in (QUADRATIC, SINE, EXPONENTIAL):
        found = ended(hermite_gradient(target, mu, sigma))
        assert found.value == pytest.approx(target.gradient(0.7, 0.6), abs=1e-10)
        assert found.error < 1e-7 and found.by == "Gauss–Hermite, 24 nodes a dimension"
    one = ended(hermite_gradient(SINE, doubles(0.7), doubles(0.6)))
    assert one.value == pytest.approx(SINE.gradient(0.7, 0.6), abs=1e-10)
    with pytest.raises(ValueError, match="K = 3"):
        ended(hermite_gradient(SINE, doubles(0, 0, 0), doubles(1, 1, 1)))


def test_gauss_hermite_says_how_far_it_may_be_off_where_f_has_kinks() -> None:
    found = ended(hermite_gradient(lambda z: z[:, 0].abs(), doubles(0.2), doubles(1.0)))
    exact = torch.erf(doubles(0.2) / 2**0.5).item()
    assert 1e-4 < abs(found.value - exact) <= found.error and found.by.startswith("Gauss–Hermite, 128")


def test_the_gradient_from_samples_knows_its_error_and_repeats_itself() -> None:
    mu, sigma = doubles(0.7, 0.7, 0.7), doubles(0.6, 0.6, 0.6)

    def found(seed: int, chunk: int = 500) -> tuple[float, float]:
        generator = torch.Generator().manual_seed(seed)
        gradient = ended(sampled_gradient(SINE, mu, sigma, generator, 20_250, chunk))
        assert gradient.by == "20\u2009250 pathwise samples"
        return gradient.value, gradient.error

    value, error = found(0)
    variance, _, _ = SINE.variances(0.7, 0.6, 3, 0.0)
    assert error == pytest.approx((variance / 20_250) ** 0.5, rel=0.03)
    assert abs(value - SINE.gradient(0.7, 0.6)) <= 4 * error
    assert (value, error) == found(0) and value != found(1)[0]
