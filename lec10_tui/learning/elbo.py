"""The evidence lower bound E_q[log p(x|z)] − KL(q ‖ p) in nats an image (slide: Variational Inference)."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from lec10_tui.learning.gaussian import kl_per_dimension, reparameterize
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.vae import VAE


@dataclass(frozen=True, eq=False)
class ElboTerms:
    """One sample's estimate of the ELBO's terms: `reconstruction` (B,) = log p(x|z), `kl` (B, K), both in nats."""

    reconstruction: Tensor
    kl: Tensor
    mu: Tensor
    log_sigma: Tensor
    z: Tensor
    output: Tensor

    @property
    def elbo(self) -> Tensor:
        """reconstruction − KL, (B,)."""
        return self.reconstruction - self.kl.sum(-1)


def elbo_terms(model: VAE, x: Tensor, epsilon: Tensor, variance: float) -> ElboTerms:
    """The terms for images `x` (B, D) at z = μ + σ·ε, `epsilon` (B, K); `variance` is η."""
    mu, log_sigma = model.encode(x)
    z = reparameterize(mu, log_sigma, epsilon)
    output = model.decode(z)
    reconstruction = log_likelihood(model.architecture.observation, output, x, variance)
    return ElboTerms(reconstruction, kl_per_dimension(mu, log_sigma), mu, log_sigma, z, output)


def training_loss(
    model: VAE, x: Tensor, epsilon: Tensor, variance: float, beta: float
) -> tuple[Tensor, Tensor, Tensor]:
    """β·KL − reconstruction, the reconstruction and the KL, each the mean over the batch, for one training step."""
    terms = elbo_terms(model, x, epsilon, variance)
    reconstruction, kl = terms.reconstruction.mean(), terms.kl.sum() / len(x)
    return beta * kl - reconstruction, reconstruction, kl
