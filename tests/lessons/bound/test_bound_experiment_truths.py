"""Every reading of the bound lesson against a truth found another way, and `v`, which does the same on the screen."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from bound_models import closed_form, settle, small_model, study, walk

from lec10_tui.learning.truths import lognormal
from lec10_tui.learning.truths.linear_gaussian import best_diagonal, elbo, posterior_kl
from lec10_tui.lessons.bound.experiment import open_experiment
from lec10_tui.lessons.bound.experiment.studying import BoundExperiment
from lec10_tui.lessons.bound.frame import Move, MovePoint, Pictures, Snap, Stretch
from lec10_tui.runs.folders import find
from lec10_tui.runs.snapshots import restore
from lec10_tui.vocabulary.commands import Command, SetKnob, Verify
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.frames import Verdict, Verdicts, Wanted


def verdicts(run: BoundExperiment) -> dict[str, Verdict]:
    run.apply(Verify())
    settle(run)
    part = run.part(Wanted("verdicts"))
    assert isinstance(part, Verdicts) and part.waiting == 0 and part.step == run.step
    return {verdict.name: verdict for verdict in part.verdicts}


@pytest.mark.parametrize("latent_dim", [1, 2])
@pytest.mark.parametrize(
    "commands",
    [
        (),
        (Snap("prior"),),
        (Move(0, 0.5), Stretch(0, 0.3)),
        (Stretch(0, 1e-6),),
        (SetKnob("observation_variance", 1e-4),),
        (SetKnob("image", 6), SetKnob("observation_variance", 1.0), Stretch(0, 4.0)),
    ],
)
def test_with_a_linear_decoder_everything_is_the_closed_form(latent_dim: int, commands: tuple[Command, ...]) -> None:
    run = study(small_model("gaussian", latent_dim, hidden=()))
    for command in commands:
        run.apply(command)
    truth, x = closed_form(run), run.exact.x[None]
    mu, covariance = run.bound.mu[None], torch.diag(run.bound.sigma**2)[None]
    expected = {
        "log_likelihood": float(truth.log_likelihood(x)),
        "elbo": float(elbo(truth, x, mu, covariance)),
        "gap": float(posterior_kl(truth, x, mu, covariance)),
        "posterior_kl": float(posterior_kl(truth, x, mu, covariance)),
    }
    settle(run)
    readings = run.readings()
    for name, value in expected.items():
        # under the narrowest posterior numbers are of the order of 1e5
        assert readings[name] == pytest.approx(value, abs=1e-5, rel=1e-8), name
    assert readings["quadrature_error"] < 1e-3


def test_the_coarse_answer_is_near_the_refined_one_where_the_posterior_is_plain() -> None:
    run = study(small_model("gaussian", hidden=()))
    for command in (SetKnob("image", 3), Stretch(1, 0.5), Move(0, 0.1)):
        run.apply(command)
        coarse = run.readings()
        settle(run)
        refined = run.readings()
        for name in ("elbo", "reconstruction", "kl", "posterior_kl", "gap"):
            assert coarse[name] == pytest.approx(refined[name], abs=1e-2), name


def test_the_ascent_ends_at_the_best_diagonal_q() -> None:
    run = study(small_model("gaussian", hidden=()), learning_rate=0.01)
    run.apply(Move(0, 0.1))
    walk(run, 200)
    mu, sigma = best_diagonal(closed_form(run), run.exact.x[None])
    assert torch.allclose(run.bound.mu, mu[0], atol=1e-3) and torch.allclose(run.bound.sigma, sigma[0], rtol=1e-3)


@pytest.mark.parametrize("samples", [1, 10, 300])
def test_the_importance_bound_lies_between_the_elbo_and_log_p_and_rises_with_s(samples: int) -> None:
    run = study(small_model("gaussian", hidden=()), samples=samples)
    run.apply(Stretch(0, 0.7))
    settle(run)
    readings = run.readings()
    bound, error = run.bound.importance(samples)
    assert bound == readings["importance_bound"] and error < 0.1
    assert readings["elbo"] - 4 * error <= bound <= readings["log_likelihood"] + 4 * error
    if samples == 1:
        assert bound == pytest.approx(readings["elbo"], abs=4 * error)
    else:
        assert bound >= run.bound.importance(samples // 5)[0]


def test_jensens_sides_are_those_of_the_values_and_come_to_those_of_the_lognormal() -> None:
    run = study(small_model(), spread=0.8, points=100_000)
    left, right = lognormal.sides(0.8)
    readings = run.readings()
    assert readings["jensen_left"] == pytest.approx(left, abs=4 * 0.8 / math.sqrt(1e5))
    assert readings["jensen_right"] == pytest.approx(right, abs=4 * math.sqrt((math.exp(0.64) - 1) / 1e5))
    run.apply(SetKnob("spread", 0.0))
    assert run.readings()["jensen_left"] == run.readings()["jensen_right"] == 0.0


def test_the_toy_worlds_line_has_the_density_of_a_gaussian() -> None:
    run = study(small_model(), curve="line", toy_variance=0.03)
    run.apply(MovePoint(0.4, -0.7))
    ends = run.toy.curve.points(torch.tensor([0.0, 1.0]))
    direction = ends[1] - ends[0]
    covariance = torch.outer(direction, direction) + 0.03 * torch.eye(2, dtype=torch.float64)
    truth = torch.distributions.MultivariateNormal(ends[0], covariance).log_prob(run.toy.point)
    assert run.readings()["toy_log_density"] == pytest.approx(float(truth), abs=1e-8)


@pytest.mark.parametrize(
    "observation, latent_dim, given",
    [
        ("bernoulli", 2, {}),
        ("bernoulli", 1, {"samples": 1, "curve": "spiral", "toy_variance": 1e-5}),
        ("gaussian", 2, {"samples": 200, "spread": 3.0, "points": 1000, "observation_variance": 0.01}),
        ("gaussian", 1, {"start": "prior", "image": 5}),
    ],
)
def test_v_finds_that_every_reading_holds(observation: str, latent_dim: int, given: dict[str, object]) -> None:
    run = study(small_model(observation, latent_dim), **given)
    run.apply(MovePoint(0.3, 0.1))
    walk(run, 2)
    found = verdicts(run)
    assert found.keys() == run.readings().keys()
    silent = {name for name, verdict in found.items() if verdict.holds is None}
    assert silent == {"step", "quadrature_error"} and all(found[name].note for name in found)
    assert all(found[name].holds for name in found.keys() - silent), found
    assert {name: verdict.reading for name, verdict in found.items()} == dict(run.readings())


def test_v_is_about_where_things_stood_when_it_was_asked_and_finds_what_is_wrong() -> None:
    run = study(small_model())
    readings = run.readings()
    terms = run.bound.terms
    run.bound.refined = replace(terms, reconstruction=terms.reconstruction + 0.5, posterior_kl=terms.posterior_kl + 0.2)
    run.apply(Verify())
    run.work()
    run.apply(Move(0, 0.7))
    settle(run)
    part = run.part(Wanted("verdicts"))
    assert isinstance(part, Verdicts)
    wrong = {verdict.name for verdict in part.verdicts if verdict.holds is False}
    assert wrong == {"reconstruction", "elbo", "gap", "posterior_kl"}
    (kl,) = (verdict for verdict in part.verdicts if verdict.name == "kl")
    assert kl.reading == readings["kl"] != run.readings()["kl"]


def test_v_says_where_there_is_no_truth_to_be_had() -> None:
    run = study(small_model("gaussian"))
    for dimension in (0, 1):
        run.apply(Stretch(dimension, 1e-5))
    found = verdicts(run)
    assert all(verdict.holds is not False for verdict in found.values()), found


@pytest.mark.parametrize("name", ["vae-k2-bernoulli", "vae-k2-gaussian"])
def test_on_what_ships_the_gap_is_the_kl_by_two_quadratures(places: Places, name: str) -> None:
    here = replace(places, open_model=lambda wanted: restore(find(wanted, places)).snapshot)
    run = open_experiment({"model": name}, here)
    for image in (9,):
        run.apply(SetKnob("image", image))
        coarse = run.readings()
        settle(run)
        readings = run.readings()
        assert abs(readings["gap"] - readings["posterior_kl"]) <= 1e-2
        assert readings["quadrature_error"] <= 1e-2 and readings["elbo"] <= readings["log_likelihood"]
        assert np.isfinite(list(coarse.values())).all()
        assert coarse["elbo"] == pytest.approx(readings["elbo"], abs=1e-2)


def test_a_posterior_in_pieces_is_not_taken_for_one_of_them(places: Places) -> None:
    here = replace(places, open_model=lambda wanted: restore(find(wanted, places)).snapshot)
    run = open_experiment({"model": "vae-k2-bernoulli", "image": 13}, here)
    walk(run, 3)
    for row in run.record.rows:
        assert row["posterior_kl"] == pytest.approx(row["gap"], abs=1e-2), row["step"]
        assert 0 < row["quadrature_error"] <= 1e-2
    integral = run.exact.integral
    unit = torch.linspace(0, 1, 64, dtype=torch.float64)
    codes = integral.low + (integral.high - integral.low) * torch.cartesian_prod(unit, unit)
    shares = run.exact.log_joint(codes).softmax(0)
    truth = shares @ run.decoder.network.decode(codes).sigmoid()
    assert not torch.allclose(run.exact._around[1], truth, atol=0.1)  # one piece is all that a small lattice sees
    part = run.part(Wanted("pictures"))
    assert isinstance(part, Pictures)
    assert np.abs(part.under_posterior.ravel() / 255 - truth.numpy()).max() <= 0.01
