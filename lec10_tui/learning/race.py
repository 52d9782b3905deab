"""The two strategies for learning a decoder: fit q to every example, or learn to predict it (slide: Amortization)."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from lec10_tui.learning.ascent import Ascent
from lec10_tui.learning.elbo import training_loss
from lec10_tui.learning.gaussian import kl_per_dimension, reparameterize
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.learning.optimizers import build
from lec10_tui.learning.vae import VAE


class Amortized:
    """Encoder and decoder learn together, by one Adam step on −ELBO a batch: q(z|x) is predicted."""

    def __init__(self, model: VAE, learning_rate: float) -> None:
        self.model = model
        self._optimizer = build("adam", model.parameters(), learning_rate)

    def update(self, x: Tensor, epsilon: Tensor, variance: float) -> None:
        """One step on `x` (B, D) with noise `epsilon` (B, K); raises FloatingPointError for a loss that is none."""
        self._optimizer.zero_grad()
        loss, _, _ = training_loss(self.model, x, epsilon, variance, 1.0)
        _check(loss)
        torch.autograd.backward(loss)
        self._optimizer.step()


class PerExample:
    """The decoder alone learns; each of `examples` has a q of its own, which ascends the ELBO before every step of it.

    `mu` and `log_sigma` (N, K) begin at the prior, and are kept from one visit to the next.
    """

    def __init__(self, model: VAE, examples: int, learning_rate: float) -> None:
        self.model = model
        self.mu = torch.zeros(examples, model.architecture.latent_dim)
        self.log_sigma = torch.zeros_like(self.mu)
        self._optimizer = build("adam", model.decoder.parameters(), learning_rate)

    def update(self, rows: Tensor, x: Tensor, epsilon: Tensor, variance: float, rate: float) -> Iterator[None]:
        """One update in slices: a step of ascent with each of `epsilon` (n + 1, B, K) but the last, then the decoder's.

        `rows` (B,) says which examples `x` (B, D) are; `rate` is the ascent's. Raises FloatingPointError for a loss
        that is no number.
        """
        mu, log_sigma = self.mu[rows], self.log_sigma[rows]
        for q in ascend(self.model, x, mu, log_sigma, epsilon[:-1, None], variance, rate):
            mu, log_sigma = q
            yield
        self.mu[rows], self.log_sigma[rows] = mu, log_sigma
        self._optimizer.zero_grad()
        loss = -bound(self.model, x, mu, log_sigma, epsilon[-1:], variance).mean()
        _check(loss)
        torch.autograd.backward(loss)
        self._optimizer.step()


def ascend(
    model: VAE, x: Tensor, mu: Tensor, log_sigma: Tensor, epsilon: Tensor, variance: float, rate: float
) -> Iterator[tuple[Tensor, Tensor]]:
    """μ and log σ, (B, K) each, after every step of Adam up the ELBO of `x` (B, D); `epsilon` (steps, S, B, K)."""
    draws = iter(epsilon)

    def objective(mu: Tensor, log_sigma: Tensor) -> Tensor:
        return bound(model, x, mu.to(x.dtype), log_sigma.to(x.dtype), next(draws), variance).double()

    ascent = Ascent(objective, mu, log_sigma, rate)
    for _ in range(len(epsilon)):
        ascent.step()
        yield ascent.mu.to(x.dtype), ascent.log_sigma.to(x.dtype)


def bound(model: VAE, x: Tensor, mu: Tensor, log_sigma: Tensor, epsilon: Tensor, variance: float) -> Tensor:
    """The ELBO of `x` (B, D) under q, (B,), as a mean over `epsilon` (S, B, K)."""
    z = reparameterize(mu, log_sigma, epsilon)
    output = model.decode(z.flatten(0, 1)).view(*z.shape[:2], -1)
    values = log_likelihood(model.architecture.observation, output, x, variance)
    return values.mean(0) - kl_per_dimension(mu, log_sigma).sum(-1)


def _check(loss: Tensor) -> None:
    if not math.isfinite(loss.item()):
        raise FloatingPointError(f"the loss became {loss.item():g}")
