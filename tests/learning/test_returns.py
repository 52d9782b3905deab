"""Rewards-to-go and returns against their definitions, with episodes of different lengths side by side."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lec10_tui.learning.returns import returns, rewards_to_go
from lec10_tui.learning.truths.episode_truths import credits, log_of_product, total_return
from lec10_tui.learning.truths.episode_truths import rewards_to_go as summed_afresh

episodes = st.lists(st.lists(st.floats(-100, 100), min_size=1, max_size=12), min_size=1, max_size=5)


@given(episodes, st.sampled_from([0.0, 0.5, 0.9, 0.99, 1.0]))
def test_rewards_to_go_are_the_sums_of_what_follows(columns: list[list[float]], discount: float) -> None:
    shape = (max(map(len, columns)), len(columns))
    rewards, alive = np.full(shape, 1e6), np.zeros(shape, np.bool_)
    for lane, column in enumerate(columns):
        rewards[: len(column), lane], alive[: len(column), lane] = column, True
    given = rewards.copy()
    to_go, whole = rewards_to_go(rewards, alive, discount), returns(rewards, alive, discount)
    assert to_go.dtype == np.float64 and to_go.shape == shape and whole.shape == (len(columns),)
    np.testing.assert_array_equal(rewards, given)
    assert not to_go[~alive].any()
    for lane, column in enumerate(columns):
        np.testing.assert_allclose(to_go[: len(column), lane], summed_afresh(column, discount), rtol=0, atol=1e-10)
        assert whole[lane] == pytest.approx(total_return(column, discount), abs=1e-10)


def test_500_rewards_of_1() -> None:
    alive = np.ones((500, 2), np.bool_)
    np.testing.assert_array_equal(rewards_to_go(np.ones((500, 2)), alive, 1.0)[:, 0], np.arange(500, 0, -1))
    assert returns(np.ones((500, 2)), alive).tolist() == [500.0, 500.0]
    assert returns(np.ones((500, 2)), alive, 0.99)[0] == pytest.approx((1 - 0.99**500) / 0.01)


def test_a_product_too_small_for_a_number_has_a_logarithm() -> None:
    assert log_of_product([0.5, 0.25]) == pytest.approx(np.log(0.125), rel=1e-15)
    assert log_of_product([1e-3] * 1000) == pytest.approx(1000 * np.log(1e-3), rel=1e-12)
    assert log_of_product([1e3] * 1000) == pytest.approx(1000 * np.log(1e3), rel=1e-12)


def test_the_truths_credits_by_hand() -> None:
    assert credits("reward-to-go", [1.0, 2.0, 4.0], 0.5, [1.0, 1.0, 1.0], False) == ([2.0, 3.0, 3.0], 1.0)
    assert credits("full-return", [1.0, 2.0, 4.0], 0.5, [0.0, 1.0, 2.0], False) == ([3.0, 2.0, 1.0], 1.0)
    assert credits("full-return", [1.0, 2.0], 1.0, [0.0, 2.0], True) == ([3.0, 1.0], 1.0)
    assert credits("reward-to-go", [4.0, 4.0], 1.0, [0.0, 0.0], True) == ([4.0, 2.0], 2.0)
    assert credits("full-return", [1.0, 2.0], 1.0, [0.0, 0.0], True) == ([3.0, 3.0], 1.0)
