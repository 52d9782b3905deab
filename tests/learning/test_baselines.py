"""Baselines: running means that forget, a learned V(s) that follows growing returns, and all of it as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from lec10_tui.learning.baselines import HALF_LIFE, KINDS, Baselines, ValueNetwork
from lec10_tui.learning.optimizers import build
from lec10_tui.learning.policy import Policy, PolicyArchitecture
from lec10_tui.learning.random import array_generator, generator
from lec10_tui.learning.reinforce import ESTIMATORS, surrogate, weights
from lec10_tui.learning.returns import rewards_to_go
from lec10_tui.learning.sampling import Sampler, noise

SHAPE = PolicyArchitecture(2, 2, False, (32,), "tanh")


def batch(lengths: list[int], unit: float = 100.0) -> tuple[Any, Any, Any]:
    """Observations, rewards-to-go and alive of episodes with these lengths, whose every reward is 1.

    What is seen first is what will be earned, in so many units.
    """
    alive = np.arange(max(lengths))[:, None] < np.array(lengths)
    to_go = rewards_to_go(np.ones(alive.shape), alive, 1.0)
    observations = np.stack([to_go / unit, np.zeros(alive.shape)], 2).astype(np.float32)
    return observations, to_go, alive


def ask(baselines: Baselines, kind: str, estimator: str, lengths: list[int], constant: float = 0.0) -> NDArray[Any]:
    observations, _, alive = batch(lengths)
    values = baselines.values(kind, estimator, constant, observations, alive)
    assert values.shape == alive.shape and values.dtype == np.float64 and not values[~alive].any()
    return values


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("kind", KINDS)
def test_before_the_first_batch_they_are_zero(kind: str, estimator: str) -> None:
    values = ask(Baselines(SHAPE), kind, estimator, [3, 5], constant=7.0)
    assert set(values.flat) == ({0.0, 7.0} if kind == "constant" else {0.0})


def test_after_one_batch_they_are_its_means() -> None:
    baselines = Baselines(SHAPE)
    baselines.learn(*batch([4, 2]))
    assert ask(baselines, "none", "full-return", [2]).tolist() == [[0], [0]]
    assert ask(baselines, "constant", "full-return", [2, 1], 3.0).tolist() == [[3, 3], [3, 0]]
    # Returns are 4 and 2; rewards-to-go 4 3 2 1 and 2 1.
    assert ask(baselines, "mean", "full-return", [2]).tolist() == [[3], [3]]
    assert ask(baselines, "mean", "reward-to-go", [2]) == pytest.approx(13 / 6)
    assert ask(baselines, "time-dependent", "full-return", [6])[:, 0].tolist() == [3, 3, 4, 4, 4, 4]
    assert ask(baselines, "time-dependent", "reward-to-go", [6])[:, 0].tolist() == [3, 2, 2, 1, 1, 1]


def test_recent_batches_count_most() -> None:
    baselines = Baselines(SHAPE)
    for _ in range(3):
        baselines.learn(*batch([10] * int(HALF_LIFE)))
    baselines.learn(*batch([20] * int(HALF_LIFE)))
    # The last batch weighs 1, the others a half, a quarter and an eighth.
    assert ask(baselines, "mean", "full-return", [1]) == pytest.approx((20 + 10 * 0.875) / 1.875)
    assert ask(baselines, "time-dependent", "full-return", [1]) == pytest.approx((20 + 10 * 0.875) / 1.875)
    for _ in range(12):
        baselines.learn(*batch([30] * int(HALF_LIFE)))
    assert ask(baselines, "mean", "full-return", [1]) == pytest.approx(30, abs=0.02)


def test_forgetting_goes_by_episodes_not_by_batches() -> None:
    together, apart = Baselines(SHAPE), Baselines(SHAPE)
    for baselines in (together, apart):
        baselines.learn(*batch([10] * 16))
    together.learn(*batch([20] * 8))
    for _ in range(8):
        apart.learn(*batch([20]))
    near, far = (ask(baselines, "mean", "full-return", [1]).item() for baselines in (together, apart))
    assert near == pytest.approx(far, abs=0.5) and near < 15


def test_a_time_that_was_not_reached_again_is_remembered() -> None:
    baselines = Baselines(SHAPE)
    baselines.learn(*batch([6, 6]))
    for _ in range(300):
        baselines.learn(np.zeros((2, 2, 2), np.float32), np.full((2, 2), 9.0), np.ones((2, 2), np.bool_))
    assert baselines.arrays()["rewards-to-go-by-time.weight"][2:].max() < 1e-9
    values = ask(baselines, "time-dependent", "reward-to-go", [8])[:, 0]
    np.testing.assert_allclose(values, [9, 9, 4, 3, 2, 1, 1, 1], rtol=1e-12)


def test_the_values_asked_for_leave_the_state_alone() -> None:
    baselines = Baselines(SHAPE)
    baselines.learn(*batch([4, 2]))
    before = {name: array.tobytes() for name, array in baselines.arrays().items()}
    for kind in KINDS:
        ask(baselines, kind, "reward-to-go", [3])[:] = 99.0
    assert {name: array.tobytes() for name, array in baselines.arrays().items()} == before


@pytest.mark.parametrize("longest", [20, 500])
def test_the_learned_value_follows_returns_as_they_grow(longest: int) -> None:
    baselines = Baselines(SHAPE, generator(0, 0, "value"))
    for update in range(30):
        length = max(2, longest * min(update + 1, 20) // 20)
        given = batch([length] * 16, unit=longest)
        baselines.learn(*given)
    values = baselines.values("value", "full-return", 0.0, given[0], given[2])
    error = np.sqrt(np.square(values - given[1]).mean())
    assert error < 0.1 * given[1].std()


@pytest.mark.parametrize("reward", [0.0, -1.0, 1e-4, 1e5])
def test_rewards_of_any_size_are_learned(reward: float) -> None:
    baselines = Baselines(SHAPE, generator(0, 0, "value"))
    given = batch([100] * 8)
    for _ in range(40):
        baselines.learn(given[0], given[1] * reward, given[2])
    values = baselines.values("value", "reward-to-go", 0.0, given[0], given[2])
    assert np.sqrt(np.square(values - given[1] * reward).mean()) <= 0.05 * abs(reward) * given[1].std() + 1e-9


def test_new_units_leave_the_value_what_it_was() -> None:
    network = ValueNetwork(SHAPE, generator(0, 0, "value"))
    observations, to_go, alive = batch([50] * 4)
    seen, wanted = torch.from_numpy(observations[alive]), torch.from_numpy(to_go[alive]).float()
    for _ in range(5):
        network.learn(seen, wanted, 25.0, 14.0)
    before = network.values(seen)
    network.STEPS = 0
    network.learn(seen, wanted, -300.0, 120.0)
    torch.testing.assert_close(network.values(seen), before, rtol=1e-4, atol=1e-3)
    assert (network.center, network.scale) == (-300.0, 120.0)


def test_a_resumed_state_is_the_same_state() -> None:
    straight = Baselines(SHAPE, generator(0, 0, "value"))
    for update in range(6):
        if update == 3:
            arrays = straight.arrays()
            kept = {name: array.tobytes() for name, array in arrays.items()}
        straight.learn(*batch([10 + update, 5, 3 + 2 * update]))
    assert {name: array.tobytes() for name, array in arrays.items()} == kept
    resumed = Baselines(SHAPE, generator(9, 0, "value"))
    resumed.load(arrays)
    assert {name: array.tobytes() for name, array in resumed.arrays().items()} == kept
    for update in range(3, 6):
        resumed.learn(*batch([10 + update, 5, 3 + 2 * update]))
    assert {name: array.tobytes() for name, array in arrays.items()} == kept
    after = straight.arrays()
    for name, array in resumed.arrays().items():
        assert array.tobytes() == after[name].tobytes() and array.dtype == after[name].dtype
    for kind in KINDS:
        for estimator in ESTIMATORS:
            np.testing.assert_array_equal(
                ask(resumed, kind, estimator, [7, 30]), ask(straight, kind, estimator, [7, 30])
            )


def test_a_fresh_state_goes_through_arrays() -> None:
    again = Baselines(SHAPE, generator(1, 0, "value"))
    again.load(Baselines(SHAPE, generator(0, 0, "value")).arrays())
    assert not ask(again, "value", "reward-to-go", [4]).any() and not ask(again, "mean", "reward-to-go", [4]).any()


def test_anothers_arrays_are_refused_in_one_line() -> None:
    baselines = Baselines(SHAPE)
    baselines.learn(*batch([3]))
    arrays = baselines.arrays()
    other = Baselines(PolicyArchitecture(3, 2, False, (32,), "tanh")).arrays()
    for wrong, message in [
        ({name: array for name, array in arrays.items() if name != "returns.mean"}, "returns.mean.* is missing"),
        ({**arrays, "returns.mean": np.zeros(5)}, r"returns is \(5,\) by \(1,\), \(1,\) twice is needed"),
        ({**arrays, "rewards-to-go.mean": np.zeros(1), "rewards-to-go.weight": np.zeros(1)}, r"\(2,\) twice"),
        ({**arrays, "returns-by-time.mean": np.zeros(4)}, r"returns-by-time is \(4,\) by \(3,\), \(4,\) twice"),
        ({**arrays, "value.standardised": np.zeros(3)}, r"value.standardised is \(3,\), \(2,\) is needed"),
        ({**arrays, "extra": np.zeros(3)}, "extra is not a part"),
        (other, r"network.0.weight is float32 \(32, 3\), floats \(32, 2\) are needed"),
    ]:
        with pytest.raises(ValueError, match=message) as caught:
            baselines.load(wrong)
        assert "\n" not in str(caught.value)


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="baseline: 'best' is not one of none, constant, mean"):
        ask(Baselines(SHAPE), "best", "reward-to-go", [1])
    with pytest.raises(ValueError, match="estimator: 'td' is not one of full-return, reward-to-go"):
        ask(Baselines(SHAPE), "mean", "td", [1])


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_walker_learns_the_way_with_each_of_them(kind: str, estimator: str) -> None:
    """A corridor of nine cells, every step costs 1 until its end is reached; the way is eight steps long."""
    cells, lanes, horizon = 9, 16, 60
    shape = PolicyArchitecture(cells, 2, False, (), "tanh")
    policy = Policy(shape, generator(0, 0, "policy"))
    baselines, optimizer = Baselines(shape, generator(0, 0, "value")), build("adam", policy.parameters(), 0.05)
    sampler, view, lengths = Sampler(policy), np.eye(cells, dtype=np.float32), []
    for update in range(60):
        at = array_generator(0, update, "start").integers(0, 2, lanes)
        draws, observations, actions, alive = noise(0, update, "act", lanes, None), [], [], []
        while len(alive) < horizon and (at < cells - 1).any():
            observations.append(view[at])
            actions.append(sampler.choose(view[at], draws.at(len(alive))))
            alive.append(at < cells - 1)
            at = np.where(alive[-1], np.maximum(at + 2 * actions[-1] - 1, 0), at)
        seen, taken, mask = np.stack(observations), np.stack(actions), np.stack(alive)
        to_go = rewards_to_go(-1.0 * mask, mask, 1.0)
        values = baselines.values(kind, estimator, -20.0, seen, mask)
        weight = weights(estimator, to_go, to_go[0], values, mask, False)[0]
        optimizer.zero_grad()
        given = (torch.from_numpy(array[mask]) for array in (seen, taken, weight.astype(np.float32)))
        surrogate(policy, *given, lanes, 0.0)[0].backward()
        optimizer.step()
        baselines.learn(seen, to_go, mask)
        lengths.append(mask.sum() / lanes)
    first, last = np.mean(lengths[:3]), np.mean(lengths[-5:])
    assert first > 35
    assert last < (25 if estimator == "full-return" and kind == "none" else 14)
