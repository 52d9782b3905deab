"""The swimmer's lanes: what an episode is, and that each lane is on its own."""

from __future__ import annotations

import numpy as np
import pytest

from lec10_tui.environments.swimmer import BEND, RELAXATION, STRONGEST, TIME_LIMIT, SwimmerLanes, describe


def test_the_description_fits_what_is_seen_and_done() -> None:
    lanes = SwimmerLanes(3)
    observations = lanes.reset([0, 1, 2])
    description = lanes.description
    assert observations.shape == (3, description.observation_size) == (3, len(description.observation_labels))
    assert observations.dtype == np.float32
    assert description.actions == len(description.action_labels) == len(description.action_low) == 4
    assert description.horizon == description.time_limit == TIME_LIMIT
    assert describe(30).horizon == 30
    assert describe(10_000).horizon == TIME_LIMIT
    assert len(description.state_labels) <= lanes.states().shape[1]


def test_a_lane_alone_lives_the_same_episode() -> None:
    seeds = [5, 3, 8, 1, 4]
    actions = np.random.default_rng(0).normal(size=(20, 5, 4))
    together = SwimmerLanes(5)
    together.reset(seeds)
    alone = [SwimmerLanes(1) for _ in seeds]
    for lane, seed in zip(alone, seeds, strict=True):
        lane.reset([seed])
    for action in actions:
        step = together.step(action)
        for number, lane in enumerate(alone):
            own = lane.step(action[number : number + 1])
            assert own.rewards[0] == step.rewards[number]
            assert np.array_equal(own.observations[0], step.observations[number])
    for number, lane in enumerate(alone):
        assert np.array_equal(lane.states()[0], together.states()[number])


def test_the_return_is_the_displacement() -> None:
    lanes = SwimmerLanes(4)
    lanes.reset(range(4))
    np.testing.assert_array_equal(lanes.states()[:, [0, 6]], 0)
    actions = 3 * np.random.default_rng(1).normal(size=(TIME_LIMIT, 4, 4))
    total = np.sum([lanes.step(action).rewards for action in actions], axis=0)
    np.testing.assert_allclose(total, lanes.states()[:, 0], atol=1e-14)
    assert np.abs(total).max() > 1e-3


def test_it_is_cut_by_its_horizon_and_then_left_alone() -> None:
    lanes = SwimmerLanes(2, horizon=3)
    lanes.reset([0, 1])
    steps = [lanes.step(np.ones((2, 4))) for _ in range(3)]
    assert [step.truncated.all() for step in steps] == [False, False, True]
    assert not any(step.terminated.any() for step in steps)
    before = lanes.states()
    after = lanes.step(np.ones((2, 4)))
    assert not after.rewards.any()
    assert not after.truncated.any()
    assert np.array_equal(before, lanes.states())
    assert np.array_equal(after.observations, steps[-1].observations)


def test_torques_are_clipped_and_joints_go_half_way_to_where_they_bend() -> None:
    lanes, clipped = SwimmerLanes(1), SwimmerLanes(1)
    lanes.reset([0])
    clipped.reset([0])
    before = lanes.states()[0, 2:6]
    torque = np.array([[1.0, -2.0, 7.0, -40.0]])
    lanes.step(torque)
    clipped.step(np.clip(torque, -STRONGEST, STRONGEST))
    assert np.array_equal(lanes.states(), clipped.states())
    rest = BEND * np.array([1.0, -2.0, STRONGEST, -STRONGEST])
    np.testing.assert_allclose(lanes.states()[0, 2:6], before + RELAXATION * (rest - before), atol=1e-15)


def test_states_are_copies() -> None:
    lanes = SwimmerLanes(1)
    lanes.reset([0])
    lanes.states()[:] = 9
    assert np.abs(lanes.states()).max() < 1


def test_seeds_are_checked() -> None:
    with pytest.raises(ValueError, match="3 seeds for 2 lanes"):
        SwimmerLanes(2).reset([0, 1, 2])


def test_the_arrows_in_turn_swim_to_the_right() -> None:
    arrows = dict(describe().arrows)
    lanes = SwimmerLanes(1)
    lanes.reset([0])
    for time in range(TIME_LIMIT):
        lanes.step(np.array([arrows[("right", "down", "left", "up")[time % 4]]]))
    assert lanes.states()[0, 0] > 1.5


def test_lying_still_gets_nothing() -> None:
    lanes = SwimmerLanes(1)
    lanes.reset([0])
    rewards = [lanes.step(np.zeros((1, 4))).rewards[0] for _ in range(TIME_LIMIT)]
    assert abs(sum(rewards)) < 0.01
    assert abs(rewards[-1]) < 1e-12
