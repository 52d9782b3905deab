"""The distribution of one sample's gradient estimate: two quadratures, samples and a paper's formulas agree."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import TypeVar

import pytest
import torch
from torch import Tensor

from lec10_tui.learning.truths.gauss_hermite import expectation
from lec10_tui.learning.truths.gradient_truths import Distributions, antithetic, general, separable

T = TypeVar("T")
Function = Callable[[Tensor], Tensor]


def ended(slices: Generator[None, None, T]) -> T:
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: T = end.value
            return result


def doubles(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def bent(z: Tensor) -> Tensor:
    return torch.sin(z) + 0.3 * z.square()


@pytest.mark.parametrize("mu, sigma", [(1.0, 1.0), (-2.0, 0.5), (0.5, 2.0), (0.0, 0.1)])
def test_the_square_in_one_dimension_has_the_known_means_and_variances(mu: float, sigma: float) -> None:
    pathwise, score, lowered = separable(torch.square, mu, sigma, 1, baseline=mu**2 + sigma**2)
    for found in (pathwise, score, lowered):
        assert found.mean == pytest.approx(2 * mu, abs=1e-11)
    known = mu**4 / sigma**2 + 14 * mu**2 + 15 * sigma**2
    assert pathwise.variance == pytest.approx(4 * sigma**2, rel=1e-10)
    assert score.variance == pytest.approx(known, rel=1e-12)
    # with b = E[f]: z² − b = 2μσε + σ²(ε² − 1), whose square times ε² has the mean 12μ²σ² + 10σ⁴
    assert lowered.variance == pytest.approx(8 * mu**2 + 10 * sigma**2, rel=1e-10)
    assert pathwise.fourth == pytest.approx(3 * pathwise.variance**2, rel=1e-9)


@pytest.mark.parametrize("baseline", [0.0, 3.0])
def test_any_f_agrees_with_gauss_hermite_in_one_and_two_dimensions(baseline: float) -> None:
    mu, sigma = 0.7, 0.6
    for latent_dim in (1, 2):
        means, deviations = doubles(*[mu] * latent_dim), doubles(*[sigma] * latent_dim)

        def estimate(z: Tensor) -> Tensor:
            return (bent(z).sum(-1) - baseline) * (z[:, 0] - mu) / sigma**2

        def moment(
            power: int, about: float, g: Function = estimate, m: Tensor = means, s: Tensor = deviations
        ) -> float:
            return expectation(lambda z: (g(z) - about) ** power, m, s, nodes=60)

        found = separable(bent, mu, sigma, latent_dim, baseline).score_baseline
        mean = moment(1, 0.0)
        assert found.mean == pytest.approx(mean, abs=1e-11)
        assert found.variance == pytest.approx(moment(2, mean), rel=1e-10)
        assert found.fourth == pytest.approx(moment(4, mean), rel=1e-10)
        pathwise = separable(bent, mu, sigma, latent_dim, baseline).pathwise
        slope = expectation(lambda z: torch.cos(z[:, 0]) + 0.6 * z[:, 0], means, deviations, 60)
        square = expectation(lambda z: (torch.cos(z[:, 0]) + 0.6 * z[:, 0]) ** 2, means, deviations, 60)
        assert pathwise.mean == pytest.approx(slope, abs=1e-10)
        assert pathwise.variance == pytest.approx(square - slope**2, rel=1e-9)


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_the_grid_around_q_agrees_with_the_sum_taken_apart(latent_dim: int) -> None:
    mu, sigma = doubles(*[0.7] * latent_dim), doubles(*[0.6] * latent_dim)
    whole = ended(general(lambda z: bent(z).sum(-1), mu, sigma, 3.0, chunk=100))
    apart = separable(bent, 0.7, 0.6, latent_dim, 3.0)
    for first, second in zip(whole, apart, strict=True):
        assert first.mean == pytest.approx(second.mean, abs=1e-9)
        assert first.variance == pytest.approx(second.variance, rel=1e-8)
        assert first.fourth == pytest.approx(second.fourth, rel=1e-6)
        assert abs(first.mean - second.mean) <= first.mean_doubt + 1e-12
        assert first.variance_doubt <= 1e-6 * first.variance


def test_where_f_has_a_kink_the_grid_doubts_itself_enough() -> None:
    mu, sigma = doubles(0.13), doubles(1.0)
    found = ended(general(lambda z: z[:, 0].abs(), mu, sigma, 0.0)).score
    exact = math.erf(0.13 / math.sqrt(2))  # E[sign z]
    assert 1e-6 < abs(found.mean - exact) <= found.mean_doubt


def test_samples_have_the_moments_that_the_quadrature_says() -> None:
    samples, mu, sigma, dimension, baseline = 400_000, 0.4, 0.8, 5, 2.0
    generator = torch.Generator().manual_seed(1)
    epsilon = torch.randn((samples, dimension), generator=generator, dtype=torch.float64)
    z = mu + sigma * epsilon
    values = (bent(z).sum(-1) - baseline) * epsilon[:, 0] / sigma
    truth: Distributions = separable(bent, mu, sigma, dimension, baseline)
    for estimates, found in ((values, truth.score_baseline), (torch.cos(z[:, 0]) + 0.6 * z[:, 0], truth.pathwise)):
        assert abs(float(estimates.mean()) - found.mean) <= 4 * found.mean_error(samples)
        assert abs(float(estimates.var()) - found.variance) <= 4 * found.variance_error(samples)
        fourth = (estimates - estimates.mean()) ** 4
        assert abs(float(fourth.mean()) - found.fourth) <= 5 * float(fourth.std()) / samples**0.5


def test_the_standard_error_of_a_variance_is_the_one_that_is_seen() -> None:
    truth = separable(torch.square, 1.0, 1.0, 1, 0.0).score
    generator = torch.Generator().manual_seed(0)
    epsilon = torch.randn((20_000, 50), generator=generator, dtype=torch.float64)
    variances = ((1 + epsilon).square() * epsilon).var(1)
    assert float(variances.std()) == pytest.approx(truth.variance_error(50), rel=0.1)
    assert truth.mean_error(100) == pytest.approx(math.sqrt(30 / 100))


def test_mirrored_samples_are_unbiased_and_need_no_derivative() -> None:
    mu, sigma = doubles(0.7, -0.2, 0.4), doubles(0.6, 0.5, 0.3)
    generator = torch.Generator().manual_seed(0)
    value, error = ended(antithetic(lambda z: bent(z).sum(-1), mu, sigma, generator, pairs=20_000))
    truth = separable(bent, 0.7, 0.6, 1, 0.0).pathwise.mean
    assert abs(value - truth) <= 4 * error and error < 0.02


def test_a_grid_in_three_dimensions_is_refused() -> None:
    with pytest.raises(ValueError, match="quadrature: K = 3 is not 1 or 2"):
        ended(general(lambda z: z.sum(-1), doubles(0, 0, 0), doubles(1, 1, 1), 0.0))
