"""KL(q ‖ p(z|x)) on grids of its own against closed forms, and the posterior over a window."""

from __future__ import annotations

import math

import pytest
import torch
from linear_decoder import curved_vae, draw, finished, linear_vae, ppca_model
from torch.distributions import MultivariateNormal

from lec10_tui.learning.gaussian import log_prob
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.posterior import density, log_joint_of, normaliser, posterior_kl
from lec10_tui.learning.quadrature import CHUNK, GlobalQuadrature, Integral, LogJoint
from lec10_tui.learning.truths import linear_gaussian


def refined(log_joint: LogJoint, latent_dim: int) -> Integral:
    quadrature = GlobalQuadrature(log_joint, latent_dim)
    while not quadrature.refine(1.0):
        pass
    return quadrature.integral


@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
def test_the_joint_is_likelihood_and_prior(observation: str) -> None:
    model, x, z = curved_vae(observation), (draw(12, purpose="x") > 0).double(), draw(5, 2, purpose="z")
    expected = log_likelihood(observation, model.decode(z), x, 0.3) + log_prob(z, torch.zeros(2), torch.zeros(2))
    found = log_joint_of(model.requires_grad_(True), x, 0.3)(z)
    torch.testing.assert_close(found, expected.detach(), rtol=0, atol=1e-12)
    assert not found.requires_grad


@pytest.mark.parametrize("latent_dim", [1, 2])
@pytest.mark.parametrize("variance", [0.5, 1e-4, 1e-6])
def test_on_a_linear_decoder_it_is_the_kl_of_gaussians(latent_dim: int, variance: float) -> None:
    truth = ppca_model(6, latent_dim, variance)
    x = truth.mean + truth.weight @ torch.full((latent_dim,), -0.8, dtype=torch.float64)
    log_joint = log_joint_of(linear_vae(truth), x, variance)
    around = refined(log_joint, latent_dim)
    means, covariance = truth.posterior(x[None])
    for stretch, shift in ((1.0, 0.0), (0.05, 0.0), (3.0, 2.0), (1.0, -6.0)):
        mu = means[0] + shift * covariance.diagonal().sqrt()
        sigma = stretch * covariance.diagonal().sqrt()
        exact = linear_gaussian.posterior_kl(truth, x[None], mu[None], torch.diag_embed(sigma.square())[None]).item()
        (found, error), slices = finished(posterior_kl(log_joint, mu, sigma, around, 64))
        assert found == pytest.approx(exact, rel=1e-10, abs=1e-8)
        assert error <= 1e-3 and slices >= 2


def test_a_posterior_in_pieces_has_one_normaliser() -> None:
    covariance = torch.eye(2, dtype=torch.float64) * 0.02**2
    pieces = [
        MultivariateNormal(torch.tensor(place, dtype=torch.float64), covariance) for place in ([-2.1, 0.3], [1.9, 2.2])
    ]

    def log_joint(z: torch.Tensor) -> torch.Tensor:
        return torch.logaddexp(pieces[0].log_prob(z) + math.log(0.9), pieces[1].log_prob(z) + math.log(0.1)) - 80.0

    around = refined(log_joint, 2)
    (found, error), _ = finished(normaliser(log_joint, around))
    assert found == pytest.approx(-80.0, abs=1e-4) and error <= 1e-4
    # q is the larger piece: log q − log p is −log 0.9 wherever q is.
    (divergence, _), _ = finished(posterior_kl(log_joint, pieces[0].mean, covariance.diagonal().sqrt(), around, 48))
    assert divergence == pytest.approx(-math.log(0.9), abs=1e-4)


def test_a_bent_posterior_has_the_normaliser_of_the_other_quadrature() -> None:
    for observation, variance in (("bernoulli", 1.0), ("gaussian", 1e-3)):
        for image in range(4):
            x = (draw(12, purpose=f"x {image}") > 0).double()
            log_joint = log_joint_of(curved_vae(observation), x, variance)
            around = refined(log_joint, 2)
            (found, error), _ = finished(normaliser(log_joint, around))
            assert abs(found - around.log_value) <= 1e-4 + around.error and error <= 1e-4


def test_too_wide_a_q_for_its_grid_is_confessed() -> None:
    x = (draw(12, purpose="x 0") > 0).double()
    log_joint = log_joint_of(curved_vae("gaussian"), x, 1e-3)
    around = refined(log_joint, 2)
    mu, sigma = torch.zeros(2).double(), torch.full((2,), 3.0, dtype=torch.float64)
    (fine, fine_error), _ = finished(posterior_kl(log_joint, mu, sigma, around, 400))
    (rough, rough_error), _ = finished(posterior_kl(log_joint, mu, sigma, around, 16))
    assert rough_error > 1.0 > fine_error
    assert abs(rough - fine) <= rough_error + fine_error


def test_no_slice_decodes_more_than_its_chunk() -> None:
    log_joint = log_joint_of(curved_vae("gaussian"), draw(12, purpose="x"), 0.01)
    around = refined(log_joint, 2)
    asked: list[int] = []

    def counted(z: torch.Tensor) -> torch.Tensor:
        asked.append(len(z))
        return log_joint(z)

    sigma = torch.full((2,), 0.3, dtype=torch.float64)
    _, slices = finished(posterior_kl(counted, around.mean, sigma, around, 100))
    low, high = torch.full((2,), -3.0), torch.full((2,), 3.0)
    _, more = finished(density(counted, around.log_value, low, high, 60, 40))
    assert slices + more == len(asked) and max(asked) <= CHUNK


def test_the_density_is_the_posteriors_top_row_first() -> None:
    truth = ppca_model(6, 2, 0.3)
    x = draw(6, purpose="x")
    means, covariance = truth.posterior(x[None])
    log_value = truth.log_likelihood(x[None]).item()
    deviation = covariance.diagonal().sqrt()
    low, high = means[0] - 7 * deviation, means[0] + 7 * deviation
    found, _ = finished(density(log_joint_of(linear_vae(truth), x, 0.3), log_value, low, high, 60, 40))
    assert found.shape == (40, 60) and found.dtype == torch.float64
    pixel = (high - low) / torch.tensor([60, 40])
    assert float(found.sum() * pixel.prod()) == pytest.approx(1.0, abs=1e-9)
    posterior = MultivariateNormal(means[0], covariance)
    for row, column in ((0, 0), (3, 50), (20, 30), (39, 59)):
        z = torch.stack([low[0] + (column + 0.5) * pixel[0], high[1] - (row + 0.5) * pixel[1]])
        assert float(found[row, column].log()) == pytest.approx(float(posterior.log_prob(z)), abs=1e-9)


def test_the_density_of_one_code_is_one_row() -> None:
    truth = ppca_model(6, 1, 0.3)
    x = draw(6, purpose="x")
    log_joint, log_value = log_joint_of(linear_vae(truth), x, 0.3), truth.log_likelihood(x[None]).item()
    found, _ = finished(density(log_joint, log_value, torch.tensor([-6.0]), torch.tensor([6.0]), 300, 20))
    assert found.shape == (1, 300)
    assert float(found.sum() * 12 / 300) == pytest.approx(1.0, abs=1e-9)
    middles = -6 + 12 * (torch.arange(300).double() + 0.5) / 300
    assert float((found[0] @ middles) * 12 / 300) == pytest.approx(truth.posterior(x[None])[0].item(), abs=1e-9)
