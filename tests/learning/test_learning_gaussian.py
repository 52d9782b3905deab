"""Oracles 6 and 9: the KL's closed form, and backpropagation through the reparameterization."""

from __future__ import annotations

import math

import pytest
import torch

from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.gaussian import kl_per_dimension, log_prob, reparameterize
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.random import generator
from lec10_tui.learning.summary_step import summary_step
from lec10_tui.learning.truths import finite_differences, gaussian_kl
from lec10_tui.learning.vae import VAE


def draw(*shape: int, purpose: str = "test") -> torch.Tensor:
    return torch.randn(shape, generator=generator(0, 0, purpose), dtype=torch.float64)


def small_model(observation: str) -> VAE:
    return VAE(Architecture((5, 4), 3, "mlp", (7,), "tanh", observation), generator(0, 0, "weights")).double()


def test_kl_equals_torch_distributions() -> None:
    mu, log_sigma = draw(200, 5, purpose="mu") * 3, draw(200, 5, purpose="sigma")
    torch.testing.assert_close(
        kl_per_dimension(mu, log_sigma), gaussian_kl.library(mu, log_sigma.exp()), rtol=0, atol=1e-12
    )


def test_kl_is_the_mean_of_the_log_ratio() -> None:
    mu, log_sigma = torch.tensor([0.0, 0.7, -2.0]), torch.tensor([0.4, -1.0, 0.0])
    mean, standard_error = gaussian_kl.monte_carlo(mu, log_sigma.exp(), 40_000, generator(0, 0, "kl"))
    z_scores = (kl_per_dimension(mu.double(), log_sigma.double()) - mean) / standard_error
    assert z_scores.abs().max() < 4
    assert standard_error.max() < 0.02


def test_kl_of_the_prior_is_nothing_and_never_below() -> None:
    assert torch.equal(kl_per_dimension(torch.zeros(3), torch.zeros(3)), torch.zeros(3))
    nearly = torch.linspace(-1e-3, 1e-3, 1001)
    assert kl_per_dimension(torch.zeros(1001), nearly).min() >= 0


@pytest.mark.parametrize("sigma", [1e-4, 1e-8, 1e-12])
def test_a_point_mass_costs_minus_log_sigma(sigma: float) -> None:
    kl = kl_per_dimension(torch.zeros(1, dtype=torch.float64), torch.tensor([math.log(sigma)], dtype=torch.float64))
    assert kl.item() == pytest.approx(-math.log(sigma) - 0.5, abs=1e-7)


def test_log_prob_equals_torch_distributions() -> None:
    z, mu, log_sigma = draw(6, 10, 4, purpose="z"), draw(10, 4, purpose="mu"), draw(10, 4, purpose="sigma")
    truth = torch.distributions.Normal(mu, log_sigma.exp()).log_prob(z).sum(-1)
    torch.testing.assert_close(log_prob(z, mu, log_sigma), truth, rtol=0, atol=1e-11)


@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
def test_bars_are_z_bar_and_z_bar_times_epsilon(observation: str) -> None:
    model = small_model(observation)
    step = summary_step(model, draw(20, purpose="x").sigmoid().round(), draw(3, purpose="epsilon"), 0.05, 1.0)
    assert step.z_bar.abs().min() > 1e-3
    torch.testing.assert_close(step.mu_bar, step.z_bar, rtol=0, atol=1e-12)
    torch.testing.assert_close(step.sigma_bar, step.z_bar * step.epsilon, rtol=0, atol=1e-12)


@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
def test_bars_equal_finite_differences(observation: str) -> None:
    model = small_model(observation)
    x, epsilon = draw(20, purpose="x").sigmoid().round(), draw(3, purpose="epsilon")
    step = summary_step(model, x, epsilon, 0.05, 1.0)

    def reconstruction_loss(z: torch.Tensor) -> torch.Tensor:
        return -log_likelihood(observation, model.decode(z[None])[0], x, 0.05)

    bars = finite_differences.reparameterized_gradients(reconstruction_loss, step.mu, step.log_sigma.exp(), epsilon)
    for bar, truth in zip((step.z_bar, step.mu_bar, step.sigma_bar), bars, strict=True):
        torch.testing.assert_close(bar, truth, rtol=1e-7, atol=1e-8)


def test_the_step_adds_up() -> None:
    model = small_model("gaussian")
    x, epsilon = draw(20, purpose="x").sigmoid(), draw(3, purpose="epsilon")
    step = summary_step(model, x, epsilon, 0.05, 2.5)
    sigma = step.log_sigma.exp()
    torch.testing.assert_close(step.z, reparameterize(step.mu, step.log_sigma, epsilon))
    assert step.loss == pytest.approx(step.reconstruction_loss + 2.5 * step.kl, abs=1e-12)
    assert step.kl == pytest.approx(gaussian_kl.library(step.mu, sigma).sum().item(), abs=1e-12)
    # The reconstruction loss is the squared error over 2η and a constant: 20 pixels of ln(2πη)/2.
    error = (x - model.decode(step.z[None])[0]).square().sum().item()
    constant = 10 * math.log(2 * math.pi * 0.05)
    assert step.reconstruction_loss == pytest.approx(error / 0.1 + constant, abs=1e-10)
    torch.testing.assert_close(step.mu_total, step.mu_bar + 2.5 * step.mu, rtol=0, atol=1e-12)
    torch.testing.assert_close(step.sigma_total, step.sigma_bar + 2.5 * (sigma - 1 / sigma), rtol=0, atol=1e-12)


def test_the_step_leaves_no_gradient_behind() -> None:
    model = small_model("bernoulli")
    step = summary_step(model, draw(20, purpose="x").sigmoid().round(), draw(3, purpose="epsilon"), 0.05, 1.0)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(value.requires_grad for value in vars(step).values() if isinstance(value, torch.Tensor))
