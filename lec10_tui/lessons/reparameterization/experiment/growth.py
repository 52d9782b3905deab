"""How the variances grow with the dimension of z: measured in slices, the closed forms beside them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lec10_tui.learning.random import generator
from lec10_tui.lessons.reparameterization.experiment.moments import Moments
from lec10_tui.lessons.reparameterization.experiment.pilot import baseline_of
from lec10_tui.lessons.reparameterization.experiment.problem import Clock, Problem, batches
from lec10_tui.lessons.reparameterization.frame import Dimensions

DIMENSIONS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
SAMPLES = 4000


def dimensions_of(problem: Problem) -> tuple[int, ...]:
    """The dimensions that are compared: of a reconstruction term there is one."""
    return DIMENSIONS if problem.model is None else (problem.dimension,)


def nothing_measured(problem: Problem) -> Dimensions:
    """The comparison before it has begun."""
    dimensions = np.array(dimensions_of(problem), np.int64)
    unknown = np.full((len(dimensions), 3), np.nan)
    return Dimensions(dimensions, unknown, unknown, SAMPLES, 0.0)


def measured(problem: Problem, baseline: float, seed: int, clock: Clock) -> Iterator[Dimensions | None]:
    """The comparison as it grows, one dimension more in each; None after a slice of one that takes several.

    In every dimension b comes from a pilot of its own; `baseline` is the one of the problem itself.
    """
    dimensions = dimensions_of(problem)
    found, closed = np.full((2, len(dimensions), 3), np.nan)
    for row, dimension in enumerate(dimensions):
        here = problem if dimension == problem.dimension else problem.in_dimensions(dimension)
        b = baseline if here is problem else baseline_of(here, seed)
        moments = Moments()
        for batch in batches(here, SAMPLES, generator(seed, dimension, "dimensions"), b, clock):
            moments.add(batch.estimates)
            yield None
        found[row], closed[row] = moments.variance, here.closed_variances(b)
        done = sum(dimensions[: row + 1]) / sum(dimensions)
        yield Dimensions(np.array(dimensions, np.int64), found.copy(), closed.copy(), SAMPLES, done)
