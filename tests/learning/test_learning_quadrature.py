"""log p(x) on split panels against closed forms and the truths' own quadrature, with narrow and torn posteriors."""

from __future__ import annotations

import math
import sys

import pytest
import torch
from linear_decoder import curved_vae, draw, linear_vae, ppca_model
from torch.distributions import MultivariateNormal

from lec10_tui.learning.posterior import log_joint_of
from lec10_tui.learning.quadrature import CHUNK, GlobalQuadrature, Integral, LogJoint
from lec10_tui.learning.truths import evidence


def normal(mean: list[float], covariance: torch.Tensor) -> MultivariateNormal:
    return MultivariateNormal(torch.tensor(mean, dtype=torch.float64), covariance)


def refined(log_joint: LogJoint, latent_dim: int, seconds: float = 1.0) -> Integral:
    quadrature = GlobalQuadrature(log_joint, latent_dim)
    while not quadrature.refine(seconds):
        pass
    return quadrature.integral


@pytest.mark.parametrize("latent_dim", [1, 2])
@pytest.mark.parametrize("variance", [0.5, 1e-2, 1e-4, 1e-6])
def test_a_linear_decoder_has_its_closed_form(latent_dim: int, variance: float) -> None:
    truth = ppca_model(6, latent_dim, variance)
    x = truth.mean + truth.weight @ torch.full((latent_dim,), 1.3, dtype=torch.float64)
    x += variance**0.5 * draw(6, purpose="noise")
    means, covariance = truth.posterior(x[None])
    found = refined(log_joint_of(linear_vae(truth), x, variance), latent_dim)
    assert found.log_value == pytest.approx(truth.log_likelihood(x[None]).item(), abs=1e-5)
    assert found.error <= 1e-3
    torch.testing.assert_close(found.mean, means[0], rtol=0, atol=1e-5 * covariance.diagonal().min().sqrt().item())
    torch.testing.assert_close(found.scale, covariance.diagonal().sqrt(), rtol=1e-4, atol=0)
    assert (found.low < means[0] - 4 * found.scale).all() and (found.high > means[0] + 4 * found.scale).all()


@pytest.mark.parametrize("sigma", [1.0, 0.1, 1e-2, 1e-3, 1e-4])
@pytest.mark.parametrize("correlation", [0.0, 0.95])
def test_a_narrow_posterior_is_found_wherever_it_is(sigma: float, correlation: float) -> None:
    shape = torch.tensor([[1.0, correlation], [correlation, 1.0]], dtype=torch.float64)
    for place in ([0.0, 0.0], [2.7183, -3.1416], [-0.577, 5.3]):
        target = normal(place, shape * sigma**2)
        found = refined(lambda z, target=target: target.log_prob(z) - 300.0, 2)
        assert found.log_value == pytest.approx(-300.0, abs=1e-5)
        assert abs(found.log_value + 300.0) <= max(found.error, 1e-9) <= 1e-3
        torch.testing.assert_close(found.scale, torch.full((2,), sigma, dtype=torch.float64), rtol=1e-4, atol=0)


@pytest.mark.parametrize("sigma", [0.5, 0.05, 2e-3])
def test_a_posterior_in_pieces_is_found_whole(sigma: float) -> None:
    covariance = torch.eye(2, dtype=torch.float64) * sigma**2
    pieces = [normal(place, covariance) for place in ([-2.1, 0.3], [1.9, 2.2], [0.4, -2.6])]
    logs = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64).log()

    def log_joint(z: torch.Tensor) -> torch.Tensor:
        return torch.stack([piece.log_prob(z) for piece in pieces], -1).add(logs).logsumexp(-1)

    quadrature = GlobalQuadrature(log_joint, 2)
    while not quadrature.refine(1.0):
        pass
    found = quadrature.integral
    assert found.log_value == pytest.approx(0.0, abs=1e-5)
    mean = torch.tensor([0.5 * -2.1 + 0.3 * 1.9 + 0.2 * 0.4, 0.5 * 0.3 + 0.3 * 2.2 - 0.2 * 2.6], dtype=torch.float64)
    torch.testing.assert_close(found.mean, mean, rtol=0, atol=1e-5)
    codes, shares = quadrature.masses()
    assert shares.sum().item() == pytest.approx(1.0, abs=1e-12)
    torch.testing.assert_close(shares @ codes, mean, rtol=0, atol=1e-5)
    squares = logs.exp() @ torch.stack([piece.mean.square() + sigma**2 for piece in pieces])
    torch.testing.assert_close(shares @ codes.square(), squares, rtol=0, atol=1e-5)
    waves = logs.exp() @ torch.stack([piece.mean.sin() * math.exp(-(sigma**2) / 2) for piece in pieces])
    torch.testing.assert_close(shares @ codes.sin(), waves, rtol=0, atol=1e-3)


@pytest.mark.parametrize("latent_dim", [1, 2])
@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
def test_it_agrees_with_another_quadrature(observation: str, latent_dim: int) -> None:
    model = curved_vae(observation, latent_dim)
    for image in range(6):
        x = (draw(12, purpose=f"x {image}") > 0).double()
        log_joint = log_joint_of(model, x, 0.02)
        truth = evidence.log_evidence(log_joint, latent_dim, tolerance=1e-6)
        found = refined(log_joint, latent_dim)
        assert found.log_value == pytest.approx(truth.log_likelihood, abs=1e-5)
        assert found.error <= 1e-3


def test_the_coarse_answer_comes_from_few_nodes_and_is_near() -> None:
    for image in range(6):
        asked: list[int] = []
        log_joint = log_joint_of(curved_vae("bernoulli"), (draw(12, purpose=f"x {image}") > 0).double(), 1.0)

        def counted(z: torch.Tensor, asked: list[int] = asked, log_joint: LogJoint = log_joint) -> torch.Tensor:
            asked.append(len(z))
            return log_joint(z)

        quadrature = GlobalQuadrature(counted, 2)
        coarse = quadrature.coarse()
        assert sum(asked) == coarse.nodes <= 1500
        assert quadrature.integral is coarse and quadrature.coarse() is coarse and sum(asked) == coarse.nodes
        fine = refined(log_joint, 2)
        assert abs(coarse.log_value - fine.log_value) <= 0.05
        torch.testing.assert_close(coarse.mean, fine.mean, rtol=0, atol=0.05)


def test_mass_beyond_the_reach_is_followed() -> None:
    for place in ([11.0, 0.0], [-7.9, 13.0], [30.0, -30.0]):
        target = normal(place, torch.eye(2, dtype=torch.float64) * 0.3)
        assert refined(target.log_prob, 2).log_value == pytest.approx(0.0, abs=1e-5)


def test_slices_are_short_and_lead_to_the_same_end() -> None:
    log_joint = log_joint_of(curved_vae("gaussian"), draw(12, purpose="x"), 0.01)
    asked: list[int] = []

    def counted(z: torch.Tensor) -> torch.Tensor:
        asked.append(len(z))
        return log_joint(z)

    quadrature = GlobalQuadrature(counted, 2)
    coarse = quadrature.coarse()
    errors, done = [coarse.error], False
    while not done:
        before = sum(asked)
        done = quadrature.refine(0.0)
        assert sum(asked) - before <= CHUNK
        errors.append(quadrature.integral.error)
    assert len(errors) > 3 and quadrature.done and quadrature.refine(0.0)
    assert max(errors) <= errors[0] and errors[-1] <= 1e-3
    at_once = refined(log_joint, 2, seconds=60.0)
    assert quadrature.integral.log_value == at_once.log_value and quadrature.integral.nodes == at_once.nodes


def test_a_rough_integrand_gives_up_and_says_how_wrong_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    # A tenth of the nodes: giving up is the same, only sooner.
    monkeypatch.setitem(sys.modules["lec10_tui.learning.quadrature"].MOST, 2, 50_000)
    target = normal([0.0, 0.0], torch.eye(2, dtype=torch.float64))

    def stepped(z: torch.Tensor) -> torch.Tensor:
        return target.log_prob(z) + 3.0 * torch.sin(200 * z.sum(-1)).sign()

    found = refined(stepped, 2)
    # The steps are +3 and −3 on half of the plane each.
    exact = math.log(math.cosh(3.0))
    assert found.error > 1e-3
    assert abs(found.log_value - exact) <= found.error


def test_what_it_cannot_do_is_refused_in_a_line() -> None:
    with pytest.raises(ValueError, match="K = 3 is not 1 or 2, importance sampling is for more"):
        GlobalQuadrature(lambda z: z[:, 0], 3)
    with pytest.raises(ValueError, match=r"log p\(x, z\) is nan at z = \[-?\d"):
        GlobalQuadrature(lambda z: z[:, 0] * math.nan, 2).coarse()
