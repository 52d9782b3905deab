"""`lec10 run`, `evaluate` and `rollout` of reinforce: whole JSON lines, whatever the environment does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from commands_shell import Done, Shell
from gymnasium import spaces

from lec10_tui.runs.snapshots import read

READINGS = (
    "update", "episodes", "steps", "mean_return_100", "last_return", "entropy", "gradient_norm", "update_kl",
    "steps_per_second",
)  # fmt: skip
SMALL = ("--hidden", "8", "--episodes", "2", "--horizon", "30")


class Talkative(gymnasium.Env[Any, Any]):
    """Prints at every step, as strangers do, and leaves after `steps` of them."""

    observation_space = spaces.Box(-1, 1, (2,))
    action_space = spaces.Discrete(2)
    left = 0

    def __init__(self, steps: int) -> None:
        Talkative.left = steps

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        return np.zeros(2, np.float32), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        print("step!")
        Talkative.left -= 1
        if Talkative.left < 0:
            raise SystemExit("enough")
        return np.zeros(2, np.float32), 1.0, False, False, {}


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """Two that print; one of them leaves in the third update."""
    for name, steps in (("Talkative-v0", 10_000), ("Leaving-v0", 2 * 30 * 2 + 5)):
        gymnasium.register(name, entry_point=Talkative, kwargs={"steps": steps})
    yield
    del gymnasium.registry["Talkative-v0"], gymnasium.registry["Leaving-v0"]


def run(lec10: Shell, *words: object) -> Done:
    return lec10("run", "reinforce", *SMALL, *words, "--json")


def without_rate(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in ("steps_per_second", "run")}


def test_the_readings_come_in_their_order_and_the_last_line_says_whether_it_is_solved(lec10: Shell) -> None:
    done = run(lec10, "--updates", 3, "--baseline", "value", "--seed", 4)
    assert done.code == 0 and done.err == ""
    *progress, last = done.events
    assert all(tuple(event) == ("event", *READINGS) for event in progress)
    assert tuple(last) == ("event", *READINGS, "solved", "run") and last["solved"] is False
    assert (last["update"], last["episodes"]) == (3, 6)
    again = run(lec10, "--updates", 3, "--baseline", "value", "--seed", 4).events[-1]
    assert without_rate(again) == without_rate(last)
    assert run(lec10, "--until-return", 1).events[-1]["solved"] is True


@pytest.mark.parametrize("words", [("run", "reinforce", *SMALL, "--updates", "1"), ("rollout", "--horizon", "3")])
def test_what_an_environment_prints_is_no_line_of_ours(lec10: Shell, words: tuple[str, ...]) -> None:
    done = lec10(*words, "--environment", "Talkative-v0", "--json")
    assert done.code == 0 and set(done.err.split()) == {"step!"}
    assert all(isinstance(event, dict) for event in done.events)


def test_evaluating_prints_one_object_too(lec10: Shell) -> None:
    folder = run(lec10, "--environment", "Talkative-v0", "--updates", 1).events[-1]["run"]
    done = lec10("evaluate", folder, "--episodes", 2, "--json")
    assert [event["mean_return"] for event in done.events] == [30.0] and "step!" in done.err


def test_an_environment_that_leaves_fails_and_what_was_learned_is_kept(lec10: Shell) -> None:
    done = run(lec10, "--environment", "Leaving-v0", "--updates", 9)
    assert done.code == 1 and "Traceback" not in done.err
    last = done.events[-1]
    assert last["event"] == "failed" and last["what"] == "Leaving-v0 broke in step: SystemExit: enough"
    assert last["advice"] == "the policy of update 2 is kept; mend the environment, or choose another"
    assert last["update"] == 2 == read(Path(last["run"])).step
    assert f"update 2 is saved in {last['run']}" in done.err.splitlines()[-1]


def test_where_nothing_was_opened_there_are_no_readings(lec10: Shell) -> None:
    done = run(lec10, "--environment", "CartPole-v9")
    assert done.code == 1 and "CartPole-v1 is there" in done.line
    assert [tuple(event) for event in done.events] == [("event", "what", "advice", "run")]
