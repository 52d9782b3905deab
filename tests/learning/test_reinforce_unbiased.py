"""What REINFORCE estimates, exactly: its mean is ∇J and its variance what the slides say, over every trajectory."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from tiny_problem import ARCHITECTURE, SEEN, Floats, Problem, tiny_problem

from lec10_tui.learning.baselines import KINDS, Baselines
from lec10_tui.learning.random import generator
from lec10_tui.learning.reinforce import ESTIMATORS, surrogate

problem_with = cache(tiny_problem)


def by_time(problem: Problem) -> Floats:
    """b_t, the mean reward-to-go of the episodes alive at t, (T, 1)."""
    chance = problem.chance * problem.paths.alive
    mean: Floats = (chance * problem.to_go()).sum(1) / chance.sum(1)
    return mean[:, None]


def by_state(problem: Problem) -> Floats:
    """V_t(s_t), (T, N)."""
    table = problem.plain.distribution(SEEN).probs  # type: ignore[attr-defined]
    values = problem.mdp.values(table).detach().numpy()[:-1]
    return np.take_along_axis(values, problem.paths.states, axis=1)


@pytest.mark.parametrize("baseline", ["none", "constant", "time-dependent", "value"])
@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_every_estimator_has_the_gradient_as_its_mean(offset: float, estimator: str, baseline: str) -> None:
    problem = problem_with(offset)
    values = {"none": 0.0, "constant": 7.25, "time-dependent": by_time(problem), "value": by_state(problem)}[baseline]
    weight = problem.weights(estimator, values)
    truth = problem.true_gradient()
    assert np.abs(truth).max() > 0.01
    np.testing.assert_allclose(problem.mean_gradient(weight), truth, rtol=0, atol=1e-12)
    np.testing.assert_allclose(problem.chance @ problem.gradients(weight), truth, rtol=0, atol=1e-12)


def test_a_discounted_full_return_has_the_discounted_gradient_as_its_mean() -> None:
    problem = problem_with()
    weight = problem.weights("full-return", discount=0.8)
    np.testing.assert_allclose(problem.mean_gradient(weight), problem.true_gradient(0.8), rtol=0, atol=1e-12)
    # Rewards-to-go count from t: with γ^t in front they are the same gradient, without it they are another.
    to_go = problem.weights("reward-to-go", discount=0.8)
    later = 0.8 ** np.arange(problem.mdp.horizon)[:, None]
    np.testing.assert_allclose(problem.mean_gradient(later * to_go), problem.true_gradient(0.8), rtol=0, atol=1e-12)
    assert np.abs(problem.mean_gradient(to_go) - problem.true_gradient(0.8)).max() > 1e-3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_baseline_from_an_earlier_batch_leaves_the_mean(estimator: str, kind: str) -> None:
    problem = tiny_problem(horizon=2)
    truth, subtracted = problem.true_gradient(), False
    for earlier in range(len(problem.chance)):
        baselines = Baselines(ARCHITECTURE, generator(0, 0, "value"))
        column = slice(earlier, earlier + 1)
        alive = problem.paths.alive[:, column]
        baselines.learn(problem.observations[:, column], problem.to_go()[:, column], alive)
        values = baselines.values(kind, estimator, 2.5, problem.observations, problem.paths.alive)
        subtracted |= bool(values.any())
        weight = problem.weights(estimator, values)
        np.testing.assert_allclose(problem.mean_gradient(weight), truth, rtol=0, atol=1e-12)
    assert subtracted == (kind != "none")


@pytest.mark.parametrize("kind", ["mean", "time-dependent"])
def test_a_baseline_from_the_very_episode_would_bias_it(kind: str) -> None:
    problem = tiny_problem(horizon=2)
    values = np.zeros(problem.paths.alive.shape)
    for path in range(len(problem.chance)):
        baselines, column = Baselines(ARCHITECTURE), slice(path, path + 1)
        given = (problem.observations[:, column], problem.paths.alive[:, column])
        baselines.learn(given[0], problem.to_go()[:, column], given[1])
        values[:, column] = baselines.values(kind, "reward-to-go", 0.0, *given)
    mean = problem.mean_gradient(problem.weights("reward-to-go", values))
    assert np.abs(mean - problem.true_gradient()).max() > 0.01


def test_less_of_the_past_and_a_baseline_make_less_variance() -> None:
    problem, offset = problem_with(), problem_with(100.0)
    full = problem.variance(problem.weights("full-return"))
    to_go = problem.variance(problem.weights("reward-to-go"))
    assert full > to_go > problem.variance(problem.weights("reward-to-go", by_time(problem)))
    assert to_go > problem.variance(problem.weights("reward-to-go", by_state(problem)))
    assert offset.variance(offset.weights("full-return")) > 100 * full


def test_the_variance_is_a_parabola_in_the_baseline_with_its_minimum_where_it_must_be() -> None:
    problem = problem_with()
    squares = np.square(problem.gradients(np.ones(problem.paths.alive.shape))).sum(1)
    earned = problem.to_go()[0]
    best = (problem.chance * earned) @ squares / (problem.chance @ squares)
    assert best != pytest.approx(problem.chance @ earned, rel=1e-3)

    def variance(baseline: float) -> float:
        return problem.variance(problem.weights("full-return", baseline))

    least, curvature = variance(best), float(problem.chance @ squares)
    for away in (0.1, 1.0, 5.0):
        for side in (-away, away):
            assert variance(best + side) - least == pytest.approx(curvature * away**2, rel=1e-9)


def test_an_action_has_nothing_to_do_with_what_was_earned_before_it() -> None:
    problem = problem_with()
    horizon = problem.mdp.horizon
    for time in range(horizon):
        for earned in range(-1, horizon):
            weight = np.zeros(problem.paths.alive.shape)
            weight[time] = problem.paths.alive[time] * (1.0 if earned < 0 else problem.paths.rewards[earned])
            mean = np.abs(problem.mean_gradient(weight)).max()
            assert mean < 1e-12 if earned < time else mean > 1e-3


def test_an_update_is_the_mean_over_episodes_of_sums_over_time() -> None:
    problem = problem_with()
    weight = problem.weights("reward-to-go")
    rows = problem.gradients(weight)
    batch = [3, 11, 3, 7]
    alive = problem.paths.alive[:, batch]
    loss, entropy = surrogate_of_batch(problem, batch, weight, 0.0)
    parts = torch.autograd.grad(-loss, list(problem.policy.parameters()))
    update = torch.cat([part.flatten() for part in parts]).numpy()
    np.testing.assert_allclose(update, rows[batch].mean(0), rtol=0, atol=1e-13)
    assert float(entropy) == pytest.approx(
        float(problem.plain.entropy(problem.observations[:, batch][alive]).mean()), rel=1e-13
    )
    bonus, _ = surrogate_of_batch(problem, batch, weight, 0.5)
    assert bonus.item() == pytest.approx(loss.item() - 0.5 * entropy.item(), rel=1e-13)


def surrogate_of_batch(
    problem: Problem, batch: list[int], weight: Floats, bonus: float
) -> tuple[torch.Tensor, torch.Tensor]:
    alive = problem.paths.alive[:, batch]
    return surrogate(
        problem.policy,
        torch.from_numpy(problem.observations[:, batch][alive]).double(),
        torch.from_numpy(problem.paths.actions[:, batch][alive]),
        torch.from_numpy(weight[:, batch][alive]),
        len(batch),
        bonus,
    )
