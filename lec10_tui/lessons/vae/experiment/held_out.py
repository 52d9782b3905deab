"""The held-out readings: the same images and the same noise at every step."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lec10_tui.learning.elbo import elbo_terms
from lec10_tui.learning.vae import VAE
from lec10_tui.models.images import HELD_OUT_SEED, Images, noise

ACTIVE_VARIANCE = 0.01
"""A dimension is active when its mean varies with more than this variance over the images (Burda et al., 2016)."""

CHUNK = 500


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Held-out means in nats an image; `kl_per_dimension` and `mean_variance` (K,), `mu` (n, K), in float64."""

    reconstruction: float
    kl_per_dimension: Tensor
    mean_variance: Tensor
    mu: Tensor

    @property
    def kl(self) -> float:
        """KL(q(z|x) ‖ p(z)), summed over the dimensions."""
        return float(self.kl_per_dimension.sum())

    @property
    def elbo(self) -> float:
        """E_q[log p(x|z)] − KL (slide: Variational Inference)."""
        return self.reconstruction - self.kl

    @property
    def active(self) -> Tensor:
        """Which dimensions are active: (K,) of bool."""
        return self.mean_variance > ACTIVE_VARIANCE


def held_out_noise(count: int, latent_dim: int, device: torch.device) -> Tensor:
    """The ε of the held-out readings: (count, K), one sample an image."""
    return noise((count, latent_dim), HELD_OUT_SEED, 0, "held-out noise", device)


@torch.no_grad()
def measure(model: VAE, x: Tensor, epsilon: Tensor, variance: float) -> HeldOut:
    """The ELBO's terms of `x` (n, D) with one sample ε (n, K) an image, averaged over the images."""
    reconstruction, kl, means = [], [], []
    for start in range(0, len(x), CHUNK):
        rows = slice(start, start + CHUNK)
        terms = elbo_terms(model, x[rows], epsilon[rows], variance)
        reconstruction.append(terms.reconstruction.cpu().double())
        kl.append(terms.kl.cpu().double())
        means.append(terms.mu.cpu().double())
    mu = torch.cat(means)
    return HeldOut(
        reconstruction=float(torch.cat(reconstruction).mean()),
        kl_per_dimension=torch.cat(kl).mean(0),
        mean_variance=mu.var(0, correction=0),
        mu=mu,
    )


def monitor(model: VAE, images: Images, variance: float) -> HeldOut:
    """The held-out readings of the monitored images."""
    x = images.monitored
    return measure(model, x, held_out_noise(len(x), model.architecture.latent_dim, images.device), variance)
