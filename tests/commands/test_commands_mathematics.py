"""Bound, reparameterization and amortization on the command line: what they take, and what is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands_shell import Shell

LESSONS = ("bound", "reparameterization", "amortization")


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("model", ["no-such-run", "reinforce-cartpole"])
def test_a_model_that_is_none_is_refused_in_one_line(lec10: Shell, lesson: str, model: str, own_home: Path) -> None:
    function = ("--function", "reconstruction") if lesson == "reparameterization" else ()
    done = lec10("run", lesson, "--model", model, *function)
    assert done.code == 1 and done.out == "" and model in done.line
    assert list((own_home / "runs").iterdir()) == []


def test_what_is_done_with_models_is_refused_for_studies_in_one_line(lec10: Shell, tmp_path: Path) -> None:
    run = tmp_path / "study"
    assert lec10("run", "reparameterization", "--steps", 1, "--run", run).code == 0
    for words, said in (
        (("evaluate", run), "a run of reparameterization is not evaluated"),
        (("draw", run), "a run of reparameterization has no pictures"),
        (("rollout", run), "a run of reparameterization has no episodes"),
        (("open", run), "lec10 run reparameterization makes another"),
        (("run", "bound", "--model", run), "a run of vae, or vae-k2-bernoulli, would be right"),
    ):
        done = lec10(*words)
        assert done.code in (1, 2) and done.out == "" and said in done.line


def test_more_dimensions_than_a_grid_has_are_refused_by_bound_and_taken_by_amortization(lec10: Shell) -> None:
    done = lec10("run", "bound", "--model", "vae-k20-bernoulli", "--steps", 0)
    assert done.code == 1 and "K = 1 or 2" in done.line
    words = ("--model", "vae-k20-bernoulli", "--steps", 2, "--images", 1, "--json")
    last = lec10("run", "amortization", *words).events[-1]
    assert last["event"] == "finished" and last["log_likelihood"] is not None and last["amortized_elbo"] < 0


@pytest.mark.parametrize("lesson", LESSONS)
def test_help_says_what_the_lesson_is_about_and_every_knob(lec10: Shell, lesson: str) -> None:
    for words in (("run", lesson), (lesson,)):
        done = lec10(*words, "--help")
        assert done.code == 0 and done.err == ""
        assert all(flag in done.out for flag in ("--model", "--image", "--seed", "--length", "--threads"))
    assert "? Without a screen." in " ".join(lec10("run", lesson, "--help").out.split())


def test_progress_begins_at_step_0_and_no_length_is_finished_there(lec10: Shell) -> None:
    first, *_, last = lec10("run", "reparameterization", "--steps", 2, "--json").events
    assert (first["event"], first["step"], first["exact_gradient"]) == ("progress", 0, 2.0)
    assert (last["event"], last["step"]) == ("finished", 2)
    done = lec10("run", "bound", "--steps", 0)
    assert done.code == 0 and done.err == "" and done.out.splitlines()[0].split() == ["step", "0"]
