"""The bound experiment: commands that move what they should and nothing else, steps, saving, numbers that go bad."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from bound_models import settle, small_model, study, walk

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.bound.experiment import open_experiment, resume_experiment
from lec10_tui.lessons.bound.experiment.studying import BoundExperiment
from lec10_tui.lessons.bound.frame import Move, MovePoint, PutPoint, Snap, Stretch
from lec10_tui.models.trained import TrainedModel
from lec10_tui.opening import opener
from lec10_tui.runs.folders import find
from lec10_tui.runs.keeper import DiskKeeper
from lec10_tui.runs.snapshots import restore
from lec10_tui.vocabulary.commands import Command, Open, Save, SetKnob
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import BadValue, Length
from lec10_tui.vocabulary.reports import RunFailed, Snapshot
from lec10_tui.worker.drive import drive

READINGS = (
    "step", "log_likelihood", "elbo", "reconstruction", "kl", "gap", "posterior_kl", "quadrature_error",
    "jensen_left", "jensen_right", "importance_bound", "toy_log_density",
)  # fmt: skip


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return small_model()


@pytest.fixture(scope="module")
def grey() -> TrainedModel:
    return small_model("gaussian")


def resumed(snapshot: Snapshot, model: TrainedModel) -> BoundExperiment:
    return BoundExperiment(study(model).knobs, model, snapshot=snapshot)


def changed(before: Mapping[str, float], after: Mapping[str, float]) -> set[str]:
    return {name for name in after if after[name] != before[name]}


def same_state(one: BoundExperiment, other: BoundExperiment) -> bool:
    first, second = one.snapshot(), other.snapshot()
    assert first.arrays.keys() == second.arrays.keys()
    equal = all(np.array_equal(first.arrays[name], second.arrays[name]) for name in first.arrays)
    return equal and first.metrics == second.metrics


# --- readings and steps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("latent_dim", [1, 2])
@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
def test_the_readings_are_there_at_once_and_add_up(observation: str, latent_dim: int) -> None:
    run = study(small_model(observation, latent_dim))
    readings = run.readings()
    assert tuple(readings) == READINGS and readings["step"] == 0 and readings == run.record.last
    assert readings["elbo"] == readings["reconstruction"] - readings["kl"]
    assert readings["gap"] == readings["log_likelihood"] - readings["elbo"]
    assert readings["elbo"] <= readings["log_likelihood"] and readings["jensen_left"] <= readings["jensen_right"]
    assert readings["gap"] == pytest.approx(readings["posterior_kl"], abs=2e-3)
    assert readings["quadrature_error"] < 2e-3
    assert run.exact.refined and not run.waiting


@pytest.mark.parametrize("start", ["encoder", "prior"])
def test_the_ascent_climbs_towards_log_p_and_never_past_it(model: TrainedModel, start: str) -> None:
    run = study(model, start=start, learning_rate=0.1)
    first = run.readings()
    walk(run, 100)
    run.finish()
    last = run.readings()
    assert first["elbo"] < last["elbo"] <= last["log_likelihood"] + last["quadrature_error"]
    assert last["gap"] < 0.2 and last["gap"] == pytest.approx(last["posterior_kl"], abs=2e-3)
    assert last["log_likelihood"] == first["log_likelihood"]
    assert last["step"] == 100 == run.record.last["step"] and run.record.last == last
    elbos = [row["elbo"] for row in run.record.rows]
    assert [row["step"] for row in run.record.rows][:7] == [0, 1, 2, 3, 4, 5, 10] and elbos[-1] == max(elbos)


def test_the_same_seed_gives_the_same_run_whatever_is_looked_at_or_refined_meanwhile(model: TrainedModel) -> None:
    alone, watched = study(model), study(model)
    walk(alone, 23)
    while watched.step < 23:
        watched.advance()
        watched.readings()
        if watched.step % 3 == 0:
            settle(watched)
    assert same_state(alone, watched)
    other = study(model, seed=1)
    assert changed(other.readings(), study(model).readings()) == {"importance_bound", "jensen_left", "jensen_right"}


def test_resuming_is_exact(grey: TrainedModel) -> None:
    whole = study(grey, samples=700, start="prior")
    parts = study(grey, samples=700, start="prior")
    for run in (whole, parts):
        run.apply(Move(0, 0.3))
        run.apply(MovePoint(0.2, 0.1))
        walk(run, 3)
    walk(parts, 17)
    parts = resumed(parts.snapshot(), grey)
    assert parts.step == 20 and parts.by_hand == 1 and parts.knobs.samples == 700
    for run, steps in ((whole, 37), (parts, 20)):
        walk(run, steps)
    assert same_state(whole, parts)
    for run in (whole, parts):
        run.finish()
    assert whole.readings() == parts.readings() and same_state(whole, parts)


def test_a_run_that_is_saved_in_the_middle_of_a_step_goes_on_in_the_middle_of_it(model: TrainedModel) -> None:
    whole, parts = study(model, samples=2000), study(model, samples=2000)
    units = [parts.advance() for _ in range(2)]
    assert units == [0, 0] and parts.step == 0
    parts = resumed(parts.snapshot(), model)
    for run in (whole, parts):
        walk(run, 2)
    assert same_state(whole, parts)


def test_a_length_of_0_is_reached_at_once(model: TrainedModel) -> None:
    run = study(model, length="0 steps")
    assert run.progress(0.0) == 1.0
    before = run.readings()
    run.finish()
    assert run.readings() == before and len(run.record.rows) == 1


# --- commands ---------------------------------------------------------------------------------------------------------

OF_Q = {"elbo", "reconstruction", "kl", "gap", "posterior_kl", "quadrature_error", "importance_bound"}


@pytest.mark.parametrize(
    "command, moved",
    [
        (Move(0, 0.1), OF_Q),
        (Stretch(1, 0.8), OF_Q),
        (Snap("prior"), OF_Q),
        (SetKnob("image", 5), OF_Q | {"log_likelihood"}),
        (SetKnob("observation_variance", 0.1), (OF_Q | {"log_likelihood"}) - {"kl"}),
        (SetKnob("samples", 50), {"importance_bound"}),
        (SetKnob("spread", 0.5), {"jensen_left", "jensen_right"}),
        (SetKnob("points", 1000), {"jensen_left", "jensen_right"}),
        (SetKnob("toy_variance", 0.01), {"toy_log_density"}),
        (SetKnob("curve", "arc"), {"toy_log_density"}),
        (MovePoint(0.1, 0.0), {"toy_log_density"}),
        (PutPoint(), {"toy_log_density"}),
        (SetKnob("learning_rate", 0.5), set()),
        (SetKnob("length", Length(7, "steps")), set()),
    ],
)
def test_a_command_moves_what_it_should_and_nothing_else(grey: TrainedModel, command: Command, moved: set[str]) -> None:
    run = study(grey)
    before = run.readings()
    run.apply(command)
    settle(run)
    assert changed(before, run.readings()) == moved
    assert run.step == 0 and run.by_hand == isinstance(command, (Move, Stretch, Snap))


def test_q_goes_exactly_where_it_is_put_and_back(model: TrainedModel) -> None:
    run = study(model)
    mu, sigma = run.bound.mu, run.bound.sigma
    run.apply(Move(1, -0.25))
    run.apply(Stretch(0, 3.0))
    assert torch.equal(run.bound.mu - mu, torch.tensor([0.0, -0.25]).double())
    assert torch.allclose(run.bound.sigma / sigma, torch.tensor([3.0, 1.0]).double(), atol=1e-14)
    run.apply(Snap("prior"))
    assert torch.equal(run.bound.mu, torch.zeros(2).double()) and run.readings()["kl"] == 0.0
    run.apply(Snap("encoder"))
    assert torch.equal(run.bound.mu, mu) and torch.equal(run.bound.sigma, sigma)
    assert run.by_hand == 4 and len(run.trail) == 4


def test_a_point_mass_costs_ever_more_and_the_readings_say_by_how_much(model: TrainedModel) -> None:
    run = study(model)
    costs = []
    for _ in range(3):
        for dimension in (0, 1):
            run.apply(Stretch(dimension, 1e-2))
        costs.append(run.readings()["kl"])
        settle(run)
        assert run.readings()["gap"] == pytest.approx(run.readings()["posterior_kl"], abs=2e-3)
    assert np.diff(costs) == pytest.approx([2 * math.log(100)] * 2, abs=1e-3)


def test_the_answer_is_coarse_at_once_and_refined_in_slices_and_a_newer_command_drops_the_rest(
    grey: TrainedModel,
) -> None:
    run = study(grey)
    run.apply(SetKnob("image", 4))
    assert not run.exact.refined and run.bound.refined is None and run.waiting
    coarse = run.readings()
    for _ in range(3):
        assert run.work()
    run.apply(Move(0, 0.2))
    assert run.bound.refined is None and len(run.waiting) == 1
    assert settle(run) > 5 and run.bound.refined is not None and run.exact.refined
    again = study(grey, image=4)
    again.apply(Move(0, 0.2))
    settle(again)
    refined = again.readings()
    assert run.readings() == refined and refined["quadrature_error"] < 2e-3
    assert coarse["log_likelihood"] == pytest.approx(
        refined["log_likelihood"], abs=2 * coarse["quadrature_error"] + 0.01
    )


def test_while_q_climbs_nothing_is_refined_and_where_it_rests_everything_is(model: TrainedModel) -> None:
    run = study(model)
    for _ in range(10):
        walk(run, 1)
        run.work()
        assert run.bound.refined is None
    settle(run)
    assert run.bound.refined is not None


def test_where_a_hand_puts_q_is_where_the_curves_go_on_from(model: TrainedModel) -> None:
    run = study(model)
    walk(run, 5)
    before = run.record.last["elbo"]
    for by in (-30.0, 30.5, 0.25):
        run.apply(Move(0, by))
    there = run.readings()["elbo"]
    walk(run, 1)
    assert run.record.rows[-1]["step"] == 5 and run.record.rows[-1]["elbo"] == there != before
    (elbo,) = (series for series in run.record.series if series.name == "elbo")
    assert (elbo.last[5], elbo.minimum[5]) == (there, min(before, there)), "where the hand only passed is no part of it"


def test_turned_knobs_are_logged_and_a_run_with_the_same_turns_is_the_same(grey: TrainedModel) -> None:
    turned = study(grey)
    walk(turned, 7)
    for name, value in (("image", 3), ("observation_variance", 0.2), ("samples", 20)):
        turned.apply(SetKnob(name, value))
    settle(turned)
    walk(turned, 13)
    told = study(grey, planned=turned.turns.changes)
    walk(told, 20)
    assert same_state(turned, told) and told.readings()["log_likelihood"] == turned.readings()["log_likelihood"]


def test_another_image_is_looked_at_from_where_q_starts_on_it(model: TrainedModel) -> None:
    run = study(model)
    walk(run, 12)
    run.apply(SetKnob("image", 2))
    assert torch.equal(run.bound.mu, run.encoder[0][0]) and len(run.trail) == 1 and run.step == 12
    run.apply(SetKnob("image", 2 + 12))
    assert run.index == study(model, image=2).index, "past the last image the first come again"


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command, words",
    [
        (Move(2, 0.1), r"^q: 2 is not a dimension of z; 0 or 1 would be right$"),
        (Move(0, math.nan), r"^q: μ₁ = nan is too far; \|μ\| up to 100 and σ from 1e-9 to 100 can be computed$"),
        (Move(1, 1e3), r"^q: μ₂ = .* is too far"),
        (Stretch(0, 0.0), r"^q: σ₁ = 0 is too far"),
        (Stretch(0, -1.0), r"^q: σ₁ = -.* is too far"),
        (Stretch(1, math.inf), r"^q: σ₂ = inf is too far"),
        (Snap("left"), r"^snap: 'left' is no place for q; encoder or prior is$"),
        (MovePoint(math.nan, 0.0), r"^x: nan, 0 is no way to move it; two numbers would be right$"),
        (SetKnob("start", "prior"), r"^start needs a new run$"),
        (SetKnob("samples", 0), r"^samples: 0 is not a whole number from 1 to 5000$"),
        (
            SetKnob("observation_variance", 0.05),
            r"^observation variance: small-bernoulli has Bernoulli pixels and no η",
        ),
        (Save(), r"^the bound lesson has no command Save$"),
    ],
)
def test_what_can_not_be_done_is_refused_in_one_line_and_changes_nothing(
    model: TrainedModel, command: Command, words: str
) -> None:
    run = study(model)
    before = run.snapshot()
    with pytest.raises(BadValue, match=words):
        run.apply(command)
    after = run.snapshot()
    assert after.header == before.header and not run.waiting
    assert all(np.array_equal(before.arrays[name], after.arrays[name]) for name in before.arrays)


def test_models_that_can_not_be_integrated_are_refused_in_one_line(model: TrainedModel) -> None:
    with pytest.raises(BadValue, match=r"^model: small-bernoulli has K = 3, and .* K = 1 or 2; vae-k2-bernoulli"):
        study(small_model(latent_dim=3))
    with pytest.raises(BadValue, match=r"^observation variance: small-bernoulli has Bernoulli pixels and no η"):
        study(model, observation_variance=0.1)
    with pytest.raises(BadValue, match=r"^observation variance: small-bernoulli has Bernoulli pixels and no η"):
        study(model, planned=((5, "observation_variance", 0.1),))
    broken = small_model()
    with torch.no_grad():
        next(iter(broken.exact.decoder.parameters())).fill_(math.nan)
    with pytest.raises(BadValue, match=r"^model: small-bernoulli can't be integrated; quadrature: .* is nan"):
        study(broken)


def test_a_rate_that_leads_too_far_stops_the_run_where_it_was(model: TrainedModel) -> None:
    run = study(model, learning_rate=10.0)
    with pytest.raises(RunFailed, match="of the ascent led too far") as failure:
        walk(run, 1000)
    assert "lower the rate (now 10)" in failure.value.advice
    assert all(map(math.isfinite, run.readings().values()))
    run.apply(SetKnob("learning_rate", 0.01))
    step = run.step
    walk(run, 3)
    assert run.step == step + 3


@pytest.mark.parametrize("variance", [1e-4, 10.0])
def test_at_the_ends_of_η_nothing_breaks(grey: TrainedModel, variance: float) -> None:
    run = study(grey, observation_variance=variance)
    for command in (Snap("prior"), Stretch(0, 1e-6), Snap("encoder"), Move(0, 50.0), Stretch(1, 60.0)):
        run.apply(command)
        assert all(map(math.isfinite, run.readings().values()))
    run.apply(Snap("encoder"))
    walk(run, 10)
    run.finish()
    readings = run.readings()
    assert all(map(math.isfinite, readings.values()))
    assert readings["gap"] == pytest.approx(readings["posterior_kl"], abs=1e-2 + readings["quadrature_error"])


# --- with what ships, and on the worker -------------------------------------------------------------------------------


@pytest.fixture
def here(places: Places) -> Places:
    return replace(places, open_model=lambda name: restore(find(name, places)).snapshot)


def test_a_saved_run_is_opened_without_the_model_it_came_from(here: Places) -> None:
    run = open_experiment({"model": "vae-k2-gaussian", "image": 3, "length": "endless"}, here)
    readings = run.readings()
    assert readings["gap"] == pytest.approx(readings["posterior_kl"], abs=1e-2)
    walk(run, 2)
    snapshot = run.snapshot()
    again = resume_experiment(
        snapshot, {"samples": 5}, replace(here, open_model=Places(Path(), Path(), Path()).open_model)
    )
    assert again.model.name == "vae-k2-gaussian" and again.step == 2 and again.knobs.samples == 5
    assert again.turns.given == run.turns.given and again.snapshot().metrics == snapshot.metrics
    with pytest.raises(BadValue, match=r"^seed is fixed in a saved run; a new run can have another$"):
        resume_experiment(snapshot, {"seed": 1}, here)
    with pytest.raises(BadValue, match=r"^model: vae-k20-bernoulli has K = 20"):
        open_experiment({"model": "vae-k20-bernoulli"}, here)


def test_it_runs_on_the_worker_is_kept_and_can_be_opened_again(here: Places) -> None:
    lesson, keeper = lesson_named("bound"), DiskKeeper()
    given: dict[str, Any] = {"length": Length(6, "steps"), "image": 7}
    reports = list(drive(opener(lesson, here), keeper, Open(given)))
    assert keeper.close(10.0)
    last = reports[-1]
    assert last.status.state == "finished" and last.failure is None and last.frame is not None
    assert tuple(last.frame.readings) == READINGS and last.frame.readings["step"] == 6
    assert last.status.folder is not None and last.status.unit == "steps"
    saved = opener(lesson, here)(Open(run=last.status.folder.name))
    assert saved.origin == "saved" and saved.experiment.step == 6
    assert dict(saved.experiment.readings()) == dict(last.frame.readings)
