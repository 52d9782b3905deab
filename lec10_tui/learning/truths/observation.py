"""log p(x|z) and the best observation variance found another way (slide: Observation Model)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Normal


def bernoulli(logits: Tensor, x: Tensor) -> Tensor:
    """log p(x|z) in nats, (…,), of binary images `x` (…, D) by torch.distributions."""
    log_probability: Tensor = Bernoulli(logits=logits.double()).log_prob(x.double())  # type: ignore[no-untyped-call]
    return log_probability.sum(-1)


def gaussian(means: Tensor, x: Tensor, variance: float) -> Tensor:
    """log N(x; means, ηI) in nats, (…,), of images `x` (…, D) by torch.distributions; η is `variance`."""
    scale = torch.tensor(variance, dtype=torch.float64, device=means.device).sqrt()
    log_density: Tensor = Normal(means.double(), scale).log_prob(x.double())  # type: ignore[no-untyped-call]
    return log_density.sum(-1)


def best_variance(expected_squared_error: Tensor, pixels: int) -> Tensor:
    """η* = E_q‖x − G(z)‖² / D, where the derivative of the ELBO in η is zero; means over whatever images are given."""
    return expected_squared_error.double().mean() / pixels
