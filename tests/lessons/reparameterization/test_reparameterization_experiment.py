"""The reparameterization experiment on sums with closed forms: exact runs, exact resuming, parts, lengths, `v`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lec10_tui.learning.random import generator
from lec10_tui.learning.targets import QUADRATIC
from lec10_tui.lessons.reparameterization.experiment import (
    ReparameterizationExperiment,
    open_experiment,
    resume_experiment,
)
from lec10_tui.lessons.reparameterization.experiment.moments import Moments
from lec10_tui.lessons.reparameterization.experiment.problem import Problem, problem_of
from lec10_tui.lessons.reparameterization.frame import (
    ESTIMATORS,
    About,
    Dimensions,
    Histograms,
    ReparameterizationKnobs,
    Running,
    Sample,
    Variances,
)
from lec10_tui.vocabulary.commands import Command, SetKnob, Verify
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.frames import Verdict, Verdicts, Wanted
from lec10_tui.vocabulary.knobs import BadValue, Length
from lec10_tui.vocabulary.reports import RunFailed

NOWHERE = Places(Path("/nowhere"), Path("/nowhere"), Path("/nowhere"))
READINGS = [
    "step", "samples", "exact_gradient", "pathwise_mean", "pathwise_variance", "score_mean", "score_variance",
    "score_baseline_mean", "score_baseline_variance",
]  # fmt: skip


def experiment(steps: int = 0, **given: Any) -> ReparameterizationExperiment:
    return advanced(open_experiment(given, NOWHERE), steps)


def advanced(run: ReparameterizationExperiment, steps: int) -> ReparameterizationExperiment:
    while run.step < steps:
        run.advance()
    return run


def worked(run: ReparameterizationExperiment) -> ReparameterizationExperiment:
    while run.work():
        pass
    return run


def part(run: ReparameterizationExperiment, name: str) -> Any:
    return run.part(Wanted(name))


def verified(run: ReparameterizationExperiment) -> dict[str, Verdict]:
    run.apply(Verify())
    found = part(worked(run), "verdicts")
    assert isinstance(found, Verdicts) and found.waiting == 0
    return {verdict.name: verdict for verdict in found.verdicts}


def same(first: ReparameterizationExperiment, second: ReparameterizationExperiment) -> bool:
    one, other = first.snapshot(), second.snapshot()
    alike = one.header == other.header and one.metrics == other.metrics and one.arrays.keys() == other.arrays.keys()
    return alike and all(np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays)


def by_hand(run: ReparameterizationExperiment) -> list[list[float]]:
    """Every estimate of ∂/∂μ₁ of every sample so far, from the definition alone, for Σ z²."""
    knobs, rows = run.knobs, []
    for step in range(run.step):
        stream = generator(knobs.seed, step, "epsilon")
        epsilon = torch.randn((knobs.batch_size, knobs.dimension), generator=stream, dtype=torch.float64).numpy()
        z = knobs.mu + knobs.sigma * epsilon
        weight = (z[:, 0] - knobs.mu) / knobs.sigma**2
        f = np.square(z).sum(1)
        rows.append(np.stack((2 * z[:, 0], f * weight, (f - run.baseline) * weight)))
    found: list[list[float]] = np.concatenate(rows, axis=1).tolist()
    return found


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"function": "sine", "dimension": 7, "mu": -0.5, "sigma": 2.0, "batch_size": 1},
        {"function": "exponential", "dimension": 1024, "batch_size": 60},
    ],
)
def test_the_same_seed_gives_the_same_run_and_resuming_is_exact(given: dict[str, Any]) -> None:
    whole, again, half = experiment(24, **given), experiment(24, **given), experiment(12, **given)
    assert same(whole, again)
    part(worked(half), "variances")  # looking and measuring change nothing
    verified(half)
    resumed = advanced(resume_experiment(half.snapshot(), {}, NOWHERE), 24)
    assert same(resumed, whole) and resumed.readings() == whole.readings()
    assert json.dumps(resumed.snapshot().header, allow_nan=False)
    for name in ("running", "histograms", "sample"):
        assert repr(vars(part(resumed, name))) == repr(vars(part(whole, name)))


def test_another_seed_is_another_run() -> None:
    assert experiment(2).readings() != experiment(2, seed=1).readings()


def test_a_large_batch_is_drawn_in_slices_and_what_was_begun_is_not_saved() -> None:
    given = {"dimension": 500, "batch_size": 250}
    run = experiment(1, **given)
    used = [run.advance(), run.advance()]
    assert used == [100, 100] and run.step == 1 and run.samples == 250
    resumed = advanced(resume_experiment(run.snapshot(), {}, NOWHERE), 2)
    assert run.advance() == 50 and run.step == 2 and same(run, resumed)


def test_statistics_are_those_of_all_samples_by_hand() -> None:
    run = experiment(30, dimension=3, batch_size=7)
    run.finish()
    samples = np.array(by_hand(run))
    readings = run.readings()
    assert list(readings) == READINGS and readings["samples"] == 210 and readings["exact_gradient"] == 2.0
    for name, row in zip(ESTIMATORS, samples, strict=True):
        assert readings[f"{name}_mean"] == pytest.approx(row.mean(), rel=1e-12)
        assert readings[f"{name}_variance"] == pytest.approx(row.var(ddof=1), rel=1e-12)
    found = part(run, "histograms")
    assert isinstance(found, Histograms) and found.exact == 2.0 and found.edges.shape == (121,)
    for row, counts, outside in zip(samples, found.counts, found.outside, strict=True):
        assert counts.tolist() == np.histogram(row, found.edges)[0].tolist()
        assert counts.sum() + outside == 210
    assert found.outside.sum() < 0.05 * 630


def test_merging_batches_is_as_exact_as_taking_all_at_once() -> None:
    samples = 1e6 + np.random.default_rng(0).normal(size=(3, 1000))
    whole, merged = Moments(), Moments()
    whole.add(samples)
    for piece in np.array_split(samples, 37, axis=1):
        merged.add(piece)
    assert np.allclose(merged.mean, whole.mean, rtol=1e-15) and np.allclose(merged.variance, whole.variance, rtol=1e-9)
    assert np.allclose(merged.variance, samples.var(1, ddof=1), rtol=1e-9)
    assert np.isnan(Moments().variance).all() and np.isnan(Moments().standard_error).all()


def test_readings_say_what_is_known_and_nothing_else() -> None:
    run = experiment(batch_size=1, dimension=2)
    assert dict(run.readings()) == {"step": 0.0, "samples": 0.0, "exact_gradient": 2.0}
    advanced(run, 1).finish()
    assert list(run.readings()) == [name for name in READINGS if "variance" not in name]
    advanced(run, 2).finish()
    assert list(run.readings()) == READINGS
    assert all(math.isfinite(value) for row in run.record.rows for value in row.values())
    assert [row["step"] for row in advanced(run, 31).record.rows] == [0, 1, 2, 4, 6, 8, 10, 20, 30]


@pytest.mark.parametrize("amount, batches", [(105, [10] * 10 + [5]), (12.5, [10, 3]), (4, [4])])
def test_a_length_in_samples_is_kept_exactly(amount: float, batches: list[int]) -> None:
    run = experiment(length=Length(amount, "samples"))
    used = []
    while (run.progress(0.0) or 0.0) < 1:
        used.append(run.advance())
    run.finish()
    assert used == batches and run.samples == sum(batches) == run.readings()["samples"]
    assert run.readings()["step"] == run.step == len(batches)


def test_a_longer_length_goes_on_and_can_be_planned() -> None:
    run = experiment(2, length=Length(15, "samples"))
    assert run.samples == 15 and run.progress(0.0) == 1.0
    run.apply(SetKnob("length", Length(40, "samples")))
    assert run.progress(0.0) == 15 / 40 and run.turns.changes == ((2, "length", Length(40, "samples")),)
    advanced(run, 5)
    planned = open_experiment({"length": Length(15, "samples")}, NOWHERE, ((2, "length", Length(40, "samples")),))
    assert advanced(planned, 5).samples == run.samples == 40 and planned.readings() == run.readings()


def test_a_length_turned_in_the_middle_of_a_batch_counts_from_that_batch_on() -> None:
    run = experiment(dimension=500, batch_size=250)
    run.advance()
    run.apply(SetKnob("length", Length(120, "samples")))
    advanced(run, 1)
    assert run.samples == 120 and run.progress(0.0) == 1.0
    other = experiment(1, dimension=500, batch_size=250, length=Length(120, "samples"))
    assert np.array_equal(run.statistics.moments.array(), other.statistics.moments.array())


def test_the_running_means_are_those_after_every_batch() -> None:
    run = experiment(12, batch_size=5, dimension=2)
    samples, found = np.array(by_hand(run)), part(run, "running")
    assert isinstance(found, Running) and found.exact == 2.0
    for row, name, means, errors in zip(samples, ESTIMATORS, found.means, found.errors, strict=True):
        assert means.name == errors.name == name and means.steps.tolist() == list(range(5, 61, 5))
        expected = [row[:count].mean() for count in means.steps]
        assert np.allclose(means.last, expected, rtol=1e-12)
        expected = [row[:count].std(ddof=1) / count**0.5 for count in errors.steps]
        assert np.allclose(errors.last, expected, rtol=1e-12)
    long = experiment(2500, batch_size=1)
    assert len(part(long, "running").means[0].steps) <= 2048 and part(long, "running").means[0].steps[0] == 2


def test_the_sample_is_the_last_one_through_both_graphs() -> None:
    run = experiment(dimension=3, sigma=0.5)
    first = part(run, "sample")
    assert isinstance(first, Sample) and first.number == 0 and first.z.shape == (3,)
    found = part(advanced(run, 4), "sample")
    stream = generator(0, 3, "epsilon")
    epsilon = torch.randn((10, 3), generator=stream, dtype=torch.float64)[-1].numpy()
    assert found.number == 40 and np.array_equal(found.epsilon, epsilon) and found.baseline == run.baseline
    assert np.array_equal(found.z, 1 + 0.5 * epsilon) and found.f == pytest.approx(np.square(found.z).sum())
    assert np.allclose(found.z_bar, 2 * found.z, rtol=1e-15) and np.array_equal(found.mu_bar, found.z_bar)
    assert np.array_equal(found.sigma_bar, found.z_bar * found.epsilon)
    assert np.allclose(found.score_mu, epsilon / 0.5) and np.allclose(found.score_sigma, (epsilon**2 - 1) / 0.5)


def test_variances_stand_beside_their_closed_forms_and_costs() -> None:
    ticks = iter(range(10**6))
    knobs = ReparameterizationKnobs(dimension=16)
    run = ReparameterizationExperiment(knobs, problem_of(knobs, None), clock=lambda: float(next(ticks)))
    before = part(run, "variances")
    assert isinstance(before, Variances)
    for unknown in (before.measured, before.ratios, before.means, before.z_scores, before.microseconds):
        assert np.isnan(unknown).all()
    assert before.closed[:2].tolist() == [4.0, 1260.0] and before.closed_ratios[1] == 315.0
    found = part(advanced(run, 300), "variances")
    assert np.allclose(found.measured, found.closed, rtol=0.2)
    assert np.array_equal(found.ratios, found.measured / found.measured[0])
    assert np.array_equal(found.standard_errors, np.sqrt(found.measured / 3000))
    assert np.array_equal(found.z_scores, (found.means - 2.0) / found.standard_errors)
    assert (np.abs(found.z_scores) < 4).all()
    assert np.allclose(found.microseconds, [1e5, 2e5, 2e5])  # of a clock that ticks at every look
    assert run.baseline == pytest.approx(32.0, abs=1.0)


def test_the_variances_are_measured_in_every_dimension_beside_their_closed_forms() -> None:
    run = experiment()
    start = part(run, "dimensions")
    assert isinstance(start, Dimensions) and start.done == 0 and np.isnan(start.measured).all()
    shares = []
    while run.work():
        shares.append(part(run, "dimensions").done)
    found = part(run, "dimensions")
    assert shares == sorted(shares) and found.done == 1.0 and found.samples == 4000
    assert found.dimensions.tolist() == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    for dimension, measured, closed in zip(found.dimensions.tolist(), found.measured, found.closed, strict=True):
        score = QUADRATIC.variances(1.0, 1.0, dimension, 0.0)[1]
        assert closed[:2].tolist() == [4.0, score] and np.allclose(measured, closed, rtol=0.35)
    ratios = found.measured[:, 1] / found.measured[:, 0]
    assert (np.diff(ratios) > 0).all() and ratios[-1] > 50_000
    assert run.step == 0 and dict(run.readings()) == {"step": 0.0, "samples": 0.0, "exact_gradient": 2.0}


def test_where_every_dimension_is_measured_the_runs_own_has_its_baseline() -> None:
    run = experiment(dimension=16)
    found = part(worked(run), "dimensions")
    assert found.closed[4].tolist() == part(run, "variances").closed.tolist()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"dimension": 256},
        {"function": "sine", "dimension": 3, "mu": 0.3, "sigma": 0.2},
        {"function": "exponential", "dimension": 5, "sigma": 0.5, "seed": 3},
        {"function": "exponential", "mu": 10.0, "sigma": 10.0},
    ],
)
def test_every_reading_holds_beside_its_truth(given: dict[str, Any]) -> None:
    verdicts = verified(experiment(200, **given))
    assert [name for name in verdicts if name in READINGS] == READINGS
    assert verdicts["samples"].holds is None and verdicts["samples"].note == "a count"
    others = [verdict for name, verdict in verdicts.items() if name not in ("step", "samples")]
    assert len(others) == 15 and all(verdict.holds for verdict in others), others


def test_a_wrong_reading_does_not_hold() -> None:
    run = experiment(200)
    right: dict[str, float] = dict(run.readings())
    for name, wrong in (("exact_gradient", 2.001), ("score_mean", 2.7), ("score_variance", 60.0)):
        run.record.add({**right, name: wrong})
        assert [verdict.name for verdict in verified(run).values() if verdict.holds is False] == [name]


def test_what_is_verified_are_the_numbers_of_this_step_though_it_is_no_reading_step() -> None:
    run = experiment(3)
    assert run.readings()["step"] == 2.0
    rows, verdicts = run.record.rows, verified(run)
    assert verdicts["step"].reading == 3.0 and verdicts["samples"].reading == 30.0
    assert verdicts["score_mean"].reading == part(run, "variances").means[1] and verdicts["score_mean"].holds
    assert run.record.rows == rows and run.readings()["step"] == 2.0


def test_before_the_first_sample_there_is_only_the_exact_gradient_to_verify() -> None:
    verdicts = verified(experiment())
    assert verdicts["exact_gradient"].holds and not any(name.endswith("mean") for name in verdicts)


def test_about_says_what_is_averaged() -> None:
    found = part(experiment(dimension=2), "about")
    assert isinstance(found, About) and (found.formula, found.dimension, found.model) == ("Σ z²", 2, "")
    assert found.exact_by == "closed form" and found.pilot == 1000 and found.given == ("dimension=2",)
    assert part(experiment(), "about").formula == "z²"


def test_a_saved_run_keeps_its_restart_knobs() -> None:
    saved = experiment(3, sigma=0.5).snapshot()
    run = resume_experiment(saved, {"length": "500 samples"}, NOWHERE)
    assert run.knobs.sigma == 0.5 and run.knobs.length == Length(500, "samples") and run.step == 3
    with pytest.raises(BadValue, match=r"^batch size is fixed in a saved run; a new run can have another$"):
        resume_experiment(saved, {"batch_size": 3}, NOWHERE)


@pytest.mark.parametrize(
    "refused, line",
    [
        (lambda: experiment(dimension=0), "dimension: 0 is not a whole number from 1"),
        (lambda: experiment(sigma=0.0), "sigma: 0.0 is not a number from 0.001"),
        (lambda: experiment(function="cubic"), "function: 'cubic' is not one of quadratic"),
        (lambda: experiment(function="reconstruction"), "model: vae-k2-bernoulli can't be opened here"),
        (lambda: experiment().apply(SetKnob("mu", 2.0)), "mu needs a new run"),
        (lambda: experiment().apply(Command()), "the reparameterization lesson has no command Command"),
    ],
)
def test_what_can_not_be_is_refused_in_one_line(refused: Callable[[], object], line: str) -> None:
    with pytest.raises(BadValue) as error:
        refused()
    assert str(error.value).startswith(line) and "\n" not in str(error.value)


def test_no_part_has_another_name() -> None:
    run = experiment()
    with pytest.raises(KeyError):
        run.part(Wanted("nonsense"))
    with pytest.raises(KeyError):
        run.stamp(Wanted("nonsense"))


def test_stamps_change_with_what_they_stand_for() -> None:
    run = worked(experiment())
    names = ("about", "sample", "running", "histograms", "variances", "dimensions")
    before = {name: run.stamp(Wanted(name)) for name in names}
    advanced(run, 1)
    changed = {name for name in names if run.stamp(Wanted(name)) != before[name]}
    assert changed == {"sample", "running", "histograms", "variances"}
    run.apply(SetKnob("length", Length(3, "steps")))
    assert run.stamp(Wanted("about")) != before["about"]


class Breaking:
    """A sum that is no number from the second batch on."""

    formula = "Σ 1/0"
    calls = 0

    def __call__(self, z: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        return z.sum(-1) * (math.nan if self.calls > 5 else 1.0)


def test_an_estimate_that_is_no_number_ends_the_run_and_leaves_what_was_before() -> None:
    one = torch.ones(1, dtype=torch.float64)
    problem: Any = Problem(QUADRATIC, one, one)
    run = ReparameterizationExperiment(ReparameterizationKnobs(), problem)
    object.__setattr__(problem, "function", Breaking())
    advanced(run, 2)
    kept = run.statistics.moments.array()
    with pytest.raises(RunFailed, match="an estimate became no finite number at step 3"):
        advanced(run, 3)
    assert run.step == 2 and np.array_equal(run.statistics.moments.array(), kept)
