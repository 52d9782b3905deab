"""Adam on μ and log σ: the same as the optimizer's, row by row; oracle 12: a linear decoder's best diagonal q."""

from __future__ import annotations

import pytest
import torch
from linear_decoder import draw, linear_vae, ppca_model

from lec10_tui.learning import optimizers
from lec10_tui.learning.ascent import Ascent
from lec10_tui.learning.hermite import elbo
from lec10_tui.learning.truths import linear_gaussian


def hill(mu: torch.Tensor, log_sigma: torch.Tensor) -> torch.Tensor:
    """A hill with its top at μ = (1, −2), log σ = (−1, 0.5)."""
    tops = torch.tensor([[1.0, -2.0], [-1.0, 0.5]], dtype=torch.float64)
    return -((mu - tops[0]).square() + 3 * (log_sigma - tops[1]).square() * log_sigma.exp()).sum(-1)


def test_it_is_adam() -> None:
    start = draw(4, 2, purpose="mu"), draw(4, 2, purpose="sigma")
    ascent = Ascent(hill, *start, 0.1)
    parameters = [value.clone().requires_grad_() for value in start]
    adam = optimizers.build("adam", parameters, 0.1)
    for _ in range(50):
        value = ascent.step()
        adam.zero_grad()
        loss = -hill(*parameters)
        torch.testing.assert_close(value, -loss.detach(), rtol=0, atol=1e-12)
        loss.sum().backward()
        adam.step()
    torch.testing.assert_close(ascent.mu, parameters[0].detach(), rtol=0, atol=1e-12)
    torch.testing.assert_close(ascent.log_sigma, parameters[1].detach(), rtol=0, atol=1e-12)


def test_many_rows_climb_as_each_alone() -> None:
    mu, log_sigma = draw(3, 2, purpose="mu"), draw(3, 2, purpose="sigma")
    together = Ascent(hill, mu, log_sigma, 0.05)
    alone = [Ascent(hill, mu[[row]], log_sigma[[row]], 0.05) for row in range(3)]
    for _ in range(30):
        torch.testing.assert_close(together.step(), torch.cat([ascent.step() for ascent in alone]), rtol=0, atol=1e-13)
    torch.testing.assert_close(together.mu, torch.cat([ascent.mu for ascent in alone]), rtol=0, atol=1e-13)


def test_it_reaches_the_top() -> None:
    ascent = Ascent(hill, torch.zeros(1, 2), torch.zeros(1, 2), 0.1)
    values = [float(ascent.step()) for _ in range(600)]
    assert values[0] == pytest.approx(float(hill(torch.zeros(1, 2), torch.zeros(1, 2))), abs=1e-12)
    assert values[-1] > -1e-6
    torch.testing.assert_close(ascent.mu, torch.tensor([[1.0, -2.0]], dtype=torch.float64), rtol=0, atol=1e-3)


def test_what_was_given_is_left_alone() -> None:
    mu, log_sigma = torch.zeros(1, 2, dtype=torch.float64), torch.zeros(1, 2, dtype=torch.float64)
    ascent = Ascent(hill, mu, log_sigma, 0.1)
    before = ascent.mu
    ascent.step()
    assert not mu.any() and not before.any() and ascent.mu.abs().min() > 0.05
    ascent.mu.zero_()
    assert ascent.mu.abs().min() > 0.05 and not ascent.mu.requires_grad


def test_saved_and_loaded_it_goes_on_to_the_bit() -> None:
    ascent = Ascent(hill, draw(2, 2, purpose="mu"), draw(2, 2, purpose="sigma"), 0.1)
    for _ in range(7):
        ascent.step()
    arrays = ascent.arrays()
    other = Ascent(hill, torch.zeros(2, 2), torch.zeros(2, 2), 0.1)
    other.load(arrays)
    for _ in range(7):
        assert torch.equal(ascent.step(), other.step())
    assert torch.equal(ascent.mu, other.mu) and torch.equal(ascent.log_sigma, other.log_sigma)
    assert arrays["steps"] == 7  # copies: the steps after saving have not reached them


def test_put_forgets_the_momentum() -> None:
    ascent = Ascent(hill, torch.full((1, 2), 9.0), torch.zeros(1, 2), 0.1)
    for _ in range(20):
        ascent.step()
    ascent.put(torch.zeros(1, 2), torch.zeros(1, 2))
    fresh = Ascent(hill, torch.zeros(1, 2), torch.zeros(1, 2), 0.1)
    ascent.step(), fresh.step()
    assert torch.equal(ascent.mu, fresh.mu) and ascent.steps == 1


def test_q_of_two_shapes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"μ \(1, 2\) and log σ \(2,\) should both be \(B, K\)"):
        Ascent(hill, torch.zeros(1, 2), torch.zeros(2), 0.1)


def test_on_a_linear_decoder_it_finds_the_best_diagonal_q() -> None:
    truth = ppca_model(6, 2, 0.4)
    model, x = linear_vae(truth), draw(5, 6, purpose="x")
    ascent = Ascent(
        lambda mu, log_sigma: elbo(model, x, mu, log_sigma, 0.4, 4), torch.zeros(5, 2), torch.zeros(5, 2), 0.1
    )
    for rate in (0.1, 0.01, 1e-3, 1e-4):
        ascent.learning_rate = rate
        for _ in range(200):
            reached = ascent.step()
    mu, sigma = linear_gaussian.best_diagonal(truth, x)
    best = linear_gaussian.elbo(truth, x, mu, torch.diag_embed(sigma.square()))
    torch.testing.assert_close(reached, best, rtol=0, atol=1e-6)
    torch.testing.assert_close(ascent.mu, mu, rtol=0, atol=1e-4)
    torch.testing.assert_close(ascent.log_sigma.exp(), sigma, rtol=0, atol=1e-4)
    assert (truth.log_likelihood(x) > reached).all()
