"""Observation models p(x|z) with all their constants (slide: Observation Model)."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import functional


def log_likelihood(observation: str, output: Tensor, x: Tensor, variance: float) -> Tensor:
    """log p(x|z) in nats, summed over the pixels: (…,) for decoder `output` (…, D) and images `x` that broadcast to it.

    bernoulli: Σ x log p + (1 − x) log(1 − p) with p = sigmoid(output); a log probability where x is binary.
    gaussian: log N(x; output, ηI) with η = `variance`, a log density, −(D/2) log(2πη) included.
    """
    if observation == "bernoulli":
        x = x.expand_as(output)
        return -functional.binary_cross_entropy_with_logits(output, x, reduction="none").sum(-1)
    pixels = output.shape[-1]
    constant = 0.5 * pixels * math.log(2 * math.pi * variance)
    return -(x - output).square().sum(-1) / (2 * variance) - constant


def picture(observation: str, output: Tensor) -> Tensor:
    """The mean image of p(x|z) in [0, 1], the shape of `output`."""
    return output.sigmoid() if observation == "bernoulli" else output.clamp(0.0, 1.0)
