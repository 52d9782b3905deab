"""Ids: which environment is meant, or the one line that helps."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import gymnasium
import pytest
from gymnasium import spaces

from lec10_tui.environments import catalogue, registry
from lec10_tui.environments.description import NoEnvironment


def refused(id: str) -> str:
    with pytest.raises(NoEnvironment) as error:
        catalogue.describe(id)
    words = str(error.value)
    assert "\n" not in words
    return words


@pytest.mark.parametrize(
    "id, expected",
    [
        ("CartPole", "CartPole-v1"),
        ("gymnasium:CartPole-v1", "CartPole-v1"),
        ("swimmer", "lec10/Swimmer-v0"),
        ("lec10/Swimmer", "lec10/Swimmer-v0"),
        ("Acrobot", "Acrobot-v1"),
        ("CartPole-v0", "CartPole-v0"),
        ("gymnasium.envs:Taxi", "gymnasium.envs:Taxi-v4"),
    ],
)
def test_an_id_is_made_canonical(id: str, expected: str) -> None:
    description = catalogue.describe(id)
    assert description.id == expected
    assert catalogue.describe(expected) == description


@pytest.mark.parametrize(
    "id, said",
    [
        ("CartPole-v9", "CartPole-v9: there is no version 9 of it; CartPole-v1 is there"),
        ("Taxi-v3", "Taxi-v3: there is no version 3 of it; Taxi-v4 is there"),
        ("Ant-v2", "Ant-v2 is no longer there; Ant-v5 is"),
        ("cartpole-v1", "'cartpole-v1': no environment is called so; near it: CartPole-v1, "),
        ("lec10/Swimer-v0", "no environment is called so; near it: lec10/Swimmer-v0"),
        ("Xyzzy-v0", "'Xyzzy-v0': no environment is called so; one of CartPole-v1, Acrobot-v1, "),
        ("", "'' is no environment's id: those read Name-v0, space/Name-v0 or module:Name-v0"),
        ("Cart Pole", "'Cart Pole' is no environment's id"),
        ("a:b:C-v0", "'a:b:C-v0' is no environment's id: before the colon stands the module that registers it"),
        ("no_such_module:Env-v0", "no_such_module:Env-v0: no_such_module can't be imported (ModuleNotFoundError: "),
        ("gymnasium:Xyzzy-v0", "'gymnasium:Xyzzy-v0': no environment is called so"),
    ],
)
def test_what_is_not_there_gets_one_line(id: str, said: str) -> None:
    assert said in refused(id)


@pytest.mark.parametrize(
    "id, extra, module",
    [
        ("LunarLander-v3", "box2d", "Box2D"),
        ("BipedalWalker-v3", "box2d", "Box2D"),
        ("HalfCheetah-v5", "mujoco", "mujoco"),
        ("Ant-v4", "mujoco", "mujoco"),
        ("phys2d/CartPole-v1", "jax", "jax"),
        ("ALE/Breakout-v5", "atari", "ale_py"),
    ],
)
def test_an_extra_that_is_missing_is_named(id: str, extra: str, module: str) -> None:
    if find_spec(module) is not None:
        assert catalogue.describe(id).actions > 0
    else:
        assert refused(id).endswith(f", which is not installed: pip install 'gymnasium[{extra}]'")


def test_a_package_that_an_environment_misses_is_named() -> None:
    gymnasium.register("counting/Missing-v0", entry_point="no_such_package.envs:Env")
    try:
        assert refused("counting/Missing-v0") == "counting/Missing-v0 needs no_such_package, which is not installed"
    finally:
        del gymnasium.registry["counting/Missing-v0"]


MODULE = """
import gymnasium

class Env(gymnasium.envs.classic_control.PendulumEnv):
    pass

gymnasium.register("Own-v1", entry_point=Env, max_episode_steps=30)
"""


def test_a_module_that_registers_environments_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_environments.py").write_text(MODULE)
    (tmp_path / "broken_environments.py").write_text("raise OSError('not today')")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert catalogue.describe("own_environments:Own").id == "own_environments:Own-v1"
        lanes = catalogue.make("own_environments:Own-v1", 2)
        assert lanes.reset([0, 1]).shape == (2, 3)
        assert lanes.description.horizon == 30
        said = "broken_environments:Own-v1: broken_environments can't be imported (OSError: not today)"
        assert refused("broken_environments:Own-v1") == said
    finally:
        gymnasium.registry.pop("Own-v1", None)
        sys.modules.pop("own_environments", None)


@pytest.mark.parametrize(
    "name, changes, said",
    [
        (
            "Many",
            {"action_space": spaces.MultiDiscrete([2, 3])},
            "has MultiDiscrete actions; only Discrete and Box ones",
        ),
        ("Pair", {"action_space": spaces.Tuple([spaces.Discrete(2)])}, "has Tuple actions"),
        ("Point", {"action_space": spaces.Box(-1, 1, ())}, "has Box actions without dimensions"),
        ("Graph", {"observation_space": spaces.Sequence(spaces.Discrete(2))}, "has Sequence observations"),
        ("Empty", {"observation_space": spaces.Box(-1, 1, (0,))}, "has empty observations"),
    ],
)
def test_spaces_that_a_policy_has_no_use_for_are_refused(name: str, changes: dict[str, object], said: str) -> None:
    class Env(gymnasium.envs.classic_control.PendulumEnv):
        def __init__(self, render_mode: str | None = None) -> None:
            super().__init__(render_mode)
            self.__dict__.update(changes)

    gymnasium.register(f"counting/{name}-v0", entry_point=Env)
    try:
        assert refused(f"counting/{name}-v0").startswith(f"counting/{name}-v0 {said}")
    finally:
        del gymnasium.registry[f"counting/{name}-v0"]


def test_an_exception_is_told_in_one_line() -> None:
    assert registry.in_one_line(ValueError("a\n  b")) == "ValueError: a b"
    assert registry.in_one_line(KeyError()) == "KeyError"
