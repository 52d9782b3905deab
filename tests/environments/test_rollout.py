"""A rollout is whole episodes, masked after their ends, the same however it is sliced."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import numpy as np
import pytest

from lec10_tui.environments.cart_pole import CartPoleLanes
from lec10_tui.environments.description import Description, EnvironmentBroke
from lec10_tui.environments.lanes import Lanes, Step
from lec10_tui.environments.rollout import Batch, Rollout

COUNTDOWN = Description(
    id="Countdown-v0", native=True, observation_size=1, observation_labels=("left",), state_labels=("left",),
    discrete=True, actions=2, action_labels=("0", "1"), action_low=(), action_high=(), arrows=(), pushed="",
    time_limit=None, horizon=6, threshold=None, drawn="none",
)  # fmt: skip


class Countdown:
    """Lanes that terminate after as many steps as their seed says, or are cut at 6."""

    description = COUNTDOWN

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.left = np.zeros(lanes)
        self.time = 0

    def reset(self, seeds: Sequence[int]) -> np.ndarray:
        self.left = np.array(seeds, dtype=np.float64)
        self.time = 0
        return self.observations()

    def step(self, actions: np.ndarray) -> Step:
        alive = (self.left > 0) & (self.time < 6)
        self.left = np.where(alive, self.left - 1, self.left)
        self.time += 1
        rewards = np.where(alive, 10.0 * self.time + actions, 0.0)
        return Step(self.observations(), rewards, alive & (self.left <= 0), alive & np.full(self.lanes, self.time == 6))

    def push(self, lane: int, strength: float) -> None:
        self.left[lane] += strength

    def observations(self) -> np.ndarray:
        return self.left[:, None].astype(np.float32)

    def states(self) -> np.ndarray:
        return self.left[:, None].copy()

    def render(self) -> None:
        return None

    def close(self) -> None:
        return None


def by_time(observations: np.ndarray, time: int) -> np.ndarray:
    """Actions that tell when they were chosen."""
    return np.full(len(observations), time % 2)


def sampled(lanes: Lanes, seeds: Sequence[int], pushes: Sequence[tuple[int, int, float]] = ()) -> Batch:
    whole = Rollout(lanes, by_time, seeds, pushes)
    assert whole.advance(1e9)
    return whole.batch()


def test_nothing_is_earned_after_the_end_and_the_longest_lane_sets_the_length() -> None:
    batch = sampled(Countdown(3), [2, 4, 1])
    assert batch.lengths.tolist() == [2, 4, 1]
    assert batch.alive.tolist() == [[True, True, True], [True, True, False], [False, True, False], [False, True, False]]
    assert batch.rewards.tolist() == [[10, 10, 10], [21, 21, 0], [0, 30, 0], [0, 41, 0]]
    assert batch.steps == 7
    assert batch.observations[:, :, 0].tolist() == [[2, 4, 1], [1, 3, 0], [0, 2, 0], [0, 1, 0]]
    assert batch.final_observations.tolist() == [[0], [0], [0]]
    assert batch.states[:, :, 0].tolist() == [[2, 4, 1], [1, 3, 0], [0, 2, 0], [0, 1, 0], [0, 0, 0]]
    assert batch.actions.tolist() == [[0] * 3, [1] * 3, [0] * 3, [1] * 3]


def test_truncated_and_terminated_are_told_apart_lane_by_lane() -> None:
    batch = sampled(Countdown(4), [2, 9, 6, 7])
    assert batch.terminated.tolist() == [True, False, True, False]
    assert batch.truncated.tolist() == [False, True, False, True]


@pytest.mark.parametrize("slices", [0.0, 3.0, 1e9])
def test_slices_of_any_length_give_the_same_batch(slices: float) -> None:
    def noisy(observations: np.ndarray, time: int) -> np.ndarray:
        return np.random.default_rng(time).integers(2, size=len(observations))

    ticks = count()
    whole = Rollout(CartPoleLanes(5), noisy, range(5), clock=lambda: float(next(ticks)))
    turns = 1
    while not whole.advance(slices):
        turns += 1
    batch = whole.batch()
    expected = Rollout(CartPoleLanes(5), noisy, range(5))
    assert expected.advance(1e9)
    for name in (
        "observations",
        "actions",
        "rewards",
        "alive",
        "terminated",
        "states",
        "final_observations",
        "lengths",
    ):
        np.testing.assert_array_equal(getattr(batch, name), getattr(expected.batch(), name))
    assert turns == {0.0: len(batch.rewards), 3.0: -(-len(batch.rewards) // 3), 1e9: 1}[slices]


def test_it_tells_how_far_it_is_and_hands_over_only_whole_episodes() -> None:
    whole = Rollout(Countdown(2), by_time, [3, 1])
    assert not whole.advance(0.0)
    assert whole.steps == 2
    with pytest.raises(RuntimeError, match="1 lanes of 2 are not over yet"):
        whole.batch()
    assert not whole.advance(0.0)
    assert whole.advance(0.0) and whole.advance(0.0)
    assert whole.steps == whole.batch().steps == 4


def test_pushes_come_before_the_observation_of_their_time() -> None:
    batch = sampled(Countdown(2), [2, 2], pushes=[(1, 0, 2.0), (0, 1, 1.0)])
    assert batch.observations[:, :, 0].tolist() == [[2, 3], [3, 2], [2, 1], [1, 0]]
    assert batch.states[:, :, 0].tolist() == [[2, 3], [3, 2], [2, 1], [1, 0], [0, 0]]
    assert batch.lengths.tolist() == [4, 3]


def test_an_episode_replays_exactly_from_its_seed_and_pushes() -> None:
    pushes = [(4, 1, 0.7), (9, 1, -0.4)]
    together, again = (sampled(CartPoleLanes(3), [5, 6, 7], pushes) for _ in range(2))
    alone = sampled(CartPoleLanes(1), [6], [(time, 0, strength) for time, _, strength in pushes])
    unpushed = sampled(CartPoleLanes(1), [6])
    np.testing.assert_array_equal(together.states, again.states)
    length = len(alone.rewards)
    np.testing.assert_array_equal(together.states[: length + 1, 1], alone.states[:, 0])
    np.testing.assert_array_equal(alone.states[:4], unpushed.states[:4])
    assert alone.states[4, 0, 1] == unpushed.states[4, 0, 1] + 0.7


def test_actions_may_be_written_into_the_same_array() -> None:
    reused = np.zeros(2, dtype=np.int64)

    def choose(observations: np.ndarray, time: int) -> np.ndarray:
        reused[:] = time
        return reused

    whole = Rollout(Countdown(2), choose, [3, 3])
    whole.advance(1e9)
    assert whole.batch().actions[:, 0].tolist() == [0, 1, 2]


def test_more_than_fits_is_refused_in_one_line() -> None:
    whole = Rollout(Countdown(2), by_time, [5, 5], largest=20)
    with pytest.raises(
        EnvironmentBroke, match=r"^Countdown-v0: 3 steps of 2 episodes .* 20 bytes; fewer episodes or a shorter T"
    ):
        whole.advance(1e9)
