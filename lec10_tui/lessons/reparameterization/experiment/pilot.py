"""The pilot: samples drawn beforehand, keyed apart, that give the baseline and the reach of the histograms."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lec10_tui.learning.random import generator
from lec10_tui.lessons.reparameterization.experiment.problem import Problem, draw, estimate
from lec10_tui.lessons.reparameterization.experiment.statistics import edges_around
from lec10_tui.lessons.reparameterization.frame import Floats
from lec10_tui.vocabulary.knobs import BadValue

PILOT = 1000


@dataclass(frozen=True, eq=False)
class Pilot:
    """b, the mean of f: it knows nothing of the samples to come, so what it is subtracted from stays unbiased.

    `edges` are those of the histograms, `last` (K,) is the last ε that was drawn.
    """

    baseline: float
    edges: Floats
    last: Tensor


@torch.no_grad()
def baseline_of(problem: Problem, seed: int) -> float:
    """The mean of f over the pilot's samples."""
    return float(problem.function(problem.mu + problem.sigma * _epsilon(problem, seed)).mean())


def fly(problem: Problem, seed: int) -> Pilot:
    """The pilot of a run with `seed`; raises BadValue where f is no finite number."""
    baseline = baseline_of(problem, seed)
    epsilon = _epsilon(problem, seed)
    batch = estimate(problem, epsilon, baseline, clock=lambda: 0.0)
    edges = edges_around(batch.estimates)
    if not torch.isfinite(torch.tensor([baseline, *edges])).all():
        what = f"model: {problem.model.name} gives" if problem.model else "mu, sigma: here"
        raise BadValue(f"{what} a {problem.formula} that is no finite number; another would do")
    return Pilot(baseline, edges, batch.last)


def _epsilon(problem: Problem, seed: int) -> Tensor:
    return draw(problem, PILOT, generator(seed, problem.dimension, "pilot"))
