"""What an episode's numbers are by their definitions, as plain loops over its steps (slide: REINFORCE)."""

from __future__ import annotations

import math
from collections.abc import Sequence


def rewards_to_go(rewards: Sequence[float], discount: float) -> list[float]:
    """r_t(τ) = Σ_{k≥t} γ^{k−t} r_k for every t, each summed afresh."""
    length = len(rewards)
    return [math.fsum(discount ** (k - t) * rewards[k] for k in range(t, length)) for t in range(length)]


def total_return(rewards: Sequence[float], discount: float) -> float:
    """r(τ) = Σ_k γ^k r_k."""
    return math.fsum(discount**k * reward for k, reward in enumerate(rewards))


def credits(
    estimator: str, rewards: Sequence[float], discount: float, baseline: Sequence[float], normalise: bool
) -> tuple[list[float], float]:
    """What multiplies each ∇ log π(a_t|s_t), and the standard deviation it was divided by (1: it was not).

    `estimator` is full-return or reward-to-go; `baseline` is what is subtracted at each t.
    """
    earned = rewards_to_go(rewards, discount)
    if estimator == "full-return":
        earned = [total_return(rewards, discount)] * len(rewards)
    weights = [value - b for value, b in zip(earned, baseline, strict=True)]
    if not normalise or max(weights) == min(weights):
        return weights, 1.0
    mean = math.fsum(weights) / len(weights)
    spread = math.sqrt(math.fsum((weight - mean) ** 2 for weight in weights) / len(weights))
    return [weight / spread for weight in weights], spread


def log_of_product(probabilities: Sequence[float]) -> float:
    """log Π_t π(a_t|s_t) in nats: the product is taken first, its exponent kept apart so that it can't run out."""
    product, exponent = 1.0, 0
    for probability in probabilities:
        product, shift = math.frexp(product * probability)
        exponent += shift
    return math.log(product) + exponent * math.log(2)
