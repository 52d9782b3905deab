"""The reinforce lesson without a screen, as whole processes: run, rollout, evaluate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from real_terminal import Command

READINGS = (
    "update", "episodes", "steps", "mean_return_100", "last_return", "entropy", "gradient_norm", "update_kl",
)  # fmt: skip
COLUMNS = {
    "t", "observation", "probabilities", "action", "log_prob", "reward", "reward_to_go", "weight", "gradient_norm",
}  # fmt: skip
FLAGS = ("--horizon", "120", "--hidden", "16")


def run(lec10: Command, *words: str) -> Mapping[str, Any]:
    """The last line of a run of the lesson."""
    done = lec10("run", "reinforce", *FLAGS, *words, "--json")
    assert done.code == 0 and done.err == "", done.err
    *progress, last = done.events
    assert all(event["event"] == "progress" for event in progress)
    assert last["event"] == "finished"
    return last


def rows(last: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The readings of every update as they lie on the disk, the rates aside."""
    lines = (Path(last["run"]) / "metrics.jsonl").read_text().splitlines()
    return [{name: value for name, value in json.loads(line).items() if name in READINGS} for line in lines]


def test_the_same_seed_gives_the_same_readings_to_the_last_bit_and_another_seed_others(lec10: Command) -> None:
    first, again = run(lec10, "--updates", "6"), run(lec10, "--updates", "6")
    assert tuple(first)[1:9] == READINGS
    assert {"solved", "steps_per_second", "run"} <= set(first) and first["solved"] is False
    assert (first["update"], first["episodes"]) == (6, 96)
    assert {name: first[name] for name in READINGS} == {name: again[name] for name in READINGS}
    assert len(rows(first)) == 6 and rows(first) == rows(again)
    other = run(lec10, "--updates", "6", "--seed", "1")
    assert all(rows(first)[0][name] != rows(other)[0][name] for name in ("steps", "mean_return_100", "gradient_norm"))


def test_a_run_ends_once_its_return_is_reached_and_says_that_it_is_solved(lec10: Command, own_home: Path) -> None:
    last = run(lec10, "--until-return", "30")
    assert last["solved"] is True and last["mean_return_100"] >= 30
    assert last["episodes"] >= 100
    assert all(row["mean_return_100"] < 30 for row in rows(last) if 100 <= row["episodes"] < last["episodes"])
    (listed,) = lec10("runs", "--json").events
    assert (listed["lesson"], listed["step"]) == ("reinforce", last["update"])
    assert listed["readings"]["mean_return_100"] == last["mean_return_100"]
    evaluated = lec10("evaluate", listed["name"], "--json")
    assert evaluated.code == 0, evaluated.err
    assert 1 <= evaluated.events[0]["mean_return"] <= 120


def test_rollout_prints_the_same_episode_for_the_same_words(lec10: Command) -> None:
    first, again = (lec10("rollout", "reinforce-cartpole", "--json") for _ in range(2))
    assert first.code == 0 and first.err == "", first.err
    assert first.out == again.out
    *steps, whole = first.events
    assert all(set(step) >= COLUMNS for step in steps)
    assert [step["t"] for step in steps] == list(range(len(steps)))
    assert whole["return"] == sum(step["reward"] for step in steps) == len(steps)
    assert whole["log_prob"] == pytest.approx(sum(step["log_prob"] for step in steps))
    assert [step["reward_to_go"] for step in steps] == [
        sum(later["reward"] for later in steps[step["t"] :]) for step in steps
    ]

    full = lec10("rollout", "reinforce-cartpole", "--estimator", "full-return", "--json").events
    assert [step["action"] for step in full[:-1]] == [step["action"] for step in steps]
    assert {step["weight"] for step in full[:-1]} == {whole["return"]}


def test_a_push_changes_what_follows_it_and_nothing_before(lec10: Command) -> None:
    alone = lec10("rollout", "reinforce-cartpole", "--json").events
    pushed, again = (lec10("rollout", "reinforce-cartpole", "--push", "3:-1", "--json") for _ in range(2))
    assert pushed.out == again.out
    assert [step["observation"] for step in pushed.events[:3]] == [step["observation"] for step in alone[:3]]
    assert pushed.events[3]["observation"] != alone[3]["observation"]


def test_rollout_of_a_new_policy_with_continuous_actions(lec10: Command) -> None:
    done = lec10("rollout", "--environment", "Pendulum-v1", "--horizon", "15", "--seed", "2", "--json")
    assert done.code == 0, done.err
    *steps, whole = done.events
    assert len(steps) == 15
    assert all(set(step) >= COLUMNS - {"probabilities"} | {"mean", "scale"} for step in steps)
    assert whole["return"] == pytest.approx(sum(step["reward"] for step in steps))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "reinforce", "--environment", "CartPole-v9"), "CartPole"),
        (("run", "reinforce", "--environment", "CartPole-v1", "--horizon", "0"), "horizon"),
        (("rollout", "no-such-run"), "no-such-run"),
        (("rollout", "vae-k2-bernoulli"), "vae"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(words: tuple[str, ...], said: str, lec10: Command) -> None:
    done = lec10(*words)
    assert done.code != 0 and done.out == ""
    assert said in done.err and "Traceback" not in done.err
    assert len([line for line in done.err.splitlines() if line.startswith(("lec10:", "Error"))]) == 1
