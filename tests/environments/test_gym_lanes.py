"""gymnasium's environments as lanes: masked, isolated, clipped, pushed, drawn, and clear when they break."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces

from lec10_tui.environments import catalogue
from lec10_tui.environments.description import EnvironmentBroke, NoEnvironment
from lec10_tui.environments.lanes import Lanes

PUSHED = {
    "Acrobot-v1": (2, 2.0),
    "MountainCar-v0": (1, 0.02),
    "MountainCarContinuous-v0": (1, 0.02),
    "Pendulum-v1": (1, 2.0),
}
GYMNASIUMS = (*PUSHED, "FrozenLake-v1", "CliffWalking-v1")


class Counter(gymnasium.Env[Any, Any]):
    """Ends after three steps; tells what was done to it; draws a grey square."""

    metadata = {"render_modes": ["rgb_array"]}  # noqa: RUF012
    observation_space: Any = spaces.Box(-10, 10, (2,), dtype=np.float64)
    action_space: Any = spaces.Discrete(3, start=5)
    breaks_in = ""

    def __init__(self, render_mode: str | None = None, breaks_in: str = "", **spaces_: Any) -> None:
        self.render_mode = render_mode
        self.breaks_in = breaks_in
        self.taken: list[Any] = []
        self.resets = 0
        self.__dict__.update(spaces_)
        self.check("constructor")
        warnings.warn("made", stacklevel=1)

    def check(self, call: str) -> None:
        if call == self.breaks_in:
            raise ArithmeticError(f"{call} went\n  wrong")

    def observe(self) -> Any:
        if isinstance(self.observation_space, spaces.Box):
            return np.full(self.observation_space.shape, len(self.taken), dtype=self.observation_space.dtype)
        self.observation_space.seed(len(self.taken))
        return self.observation_space.sample()

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        self.check("reset")
        self.taken = []
        self.resets += 1
        return self.observe(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.check("step")
        gymnasium.logger.warn("stepped")
        assert self.action_space.contains(action)
        self.taken.append(action)
        return self.observe(), 7.0, len(self.taken) == 3, False, {"lane": object()}

    def render(self) -> Any:
        self.check("render")
        return np.full((4, 6, 3), 100 + len(self.taken), dtype=np.uint8)


Register = Callable[..., str]


@pytest.fixture
def register() -> Iterator[Register]:
    """Registers a Counter under an id of its own; gone after the test."""
    ids = []

    def registered(name: str, limit: int | None = None, **kwargs: Any) -> str:
        id = f"counting/{name}-v0"
        gymnasium.register(id, entry_point=Counter, max_episode_steps=limit, kwargs=kwargs)
        ids.append(id)
        return id

    yield registered
    for id in ids:
        del gymnasium.registry[id]


def counters(lanes: Lanes) -> list[Counter]:
    """The environments inside."""
    return lanes._simulators  # type: ignore[attr-defined,no-any-return]


def test_what_is_over_is_never_touched_again(register: Register) -> None:
    lanes = catalogue.make(register("Masked"), 2)
    assert lanes.reset([0, 1]).tolist() == [[0, 0], [0, 0]]
    steps = [lanes.step(np.array([0, action])) for action in (0, 1, 2, 99, 99, 99)]
    assert [step.rewards.tolist() for step in steps] == [[7, 7]] * 3 + [[0, 0]] * 3
    assert [step.terminated.tolist() for step in steps] == [[False] * 2] * 2 + [[True] * 2] + [[False] * 2] * 3
    assert not any(step.truncated.any() for step in steps)
    assert [step.observations[0, 0] for step in steps] == [1, 2, 3, 3, 3, 3]
    assert [counter.resets for counter in counters(lanes)] == [1, 1]
    assert [counter.taken for counter in counters(lanes)] == [[5, 5, 5], [5, 6, 7]]
    assert steps[0].observations.dtype == np.float32


def test_a_reset_begins_anew_in_the_middle_and_after_the_end(register: Register) -> None:
    lanes = catalogue.make(register("Again"), 1)
    for length in (2, 5, 1):
        lanes.reset([0])
        rewards = [lanes.step(np.array([0])).rewards[0] for _ in range(length)]
        assert rewards == [7.0] * min(length, 3) + [0.0] * max(length - 3, 0)


def test_the_shorter_of_the_horizon_and_the_time_limit_truncates(register: Register) -> None:
    id = register("Limited", limit=2)
    for asked, length in ((None, 2), (1, 1), (50, 2)):
        lanes = catalogue.make(id, 1, horizon=asked)
        assert (lanes.description.time_limit, lanes.description.horizon) == (2, length)
        lanes.reset([0])
        steps = [lanes.step(np.array([0])) for _ in range(3)]
        assert [bool(step.truncated[0]) for step in steps] == [index == length - 1 for index in range(3)]
        assert not any(step.terminated[0] for step in steps)


@pytest.mark.parametrize("id", catalogue.NAMES)
def test_a_lane_depends_on_its_own_seed_alone(id: str) -> None:
    among, alone = catalogue.make(id, 8, horizon=60), catalogue.make(id, 1, horizon=60)
    description = among.description
    seeds = [31, 4, 15, 92, 6, 53, 58, 97]
    observations = among.reset(seeds), alone.reset([seeds[3]])
    rng = np.random.default_rng(0)
    for _ in range(62):
        np.testing.assert_array_equal(observations[0][3], observations[1][0])
        np.testing.assert_array_equal(among.states()[3], alone.states()[0])
        if description.discrete:
            actions = rng.integers(description.actions, size=8)
        else:
            actions = rng.normal(size=(8, description.actions)) * 3
        steps = among.step(actions), alone.step(actions[3:4])
        for name in ("observations", "rewards", "terminated", "truncated"):
            np.testing.assert_array_equal(getattr(steps[0], name)[3], getattr(steps[1], name)[0])
        observations = steps[0].observations, steps[1].observations
    assert among.description == alone.description
    others = among.reset(range(8))
    assert id == "CliffWalking-v1" or id == "FrozenLake-v1" or not (others == others[0]).all()


@pytest.mark.parametrize("id", GYMNASIUMS)
def test_an_episode_is_gymnasiums_of_the_same_seed(id: str) -> None:
    lanes = catalogue.make(id, 2, horizon=40)
    theirs = gymnasium.make(id, max_episode_steps=40)
    observation, _ = theirs.reset(seed=11)
    shown = lanes.reset([10, 11])
    theirs.action_space.seed(0)
    for _ in range(40):
        np.testing.assert_array_equal(
            shown[1], spaces.flatten(theirs.observation_space, observation).astype(np.float32)
        )
        action = theirs.action_space.sample()
        observation, reward, terminated, truncated, _ = theirs.step(action)
        step = lanes.step(np.stack([action, action]).astype(np.int64 if lanes.description.discrete else np.float64))
        assert (step.rewards[1], step.terminated[1], step.truncated[1]) == (reward, terminated, truncated)
        shown = step.observations
        if terminated or truncated:
            break


def test_continuous_actions_are_clipped_shaped_and_rounded(register: Register) -> None:
    box = spaces.Box(np.array([[-1.0, 0.0]]), np.array([[1.0, 5.0]]), dtype=np.float32)
    lanes = catalogue.make(register("Box", action_space=box), 2)
    assert (lanes.description.action_low, lanes.description.action_high) == ((-1.0, 0.0), (1.0, 5.0))
    lanes.reset([0, 0])
    lanes.step(np.array([[-3.0, 9.0], [0.25, -2.0]]))
    taken = [counter.taken[0] for counter in counters(lanes)]
    assert [action.tolist() for action in taken] == [[[-1.0, 5.0]], [[0.25, 0.0]]]
    assert taken[0].dtype == np.float32
    whole = catalogue.make(register("Whole", action_space=spaces.Box(0, 9, (1,), dtype=np.uint8)), 1)
    whole.reset([0])
    whole.step(np.array([[3.7]]))
    assert counters(whole)[0].taken[0].tolist() == [4]


@pytest.mark.parametrize("id", PUSHED)
def test_a_push_moves_the_simulator_and_what_is_seen_of_it(id: str) -> None:
    lanes = catalogue.make(id, 2)
    assert lanes.description.pushed
    lanes.reset([0, 1])
    action = np.zeros(2, np.int64) if lanes.description.discrete else np.zeros((2, 1))
    seen = lanes.step(action).observations
    before = lanes.states()
    lanes.push(1, -0.5)
    index, amount = PUSHED[id]
    moved = lanes.states() - before
    assert moved[1, index] == pytest.approx(-0.5 * amount)
    moved[1, index] = 0
    assert not moved.any()
    np.testing.assert_array_equal(lanes.observations()[0], seen[0])
    simulator: Any = counters(lanes)[1]
    observe = {"Acrobot-v1": "_get_ob", "Pendulum-v1": "_get_obs"}.get(id)
    expected = getattr(simulator, observe)() if observe else simulator.state
    np.testing.assert_allclose(lanes.observations()[1], expected, atol=1e-6)
    assert lanes.step(action).rewards.shape == (2,)


@pytest.mark.parametrize("id", ["FrozenLake-v1", "CliffWalking-v1", "lec10/Swimmer-v0"])
def test_what_can_not_be_pushed_stays_where_it_is(id: str) -> None:
    lanes = catalogue.make(id, 1)
    assert lanes.description.pushed == ""
    lanes.reset([0])
    before = lanes.states()
    lanes.push(0, 1.0)
    np.testing.assert_array_equal(lanes.states(), before)


def test_strangers_show_the_index_or_the_first_numbers(register: Register) -> None:
    lanes = catalogue.make(register("Index", observation_space=spaces.Discrete(9)), 1)
    lanes.reset([0])
    assert lanes.description.state_labels == ("s",)
    assert lanes.states().tolist() == [[float(lanes.observations()[0].argmax())]]
    lanes = catalogue.make(register("Wide", observation_space=spaces.Box(-9, 9, (4, 5))), 1)
    lanes.reset([0])
    assert lanes.step(np.array([0])).observations.tolist() == [[1.0] * 20]
    assert lanes.description.observation_size == 20
    assert lanes.description.state_labels == ("s0", "s1", "s2", "s3", "s4", "s5")
    assert lanes.states().tolist() == [[1.0] * 6]


def test_any_space_that_flattens_is_seen(register: Register) -> None:
    space = spaces.Dict({"where": spaces.Box(-1, 1, (2,)), "bits": spaces.MultiBinary(3), "kind": spaces.Discrete(4)})
    lanes = catalogue.make(register("Dict", observation_space=space), 2)
    space.seed(0)
    expected = spaces.flatten(space, space.sample())
    assert lanes.reset([0, 1]).shape == (2, 9) == (2, lanes.description.observation_size)
    np.testing.assert_allclose(lanes.observations()[1], expected)


def test_what_can_draw_itself_does(register: Register) -> None:
    lanes = catalogue.make(register("Grey"), 2, render=True)
    assert lanes.description.drawn == "rgb"
    lanes.reset([0, 1])
    lanes.step(np.array([0, 0]))
    image = lanes.render()
    assert image is not None and image.shape == (4, 6, 3) and image.dtype == np.uint8 and (image == 101).all()
    blind = catalogue.make(register("Blind", breaks_in="render"), 1, render=True)
    assert blind.description.drawn == "none"
    blind.reset([0])
    assert blind.render() is None
    assert catalogue.make("Acrobot-v1", 1, render=True).render() is None


@pytest.mark.parametrize("call", ["reset", "step"])
def test_one_line_says_what_an_environment_raised(register: Register, call: str) -> None:
    lanes = catalogue.make(register("Breaking", breaks_in=call), 2)
    with pytest.raises(EnvironmentBroke) as broke:
        lanes.reset([0, 1])
        lanes.step(np.array([0, 0]))
    assert str(broke.value) == f"counting/Breaking-v0 broke in {call}: ArithmeticError: {call} went wrong"


def leave(*_: Any, **__: Any) -> Any:
    raise SystemExit(3)


def paid(reward: float) -> Callable[[Any], Any]:
    return lambda action: (np.zeros(2), reward, False, False, {})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"observe": lambda: np.array([0.0, np.nan])}, "reset: an observation is no number within ±1e+30"),
        ({"observe": lambda: np.array([1e300, 0.0])}, "reset: an observation is no number within ±1e+30"),
        ({"step": paid(np.nan)}, "step: a reward is no number within ±1e+30"),
        ({"step": paid(-np.inf)}, "step: a reward is no number within ±1e+30"),
        ({"step": leave}, "step: SystemExit: 3"),
        ({"reset": leave}, "reset: SystemExit: 3"),
    ],
)
def test_what_nothing_can_be_learned_from_breaks_it(
    register: Register, recwarn: pytest.WarningsRecorder, changed: dict[str, Any], words: str
) -> None:
    lanes = catalogue.make(register("Wrong", **changed), 2)
    with pytest.raises(EnvironmentBroke) as broke:
        lanes.reset([0, 1])
        lanes.step(np.array([0, 0]))
    assert str(broke.value) == f"counting/Wrong-v0 broke in {words}"
    assert not recwarn.list


def test_a_constructor_that_raises_is_no_environment(register: Register) -> None:
    with pytest.raises(NoEnvironment) as refused:
        catalogue.describe(register("Unmade", breaks_in="constructor"))
    assert str(refused.value) == "counting/Unmade-v0 can't be made (ArithmeticError: constructor went wrong)"
    with pytest.raises(NoEnvironment, match=r"can't be made \(SystemExit: 3\)$"):
        catalogue.describe(register("Leaving", check=leave))


def test_seeds_and_lanes_that_make_no_sense_are_refused() -> None:
    lanes = catalogue.make("FrozenLake-v1", 2)
    for seeds, said in (([1], "1 seeds for 2 lanes"), ([1, -4], "seed -4")):
        with pytest.raises(ValueError, match=said):
            lanes.reset(seeds)
    with pytest.raises(ValueError, match="0 lanes: at least 1"):
        catalogue.make("FrozenLake-v1", 0)
    with pytest.raises(ValueError, match="horizon 0"):
        catalogue.make("FrozenLake-v1", 1, horizon=0)
    lanes.close()


def test_nothing_is_warned_of_or_printed(register: Register, recwarn: pytest.WarningsRecorder, capfd: Any) -> None:
    for id in ("CartPole-v0", register("Warning")):
        lanes = catalogue.make(id, 1)
        lanes.reset([0])
        for _ in range(30):
            lanes.step(np.array([0]))
        lanes.close()
    assert not recwarn.list
    assert capfd.readouterr() == ("", "")
