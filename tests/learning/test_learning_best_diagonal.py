"""Per-example ascent under a linear decoder: it comes to the best diagonal q, and leaves the gap of the closed form."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from linear_decoder import draw, linear_vae, ppca_model
from torch import Tensor

from lec10_tui.learning.ascent import Ascent
from lec10_tui.learning.hermite import elbo
from lec10_tui.learning.truths import linear_gaussian
from lec10_tui.learning.truths.ppca import PPCA

STEPS, SWINGING = 1200, 500


def straight(truth: PPCA) -> PPCA:
    """The same model, turned in the latent space until WᵀW is diagonal: its posteriors do not lean."""
    left, sizes, _ = torch.linalg.svd(truth.weight, full_matrices=False)
    return replace(truth, weight=left * sizes)


def ascended(truth: PPCA, x: Tensor) -> tuple[Ascent, Tensor]:
    """An ascent from the prior, and the ELBO it reaches: by Adam, whose rate falls, for a constant one swings on."""
    model = linear_vae(truth)
    start = torch.zeros(len(x), truth.weight.shape[1], dtype=torch.float64)
    ascent = Ascent(lambda mu, log_sigma: elbo(model, x, mu, log_sigma, truth.variance, 3), start, start, 0.05)
    for step in range(STEPS):
        ascent.learning_rate = 0.05 * 10 ** (-6 * max(0, step - SWINGING) / (STEPS - SWINGING))
        reached = ascent.step()
    return ascent, reached


@pytest.mark.parametrize("truth", [ppca_model(6, 1, 0.3), ppca_model(6, 2, 0.3), straight(ppca_model(6, 2, 0.3))])
def test_the_ascent_comes_to_the_best_diagonal_q_and_leaves_its_gap(truth: PPCA) -> None:
    x = 2 * draw(5, 6, purpose="x")
    ascent, reached = ascended(truth, x)
    mu, sigma = linear_gaussian.best_diagonal(truth, x)
    torch.testing.assert_close(ascent.mu, mu, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(ascent.log_sigma.exp(), sigma, rtol=1e-6, atol=0)
    gap = torch.full((5,), linear_gaussian.diagonal_gap(truth), dtype=torch.float64)
    torch.testing.assert_close(truth.log_likelihood(x) - reached, gap, rtol=0, atol=1e-9)


def test_only_a_posterior_that_leans_leaves_a_gap() -> None:
    leaning = ppca_model(6, 2, 0.3)
    assert linear_gaussian.diagonal_gap(leaning) > 0.01
    assert abs(linear_gaussian.diagonal_gap(straight(leaning))) < 1e-12
    mu, sigma = linear_gaussian.best_diagonal(leaning, x := draw(3, 6, purpose="x"))
    divergence = linear_gaussian.posterior_kl(leaning, x, mu, torch.diag_embed(sigma.square()))
    assert divergence.tolist() == pytest.approx([linear_gaussian.diagonal_gap(leaning)] * 3, abs=1e-12)
    worse = linear_gaussian.posterior_kl(leaning, x, mu, torch.diag_embed((1.1 * sigma).square()))
    assert (worse > divergence).all()
