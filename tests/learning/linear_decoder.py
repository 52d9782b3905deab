"""A linear decoder whose every number has a closed form, and how a test runs work that comes in slices."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import numpy as np
import torch

from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.random import generator
from lec10_tui.learning.truths.ppca import PPCA
from lec10_tui.learning.vae import VAE, open_model

T = TypeVar("T")


def draw(*shape: int, purpose: str = "test") -> torch.Tensor:
    """ε ~ N(0, 1) of its own purpose, float64."""
    return torch.randn(shape, generator=generator(0, 0, purpose), dtype=torch.float64)


def ppca_model(pixels: int, latent_dim: int, variance: float, purpose: str = "ppca") -> PPCA:
    """A random linear decoder: the columns of W are not orthogonal, the posterior's dimensions not independent."""
    return PPCA(
        draw(pixels, latent_dim, purpose=f"{purpose} weight"), draw(pixels, purpose=f"{purpose} mean"), variance
    )


def linear_vae(truth: PPCA, sigma: float = 0.5) -> VAE:
    """A VAE with the decoder of `truth`, float64; its encoder gives the posterior's mean, and `sigma` everywhere."""
    pixels, latent_dim = truth.weight.shape
    matrix, offset = truth.posterior_map()
    log_sigma = torch.full((latent_dim,), float(np.log(sigma)), dtype=torch.float64)
    arrays = {
        "encoder.0.weight": torch.cat([matrix, torch.zeros_like(matrix)]).numpy(),
        "encoder.0.bias": torch.cat([offset, log_sigma]).numpy(),
        "decoder.0.weight": truth.weight.numpy(),
        "decoder.0.bias": truth.mean.numpy(),
    }
    model = open_model(Architecture((pixels, 1), latent_dim, "mlp", (), "tanh", "gaussian"), arrays).double()
    with torch.no_grad():  # opened in float32: the exact weights once more
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.from_numpy(arrays[name]))
    return model.requires_grad_(False)


def curved_vae(observation: str, latent_dim: int = 2) -> VAE:
    """A small decoder that bends, as after some training: 12 pixels, weights four times what they begin with."""
    model = VAE(Architecture((4, 3), latent_dim, "mlp", (16,), "tanh", observation), generator(3, 0, "curved")).double()
    with torch.no_grad():
        for parameter in model.decoder.parameters():
            parameter.mul_(4)
    return model.requires_grad_(False)


def finished(slices: Generator[None, None, T]) -> tuple[T, int]:
    """What work in slices returns at its end, and how many slices it took."""
    count = 0
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: T = end.value
            return result, count
        count += 1
