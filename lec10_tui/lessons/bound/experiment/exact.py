"""What is known exactly of one image under one decoder: log p(x, z), and log p(x) by quadrature."""

from __future__ import annotations

import math
from collections.abc import Generator
from functools import cached_property, lru_cache
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import softplus

from lec10_tui.learning.observation import picture
from lec10_tui.learning.posterior import normaliser
from lec10_tui.learning.quadrature import GlobalQuadrature
from lec10_tui.learning.vae import VAE

TOLERANCE = 1e-3
"""Nats to which two resolutions have to agree."""

SLICE_SECONDS = 0.02

LATTICE = {1: (33, 8.0), 2: (17, 6.0)}
"""Nodes a dimension, and how many standard deviations they reach, of the coarse answers' trapezoid rules."""


class Decoder:
    """The decoder in float64: its outputs, and the part of log p(x|z) that no image is needed for.

    Every quadrature begins with the same codes, so the outputs of those that were asked for first are kept: another
    image is answered the sooner.
    """

    def __init__(self, network: VAE) -> None:
        self.network = network
        self.latent_dim = network.architecture.latent_dim
        self.observation = network.architecture.observation
        self.bernoulli = self.observation == "bernoulli"
        self._kept: tuple[Tensor, Tensor, Tensor] | None = None

    @torch.no_grad()
    def outputs(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """The outputs (n, D) at codes `z` (n, K), and (n,) their summed softplus (bernoulli) or squares (gaussian)."""
        if self._kept is not None and torch.equal(self._kept[0], z):
            return self._kept[1:]
        output = self.network.decode(z)
        imageless = (softplus(output) if self.bernoulli else output.square()).sum(-1)
        if self._kept is None:
            self._kept = (z.clone(), output, imageless)
        return output, imageless


class Exact:
    """One image `x` (D,) under one η: log p(x, z) wherever it is asked for; log p(x), coarse at once, then refined.

    log p(x) is found twice: `integral` by the global quadrature, `own` by a lattice that KL(q‖p(z|x)) has for itself.
    """

    def __init__(self, decoder: Decoder, x: Tensor, variance: float) -> None:
        self.decoder, self.x, self.variance = decoder, x.double(), variance
        self.latent_dim = decoder.latent_dim
        self.refined = False
        self._size = float(self.x.square().sum())
        self._constant = 0.5 * len(x) * math.log(2 * math.pi * variance)
        self._quadrature = GlobalQuadrature(self.log_joint, self.latent_dim, TOLERANCE)
        self.integral = self._quadrature.coarse()
        self._own: Own | None = None
        self._slices = self._refined()

    def log_likelihood(self, z: Tensor) -> Tensor:
        """log p(x|z) in nats, (n,), for codes `z` (n, K)."""
        return self._log_likelihood(*self.decoder.outputs(z))

    def _log_likelihood(self, output: Tensor, imageless: Tensor) -> Tensor:
        """The same from the decoder's outputs, multiplied out, so that the image comes in last."""
        if self.decoder.bernoulli:
            return output @ self.x - imageless
        return -(imageless - 2 * (output @ self.x) + self._size) / (2 * self.variance) - self._constant

    def log_joint(self, z: Tensor) -> Tensor:
        """log p(x|z) + log p(z) in nats, (n,), for codes `z` (n, K)."""
        return self.log_likelihood(z) + log_prior(z)

    def refine(self) -> None:
        """Do one slice; `refined` says when `integral`, `own` and `image` are as good as they get."""
        next(self._slices, None)

    def _refined(self) -> Generator[None, None, None]:
        while not self._quadrature.refine(SLICE_SECONDS):
            self.integral = self._quadrature.integral
            yield
        self.integral = self._quadrature.integral
        self._own = Own(*(yield from normaliser(self.log_joint, self.integral)))
        self.refined = True

    @property
    def own(self) -> Own:
        """What a lattice around the posterior's mass says: until it is refined, a small one."""
        if self._own is not None:
            return self._own
        log_value = self._around[0]
        return Own(log_value, abs(log_value - self.integral.log_value))

    @property
    def image(self) -> Tensor:
        """The mean image (D,) of p(x|z) averaged over p(z|x)."""
        return self._mean_image if self.refined else self._around[1]

    @cached_property
    def _around(self) -> tuple[float, Tensor]:
        """log ∫ p(x, z) dz and the mean image by a small lattice around what the coarse quadrature found."""
        mass = self._quadrature.coarse()
        points, spacing = lattice(self.latent_dim)
        z = mass.mean + mass.scale * points
        output, imageless = self.decoder.outputs(z)
        values = self._log_likelihood(output, imageless) + log_prior(z)
        log_normaliser = float(values.logsumexp(0) + (spacing * mass.scale).log().sum())
        return log_normaliser, values.softmax(0) @ picture(self.decoder.observation, output)

    @cached_property
    def _mean_image(self) -> Tensor:
        """The mean image by the panels of the refined quadrature: it sees every mode that log p(x) is made of."""
        z, shares = self._quadrature.masses()
        output, _ = self.decoder.outputs(z)
        return shares @ picture(self.decoder.observation, output)


class Own(NamedTuple):
    """log ∫ p(x, z) dz by a rule that shares nothing with the global quadrature's, and by how much it may be wrong."""

    log_value: float
    error: float


def log_prior(z: Tensor) -> Tensor:
    """log N(z; 0, I) in nats, (n,), for codes `z` (n, K)."""
    return -0.5 * (z.square() + math.log(2 * math.pi)).sum(-1)


@lru_cache(maxsize=4)
def lattice(latent_dim: int) -> tuple[Tensor, float]:
    """The nodes (n, K) of a trapezoid rule around 0 in a ball, in standard deviations, and how far apart they are."""
    nodes, reach = LATTICE[latent_dim]
    axis = torch.linspace(-reach, reach, nodes, dtype=torch.float64)
    points = torch.cartesian_prod(*[axis] * latent_dim).view(-1, latent_dim)
    return points[points.square().sum(1) <= 1.001 * reach**2], 2 * reach / (nodes - 1)
