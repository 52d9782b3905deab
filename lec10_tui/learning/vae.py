"""The two networks of a variational autoencoder, and their weights as arrays (slides: VAE, Amortization)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.perceptron import ACTIVATIONS
from lec10_tui.learning.weights import load_weights, weight_arrays


class VAE(nn.Module):
    """An encoder D → 2K and a decoder K → D that mirrors it; images are flat, (B, D), with pixels in [0, 1].

    Every initial weight is drawn from `generator` alone (None: one seeded with 0), in float32 on the CPU.
    """

    def __init__(self, architecture: Architecture, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.architecture = architecture
        build = _convolutional if architecture.encoder == "conv" else _fully_connected
        self.encoder, self.decoder = build(architecture)
        _initialise(self, generator or torch.Generator().manual_seed(0))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """μ and log σ of q(z|x), each (B, K), for images `x` (B, D)."""
        mu, log_sigma = self.encoder(x).chunk(2, dim=1)
        return mu, log_sigma

    def decode(self, z: Tensor) -> Tensor:
        """What p(x|z) is made of, (B, D), for codes `z` (B, K): logits (bernoulli) or means G(z) (gaussian)."""
        output: Tensor = self.decoder(z)
        return output


def open_model(architecture: Architecture, arrays: Mapping[str, NDArray[Any]]) -> VAE:
    """A VAE with the weights in `arrays`; raises ValueError with one line when they are not this architecture's."""
    model = VAE(architecture)
    load_weights(model, arrays)
    return model


def model_arrays(model: VAE) -> dict[str, NDArray[np.generic]]:
    """Copies of every weight by name, as `open_model` takes them."""
    return weight_arrays(model)


class _Unset:
    """A layer whose weights wait for `_initialise`: torch's own draws would come from the global generator."""

    def reset_parameters(self) -> None: ...


class _Linear(_Unset, nn.Linear): ...


class _Convolution(_Unset, nn.Conv2d): ...


class _Transposed(_Unset, nn.ConvTranspose2d): ...


def _fully_connected(architecture: Architecture) -> tuple[nn.Sequential, nn.Sequential]:
    widths = (architecture.pixels, *architecture.hidden)
    encoder = _chain([_Linear(*pair) for pair in pairwise((*widths, 2 * architecture.latent_dim))], architecture)
    decoder = _chain([_Linear(*pair) for pair in pairwise((architecture.latent_dim, *widths[::-1]))], architecture)
    return encoder, decoder


def _convolutional(architecture: Architecture) -> tuple[nn.Sequential, nn.Sequential]:
    """Convolutions of stride 2, each halving the image (rounded up), and transposed ones that undo exactly that."""
    channels = (1, *architecture.hidden)
    shapes = [architecture.image_shape]
    for _ in architecture.hidden:
        height, width = shapes[-1]
        shapes.append(((height + 1) // 2, (width + 1) // 2))
    smallest = (channels[-1], *shapes[-1])
    down = [_Convolution(*pair, 3, stride=2, padding=1) for pair in pairwise(channels)]
    up = []
    for pair, (height, width) in zip(pairwise(channels[::-1]), shapes[-2::-1], strict=True):
        missing = ((height + 1) % 2, (width + 1) % 2)  # an even size would come back one pixel short
        up.append(_Transposed(*pair, 3, stride=2, padding=1, output_padding=missing))
    head = nn.Sequential(nn.Flatten(), _Linear(math.prod(smallest), 2 * architecture.latent_dim))
    root = nn.Sequential(_Linear(architecture.latent_dim, math.prod(smallest)), nn.Unflatten(1, smallest))
    encoder = nn.Sequential(nn.Unflatten(1, (1, *architecture.image_shape)), *_chain([*down, head], architecture))
    decoder = nn.Sequential(*_chain([root, *up], architecture), nn.Flatten())
    return encoder, decoder


def _chain(layers: Sequence[nn.Module], architecture: Architecture) -> nn.Sequential:
    """`layers` in a row with the activation between them."""
    activation = ACTIVATIONS[architecture.activation]
    return nn.Sequential(layers[0], *(part for layer in layers[1:] for part in (activation(), layer)))


def _initialise(model: nn.Module, generator: torch.Generator) -> None:
    """Draw every weight and bias from U(−1/√n, 1/√n), n the number of inputs that one output sums."""
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            inputs = layer.weight[0].numel()
            if isinstance(layer, nn.ConvTranspose2d):
                inputs = layer.weight.shape[0] * 9 // 4  # a stride of 2 leaves a quarter of the 3 × 3 taps
            for parameter in layer.parameters(recurse=False):
                nn.init.uniform_(parameter, -(inputs**-0.5), inputs**-0.5, generator=generator)
