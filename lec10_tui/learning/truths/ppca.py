"""Probabilistic PCA in closed form: exact truths for the linear VAE (Tipping and Bishop 1999)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal


@dataclass(frozen=True, eq=False)
class PPCA:
    """z ~ N(0, I), x|z ~ N(Wz + b, ηI): `weight` W (D, K), `mean` b (D,), `variance` η, all float64."""

    weight: Tensor
    mean: Tensor
    variance: float

    def log_likelihood(self, x: Tensor) -> Tensor:
        """log p(x) = log N(x; b, WWᵀ + ηI) in nats, (N,), for `x` (N, D)."""
        covariance = self.weight @ self.weight.T + self.variance * torch.eye(len(self.mean), dtype=torch.float64)
        log_density: Tensor = MultivariateNormal(self.mean, covariance).log_prob(x.double())  # type: ignore[no-untyped-call]
        return log_density

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """p(z|x) = N(M⁻¹Wᵀ(x − b), ηM⁻¹) with M = WᵀW + ηI: means (N, K) and the one covariance (K, K)."""
        latent_dim = self.weight.shape[1]
        inner = self.weight.T @ self.weight + self.variance * torch.eye(latent_dim, dtype=torch.float64)
        means = torch.linalg.solve(inner, self.weight.T @ (x.double() - self.mean).T).T
        return means, self.variance * torch.linalg.inv(inner)

    def posterior_map(self) -> tuple[Tensor, Tensor]:
        """The linear encoder that gives the posterior's means: A (K, D) and a (K,) with mean = Ax + a."""
        _, covariance = self.posterior(self.mean[None])
        matrix = covariance @ self.weight.T / self.variance
        return matrix, -matrix @ self.mean

    def expected_squared_error(self, x: Tensor, mu: Tensor, sigma: Tensor) -> Tensor:
        """E‖x − Wz − b‖², (N,), exactly, under q = N(`mu` (N, K), diag `sigma`²)."""
        error = (x.double() - self.mean - mu.double() @ self.weight.T).square().sum(-1)
        return error + (sigma.double().square() * self.weight.square().sum(0)).sum(-1)


def fit(x: Tensor, latent_dim: int) -> PPCA:
    """The maximum-likelihood pPCA of `x` (N, D): η* the mean of the discarded eigenvalues, W = U(Λ − ηI)^½.

    W's columns are orthogonal, so the posterior's covariance is diagonal and a diagonal q can be exact.
    """
    x = x.double()
    mean = x.mean(0)
    eigenvalues, eigenvectors = torch.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    variance = eigenvalues[:-latent_dim].mean()
    kept = eigenvalues[-latent_dim:].flip(0)
    return PPCA(eigenvectors[:, -latent_dim:].flip(1) * (kept - variance).sqrt(), mean, variance.item())
