"""One image through the Summary slide: forward in its order, and back to μ and σ (slide: Summary)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lec10_tui.learning.gaussian import kl_per_dimension
from lec10_tui.learning.observation import log_likelihood, picture
from lec10_tui.learning.vae import VAE


@dataclass(frozen=True, eq=False)
class SummaryStep:
    """Every value of the slide for one image; codes are (K,), images (D,), losses in nats.

    `loss` = `reconstruction_loss` + β·`kl`, where the reconstruction loss is −log p(x|z) with its constants and
    `squared_error` = ‖x − x̂‖². Bars are derivatives: `z_bar`, `mu_bar` and `sigma_bar` of the reconstruction loss,
    through the decoder alone; `mu_total` and `sigma_total` of the whole loss.
    """

    mu: Tensor
    log_sigma: Tensor
    epsilon: Tensor
    z: Tensor
    x_hat: Tensor
    reconstruction_loss: float
    kl: float
    beta: float
    loss: float
    squared_error: float
    z_bar: Tensor
    mu_bar: Tensor
    sigma_bar: Tensor
    mu_total: Tensor
    sigma_total: Tensor


def summary_step(model: VAE, x: Tensor, epsilon: Tensor, variance: float, beta: float) -> SummaryStep:
    """Walk image `x` (D,) with noise `epsilon` (K,) through `model`; automatic differentiation finds the bars."""
    observation = model.architecture.observation
    with torch.no_grad():
        mu, log_sigma = (value[0] for value in model.encode(x[None]))
        sigma = log_sigma.exp()
    with torch.enable_grad():
        mu.requires_grad_()
        sigma.requires_grad_()
        z = torch.addcmul(mu, sigma, epsilon)
        output = model.decode(z[None])[0]
        reconstruction_loss = -log_likelihood(observation, output, x, variance)
        kl = kl_per_dimension(mu, sigma.log()).sum()
        loss = reconstruction_loss + beta * kl
        z_bar, mu_bar, sigma_bar = torch.autograd.grad(reconstruction_loss, (z, mu, sigma), retain_graph=True)
        mu_total, sigma_total = torch.autograd.grad(loss, (mu, sigma))
    x_hat = picture(observation, output.detach())
    return SummaryStep(
        mu=mu.detach(),
        log_sigma=log_sigma,
        epsilon=epsilon,
        z=z.detach(),
        x_hat=x_hat,
        reconstruction_loss=reconstruction_loss.item(),
        kl=kl.item(),
        beta=beta,
        loss=loss.item(),
        squared_error=(x - x_hat).square().sum().item(),
        z_bar=z_bar,
        mu_bar=mu_bar,
        sigma_bar=sigma_bar,
        mu_total=mu_total,
        sigma_total=sigma_total,
    )
