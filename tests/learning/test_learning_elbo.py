"""Oracles 4 and 11: at pPCA's optimum the linear VAE's ELBO is the exact log-likelihood, and IWAE climbs to it."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from lec10_tui.learning import importance
from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.elbo import elbo_terms, training_loss
from lec10_tui.learning.gaussian import kl_per_dimension, log_prob
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.random import generator
from lec10_tui.learning.truths import evidence, gauss_hermite, gaussian_kl, ppca
from lec10_tui.learning.truths.ppca import PPCA
from lec10_tui.learning.vae import VAE, open_model

LATENT_DIM = 2


def draw(*shape: int, purpose: str = "test") -> torch.Tensor:
    return torch.randn(shape, generator=generator(0, 0, purpose), dtype=torch.float64)


@pytest.fixture(scope="module")
def x() -> torch.Tensor:
    """300 points of 6 × 2 pixels near a plane, with unequal noise."""
    plane = draw(300, LATENT_DIM, purpose="codes") @ draw(LATENT_DIM, 12, purpose="plane")
    return plane + 0.3 * draw(300, 12, purpose="noise") * torch.linspace(0.5, 1.5, 12, dtype=torch.float64) + 1.0


@pytest.fixture(scope="module")
def truth(x: torch.Tensor) -> PPCA:
    return ppca.fit(x, LATENT_DIM)


def linear_vae(truth: PPCA, widen: float = 1.0) -> VAE:
    """A linear VAE whose decoder is that of `truth` and whose encoder is its exact posterior, σ times `widen`."""
    matrix, offset = truth.posterior_map()
    _, covariance = truth.posterior(truth.mean[None])
    sigma = covariance.diagonal().sqrt() * widen
    arrays = {
        "encoder.0.weight": torch.cat([matrix, torch.zeros_like(matrix)]).numpy(),
        "encoder.0.bias": torch.cat([offset, sigma.log()]).numpy(),
        "decoder.0.weight": truth.weight.numpy(),
        "decoder.0.bias": truth.mean.numpy(),
    }
    architecture = Architecture((6, 2), LATENT_DIM, "mlp", (), "tanh", "gaussian")
    model = open_model(architecture, arrays).double()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.from_numpy(arrays[name]))
    return model


def exact_elbo(model: VAE, truth: PPCA, x: torch.Tensor, variance: float) -> torch.Tensor:
    """The ELBO of every point with E_q‖x − Wz − b‖² in closed form."""
    mu, log_sigma = model.encode(x)
    error = truth.expected_squared_error(x, mu, log_sigma.exp())
    constant = 0.5 * x.shape[1] * math.log(2 * math.pi * variance)
    return (-error / (2 * variance) - constant - kl_per_dimension(mu, log_sigma).sum(-1)).detach()


def test_ppca_is_the_maximum_of_its_likelihood(x: torch.Tensor, truth: PPCA) -> None:
    best = truth.log_likelihood(x).mean()
    for direction in range(6):
        step = 0.02 * draw(12, LATENT_DIM, purpose=f"direction {direction}")
        assert PPCA(truth.weight + step, truth.mean, truth.variance).log_likelihood(x).mean() < best
    for factor in (0.98, 1.02):
        assert PPCA(truth.weight, truth.mean, truth.variance * factor).log_likelihood(x).mean() < best


def test_at_the_optimum_the_elbo_is_the_log_likelihood(x: torch.Tensor, truth: PPCA) -> None:
    model = linear_vae(truth)
    elbo = exact_elbo(model, truth, x, truth.variance)
    torch.testing.assert_close(elbo, truth.log_likelihood(x), rtol=0, atol=1e-9)


def test_at_the_optimum_one_sample_is_an_unbiased_elbo(x: torch.Tensor, truth: PPCA) -> None:
    model = linear_vae(truth)
    with torch.no_grad():
        terms = [elbo_terms(model, x[:20], draw(20, LATENT_DIM, purpose=f"{i}"), truth.variance) for i in range(400)]
    samples = torch.stack([term.elbo for term in terms])
    standard_error = samples.std(0) / len(samples) ** 0.5
    z_scores = (samples.mean(0) - truth.log_likelihood(x[:20])) / standard_error
    assert z_scores.abs().max() < 4
    assert 0 < standard_error.max() < 0.2


def test_at_the_optimum_the_elbo_is_stationary_in_the_variance(x: torch.Tensor, truth: PPCA) -> None:
    mu, covariance = truth.posterior(x)
    sigma = covariance.diagonal().sqrt().expand_as(mu)
    best = truth.expected_squared_error(x, mu, sigma).mean() / 12
    assert best.item() == pytest.approx(truth.variance, rel=1e-9)


def test_away_from_the_posterior_the_gap_is_its_kl(x: torch.Tensor, truth: PPCA) -> None:
    widened = linear_vae(truth, widen=1.7)
    gap = truth.log_likelihood(x) - exact_elbo(widened, truth, x, truth.variance)
    # KL between Gaussians with the same mean and σ's in the ratio 1.7.
    expected = LATENT_DIM * gaussian_kl.library(torch.zeros(1), torch.tensor([1.7], dtype=torch.float64)).item()
    torch.testing.assert_close(gap, torch.full_like(gap, expected), rtol=0, atol=1e-9)


def test_gauss_hermite_takes_the_same_expectation(x: torch.Tensor, truth: PPCA) -> None:
    model = linear_vae(truth)
    with torch.no_grad():
        mu, log_sigma = model.encode(x[:1])
        reconstruction = gauss_hermite.expectation(
            lambda z: log_likelihood("gaussian", model.decode(z), x[0], truth.variance), mu[0], log_sigma[0].exp()
        )
    elbo = reconstruction - kl_per_dimension(mu, log_sigma).sum().item()
    assert elbo == pytest.approx(truth.log_likelihood(x[:1]).item(), abs=1e-9)


def test_terms_are_the_models_own(x: torch.Tensor, truth: PPCA) -> None:
    model, epsilon = linear_vae(truth), draw(300, LATENT_DIM, purpose="epsilon")
    terms = elbo_terms(model, x, epsilon, truth.variance)
    torch.testing.assert_close(terms.z, terms.mu + terms.log_sigma.exp() * epsilon)
    torch.testing.assert_close(terms.output, terms.z @ truth.weight.T + truth.mean)
    assert terms.reconstruction.shape == (300,) and terms.kl.shape == (300, LATENT_DIM)


@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
def test_the_training_loss_is_minus_the_elbo_at_beta_one(observation: str) -> None:
    model = VAE(Architecture((4, 3), 2, "mlp", (9,), "relu", observation)).double()
    images, epsilon = (draw(10, 12) > 0).double(), draw(10, 2, purpose="epsilon")
    terms = elbo_terms(model, images, epsilon, 0.05)
    for beta in (0.0, 1.0, 4.0):
        loss, reconstruction, kl = training_loss(model, images, epsilon, 0.05, beta)
        torch.testing.assert_close(reconstruction, terms.reconstruction.mean())
        torch.testing.assert_close(kl, terms.kl.sum(-1).mean())
        torch.testing.assert_close(loss, beta * terms.kl.sum(-1).mean() - terms.reconstruction.mean())
    assert loss.requires_grad


def test_importance_bounds_climb_to_the_log_likelihood(x: torch.Tensor, truth: PPCA) -> None:
    model, points = linear_vae(truth, widen=2.0), x[:40]
    with torch.no_grad():
        weights = importance.log_weights(model, points, draw(2048, 40, LATENT_DIM, purpose="iwae"), truth.variance)
    log_likelihood = truth.log_likelihood(points).mean()
    counts = (1, 2, 4, 16, 64, 256)
    # Common random numbers: every bound is a mean over groups of the same weights, (groups,) averaged over the points.
    bounds = {}
    for samples in counts:
        groups = weights.view(-1, samples, 40)
        bounds[samples] = torch.stack([importance.bound(group).mean() for group in groups])
    for fewer, more in pairwise(counts):
        rise = bounds[more] - bounds[fewer].view(len(bounds[more]), -1).mean(1)
        assert rise.mean() >= -4 * rise.std() / len(rise) ** 0.5
    for samples, bound in bounds.items():
        standard_error = bound.std() / len(bound) ** 0.5
        assert bound.mean() <= log_likelihood + 4 * standard_error, samples
    assert log_likelihood - bounds[1].mean() > 1.0
    assert log_likelihood - bounds[256].mean() < 0.05
    elbo = exact_elbo(model, truth, points, truth.variance).mean()
    assert abs(bounds[1].mean() - elbo) < 4 * bounds[1].std() / len(bounds[1]) ** 0.5


def test_at_the_exact_posterior_every_weight_is_the_evidence(x: torch.Tensor, truth: PPCA) -> None:
    with torch.no_grad():
        epsilon = draw(3, 300, LATENT_DIM, purpose="epsilon")
        weights = importance.log_weights(linear_vae(truth), x, epsilon, truth.variance)
    torch.testing.assert_close(weights, truth.log_likelihood(x).expand(3, -1), rtol=0, atol=1e-9)
    torch.testing.assert_close(importance.bound(weights), truth.log_likelihood(x), rtol=0, atol=1e-9)


def test_one_weight_is_the_elbo_with_its_kl_sampled(x: torch.Tensor, truth: PPCA) -> None:
    model, epsilon = linear_vae(truth, widen=1.5), draw(1, 300, LATENT_DIM, purpose="epsilon")
    with torch.no_grad():
        terms = elbo_terms(model, x, epsilon[0], truth.variance)
        ratio = log_prob(terms.z, terms.mu, terms.log_sigma) - log_prob(
            terms.z, torch.zeros_like(terms.mu), torch.zeros_like(terms.mu)
        )
        weights = importance.log_weights(model, x, epsilon, truth.variance)
    torch.testing.assert_close(importance.bound(weights), terms.reconstruction - ratio, rtol=0, atol=1e-9)


@pytest.mark.parametrize("latent_dim", [1, 2])
@pytest.mark.parametrize("variance", [0.5, 1e-4])
def test_quadrature_finds_the_evidence_of_ppca(latent_dim: int, variance: float) -> None:
    model = PPCA(draw(6, latent_dim, purpose="weight"), draw(6, purpose="mean"), variance)
    x = model.mean + model.weight @ torch.full((latent_dim,), 1.3, dtype=torch.float64)
    x += variance**0.5 * draw(6, purpose="noise")

    def log_joint(z: torch.Tensor) -> torch.Tensor:
        likelihood = log_likelihood("gaussian", z @ model.weight.T + model.mean, x, variance)
        return likelihood + log_prob(z, torch.zeros(latent_dim), torch.zeros(latent_dim))

    found = evidence.log_evidence(log_joint, latent_dim)
    assert found.log_likelihood == pytest.approx(model.log_likelihood(x[None]).item(), abs=1e-4)
    assert found.error <= 1e-4


@pytest.mark.parametrize("sigma", [0.5, 0.02])
def test_quadrature_finds_two_separate_modes(sigma: float) -> None:
    centres = torch.tensor([[-2.31, 0.4], [1.57, -1.1]], dtype=torch.float64)

    def log_joint(z: torch.Tensor) -> torch.Tensor:
        log_sigma = torch.full((2,), math.log(sigma), dtype=torch.float64)
        modes = torch.stack([log_prob(z, centre, log_sigma) for centre in centres])
        return modes.logsumexp(0) - 100.0

    assert evidence.log_evidence(log_joint, 2).log_likelihood == pytest.approx(math.log(2) - 100.0, abs=1e-4)


def test_quadrature_runs_in_slices_and_refuses_what_it_cannot_do() -> None:
    sizes: list[int] = []

    def log_joint(z: torch.Tensor) -> torch.Tensor:
        sizes.append(len(z))
        return log_prob(z, torch.zeros(2), torch.zeros(2))

    assert sum(1 for _ in evidence.evidence(log_joint, 2, chunk=500)) == len(sizes)
    assert max(sizes) <= 500
    with pytest.raises(ValueError, match="K = 3 is not 1 or 2"):
        evidence.log_evidence(log_joint, 3)
    with pytest.raises(ValueError, match="reaches nan on the grid"):
        evidence.log_evidence(lambda z: z[:, 0] * np.nan, 1)
    with pytest.raises(ValueError, match="no two grids agree to 1e-12"):
        evidence.log_evidence(lambda z: -z[:, 0].abs(), 1, tolerance=1e-12)
