"""Oracles 2 to 6, 10 and 11: log p(x) = ELBO + KL(q ‖ p(z|x)), each side found in its own way.

With a linear decoder every number has a closed form; with one that bends, two quadratures that share no node.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from linear_decoder import curved_vae, draw, finished, linear_vae, ppca_model
from torch import Tensor

from lec10_tui.learning.gaussian import kl_per_dimension
from lec10_tui.learning.hermite import elbo, reconstruction, refined_elbo
from lec10_tui.learning.importance import grouped_bound, log_weights, log_weights_under
from lec10_tui.learning.posterior import log_joint_of, posterior_kl
from lec10_tui.learning.quadrature import GlobalQuadrature, Integral, LogJoint
from lec10_tui.learning.truths import evidence, gauss_hermite, linear_gaussian, ppca
from lec10_tui.learning.truths.ppca import PPCA
from lec10_tui.models.trained import open_trained
from lec10_tui.runs.folders import find
from lec10_tui.runs.snapshots import restore
from lec10_tui.vocabulary.experiments import Places

PIXELS = 9


def random_covariances(count: int, latent_dim: int) -> Tensor:
    """Covariances of every shape, (count, K, K): some nearly flat, some far too wide."""
    factors = draw(count, latent_dim, latent_dim, purpose="covariance") * draw(count, 1, 1, purpose="size").exp()
    return factors @ factors.mT + 1e-3 * torch.eye(latent_dim, dtype=torch.float64)


def refined(log_joint: LogJoint, latent_dim: int) -> Integral:
    quadrature = GlobalQuadrature(log_joint, latent_dim)
    while not quadrature.refine(1.0):
        pass
    return quadrature.integral


# --- 2: whatever q is, the gap is its KL to the posterior -------------------------------------------------------------


@pytest.mark.parametrize("latent_dim", [1, 2, 4])
def test_whatever_q_is_the_gap_is_its_kl(latent_dim: int) -> None:
    truth = ppca_model(PIXELS, latent_dim, 0.3)
    x, mu = draw(200, PIXELS, purpose="x"), draw(200, latent_dim, purpose="mu")
    covariances = random_covariances(200, latent_dim)
    gap = truth.log_likelihood(x) - linear_gaussian.elbo(truth, x, mu, covariances)
    divergence = linear_gaussian.posterior_kl(truth, x, mu, covariances)
    assert divergence.min() > 0.01 and divergence.max() > 10
    torch.testing.assert_close(gap, divergence, rtol=1e-12, atol=1e-9)


def test_at_the_posterior_there_is_no_gap() -> None:
    truth, x = ppca_model(PIXELS, 3, 0.3), draw(200, PIXELS, purpose="x")
    means, covariance = truth.posterior(x)
    found = linear_gaussian.elbo(truth, x, means, covariance.expand(200, 3, 3))
    # Both are sums of some hundred nats.
    torch.testing.assert_close(found, truth.log_likelihood(x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_both_quadratures_give_the_gap_of_a_linear_decoder(latent_dim: int) -> None:
    truth, x = ppca_model(PIXELS, latent_dim, 0.3), draw(6, PIXELS, purpose="x")
    model, mu, log_sigma = linear_vae(truth), draw(6, latent_dim, purpose="mu"), draw(6, latent_dim, purpose="sigma")
    exact = linear_gaussian.posterior_kl(truth, x, mu, torch.diag_embed((2 * log_sigma).exp()))
    bounds = elbo(model, x, mu, log_sigma, 0.3, 3)
    for image in range(6):
        log_joint = log_joint_of(model, x[image], 0.3)
        found = refined(log_joint, latent_dim)
        slices = posterior_kl(log_joint, mu[image], log_sigma[image].exp(), found, 96)
        (divergence, error), _ = finished(slices)
        assert found.log_value == pytest.approx(truth.log_likelihood(x)[image].item(), abs=1e-5)
        assert found.log_value - bounds[image].item() == pytest.approx(exact[image].item(), abs=1e-5)
        assert divergence == pytest.approx(exact[image].item(), abs=1e-6) and error <= 1e-3


# --- 3: the best q with independent dimensions ------------------------------------------------------------------------


def test_the_best_diagonal_q_has_the_diagonal_of_the_precision() -> None:
    truth, x = ppca_model(PIXELS, 3, 0.3), draw(5, PIXELS, purpose="x")
    mu, sigma = linear_gaussian.best_diagonal(truth, x)
    best = linear_gaussian.elbo(truth, x, mu, torch.diag_embed(sigma.square()))
    at = torch.stack([mu, sigma.log()]).requires_grad_()
    (slope,) = torch.autograd.grad(linear_gaussian.elbo(truth, x, at[0], torch.diag_embed((2 * at[1]).exp())).sum(), at)
    assert slope.abs().max() < 1e-9
    for trial in range(20):
        moved = at.detach() + 0.05 * draw(2, 5, 3, purpose=f"trial {trial}")
        assert (linear_gaussian.elbo(truth, x, moved[0], torch.diag_embed((2 * moved[1]).exp())) < best).all()
    gap = linear_gaussian.diagonal_gap(truth)
    assert gap > 0.05
    torch.testing.assert_close(truth.log_likelihood(x) - best, torch.full_like(best, gap), rtol=0, atol=1e-9)


def test_turned_so_that_its_columns_are_orthogonal_it_has_no_gap() -> None:
    truth, x = ppca_model(PIXELS, 3, 0.3), draw(5, PIXELS, purpose="x")
    _, _, rotation = torch.linalg.svd(truth.weight, full_matrices=False)
    turned = PPCA(truth.weight @ rotation.T, truth.mean, truth.variance)
    torch.testing.assert_close(turned.log_likelihood(x), truth.log_likelihood(x), rtol=0, atol=1e-9)
    assert abs(linear_gaussian.diagonal_gap(turned)) < 1e-9
    mu, sigma = linear_gaussian.best_diagonal(turned, x)
    best = linear_gaussian.elbo(turned, x, mu, torch.diag_embed(sigma.square()))
    torch.testing.assert_close(best, truth.log_likelihood(x), rtol=0, atol=1e-9)


# --- 4: the best linear decoder ---------------------------------------------------------------------------------------


def observed() -> Tensor:
    """300 points near a plane, with unequal noise, (300, 9)."""
    plane = draw(300, 2, purpose="codes") @ draw(2, PIXELS, purpose="plane")
    return plane + 0.3 * draw(300, PIXELS, purpose="noise") * torch.linspace(0.5, 1.5, PIXELS).double() + 1.0


def test_the_best_variance_is_the_mean_of_what_is_discarded() -> None:
    x = observed()
    best = ppca.fit(x, 2)
    discarded = torch.linalg.svdvals(x - x.mean(0)).square()[2:] / len(x)
    assert best.variance == pytest.approx(discarded.mean().item(), rel=1e-9)
    # Plugged in, the likelihood says so itself: its derivative in log η is zero, W being a function of η too.
    covariance = (x - x.mean(0)).T @ (x - x.mean(0)) / len(x)
    eigenvalues, vectors = torch.linalg.eigh(covariance)
    log_variance = torch.tensor(math.log(best.variance), dtype=torch.float64, requires_grad=True)
    variance = log_variance.exp()
    weight = vectors[:, -2:] * (eigenvalues[-2:] - variance).sqrt()
    model = weight @ weight.T + variance * torch.eye(PIXELS, dtype=torch.float64)
    likelihood = -0.5 * (torch.logdet(model) + torch.trace(torch.linalg.solve(model, covariance)))
    (slope,) = torch.autograd.grad(likelihood, log_variance)
    assert abs(slope.item()) < 1e-9
    mu, sigma = linear_gaussian.best_diagonal(best, x)
    error = best.expected_squared_error(x, mu, sigma).mean().item()
    assert error / PIXELS == pytest.approx(best.variance, rel=1e-9)


def test_a_linear_vae_learns_it_by_its_elbo() -> None:
    x = observed()
    best = ppca.fit(x, 2)
    encoder, offset = 0.1 * draw(2, PIXELS, purpose="encoder"), torch.zeros(2).double()
    log_sigma, log_variance = torch.zeros(2).double(), torch.zeros(1).double()
    parameters = [encoder, offset, log_sigma, draw(PIXELS, 2, purpose="decoder"), x.mean(0), log_variance]
    parameters = [parameter.requires_grad_() for parameter in parameters]
    optimizer = torch.optim.LBFGS(parameters, max_iter=300, history_size=20, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        matrix, shift, log_scale, weight, mean, log_eta = parameters
        mu, scale = x @ matrix.T + shift, log_scale.exp()
        error = (x - mean - mu @ weight.T).square().sum(-1) + (scale.square() * weight.square().sum(0)).sum()
        likelihood = -error / (2 * log_eta.exp()) - PIXELS / 2 * (math.log(2 * math.pi) + log_eta)
        value = -(likelihood - kl_per_dimension(mu, log_scale).sum(-1)).mean()
        optimizer.zero_grad()
        value.backward()
        return value

    optimizer.step(loss)
    assert -loss().item() == pytest.approx(best.log_likelihood(x).mean().item(), abs=1e-2)
    assert parameters[-1].exp().item() == pytest.approx(best.variance, rel=1e-2)


# --- 5 and 6: the variance of a given q, and a q that is a point ------------------------------------------------------


def test_given_q_the_elbo_is_stationary_at_the_mean_squared_error() -> None:
    model, x = curved_vae("gaussian"), draw(1, 12, purpose="x")
    mu, log_sigma = draw(1, 2, purpose="mu"), torch.tensor([[-1.0, -2.0]], dtype=torch.float64)
    error = gauss_hermite.expectation(
        lambda z: (x[0] - model.decode(z)).square().sum(-1), mu[0], log_sigma[0].exp(), 32
    )
    best, width = error / 12, 1e-3

    def at(log_factor: float) -> float:
        return float(elbo(model, x, mu, log_sigma, best * math.exp(log_factor), 32))

    slope = (8 * (at(width) - at(-width)) - (at(2 * width) - at(-2 * width))) / (12 * width)
    assert abs(slope) < 1e-9
    # D/2 of curvature: the constant (2πη)^(−D/2) moves with η, or there would be no best one.
    assert (at(width) - 2 * at(0.0) + at(-width)) / width**2 == pytest.approx(-6.0, rel=1e-4)


def test_a_point_mass_reconstructs_best_and_costs_everything() -> None:
    model, x, mu = curved_vae("bernoulli"), (draw(1, 12, purpose="x") > 0).double(), draw(1, 2, purpose="mu")
    bounds = []
    for decade in range(3, 11):
        log_sigma = torch.full((1, 2), -decade * math.log(10), dtype=torch.float64)
        bounds.append(float(elbo(model, x, mu, log_sigma, 1.0, 8)))
    for wider, narrower in pairwise(bounds):
        assert wider - narrower == pytest.approx(2 * math.log(10), abs=1e-3)  # −ln σ in each of two dimensions
    at_mu = float(log_joint_of(model, x[0], 1.0)(mu)) + float(mu.square().sum()) / 2 + math.log(2 * math.pi)
    assert float(reconstruction(model, x, mu, log_sigma, 1.0, 8)) == pytest.approx(at_mu, abs=1e-8)


# --- 10: a decoder that bends -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("latent_dim", [1, 2])
@pytest.mark.parametrize(("observation", "variance"), [("bernoulli", 1.0), ("gaussian", 0.05), ("gaussian", 1e-4)])
def test_two_quadratures_agree_on_the_gap(observation: str, variance: float, latent_dim: int) -> None:
    model = curved_vae(observation, latent_dim)
    for image in range(3):
        x = (draw(12, purpose=f"x {image}") > 0).double()
        log_joint = log_joint_of(model, x, variance)
        found = refined(log_joint, latent_dim)
        for stretch, shift in ((1.0, 0.0), (0.2, 1.0), (2.0, 0.5)):
            mu, sigma = found.mean + shift * found.scale, stretch * found.scale
            terms, _ = finished(refined_elbo(model, x[None], mu[None], sigma.log()[None], variance))
            (divergence, error), _ = finished(posterior_kl(log_joint, mu, sigma, found, 128))
            gap = found.log_value - (terms.reconstruction - terms.kl)
            assert abs(gap - divergence) <= min(1e-2, 1e-4 + found.error + terms.error + error)
            assert gap > 0


def test_sampling_agrees_with_both_quadratures() -> None:
    model, x = curved_vae("bernoulli"), (draw(12, purpose="x 1") > 0).double()
    found = refined(log_joint_of(model, x, 1.0), 2)
    mu, log_sigma = found.mean, found.scale.log() + 0.3
    weights = log_weights_under(model, x[None], mu, log_sigma, draw(40_000, 2, purpose="epsilon"), 1.0)
    sampled, standard_error = grouped_bound(weights, 1)
    terms, _ = finished(refined_elbo(model, x[None], mu[None], log_sigma[None], 1.0))
    assert abs(sampled - (terms.reconstruction - terms.kl)) <= 4 * standard_error < 0.1
    many, standard_error = grouped_bound(weights, 10_000)
    assert abs(many - found.log_value) <= 4 * standard_error + 0.01


# --- 11: importance samples -------------------------------------------------------------------------------------------


def test_the_bound_of_groups_climbs_from_the_elbo_to_the_log_likelihood() -> None:
    truth, x = ppca_model(PIXELS, 2, 0.3), draw(1, PIXELS, purpose="x")
    means, covariance = truth.posterior(x)
    mu, log_sigma = means[0] + 0.2, covariance.diagonal().sqrt().log() + 0.4
    epsilon = draw(2**16, 2, purpose="epsilon")
    weights = log_weights_under(linear_vae(truth), x, mu, log_sigma, epsilon, 0.3)
    assert weights.shape == (2**16,)
    log_likelihood = truth.log_likelihood(x).item()
    counts = (1, 2, 5, 10, 20, 50, 100, 500, 4096)
    found = {samples: grouped_bound(weights, samples) for samples in counts}
    for fewer, more in pairwise(counts):
        # Common random numbers: the rise within each group of `more`, of the same weights.
        groups = weights[: len(weights) // more * more].view(-1, more)
        parts = groups[:, : more // fewer * fewer].view(len(groups), -1, fewer).logsumexp(2) - math.log(fewer)
        rise = groups.logsumexp(1) - math.log(more) - parts.mean(1)
        assert rise.mean() >= -4 * rise.std() / len(rise) ** 0.5
        assert rise.mean() == pytest.approx(found[more][0] - found[fewer][0], abs=4 * found[more][1] + 0.01)
    for bound, standard_error in found.values():
        assert bound <= log_likelihood + 4 * standard_error
    exact = linear_gaussian.elbo(truth, x, mu[None], torch.diag((2 * log_sigma).exp())[None]).item()
    assert abs(found[1][0] - exact) <= 4 * found[1][1] < 0.1
    assert log_likelihood - found[1][0] > 0.3 and abs(log_likelihood - found[4096][0]) < 0.01


def test_the_encoders_weights_are_those_under_its_q() -> None:
    truth, x = ppca_model(PIXELS, 2, 0.3), draw(4, PIXELS, purpose="x")
    model, epsilon = linear_vae(truth, sigma=0.4), draw(7, 4, 2, purpose="epsilon")
    mu, log_sigma = model.encode(x)
    together = log_weights(model, x, epsilon, 0.3)
    assert torch.equal(together, log_weights_under(model, x, mu, log_sigma, epsilon, 0.3))
    for image in range(4):
        alone = log_weights_under(model, x[[image]], mu[image], log_sigma[image], epsilon[:, image], 0.3)
        torch.testing.assert_close(alone, together[:, image], rtol=0, atol=1e-10)


def test_groups_say_how_far_apart_they_are() -> None:
    weights = draw(1003, purpose="weights")
    bound, standard_error = grouped_bound(weights, 10)
    estimates = torch.stack([part.logsumexp(0) - math.log(10) for part in torch.split(weights[:1000], 10)])
    assert bound == pytest.approx(estimates.mean().item(), abs=1e-12)
    assert standard_error == pytest.approx(estimates.std().item() / 10, abs=1e-12)
    # One group alone goes by the spread of its weights: near to how far many such groups are apart.
    many = draw(400, 2000, purpose="groups")
    alone = [grouped_bound(group, 2000) for group in many]
    spread = torch.tensor([value for value, _ in alone]).std().item()
    assert alone[0][1] == pytest.approx(spread, rel=0.25)
    with pytest.raises(ValueError, match="9 weights are fewer than the 10 of one estimate"):
        grouped_bound(weights[:9], 10)


# --- the models that ship ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vae-k2-bernoulli", "vae-k2-gaussian"])
def test_on_a_hundred_held_out_images_the_gap_is_the_kl(
    name: str, places: Places, record_property: Callable[[str, object], None]
) -> None:
    trained = open_trained(name, replace(places, open_model=lambda run: restore(find(run, places)).snapshot))
    model, variance = trained.exact, trained.observation_variance
    worst = {"gap − KL": 0.0, "log p(x), two resolutions": 0.0, "log p(x), another quadrature": 0.0, "said": 0.0}

    def note(what: str, error: float) -> None:
        worst[what] = max(worst[what], abs(error))

    for place in range(100):
        x = trained.image(place)[1].double()
        mu, log_sigma = model.encode(x[None])
        log_joint = log_joint_of(model, x, variance)
        found = refined(log_joint, 2)
        terms, _ = finished(refined_elbo(model, x[None], mu, log_sigma, variance))
        (divergence, error), _ = finished(posterior_kl(log_joint, mu[0], log_sigma[0].exp(), found, 48))
        gap = found.log_value - (terms.reconstruction - terms.kl)
        assert abs(gap - divergence) <= 1e-2, place
        assert gap > 0 and found.error <= 1e-2, place
        note("gap − KL", gap - divergence)
        note("log p(x), two resolutions", found.error)
        note("said", found.error + terms.error + error)
        if place % 20 == 0:
            other, _ = finished(evidence.evidence(log_joint, 2, tolerance=1e-3, reach=12.0))
            assert abs(found.log_value - other.log_likelihood) <= 1e-2, place
            note("log p(x), another quadrature", found.log_value - other.log_likelihood)
    for what, value in worst.items():
        record_property(what, f"{value:.2e}")
        print(f"{name}: {what}: {value:.2e} nats at worst")
