"""The enumerated MDP: its trajectories, its expected return and that return's gradient, each against another way."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_problem import SEEN, tiny_mdp, tiny_problem

from lec10_tui.learning.truths.finite_differences import gradient


@pytest.mark.parametrize("horizon", [1, 2, 3, 4])
def test_the_probabilities_of_all_trajectories_add_up_to_one(horizon: int) -> None:
    problem = tiny_problem(horizon=horizon)
    assert problem.chance.sum() == pytest.approx(1.0, abs=1e-14)
    assert (problem.chance > 0).all()
    rows = [(*np.where(alive, states, -1), *np.where(alive, actions, -1)) for states, actions, alive in zip(
        problem.paths.states.T, problem.paths.actions.T, problem.paths.alive.T, strict=True)]  # fmt: skip
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("discount", [1.0, 0.9])
@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_dynamic_programming_and_enumeration_expect_the_same_return(offset: float, discount: float) -> None:
    problem = tiny_problem(offset)
    table = problem.plain.distribution(SEEN).probs.detach()  # type: ignore[attr-defined]
    powers = discount ** np.arange(problem.mdp.horizon)
    enumerated = problem.chance @ (powers @ problem.paths.rewards)
    assert float(problem.mdp.expected_return(table, discount)) == pytest.approx(enumerated, rel=1e-14)


def test_values_are_mean_rewards_to_go() -> None:
    problem = tiny_problem()
    table = problem.plain.distribution(SEEN).probs  # type: ignore[attr-defined]
    values, to_go = problem.mdp.values(table).detach().numpy(), problem.to_go()
    for time in range(problem.mdp.horizon):
        for state in (0, 1):
            here = problem.chance * (problem.paths.alive[time] & (problem.paths.states[time] == state))
            assert values[time, state] == pytest.approx(here @ to_go[time] / here.sum(), rel=1e-13)


def test_the_gradient_is_that_of_finite_differences() -> None:
    mdp = tiny_mdp()

    def expected(logits: torch.Tensor) -> torch.Tensor:
        return mdp.expected_return(logits.view(3, 2).softmax(1))

    logits = torch.tensor([0.3, -0.2, 1.0, 0.5, 0.0, 0.0], dtype=torch.float64, requires_grad=True)
    exact = torch.autograd.grad(expected(logits), logits)[0]
    torch.testing.assert_close(exact, gradient(expected, logits), rtol=0, atol=1e-10)


def test_episodes_end_where_they_should() -> None:
    paths = tiny_mdp().trajectories()
    lengths = paths.alive.sum(0)
    assert set(lengths) == {1, 2, 3}
    assert (np.diff(paths.alive.astype(int), axis=0) <= 0).all()
    assert not (paths.states[paths.alive] == 2).any()
    assert not paths.rewards[~paths.alive].any()
