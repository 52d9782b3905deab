"""REINFORCE: the weight of every ∇ log π, the surrogate whose gradient is the update, its parts (slide: REINFORCE)."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.perceptron import walk
from lec10_tui.learning.policy import Distribution, Gaussian, Policy

Floats = NDArray[np.float64]

ESTIMATORS = ("full-return", "reward-to-go")


def weights(
    estimator: str,
    rewards_to_go: Floats,
    returns: Floats,
    baseline_values: Floats,
    alive: NDArray[np.bool_],
    normalise: bool,
) -> tuple[Floats, float]:
    """What multiplies each ∇ log π(a_t|s_t), (T, n), 0 where no step was taken; and what it was divided by.

    That is r(τ) (`returns`, (n,)) or the reward-to-go (T, n), less the baseline (T, n); with `normalise` over the
    standard deviation of all of them, or over 1 where they hardly differ.
    """
    if estimator not in ESTIMATORS:
        raise ValueError(f"estimator: {estimator!r} is not one of {', '.join(ESTIMATORS)}")
    earned = returns if estimator == "full-return" else rewards_to_go
    weight = np.where(alive, earned - baseline_values, 0.0)
    spread = 1.0
    if normalise:
        taken = weight[alive]
        deviation = float(taken.std())
        if deviation > 1e-9 * float(np.abs(taken).max()):
            spread = deviation
            weight /= spread
    return weight, spread


def surrogate(
    policy: Policy, observations: Tensor, actions: Tensor, weights: Tensor, episodes: int, entropy_bonus: float
) -> tuple[Tensor, Tensor]:
    """The loss whose negative gradient is the update, for all B steps of some episodes, and the mean entropy in nats.

    −(1/N) Σ_episodes Σ_t w_t log π(a_t|s_t) − bonus · entropy: the mean over N = `episodes`, the sum over time.
    `observations` are (B, d), `actions` (B,) or (B, k), `weights` (B,), all steps one after another in any order.
    """
    return surrogate_of(policy.distribution(observations), actions, weights, episodes, entropy_bonus)


def surrogate_of(
    distribution: Distribution, actions: Tensor, weights: Tensor, episodes: int, entropy_bonus: float
) -> tuple[Tensor, Tensor]:
    """`surrogate`, where π(·|s) of the steps is known already."""
    entropy = distribution.entropy().mean()
    loss = -(weights @ distribution.log_prob(actions)) / episodes
    if entropy_bonus:
        loss = loss - entropy_bonus * entropy
    return loss, entropy.detach()


def gradient_norms(policy: Policy, observations: Tensor, actions: Tensor, weights: Tensor) -> tuple[Tensor, float]:
    """‖w_t ∇ log π(a_t|s_t)‖ over all parameters for every step, (B,), and ‖Σ_t w_t ∇ log π(a_t|s_t)‖.

    One backward pass: the gradient of a linear map is the outer product of δ, what comes back to its output, and h, its
    input with a 1 for the bias. So its squared norm is ‖δ‖²‖h‖² (Goodfellow 2015), its sum over steps a matrix product.
    """
    ones = torch.ones_like(weights)[:, None]
    with torch.enable_grad():
        walked = walk(policy.network, observations)
        distribution = policy.of_output(walked[-1][1])
        inputs = [torch.cat((given.detach(), ones), 1) for given, _ in walked]
        outputs = [output for _, output in walked]
        if isinstance(distribution, Gaussian):
            inputs.append(ones)
            outputs.append(distribution.log_scale)
        deltas = torch.autograd.grad(distribution.log_prob(actions).sum(), outputs)
    factors = [(weights[:, None] * delta, given) for delta, given in zip(deltas, inputs, strict=True)]
    squares = torch.stack([delta.square().sum(1) * given.square().sum(1) for delta, given in factors])
    summed = torch.stack([(delta.T @ given).square().sum() for delta, given in factors])
    return squares.sum(0).sqrt(), float(summed.sum().sqrt())
