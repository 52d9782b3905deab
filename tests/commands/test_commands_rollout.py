"""`lec10 rollout`: what it asks of the lesson, and how an episode is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from commands_shell import Shell

from lec10_tui.commands.mishaps import explain
from lec10_tui.commands.rollout import events
from lec10_tui.environments.description import EnvironmentBroke, NoEnvironment
from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.reinforce.frame import Event
from lec10_tui.runs.snapshots import write
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import Snapshot

STEPS: list[dict[str, Any]] = [
    {
        "t": t, "observation": [0.01, -0.5, 0.02, 12345.678], "probabilities": [0.25, 0.75], "action": 1,
        "log_prob": -0.2877, "reward": 1.0, "reward_to_go": 12.0 - t, "weight": 12.0 - t, "gradient_norm": 0.84,
    }
    for t in range(12)
]  # fmt: skip
WHOLE: dict[str, Any] = {"return": 12.0, "log_prob": -3.4524}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What a lesson that only takes notes was asked for."""
    calls: list[tuple[Any, ...]] = []

    def rollout(*what: Any) -> Iterator[dict[str, Any]]:
        calls.append(what)
        if what[1].get("environment") == "Nowhere-v0":
            raise NoEnvironment("Nowhere-v0: no environment of this name is installed")
        yield from (*STEPS, WHOLE)

    experiment = ModuleType("experiment")
    vars(experiment)["rollout"] = rollout
    monkeypatch.setitem(sys.modules, lesson_named("reinforce").experiment_module, experiment)
    return calls


def test_a_new_policy_is_rolled_out_in_the_environment_that_is_named(lec10: Shell, asked: list[Any]) -> None:
    words = ("--seed", 3, "--horizon", "own", "--discount", 0.9, "--episode", 2, "--act", "4:1", "--push", "4:-2")
    done = lec10("rollout", "--environment", "FrozenLake-v1", *words, "--json")
    assert done.code == 0 and done.err == "" and done.events == [*STEPS, WHOLE]
    ((snapshot, given, _, episode, did),) = asked
    assert snapshot is None and episode == 2
    assert given == {"environment": "FrozenLake-v1", "seed": 3, "horizon": None, "discount": 0.9}
    assert did == (Event(4, "push", (-2.0,)), Event(4, "act", (1.0,)))


def test_a_run_is_rolled_out_as_it_was_kept(lec10: Shell, asked: list[Any], tmp_path: Path) -> None:
    write(Snapshot("reinforce", 7, {"knobs": {}}, {"policy/weight": np.ones(2)}), tmp_path / "run")
    assert lec10("rollout", tmp_path / "run", "--baseline", "value").code == 0
    ((snapshot, given, places, episode, did),) = asked
    assert snapshot.step == 7 and snapshot.arrays["policy/weight"].tolist() == [1.0, 1.0]
    assert given == {"baseline": "value"} and (episode, did) == (0, ()) and places.assets.is_dir()


def test_without_json_the_columns_line_up(lec10: Shell, asked: list[Any]) -> None:
    head, *rows = lec10("rollout", "--environment", "CartPole-v1").out.splitlines()
    steps = rows[: len(STEPS)]
    assert head.split() == ["t", "observation", "π(a|s)", "a", "log", "π", "r", "Σ", "r", "weight", "‖∇‖"]
    assert len({len(line) for line in (head, *steps)}) == 1
    assert head.index("log π") + len("log π") == steps[0].index("−0.288") + len("−0.288")
    assert steps[10].split()[0] == "10" and "12345.68" in steps[0]
    assert [line.split() for line in rows[len(STEPS) :]] == [[], ["return", "12.000"], ["log", "prob", "−3.452"]]


def test_a_row_has_room_for_so_many_numbers(lec10: Shell, asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    many = [{"t": t, "observation": [float(n) for n in range(48)], "action": [0.5, -0.5]} for t in range(2)]
    monkeypatch.setattr(sys.modules[__name__], "STEPS", many)
    _, row, *_ = lec10("rollout", "--environment", "CliffWalking-v1").out.splitlines()
    assert row.split() == ["0", *(f"{n}.00" for n in range(8)), "…", "0.50", "−0.50"]


@pytest.mark.parametrize(
    ("acts", "pushes"),
    [(["4"], []), (["x:1"], []), (["-1:1"], []), (["4:"], []), (["4:nan"], []), ([], ["4:1,2"]), ([], ["4:inf"])],
)
def test_what_a_person_did_is_checked(acts: list[str], pushes: list[str]) -> None:
    with pytest.raises(BadValue, match=r"^--(act|push): '.*' is not T:"):
        events(acts, pushes)


def test_what_a_person_did_is_put_in_order() -> None:
    did = events(["9:0", "2:0.5,−0.5"], ["3:1"])
    assert did == (Event(2, "act", (0.5, -0.5)), Event(3, "push", (1.0,)), Event(9, "act", (0.0,)))


def test_pushes_at_one_time_add_up_and_there_is_one_action_at_a_time() -> None:
    assert events([], ["3:1", "5:2", "3:-0.5", "5:-2", "7:0"]) == (Event(3, "push", (0.5,)),)
    with pytest.raises(BadValue, match="two at t = 3"):
        events(["3:1", "3:0"], [])


def test_what_can_not_be_pushed_is_told_before_anything_is_printed(lec10: Shell) -> None:
    done = lec10("rollout", "--environment", "FrozenLake-v1", "--push", "0:1", "--json")
    assert done.code == 2 and done.out == "" and done.line == "FrozenLake-v1 has nothing to push"


def test_an_environment_that_is_not_there_fails_in_one_line(lec10: Shell, asked: list[Any]) -> None:
    done = lec10("rollout", "--environment", "Nowhere-v0")
    assert done.code == 1 and done.line == "Nowhere-v0: no environment of this name is installed"


def test_an_environment_that_breaks_is_told_in_one_line(own_home: Path) -> None:
    assert explain(EnvironmentBroke("Pong: broke at\nstep 3")) == ("Pong: broke at step 3", 1)
    assert not (own_home / "lec10.log").exists()
