"""Continuous actions: the score of a Gaussian, clipping after the log density, a bandit with a known gradient."""

from __future__ import annotations

import numpy as np
import torch

from lec10_tui.learning.policy import Policy, PolicyArchitecture
from lec10_tui.learning.random import array_generator
from lec10_tui.learning.reinforce import gradient_norms, surrogate, weights
from lec10_tui.learning.returns import rewards_to_go
from lec10_tui.learning.sampling import Sampler, noise

MEAN, SCALE = 0.6, 0.5


def bandit() -> Policy:
    """N(0.6, 0.5²) whatever is seen; what is seen is 0, so that the bias alone is μ."""
    policy = Policy(PolicyArchitecture(1, 1, True, (), "tanh")).double()
    with torch.no_grad():
        policy.network[0].bias.fill_(MEAN)
        assert policy.log_scale is not None
        policy.log_scale.fill_(np.log(SCALE))
    return policy


def ascent(policy: Policy, actions: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """The update's directions for μ and log σ, one step of one episode for every action (B, 1)."""
    seen = torch.zeros(len(actions), 1, dtype=torch.float64)
    loss, _ = surrogate(policy, seen, torch.from_numpy(actions), torch.from_numpy(weight), 1, 0.0)
    by_mean, by_scale = torch.autograd.grad(-loss, [policy.network[0].bias, policy.log_scale])
    return by_mean.item(), by_scale.item()


def test_the_score_is_what_the_formula_says() -> None:
    policy = bandit()
    for action in (-2.0, 0.6, 0.7, 5.0):
        by_mean, by_scale = ascent(policy, np.array([[action]]), np.ones(1))
        away = (action - MEAN) / SCALE
        np.testing.assert_allclose([by_mean, by_scale], [away / SCALE, away**2 - 1], rtol=1e-12, atol=1e-12)
        norms, _ = gradient_norms(
            policy, torch.zeros(1, 1).double(), torch.tensor([[action]], dtype=torch.float64), torch.ones(1).double()
        )
        np.testing.assert_allclose(norms, [np.hypot(by_mean, by_scale)], rtol=1e-12)


def test_actions_are_clipped_after_their_log_density() -> None:
    policy = bandit()
    grid = np.linspace(MEAN - 10 * SCALE, MEAN + 10 * SCALE, 200_001)[:, None]
    width = grid[1, 0] - grid[0, 0]
    with torch.no_grad():
        density = policy.distribution(torch.zeros(len(grid), 1).double()).log_prob(torch.from_numpy(grid)).exp()
    mass = density.numpy() * width
    np.testing.assert_allclose(mass.sum(), 1.0, rtol=1e-10)
    clipped = grid.clip(-1, 1)
    rewards = -np.square(clipped[:, 0] + 0.5)
    # ∂/∂μ E[f(clip(μ + σε))] goes through the sample, where it is not clipped.
    inside = np.abs(grid[:, 0]) < 1
    pathwise = (mass * inside * -2 * (grid[:, 0] + 0.5)).sum()
    by_mean, _ = ascent(policy, grid, rewards * mass)
    np.testing.assert_allclose(by_mean, pathwise, rtol=1e-4)
    assert abs(ascent(policy, clipped, rewards * mass)[0] - pathwise) > 0.1 * abs(pathwise)


def test_a_sampled_bandit_has_the_gradient_of_its_closed_form() -> None:
    policy, lanes, goal = bandit(), 200_000, 1.5
    actions = Sampler(policy).choose(np.zeros((lanes, 1), np.float32), noise(0, 0, "act", lanes, 1).at(0))
    alive = np.ones((1, lanes), np.bool_)
    to_go = rewards_to_go(-np.square(actions.T - goal), alive, 1.0)
    # J = −(μ − a*)² − σ², so ∂J/∂μ = −2(μ − a*) and ∂J/∂log σ = −2σ².
    truth = np.array([-2 * (MEAN - goal), -2 * SCALE**2])
    away = (actions[:, 0] - MEAN) / SCALE
    for baseline in (0.0, -1.0):
        weight, _ = weights("reward-to-go", to_go, to_go[0], np.full(alive.shape, baseline), alive, False)
        found = np.array(ascent(policy, actions, weight[0])) / lanes
        samples = weight[0] * np.stack([away / SCALE, away**2 - 1])
        assert (np.abs(found - truth) < 4 * samples.std(1) / lanes**0.5).all()
        assert (4 * samples.std(1) / lanes**0.5 < 0.1 * np.abs(truth)).all()


def test_the_bonus_widens_a_gaussian_and_flattens_a_categorical() -> None:
    policy = bandit()
    one = torch.zeros(1, 1).double()
    loss, entropy = surrogate(policy, one, one, torch.zeros(1).double(), 1, 0.3)
    gradient = torch.autograd.grad(loss, policy.log_scale)[0]
    np.testing.assert_allclose(gradient, [-0.3])
    np.testing.assert_allclose(entropy, 0.5 * np.log(2 * np.pi * np.e) + np.log(SCALE))
    discrete = Policy(PolicyArchitecture(1, 2, False, (), "tanh")).double()
    with torch.no_grad():
        discrete.network[0].bias.copy_(torch.tensor([2.0, 0.0]))
    loss, _ = surrogate(discrete, one, torch.zeros(1, dtype=torch.int64), torch.zeros(1).double(), 1, 0.3)
    gradient = torch.autograd.grad(loss, discrete.network[0].bias)[0]
    assert gradient[0] > 0 > gradient[1]


def test_random_rewards_move_the_mean_nowhere() -> None:
    policy, lanes = bandit(), 50_000
    actions = Sampler(policy).choose(np.zeros((lanes, 1), np.float32), noise(1, 0, "act", lanes, 1).at(0))
    rewards = array_generator(1, 0, "rewards").standard_normal(lanes)
    by_mean, by_scale = ascent(policy, actions, rewards)
    assert abs(by_mean) / lanes < 4 / SCALE / lanes**0.5
    assert abs(by_scale) / lanes < 4 * 2**0.5 / lanes**0.5
