"""The eight environments: what is said of them holds, and they are the same in every process."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from lec10_tui.environments import catalogue
from lec10_tui.environments.rollout import Rollout
from lec10_tui.lessons.reinforce import frame

GRIDS = {
    "FrozenLake-v1": {"left": (0, -1), "down": (1, 0), "right": (0, 1), "up": (-1, 0)},
    "CliffWalking-v1": {"left": (0, -1), "down": (1, 0), "right": (0, 1), "up": (-1, 0)},
}


def digest(id: str) -> str:
    """What 25 steps of three lanes look like, as a hash."""
    lanes = catalogue.make(id, 3, horizon=25)
    description = lanes.description

    def choose(observations: np.ndarray, time: int) -> np.ndarray:
        if description.discrete:
            return (np.arange(3) + time) % description.actions
        return np.sin(np.arange(3 * description.actions).reshape(3, -1) + time)

    rollout = Rollout(lanes, choose, [4, 5, 6])
    rollout.advance(1e9)
    batch = rollout.batch()
    parts = (batch.observations, batch.rewards, batch.states, batch.alive)
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def test_the_names_are_those_that_the_knob_walks_through() -> None:
    assert catalogue.NAMES == frame.ENVIRONMENTS


@pytest.mark.parametrize("id", catalogue.NAMES)
def test_what_is_said_of_an_environment_holds(id: str) -> None:
    lanes = catalogue.make(id, 2, horizon=30)
    said = lanes.description
    assert said == catalogue.describe(id, 30)
    assert (said.id, said.horizon, said.drawn) == (id, 30, "film")
    observations = lanes.reset([0, 1])
    assert observations.shape == (2, said.observation_size) and observations.dtype == np.float32
    assert len(said.observation_labels) == said.observation_size
    assert len(said.action_labels) == said.actions
    assert len(said.action_low) == len(said.action_high) == (0 if said.discrete else said.actions)
    assert {name for name, _ in said.arrows} >= {"left", "right"}
    for _, values in said.arrows:
        assert len(values) == (1 if said.discrete else said.actions)
        if said.discrete:
            assert values[0] in range(said.actions)
        else:
            assert (np.clip(values, said.action_low, said.action_high) == values).all()
    states = lanes.states()
    assert states.dtype == np.float64
    assert catalogue.table_states(said, states).shape == (2, len(said.state_labels))
    states[:] = 99
    assert (lanes.states() != 99).any()


@pytest.mark.parametrize("id", [id for id in catalogue.NAMES if id != catalogue.SWIMMER])
def test_limits_and_thresholds_are_gymnasiums(id: str) -> None:
    said, spec = catalogue.describe(id), gymnasium.spec(id)
    assert (said.time_limit, said.threshold) == (spec.max_episode_steps, spec.reward_threshold)
    assert said.horizon == (500 if spec.max_episode_steps is None else spec.max_episode_steps)
    assert catalogue.describe(id, 7).horizon == 7
    assert catalogue.describe(id, 10**5).horizon == (spec.max_episode_steps or 10**5)


@pytest.mark.parametrize("id", GRIDS)
def test_arrows_lead_where_they_point(id: str) -> None:
    description = catalogue.describe(id)
    simulator = gymnasium.make(id, **({"is_slippery": False} if id == "FrozenLake-v1" else {})).unwrapped
    cell = {"FrozenLake-v1": 9, "CliffWalking-v1": 17}[id]
    (before,) = catalogue.table_states(description, np.array([[cell]], dtype=np.float64))
    for name, (action,) in description.arrows:
        simulator.reset(seed=0)
        simulator.s = cell
        after = simulator.step(int(action))[0]
        (there,) = catalogue.table_states(description, np.array([[after]], dtype=np.float64))
        assert tuple(there - before) == GRIDS[id][name]
        assert description.action_labels[int(action)] == {"left": "←", "down": "↓", "right": "→", "up": "↑"}[name]


@pytest.mark.parametrize("id, state", [("MountainCar-v0", 1), ("MountainCarContinuous-v0", 1), ("Acrobot-v1", 3)])
def test_left_and_right_pull_apart(id: str, state: int) -> None:
    ends = {}
    arrows = dict(catalogue.describe(id).arrows)
    for name in ("left", "right", "down"):
        lanes = catalogue.make(id, 1)
        lanes.reset([0])
        for _ in range(2):
            lanes.step(
                np.array([arrows[name]])[0].astype(np.int64) if lanes.description.discrete else np.array([arrows[name]])
            )
        ends[name] = lanes.states()[0, state]
    assert ends["left"] < ends["down"] < ends["right"]


def test_states_are_the_simulators() -> None:
    lanes = catalogue.make("Pendulum-v1", 1)
    cosine, sine, spin = lanes.reset([0])[0]
    ((angle, rate),) = lanes.states()
    assert (np.cos(angle), np.sin(angle), rate) == pytest.approx((cosine, sine, spin), abs=1e-6)
    lake = catalogue.make("FrozenLake-v1", 1)
    lake.reset([0])
    for _ in range(3):
        step = lake.step(np.array([2]))
        assert lake.states().tolist() == [[float(step.observations[0].argmax())]]


def test_the_same_seeds_give_the_same_in_another_process() -> None:
    here = Path(__file__)
    code = f"import sys; sys.path.insert(0, {str(here.parent)!r}); import {here.stem} as here\n"
    code += "print(*(here.digest(id) for id in here.catalogue.NAMES))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [digest(id) for id in catalogue.NAMES]


def test_ours_are_described_and_stepped_without_gymnasium() -> None:
    code = "\n".join(
        (
            "import sys; from lec10_tui.environments import catalogue, rollout",
            "for id in ('CartPole-v1', 'swimmer'): catalogue.make(id, 1).reset([0])",
            "print(sorted({'gymnasium', 'torch', 'textual'} & set(sys.modules)))",
        )
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("id", catalogue.NAMES)
def test_every_environment_of_ours_has_its_film(id: str) -> None:
    lanes = catalogue.make(id, 1, horizon=4)
    said = lanes.description
    arrow = np.array([said.arrows[0][1]])
    rollout = Rollout(lanes, lambda observations, time: arrow[:, 0].astype(np.int64) if said.discrete else arrow, [0])
    rollout.advance(1e9)
    batch = rollout.batch()
    actions = batch.actions.reshape(len(batch.rewards), -1).astype(np.float64)
    film = catalogue.film(said, batch.states[:, 0], actions, np.zeros(len(actions)))
    assert film is not None and film.frames == len(batch.states) == 5


def test_a_stranger_has_no_film() -> None:
    said = catalogue.describe("Taxi-v4")
    assert catalogue.film(said, np.zeros((2, 1)), np.zeros((1, 1)), np.zeros(1)) is None
