"""The ELBO by Gauss–Hermite: exact for what is polynomial, honest about its error where q is wide."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from linear_decoder import curved_vae, draw, finished, linear_vae, ppca_model

from lec10_tui.learning.gaussian import kl_per_dimension
from lec10_tui.learning.hermite import CHUNK, LADDER, elbo, hermite, reconstruction, refined_elbo
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.truths import finite_differences, gauss_hermite, linear_gaussian


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_moments_of_the_standard_normal(latent_dim: int) -> None:
    rule = hermite(latent_dim, 9)
    assert rule.points.shape == (9**latent_dim, latent_dim)
    for power in range(17):
        exact = math.prod(range(1, power, 2)) if power % 2 == 0 else 0
        moment = rule.weights @ rule.points[:, 0] ** power
        # Odd moments cancel among terms as large as the even ones.
        assert float(moment) == pytest.approx(
            exact, rel=1e-11, abs=1e-12 * max(exact, math.prod(range(1, power + 1, 2)))
        )
    assert float(rule.weights @ rule.points.prod(-1).square()) == pytest.approx(1.0, abs=1e-13)


def test_many_nodes_lose_their_corners_and_nothing_else() -> None:
    rule = hermite(2, 128)
    assert len(rule.weights) < 128**2 / 4
    assert float(rule.weights.sum()) == pytest.approx(1.0, abs=1e-13)
    assert float(rule.weights @ (rule.points[:, 0] ** 4 * rule.points[:, 1] ** 2)) == pytest.approx(3.0, abs=1e-11)
    assert float(rule.weights @ rule.points.sum(-1).cos()) == pytest.approx(math.exp(-1), abs=1e-13)


@pytest.mark.parametrize("nodes", [*range(1, 8), 30, 200])
def test_the_rule_is_that_of_numpy(nodes: int) -> None:
    places, weights = map(torch.from_numpy, np.polynomial.hermite_e.hermegauss(nodes))
    heavy = weights / weights.sum() > 1e-19
    rule = hermite(1, nodes)
    count = int(heavy.sum())
    assert count <= len(rule.weights) <= nodes
    first = (len(rule.weights) - count) // 2
    torch.testing.assert_close(rule.points[first : first + count, 0], places[heavy], rtol=0, atol=1e-12)
    shares = weights[heavy] / weights.sum()
    torch.testing.assert_close(rule.weights[first : first + count], shares, rtol=1e-11, atol=0)


def test_there_may_be_more_nodes_than_numpy_can_weigh() -> None:
    for nodes in LADDER[-2:]:
        rule = hermite(1, nodes)
        assert bool(rule.weights.isfinite().all()) and float(rule.weights.sum()) == pytest.approx(1.0, abs=1e-13)
        for power in (2, 4, 16):
            exact = math.prod(range(1, power, 2))
            assert float(rule.weights @ rule.points[:, 0] ** power) == pytest.approx(exact, rel=1e-9)
        assert float(rule.weights @ (5 * rule.points[:, 0]).cos()) == pytest.approx(math.exp(-12.5), abs=1e-13)


def test_codes_of_three_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="K = 3 is not 1 or 2"):
        hermite(3, 4)


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_a_linear_decoders_elbo_is_exact(latent_dim: int) -> None:
    truth = ppca_model(6, latent_dim, 0.3)
    model, x = linear_vae(truth), draw(7, 6, purpose="x")
    mu, log_sigma = draw(7, latent_dim, purpose="mu"), draw(7, latent_dim, purpose="sigma")
    exact = linear_gaussian.elbo(truth, x, mu, torch.diag_embed((2 * log_sigma).exp()))
    torch.testing.assert_close(elbo(model, x, mu, log_sigma, 0.3, 3), exact, rtol=0, atol=1e-10)


@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
def test_it_is_the_truths_expectation(observation: str) -> None:
    model, x = curved_vae(observation), (draw(1, 12, purpose="x") > 0).double()
    mu, log_sigma = draw(1, 2, purpose="mu"), torch.tensor([[-1.0, -2.0]], dtype=torch.float64)
    truth = gauss_hermite.expectation(
        lambda z: log_likelihood(observation, model.decode(z), x[0], 0.2), mu[0], log_sigma[0].exp(), 24
    )
    assert reconstruction(model, x, mu, log_sigma, 0.2, 24).item() == pytest.approx(truth, abs=1e-10)


@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
def test_its_gradients_are_finite_differences(observation: str) -> None:
    model, x = curved_vae(observation), (draw(1, 12, purpose="x") > 0).double()
    at = torch.tensor([0.3, -0.7, -1.2, -0.4], dtype=torch.float64, requires_grad=True)

    def objective(q: torch.Tensor) -> torch.Tensor:
        return elbo(model, x, q[None, :2], q[None, 2:], 0.2, 16)[0]

    (gradient,) = torch.autograd.grad(objective(at), at)
    torch.testing.assert_close(gradient, finite_differences.gradient(objective, at), rtol=1e-7, atol=1e-8)


def trapezoid(model: torch.nn.Module, x: torch.Tensor, mu: torch.Tensor, log_sigma: torch.Tensor) -> float:
    """E_q[log p(x|z)] on a grid so fine that it needs no trust."""
    axis = torch.linspace(-9, 9, 721, dtype=torch.float64)
    epsilon = torch.cartesian_prod(axis, axis)
    chances = (-0.5 * epsilon.square().sum(1)).softmax(0)
    values = [
        log_likelihood("bernoulli", model.decode(mu[0] + log_sigma[0].exp() * part), x[0], 1.0)
        for part in torch.split(epsilon, 50_000)
    ]
    return float(chances @ torch.cat(values))


@pytest.mark.parametrize("spread", [1e-4, 0.2, 1.0, 4.0])
def test_refined_it_is_as_wrong_as_it_says_at_most(spread: float) -> None:
    model, x = curved_vae("bernoulli"), (draw(1, 12, purpose="x") > 0).double()
    mu = torch.tensor([[1.5, -0.5]], dtype=torch.float64)
    log_sigma = torch.full((1, 2), math.log(spread), dtype=torch.float64)
    found, slices = finished(refined_elbo(model, x, mu, log_sigma, 1.0))
    truth = trapezoid(model, x, mu, log_sigma)
    assert found.kl == pytest.approx(float(kl_per_dimension(mu, log_sigma).sum()), abs=1e-12)
    assert abs(found.reconstruction - truth) <= max(found.error, 1e-9)
    assert slices >= 3 and (found.error <= 1e-3 or found.nodes == LADDER[-1])
    assert spread > 0.5 or found.nodes == 16  # narrow: the first three resolutions agree already


def test_too_few_nodes_are_confessed() -> None:
    model, x = curved_vae("bernoulli"), (draw(1, 12, purpose="x") > 0).double()
    mu, log_sigma = torch.tensor([[1.5, -0.5]]).double(), torch.full((1, 2), math.log(20.0), dtype=torch.float64)
    found, _ = finished(refined_elbo(model, x, mu, log_sigma, 1.0, tolerance=1e-9, most=24))
    assert found.nodes == 24 and found.error > 1e-3
    assert abs(found.reconstruction - trapezoid(model, x, mu, log_sigma)) <= found.error


def test_no_slice_decodes_more_than_its_chunk() -> None:
    model, x = curved_vae("gaussian"), draw(1, 12, purpose="x")
    sizes: list[int] = []
    model.decoder.register_forward_hook(lambda _module, given, _output: sizes.append(len(given[0])))
    mu, log_sigma = torch.zeros(1, 2).double(), torch.zeros(1, 2).double()
    found, slices = finished(refined_elbo(model, x, mu, log_sigma, 0.01, tolerance=0.0))
    assert slices == len(sizes) and max(sizes) <= CHUNK
    assert found.nodes == LADDER[-1]
