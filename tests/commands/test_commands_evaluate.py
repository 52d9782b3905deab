"""`lec10 evaluate`: the run's own closing numbers, and log p(x) above them."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands_shell import SMALL, Shell


def test_it_gives_the_closing_readings_of_the_run_and_a_tighter_bound(lec10: Shell, tmp_path: Path) -> None:
    finished = lec10("run", "vae", *SMALL, "--steps", 40, "--json", "--run", tmp_path / "run").events[-1]
    done = lec10("evaluate", tmp_path / "run", "--importance-samples", 20, "--json")
    assert done.code == 0 and done.err == ""
    (found,) = done.events
    for name in ("elbo", "reconstruction", "kl"):
        assert found[name] == pytest.approx(finished[f"held_out_{name}"], rel=1e-6)
    assert found["elbo"] < found["log_likelihood"] < 0
    other = lec10("evaluate", tmp_path / "run", "--importance-samples", 2, "--data", "fashion-mnist", "--json").events[
        0
    ]
    assert other["elbo"] < found["elbo"]
    table = lec10("evaluate", tmp_path / "run", "--importance-samples", 1).out
    assert [line.split("  ")[0] for line in table.splitlines()][:4] == ["images", "elbo", "reconstruction", "kl"]


def test_what_can_not_be_evaluated_is_told_in_one_line(lec10: Shell, tmp_path: Path) -> None:
    assert "no-such-run" in lec10("evaluate", "no-such-run").line
    (tmp_path / "empty").mkdir()
    assert "is not a run folder" in lec10("evaluate", tmp_path / "empty").line
    assert lec10("run", "vae", *SMALL, "--steps", 1, "--run", tmp_path / "run").code == 0
    digits = lec10("evaluate", tmp_path / "run", "--data", "digits")
    assert digits.code == 2 and "8×8" in digits.line
    few = lec10("evaluate", tmp_path / "run", "--importance-samples", 0)
    assert few.code == 2 and "--importance-samples" in few.line
