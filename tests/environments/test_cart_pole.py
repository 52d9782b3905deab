"""The numpy cart-pole is gymnasium's: the same physics, the same episodes, the same ends."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from lec10_tui.environments import cart_pole
from lec10_tui.environments.cart_pole import CartPoleLanes, step_states


def balancing(observations: np.ndarray) -> np.ndarray:
    """Actions that keep the pole up for hundreds of steps."""
    return (observations[:, 2] + 0.5 * observations[:, 3] > 0).astype(np.int64)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_an_episode_is_gymnasiums_of_the_same_seed(seed: int) -> None:
    theirs = gymnasium.make(cart_pole.ID, disable_env_checker=True)
    ours = CartPoleLanes(1)
    rng = np.random.default_rng(seed)
    observation, _ = theirs.reset(seed=seed)
    np.testing.assert_array_equal(ours.reset([seed])[0], observation)
    steps, over = 0, False
    while not over:
        action = balancing(observation[None]) if seed % 4 else rng.integers(2, size=1)
        observation, reward, terminated, truncated, _ = theirs.step(int(action[0]))
        step = ours.step(action)
        np.testing.assert_allclose(ours.states()[0], theirs.unwrapped.state, rtol=0, atol=1e-12)
        np.testing.assert_array_equal(step.observations[0], observation)
        assert (step.rewards[0], step.terminated[0], step.truncated[0]) == (reward, terminated, truncated)
        over = terminated or truncated
        steps += 1
    assert steps == 500 if seed % 4 else steps < 200


def test_the_physics_is_gymnasiums_from_any_state() -> None:
    rng = np.random.default_rng(0)
    theirs = gymnasium.make(cart_pole.ID, disable_env_checker=True).unwrapped
    theirs.reset(seed=0)
    states = rng.uniform(-1, 1, (4, 3000)) * np.array([[2.3], [3.0], [0.2], [3.0]])
    actions = rng.integers(2, size=3000)
    after = step_states(states, np.where(actions == 1, 10.0, -10.0))
    for lane in range(3000):
        theirs.state, theirs.steps_beyond_terminated = states[:, lane], None
        terminated = theirs.step(actions[lane])[2]
        np.testing.assert_allclose(after[:, lane], theirs.state, rtol=0, atol=1e-12)
        assert terminated == (abs(after[0, lane]) > 2.4 or abs(after[2, lane]) > cart_pole.LARGEST_ANGLE)


def test_what_is_said_of_it_is_what_gymnasium_says() -> None:
    spec = gymnasium.spec(cart_pole.ID)
    said = cart_pole.describe()
    assert (said.time_limit, said.horizon, said.threshold) == (
        spec.max_episode_steps,
        spec.max_episode_steps,
        spec.reward_threshold,
    )


def test_a_fallen_pole_stands_still_and_earns_nothing() -> None:
    lanes = CartPoleLanes(3)
    lanes.reset([0, 1, 2])
    earned, ends = np.zeros(3), np.zeros(3, dtype=int)
    for _ in range(60):
        before = lanes.states()
        step = lanes.step(np.array([1, 1, 0]))
        over = ends > 0
        np.testing.assert_array_equal(lanes.states()[over], before[over])
        assert not (step.rewards[over].any() or step.terminated[over].any() or step.truncated[over].any())
        earned += step.rewards
        ends += step.terminated
    assert ends.tolist() == [1, 1, 1]
    assert (earned > 5).all() and (earned < 20).all()


def test_a_horizon_truncates_and_a_fall_at_it_is_both() -> None:
    lanes = CartPoleLanes(1, horizon=5)
    lanes.reset([0])
    ends = [lanes.step(np.array([0])) for _ in range(6)]
    assert [bool(step.truncated[0]) for step in ends] == [False] * 4 + [True, False]
    assert [float(step.rewards[0]) for step in ends] == [1.0] * 5 + [0.0]
    until_fall = CartPoleLanes(1)
    until_fall.reset([0])
    length = 1
    while not until_fall.step(np.array([0])).terminated[0]:
        length += 1
    lanes = CartPoleLanes(1, horizon=length)
    lanes.reset([0])
    last = [lanes.step(np.array([0])) for _ in range(length)][-1]
    assert last.terminated[0] and last.truncated[0]


def test_a_push_adds_to_the_carts_velocity_at_once() -> None:
    lanes = CartPoleLanes(2)
    lanes.reset([3, 4])
    expected = lanes.states()
    expected[1, 1] -= 1.5
    lanes.push(1, -1.5)
    np.testing.assert_array_equal(lanes.states(), expected)
    np.testing.assert_array_equal(lanes.observations(), lanes.states().astype(np.float32))


def test_what_is_over_is_not_pushed() -> None:
    lanes = CartPoleLanes(1, horizon=1)
    lanes.reset([0])
    lanes.step(np.array([0]))
    before = lanes.states()
    lanes.push(0, 1.0)
    np.testing.assert_array_equal(lanes.states(), before)


def test_a_reset_begins_anew_after_any_end() -> None:
    lanes = CartPoleLanes(2, horizon=3)
    first = lanes.reset([7, 8])
    for _ in range(4):
        lanes.step(np.array([0, 1]))
    np.testing.assert_array_equal(lanes.reset([7, 8]), first)
    assert lanes.step(np.array([0, 1])).rewards.tolist() == [1.0, 1.0]
