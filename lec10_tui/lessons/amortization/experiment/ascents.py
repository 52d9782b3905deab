"""The ascents of a page of images side by side, each from the encoder's q and from the prior (slide: Amortization)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.ascent import Ascent
from lec10_tui.learning.gaussian import kl_per_dimension
from lec10_tui.learning.hermite import Nodes, hermite
from lec10_tui.learning.observation import log_likelihood
from lec10_tui.lessons.amortization.experiment.drawn import drawn
from lec10_tui.lessons.amortization.experiment.histories import Histories
from lec10_tui.lessons.amortization.frame import STARTS
from lec10_tui.models.stored import within
from lec10_tui.models.trained import TrainedModel

NODES = {1: 32, 2: 8}
"""Gauss–Hermite nodes a dimension of the ELBO that ascends."""

POINTS = 64
"""Points that it is taken from where K > 2."""

RESOLVED = 8.0
"""Nats by which log p(x|z) may vary under q (a standard deviation) for so few nodes to tell its mean: with more they
are tens of nats wrong, and an ascent finds where they are wrong to its favour."""

CODES = 512
"""Codes that are decoded in one slice, about."""


class Bound:
    """The ELBO of rows of q, one image of `x` (R, D) a row: by Gauss–Hermite, or from points that are drawn.

    Calling it notes in `spread` (R,) by how much log p(x|z) varies under each q.
    """

    def __init__(self, model: TrainedModel, x: Tensor) -> None:
        self.model, self.x = model, x
        self.spread = torch.zeros(len(x), dtype=torch.float64)
        self._points = self._weights = torch.zeros(0)

    def take(self, rule: Nodes) -> None:
        """Take the same points for every row."""
        self._points = rule.points.expand(len(self.x), -1, -1)
        self._weights = rule.weights.expand(len(self.x), -1)

    def choose(self, resolved: Tensor, others: Nodes) -> None:
        """Take the nodes of Gauss–Hermite for the rows that are `resolved` (R,), and `others` for the rest."""
        self.take(others)
        latent_dim = others.points.shape[1]
        if latent_dim in NODES:
            rule = hermite(latent_dim, NODES[latent_dim])
            self._points = torch.where(resolved[:, None, None], rule.points, self._points)
            self._weights = torch.where(resolved[:, None], rule.weights, self._weights)

    def __call__(self, mu: Tensor, log_sigma: Tensor) -> Tensor:
        """E_q[log p(x|z)] − KL(q ‖ N(0, I)) in nats, (R,), differentiable in `mu` and `log_sigma` (R, K)."""
        model = self.model
        z = mu[:, None] + log_sigma.exp()[:, None] * self._points
        output = model.exact.decode(z.flatten(0, 1)).view(*z.shape[:2], -1)
        values = log_likelihood(model.architecture.observation, output, self.x[:, None], model.observation_variance)
        mean = (self._weights * values).sum(1)
        deviations = values.detach() - mean.detach()[:, None]
        self.spread = (self._weights * deviations.square()).sum(1).sqrt()
        return mean - kl_per_dimension(mu, log_sigma).sum(-1)


def drawn_rule(latent_dim: int, count: int, seed: int, step: int, purpose: str) -> Nodes:
    """Drawn points that count the same."""
    points = drawn(latent_dim, count, seed, step, purpose)
    return Nodes(points, torch.full((count,), 1 / count, dtype=torch.float64))


def _count(latent_dim: int) -> int:
    """How many codes the ELBO of one q takes in one step."""
    return len(hermite(latent_dim, NODES[latent_dim]).weights) if latent_dim in NODES else POINTS


@dataclass(frozen=True, eq=False)
class Candidate:
    """The best q that an ascent can offer for one image: `mu` and `log_sigma` (K,), its ELBO as the ascent knows it.

    `resolved` says that this ELBO is by Gauss–Hermite, and right to thousandths of a nat; else it is a few points'.
    """

    mu: Tensor
    log_sigma: Tensor
    value: float
    resolved: bool


class _Chunk(NamedTuple):
    """Some rows that ascend in one slice."""

    rows: slice
    bound: Bound
    ascent: Ascent


class Page:
    """The images at places `first` … of the order of showing; rows 2i and 2i + 1 are the two starts of image i.

    `best` is the highest place an ascent has been at by its own count, or the last one where that count is no more than
    an estimate. What is drawn is keyed by (`seed`, step of the page).
    """

    def __init__(self, model: TrainedModel, first: int, count: int, seed: int) -> None:
        self.model, self.first, self.seed = model, first, seed
        self.indices = model.images.shown(first, count)
        self.x = model.images.held_out[self.indices].double()
        with torch.no_grad():
            self.encoder_mu, self.encoder_log_sigma = model.exact.encode(self.x)
        starts = torch.stack([self.encoder_mu, torch.zeros_like(self.encoder_mu)], 1).flatten(0, 1)
        spreads = torch.stack([self.encoder_log_sigma, torch.zeros_like(self.encoder_mu)], 1).flatten(0, 1)
        self._x = self.x.repeat_interleave(len(STARTS), 0)
        rows = len(starts)
        at_once = max(1, CODES // (len(STARTS) * _count(model.latent_dim))) * len(STARTS)
        self._chunks = []
        for start in range(0, rows, at_once):
            part = slice(start, start + at_once)
            bound = Bound(model, self._x[part])
            self._chunks.append(_Chunk(part, bound, Ascent(bound, starts[part], spreads[part], 0.0)))
        self.steps = 0
        self.seconds = 0.0
        # the prior is wide: until it has been seen, nodes are not trusted to resolve what the decoder makes of it
        self.resolved = torch.tensor([model.latent_dim in NODES, False]).repeat(len(self.x))
        self.mu, self.log_sigma = starts, spreads
        self.best_mu, self.best_log_sigma = starts, spreads
        self.best_value = torch.full((rows,), -torch.inf, dtype=torch.float64)
        self._drawn_dimensions = min(model.latent_dim, 2)
        self.histories = Histories(rows, self._drawn_dimensions)
        self._offers: dict[int, tuple[tuple[Candidate, float], ...]] = {}

    def __len__(self) -> int:
        return len(self.x)

    # --- stepping -----------------------------------------------------------------------------------------------

    def step(self, learning_rate: float) -> Iterator[None]:
        """One step of every ascent, in slices; raises FloatingPointError where one leads out of the numbers."""
        values, spreads = [], []
        seconds, others = 0.0, self._others()
        for number, (rows, bound, ascent) in enumerate(self._chunks):
            if number:
                yield
            began = time.perf_counter()
            bound.choose(self.resolved[rows], others)
            ascent.learning_rate = learning_rate
            values.append(ascent.step())
            spreads.append(bound.spread)
            seconds += time.perf_counter() - began
        mu, log_sigma = self._now()
        if not bool(torch.cat([*values, mu.flatten(), log_sigma.flatten()]).isfinite().all()):
            raise FloatingPointError("an ELBO is no number any more")
        self._remember(torch.cat(values), torch.cat(spreads))
        self.mu, self.log_sigma = mu, log_sigma
        self._offers.clear()
        self.steps += 1
        self.seconds += seconds

    def _others(self) -> Nodes:
        """What is drawn at this step for the q that so few nodes don't resolve."""
        return drawn_rule(self.model.latent_dim, _count(self.model.latent_dim), self.seed, self.steps, "ascent")

    def _now(self) -> tuple[Tensor, Tensor]:
        ascents = [chunk.ascent for chunk in self._chunks]
        return torch.cat([ascent.mu for ascent in ascents]), torch.cat([ascent.log_sigma for ascent in ascents])

    def _remember(self, values: Tensor, spread: Tensor) -> None:
        """A step was taken from here, where the ELBOs were `values`."""
        fine = spread <= RESOLVED
        known = self.resolved & fine
        better = torch.where(known, values > self.best_value, self.best_value.isinf())
        self.best_mu = torch.where(better[:, None], self.mu, self.best_mu)
        self.best_log_sigma = torch.where(better[:, None], self.log_sigma, self.best_log_sigma)
        self.best_value = torch.where(better & known, values, self.best_value)
        self.resolved = fine if self.model.latent_dim in NODES else self.resolved
        self.histories.add(self.steps, values.numpy(), self.mu[:, : self._drawn_dimensions].numpy())

    @property
    def milliseconds(self) -> float:
        """What the ascent of one image from one start has cost so far, side by side with the others."""
        return 1000 * self.seconds / len(self._x)

    # --- what they have reached ---------------------------------------------------------------------------------

    @torch.no_grad()
    def offers(self, image: int) -> tuple[tuple[Candidate, float], ...]:
        """The best q of each ascent of an image, where it stands included, and the ELBO where it stands."""
        if image not in self._offers:
            rows = slice(len(STARTS) * image, len(STARTS) * (image + 1))
            bound = Bound(self.model, self._x[rows])
            bound.choose(self.resolved[rows], self._others())
            values = bound(self.mu[rows], self.log_sigma[rows])
            known = self.resolved[rows] & (bound.spread <= RESOLVED)
            self._offers[image] = tuple(
                (self._best(row, float(values[start]), bool(known[start])), float(values[start]))
                for start, row in enumerate(range(rows.start, rows.stop))
            )
        return self._offers[image]

    def _best(self, row: int, value: float, known: bool) -> Candidate:
        """The best of a row, which stands where the ELBO is `value`."""
        before = float(self.best_value[row])
        if before > (value if known else -torch.inf):
            return Candidate(self.best_mu[row], self.best_log_sigma[row], before, True)
        return Candidate(self.mu[row], self.log_sigma[row], value, known)

    def counted(self, image: int) -> list[float]:
        """The highest ELBO of each ascent of an image before its last step, −∞ where its count is but an estimate."""
        found: list[float] = self.best_value[len(STARTS) * image : len(STARTS) * (image + 1)].tolist()
        return found

    def encoder_milliseconds(self) -> float:
        """What the encoder takes for one image, all of the page at once: the best of a few passes."""
        times = []
        with torch.no_grad():
            for _ in range(6):
                began = time.perf_counter()
                self.model.exact.encode(self.x)
                times.append(time.perf_counter() - began)
        return 1000 * min(times[1:]) / len(self.x)

    # --- saving -------------------------------------------------------------------------------------------------

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Copies of everything that going on exactly takes."""
        kept = {
            "resolved": self.resolved,
            "mu": self.best_mu,
            "log_sigma": self.best_log_sigma,
            "value": self.best_value,
        }
        best = {f"best/{name}": value.numpy().copy() for name, value in kept.items()}
        histories = {f"history/{name}": array for name, array in self.histories.arrays().items()}
        counts = {"steps": np.array(self.steps), "seconds": np.array(self.seconds)}
        ascents = {
            f"ascent/{number}/{name}": array
            for number, chunk in enumerate(self._chunks)
            for name, array in chunk.ascent.arrays().items()
        }
        return {**ascents, **best, **histories, **counts}

    def load(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what `arrays` gave."""
        for number, chunk in enumerate(self._chunks):
            chunk.ascent.load(within(arrays, f"ascent/{number}/"))
        self.mu, self.log_sigma = self._now()
        self.steps, self.seconds = int(arrays["steps"]), float(arrays["seconds"])
        self.resolved = torch.from_numpy(np.array(arrays["best/resolved"], np.bool_))
        self.best_mu, self.best_log_sigma, self.best_value = (
            torch.from_numpy(np.array(arrays[f"best/{name}"], np.float64)) for name in ("mu", "log_sigma", "value")
        )
        self.histories.load(within(arrays, "history/"))
        self._offers.clear()
