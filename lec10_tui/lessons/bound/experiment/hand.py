"""Where a hand puts q, and how far it may go."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from lec10_tui.lessons.bound.frame import Move, Snap, Stretch
from lec10_tui.vocabulary.knobs import BadValue

FARTHEST = 100.0
NARROWEST, WIDEST = 1e-9, 100.0
"""What |μ| and σ may be: what is beyond can't be integrated in float64."""

LIMITS = "|μ| up to 100 and σ from 1e-9 to 100"

Placed = tuple[Tensor, Tensor]
"""μ and log σ, (1, K) each."""


def computable(mu: Tensor, log_sigma: Tensor) -> bool:
    """Whether this q can be integrated; False where a number is none."""
    sigma = log_sigma.exp()
    return bool((mu.abs() <= FARTHEST).all() and (sigma >= NARROWEST).all() and (sigma <= WIDEST).all())


def answer(of: str, encoder: Placed) -> Placed:
    """Where `of`, the encoder (which says `encoder`) or the prior, puts q; raises BadValue for any other."""
    if of not in ("encoder", "prior"):
        raise BadValue(f"snap: {of!r} is no place for q; encoder or prior is")
    mu, log_sigma = encoder
    if of == "prior":
        return torch.zeros_like(mu), torch.zeros_like(log_sigma)
    return mu.clamp(-FARTHEST, FARTHEST), log_sigma.clamp(math.log(NARROWEST), math.log(WIDEST))


def put_by(command: Move | Stretch | Snap, mu: Tensor, log_sigma: Tensor, encoder: Placed) -> Placed:
    """Where `command` puts the q that is at `mu` and `log_sigma`, (1, K) each; raises BadValue."""
    if isinstance(command, Snap):
        return answer(command.to, encoder)
    dimension, latent_dim = command.dimension, mu.shape[1]
    if dimension not in range(latent_dim):
        right = " or ".join(map(str, range(latent_dim)))
        raise BadValue(f"q: {dimension} is not a dimension of z; {right} would be right")
    mu, log_sigma = mu.clone(), log_sigma.clone()
    subscript = "₁₂"[dimension]
    if isinstance(command, Move):
        mu[0, dimension] += command.by
        said = f"μ{subscript} = {float(mu[0, dimension]):g}"
    else:
        sigma = float(log_sigma[0, dimension].exp()) * command.factor
        log_sigma[0, dimension] = math.log(sigma) if sigma > 0 else math.nan
        said = f"σ{subscript} = {sigma:g}"
    if not computable(mu, log_sigma):
        raise BadValue(f"q: {said} is too far; {LIMITS} can be computed")
    return mu, log_sigma
