"""Bound, reparameterization and amortization without a screen, as whole processes: readings, seeds, models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from real_terminal import Command

BOUND = (
    "log_likelihood", "elbo", "reconstruction", "kl", "gap", "posterior_kl", "quadrature_error",
    "jensen_left", "jensen_right", "importance_bound",
)  # fmt: skip
ESTIMATORS = ("pathwise", "score", "score_baseline")
REPARAMETERIZATION = (
    "exact_gradient", "samples", *(f"{name}_{what}" for name in ESTIMATORS for what in ("mean", "variance")),
)  # fmt: skip
GAPS = ("log_likelihood", "amortized_elbo", "optimized_elbo", "amortization_gap", "approximation_gap")
TIMES = ("encoder_milliseconds", "optimization_milliseconds")
LESSONS = ("bound", "reparameterization", "amortization")
QUICK = {
    "bound": ("--steps", "5"),
    "reparameterization": ("--steps", "20"),
    "amortization": ("--steps", "3", "--images", "2"),
}


def run(lec10: Command, lesson: str, *words: str) -> Mapping[str, Any]:
    """The last line of a run of the lesson, after a progress line at step 0."""
    done = lec10("run", lesson, *(words or QUICK[lesson]), "--json")
    assert done.code == 0 and done.err == "", done.err
    first, *progress, last = done.events
    assert (first["event"], first["step"]) == ("progress", 0)
    assert all(event["event"] == "progress" for event in progress)
    assert last["event"] == "finished"
    return last


def without_times(event: Mapping[str, Any]) -> dict[str, Any]:
    """The readings that are the same for the same words."""
    return {name: value for name, value in event.items() if not name.endswith(("_per_second", "_milliseconds", "run"))}


def test_the_bound_has_its_gap_both_ways(lec10: Command) -> None:
    last = run(lec10, "bound", "--image", "3", "--steps", "10")
    assert {"step", "run", *BOUND} <= set(last) and last["step"] == 10
    assert last["elbo"] == pytest.approx(last["reconstruction"] - last["kl"], abs=1e-9)
    assert last["gap"] == pytest.approx(last["log_likelihood"] - last["elbo"], abs=1e-9)
    assert abs(last["gap"] - last["posterior_kl"]) <= 1e-2
    assert 0 <= last["quadrature_error"] < 1e-2
    assert last["jensen_left"] <= last["jensen_right"]
    assert last["elbo"] - 0.5 <= last["importance_bound"] <= last["log_likelihood"] + 0.5


def test_no_steps_at_all_leave_q_where_it_starts_and_keep_nothing(lec10: Command, own_home: Path) -> None:
    last = run(lec10, "bound", "--steps", "0")
    assert last["step"] == 0 and last["run"] is None and last["gap"] > 0
    assert list((own_home / "runs").iterdir()) == []
    prior = run(lec10, "bound", "--steps", "0", "--start", "prior")
    assert prior["kl"] == pytest.approx(0, abs=1e-9) and prior["elbo"] < last["elbo"]
    table = lec10("run", "bound", "--steps", "0").out.splitlines()
    assert table[0].split() == ["step", "0"] and not any(line.startswith("run ") for line in table)


def test_the_estimators_agree_on_the_gradient_and_not_on_the_variance(lec10: Command) -> None:
    last = run(lec10, "reparameterization", "--samples", "4000")
    assert {"step", "run", *REPARAMETERIZATION} <= set(last)
    assert (last["samples"], last["exact_gradient"]) == (4000, 2.0)
    for name in ESTIMATORS:
        error = (last[f"{name}_variance"] / last["samples"]) ** 0.5
        assert abs(last[f"{name}_mean"] - last["exact_gradient"]) < 5 * error
    assert last["pathwise_variance"] < last["score_baseline_variance"] < last["score_variance"]


def test_the_gaps_of_amortization_add_up(lec10: Command) -> None:
    last = run(lec10, "amortization")
    assert {"step", "run", *GAPS, *TIMES} <= set(last)
    assert last["amortization_gap"] == pytest.approx(last["optimized_elbo"] - last["amortized_elbo"], abs=1e-9)
    assert last["approximation_gap"] == pytest.approx(last["log_likelihood"] - last["optimized_elbo"], abs=1e-9)
    assert last["amortization_gap"] >= 0 and last["approximation_gap"] > -1e-2
    assert 0 < last["encoder_milliseconds"] < last["optimization_milliseconds"]


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_same_words_give_the_same_readings_to_the_last_bit(lec10: Command, lesson: str) -> None:
    first, again = run(lec10, lesson), run(lec10, lesson)
    assert without_times(first) == without_times(again)
    rows = [json.loads(line) for line in (Path(first["run"]) / "metrics.jsonl").read_text().splitlines()]
    assert rows[0]["step"] == 0 and rows[-1]["step"] == first["step"]
    assert without_times(rows[-1]) == {name: value for name, value in without_times(first).items() if name != "event"}
    listed = lec10("runs", "--json").events
    assert {(each["lesson"], each["step"], each["note"]) for each in listed} == {(lesson, first["step"], "")}
    assert all(each["summary"] for each in listed)


def test_another_seed_draws_other_samples(lec10: Command) -> None:
    words = ("--steps", "5")
    first = run(lec10, "reparameterization", *words)
    other = run(lec10, "reparameterization", *words, "--seed", "1")
    assert first["pathwise_mean"] != other["pathwise_mean"] and first["exact_gradient"] == other["exact_gradient"]


def test_a_run_of_one_s_own_is_the_model_and_may_go_away(lec10: Command, own_home: Path) -> None:
    own = lec10("run", "vae", "--hidden", "16", "--steps", "20", "--json").events[-1]
    name = Path(own["run"]).name
    last = run(lec10, "bound", "--model", name, "--steps", "2")
    assert abs(last["gap"] - last["posterior_kl"]) <= 1e-2
    assert lec10("runs", "delete", name, "--yes").code == 0
    (left,) = lec10("runs", "--json").events
    assert left["lesson"] == "bound" and name in left["summary"] and left["note"] == ""
    gone = lec10("run", "bound", "--model", name, "--steps", "2")
    assert gone.code == 1 and gone.err.count("\n") == 1 and name in gone.err
