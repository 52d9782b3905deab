"""Observation models against torch.distributions, constants included, and oracle 5: the best observation variance."""

from __future__ import annotations

import math

import pytest
import torch

from lec10_tui.learning.observation import log_likelihood, picture
from lec10_tui.learning.random import generator
from lec10_tui.learning.truths import gauss_hermite, observation


def draw(*shape: int, purpose: str = "test") -> torch.Tensor:
    return torch.randn(shape, generator=generator(0, 0, purpose), dtype=torch.float64)


def test_bernoulli_equals_torch_distributions() -> None:
    logits, x = draw(7, 50) * 5, (draw(7, 50, purpose="x") > 0).double()
    torch.testing.assert_close(
        log_likelihood("bernoulli", logits, x, 0.0), observation.bernoulli(logits, x), rtol=0, atol=1e-11
    )


def test_bernoulli_stays_finite_and_exact_where_a_pixel_is_certain() -> None:
    logits = torch.tensor([[200.0, -200.0]])
    assert log_likelihood("bernoulli", logits, torch.tensor([[1.0, 0.0]]), 0.0).item() == 0.0
    assert log_likelihood("bernoulli", logits, torch.tensor([[0.0, 1.0]]), 0.0).item() == -400.0


def test_bernoulli_is_a_distribution_over_binary_images() -> None:
    images = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * 6)
    total = log_likelihood("bernoulli", draw(6).expand(64, 6), images, 0.0).exp().sum()
    assert total.item() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("variance", [1e-4, 0.05, 3.0])
def test_gaussian_equals_torch_distributions(variance: float) -> None:
    means, x = draw(7, 50), draw(7, 50, purpose="x")
    torch.testing.assert_close(
        log_likelihood("gaussian", means, x, variance), observation.gaussian(means, x, variance), rtol=1e-12, atol=1e-9
    )


@pytest.mark.parametrize("name", ["bernoulli", "gaussian"])
def test_samples_of_codes_broadcast_over_images(name: str) -> None:
    output, x = draw(3, 4, 9), (draw(4, 9, purpose="x") > 0).double()
    expected = torch.stack([log_likelihood(name, sample, x, 0.2) for sample in output])
    torch.testing.assert_close(log_likelihood(name, output, x, 0.2), expected)


def test_pictures_are_the_means_in_range() -> None:
    output = torch.tensor([-3.0, 0.0, 0.4, 7.0])
    torch.testing.assert_close(picture("bernoulli", output), torch.sigmoid(output))
    torch.testing.assert_close(picture("gaussian", output), torch.tensor([0.0, 0.0, 0.4, 1.0]))


def curved_decoder(z: torch.Tensor) -> torch.Tensor:
    """G(z) (n, 2) → (n, 3), a curved sheet."""
    return torch.stack([z[:, 0], z[:, 1] ** 2, z[:, 0] * z[:, 1]], dim=-1)


def expected_squared_error(x: torch.Tensor, mu: torch.Tensor, sigma: torch.Tensor) -> float:
    return gauss_hermite.expectation(lambda z: (x - curved_decoder(z)).square().sum(-1), mu, sigma)


def test_the_elbo_is_stationary_at_the_best_variance() -> None:
    x, mu, sigma = draw(3, purpose="x"), draw(2, purpose="mu"), torch.tensor([0.3, 0.8], dtype=torch.float64)
    error = expected_squared_error(x, mu, sigma)
    best = observation.best_variance(torch.tensor([error], dtype=torch.float64), 3).item()

    def reconstruction(variance: float) -> float:
        value: float = gauss_hermite.expectation(
            lambda z: log_likelihood("gaussian", curved_decoder(z), x, variance), mu, sigma
        )
        return value

    # The expectation is that of a polynomial, so quadrature is exact and the same holds by autograd on its closed form.
    log_variance = torch.tensor(math.log(best), dtype=torch.float64, requires_grad=True)
    closed = -error / (2 * log_variance.exp()) - 1.5 * (math.log(2 * math.pi) + log_variance)
    assert reconstruction(best) == pytest.approx(closed.item(), abs=1e-11)
    (slope,) = torch.autograd.grad(closed, log_variance)
    assert abs(slope.item()) < 1e-9
    width = 1e-3
    moved = [reconstruction(best * math.exp(direction * width)) for direction in (-2, -1, 1, 2)]
    measured = (8 * (moved[2] - moved[1]) - (moved[3] - moved[0])) / (12 * width)
    assert abs(measured) < 1e-9
    assert max(moved) < reconstruction(best)


def test_off_the_sheet_no_variance_left_means_no_likelihood_left() -> None:
    means, x = torch.zeros(1, 3, dtype=torch.float64), torch.full((1, 3), 0.1, dtype=torch.float64)
    off = [log_likelihood("gaussian", means, x, variance).item() for variance in (1e-2, 1e-3, 1e-4, 1e-6)]
    assert off == sorted(off, reverse=True) and off[-1] < -1e4
    on = [log_likelihood("gaussian", means, means, variance).item() for variance in (1e-2, 1e-4)]
    # On the sheet the constant alone moves: a hundredfold smaller η adds (D/2) ln 100.
    assert on[1] - on[0] == pytest.approx(1.5 * math.log(100), abs=1e-12)
