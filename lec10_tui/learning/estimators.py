"""Two ways to differentiate E_q[f(z)] for q = N(μ, diag σ²) from samples (slide: Reparameterization Trick).

Pathwise (Kingma and Welling 2014; Rezende et al. 2014): z = μ + σ·ε, so μ̄ = z̄ and σ̄ = z̄·ε. Score function (Williams
1992): nothing goes through z; f is weighed with the derivatives of log q, and any b that knows nothing of z may be
subtracted from it.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from lec10_tui.learning.hermite import hermite
from lec10_tui.learning.targets import Function

NODES = (16, 24, 32, 48, 64, 96, 128)
"""Gauss–Hermite nodes a dimension, as an exact gradient is refined."""


class Backward(NamedTuple):
    """What goes back through the reparameterised graph: f (n,), and z̄, μ̄, σ̄ (n, K) of every sample."""

    f: Tensor
    z_bar: Tensor
    mu_bar: Tensor
    sigma_bar: Tensor


class Score(NamedTuple):
    """∂ log q/∂μ and ∂ log q/∂σ at every sample, (n, K) each."""

    mu: Tensor
    sigma: Tensor


def pathwise(function: Function, mu: Tensor, sigma: Tensor, epsilon: Tensor) -> Backward:
    """One pass forward and back for the samples z = μ + σ·ε, `epsilon` (n, K); `mu` and `sigma` are (K,)."""
    z = torch.addcmul(mu, sigma, epsilon).requires_grad_()
    with torch.enable_grad():
        f = function(z)
    (z_bar,) = torch.autograd.grad(f, z, torch.ones_like(f))
    return Backward(f.detach(), z_bar, z_bar, z_bar * epsilon)


def score(z: Tensor, mu: Tensor, sigma: Tensor) -> Score:
    """The derivatives of log N(z; μ, diag σ²) at `z` (n, K): (z − μ)/σ² and ((z − μ)² − σ²)/σ³."""
    scaled = (z - mu) / sigma
    return Score(scaled / sigma, (scaled.square() - 1) / sigma)


def score_function(f: Tensor, scores: Tensor, baseline: float = 0.0) -> Tensor:
    """Every sample's (f − b)·score, (n, K), for `f` (n,) and `scores` (n, K)."""
    return (f - baseline)[:, None] * scores


@dataclass(frozen=True)
class ExactGradient:
    """∂/∂μ₁ E_q[f], by how much it may be off, and how it was found, as people read it."""

    value: float
    error: float
    by: str


def hermite_gradient(
    function: Function, mu: Tensor, sigma: Tensor, tolerance: float = 1e-8, chunk: int = 512
) -> Generator[None, None, ExactGradient]:
    """E_q[∂f/∂z₁] for K = 1 or 2 by Gauss–Hermite, refined until two node counts agree to `tolerance` of its size.

    E_q[f·ε₁]/σ₁ has to agree as well: where f has kinks between the nodes, two counts may agree by chance. Yields after
    every `chunk` nodes; where nothing agrees, `error` says by how much they differ.
    """
    now = error = math.inf
    for nodes in NODES:
        rule = hermite(len(mu), nodes)
        before, now, weighed = now, 0.0, 0.0
        for points, weights in zip(torch.split(rule.points, chunk), torch.split(rule.weights, chunk), strict=True):
            back = pathwise(function, mu, sigma, points)
            now += float(back.mu_bar[:, 0] @ weights)
            weighed += float((back.f * points[:, 0]) @ weights / sigma[0])
            yield
        error = max(abs(now - weighed), abs(now - before))
        if error <= tolerance * max(1.0, abs(now)):
            break
    return ExactGradient(now, error, f"Gauss–Hermite, {nodes} nodes a dimension")


def sampled_gradient(
    function: Function, mu: Tensor, sigma: Tensor, generator: torch.Generator, samples: int, chunk: int = 500
) -> Generator[None, None, ExactGradient]:
    """The pathwise mean of `samples` draws from `generator`, yielding after every `chunk`; `error` is standard."""
    total = squares = 0.0
    for start in range(0, samples, chunk):
        shape = (min(chunk, samples - start), len(mu))
        epsilon = torch.randn(shape, generator=generator, dtype=mu.dtype)
        estimates = pathwise(function, mu, sigma, epsilon).mu_bar[:, 0]
        total += float(estimates.sum())
        squares += float(estimates.square().sum())
        yield
    mean = total / samples
    variance = max(squares - samples * mean**2, 0.0) / (samples - 1)
    return ExactGradient(mean, (variance / samples) ** 0.5, f"{samples:,} pathwise samples".replace(",", "\u2009"))
