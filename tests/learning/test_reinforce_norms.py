"""Weights, and the norm of every step's gradient, against loops and automatic differentiation step by step."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from leaning_policies import leaning, plain, steps

from lec10_tui.learning.policy import PolicyArchitecture
from lec10_tui.learning.reinforce import ESTIMATORS, gradient_norms, surrogate, weights
from lec10_tui.learning.returns import rewards_to_go
from lec10_tui.learning.truths.episode_truths import credits

SHAPES = [
    PolicyArchitecture(4, actions, continuous, hidden, activation)
    for actions, continuous in ((3, False), (2, True))
    for hidden in ((), (8,), (8, 6, 5))
    for activation in ("tanh", "relu")
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.continuous}-{shape.hidden}-{shape.activation}")
def test_norms_are_those_of_each_steps_own_gradient(shape: PolicyArchitecture) -> None:
    policy = leaning(shape).double()
    observations, actions = steps(shape, count=12)
    weight = torch.linspace(-3, 40, 12, dtype=torch.float64)
    norms, whole = gradient_norms(policy, observations, actions, weight)
    rows = torch.stack([*plain(policy).gradients(observations.numpy(), actions.numpy(), weight.numpy())])
    torch.testing.assert_close(norms, rows.norm(dim=1), rtol=1e-12, atol=1e-12)
    assert whole == pytest.approx(float(rows.sum(0).norm()), rel=1e-12)
    assert not norms.requires_grad and all(parameter.grad is None for parameter in policy.parameters())
    with torch.no_grad():
        assert torch.equal(gradient_norms(policy, observations, actions, weight)[0], norms)
    loss, _ = surrogate(policy, observations, actions, weight, 1, 0.0)
    parts = torch.autograd.grad(loss, list(policy.parameters()))
    assert whole == pytest.approx(float(torch.cat([part.flatten() for part in parts]).norm()), rel=1e-12)


def test_norms_in_float32_are_near() -> None:
    policy = leaning(SHAPES[2])
    observations, actions = steps(SHAPES[2], count=500)
    weight = torch.arange(500, 0, -1).float()
    norms, whole = gradient_norms(policy, observations.float(), actions, weight)
    exact, exactly = gradient_norms(leaning(SHAPES[2]).double(), observations, actions, weight.double())
    assert norms.dtype == torch.float32
    torch.testing.assert_close(norms.double(), exact, rtol=1e-4, atol=1e-4)
    assert whole == pytest.approx(exactly, rel=1e-4)


@given(
    st.lists(st.lists(st.floats(-10, 10), min_size=1, max_size=6), min_size=1, max_size=4),
    st.sampled_from(ESTIMATORS),
    st.sampled_from([0.9, 1.0]),
    st.floats(-20, 20),
)
def test_weights_are_what_the_slides_say(
    columns: list[list[float]], estimator: str, discount: float, constant: float
) -> None:
    shape = (max(map(len, columns)), len(columns))
    rewards, alive = np.zeros(shape), np.zeros(shape, np.bool_)
    for lane, column in enumerate(columns):
        rewards[: len(column), lane], alive[: len(column), lane] = column, True
    baseline = constant + np.arange(shape[0] * shape[1], dtype=np.float64).reshape(shape)
    to_go = rewards_to_go(rewards, alive, discount)
    weight, spread = weights(estimator, to_go, to_go[0], baseline, alive, False)
    assert spread == 1.0 and not weight[~alive].any()
    for lane, column in enumerate(columns):
        expected, _ = credits(estimator, column, discount, baseline[: len(column), lane].tolist(), False)
        np.testing.assert_allclose(weight[: len(column), lane], expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_normalised_weights_have_a_standard_deviation_of_one(estimator: str) -> None:
    alive = np.arange(6)[:, None] < np.array([6, 3, 5])
    rewards = np.where(alive, np.arange(18.0).reshape(6, 3), 0.0)
    to_go = rewards_to_go(rewards, alive, 1.0)
    plainly, _ = weights(estimator, to_go, to_go[0], np.ones((6, 3)), alive, False)
    weight, spread = weights(estimator, to_go, to_go[0], np.ones((6, 3)), alive, True)
    assert weight[alive].std() == pytest.approx(1.0)
    assert spread == pytest.approx(plainly[alive].std()) and spread > 1.5
    np.testing.assert_allclose(weight * spread, plainly)
    expected, alone = credits(estimator, rewards[:, 0].tolist(), 1.0, [1.0] * 6, True)
    column, own = weights(estimator, to_go[:, :1], to_go[0, :1], np.ones((6, 1)), alive[:, :1], True)
    np.testing.assert_allclose(column[:, 0], expected)
    assert own == pytest.approx(alone)


def test_weights_that_do_not_differ_are_left_as_they_are() -> None:
    alive = np.ones((7, 1), np.bool_)
    for value in (0.3, 0.0):
        weight, spread = weights("full-return", np.zeros((7, 1)), np.array([value]), np.zeros((7, 1)), alive, True)
        assert spread == 1.0 and (weight == value).all()


def test_an_estimator_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="estimator: 'td' is not one of full-return, reward-to-go"):
        weights("td", np.zeros((1, 1)), np.zeros(1), np.zeros((1, 1)), np.ones((1, 1), np.bool_), False)
