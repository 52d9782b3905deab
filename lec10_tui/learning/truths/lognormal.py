"""Both sides of Jensen's inequality for a lognormal X by quadrature over its density (slide: Variational Inference)."""

from __future__ import annotations

import math

import torch


def sides(spread: float, nodes: int = 4001) -> tuple[float, float]:
    """E[log X] and log E[X] in nats for log X ~ N(0, `spread`²), by the trapezoid rule over log X / `spread`."""
    reach = 12.0 + spread  # e^{sε} moves the mass of E[X] to ε = s
    epsilon = torch.linspace(-reach, reach, nodes, dtype=torch.float64)
    log_chances = -0.5 * epsilon.square() - 0.5 * math.log(2 * math.pi) + math.log(float(epsilon[1] - epsilon[0]))
    left = float(log_chances.exp() @ (spread * epsilon))
    return left, float((log_chances + spread * epsilon).logsumexp(0))
