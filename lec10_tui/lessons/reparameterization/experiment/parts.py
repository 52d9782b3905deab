"""The parts of the reparameterization lesson's frame: what each depends on, and how each is built."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from lec10_tui.learning.estimators import pathwise, score
from lec10_tui.lessons.reparameterization.experiment.growth import nothing_measured
from lec10_tui.lessons.reparameterization.experiment.pilot import PILOT
from lec10_tui.lessons.reparameterization.frame import About, Floats, Histograms, Running, Sample, Variances
from lec10_tui.vocabulary.frames import Part, Wanted

if TYPE_CHECKING:
    from lec10_tui.lessons.reparameterization.experiment.estimating import ReparameterizationExperiment


def depends(run: ReparameterizationExperiment, wanted: Wanted) -> Hashable:
    """What the wanted part depends on; raises KeyError for a name that is none of this lesson's."""
    known = run.exact is not None
    stamps: dict[str, Hashable] = {
        "about": (run.turns.changes, run.knobs.length, known),
        "sample": run.step,
        "running": (run.step, known),
        "histograms": (run.step, known),
        "variances": (run.step, known),
        "dimensions": None,
    }
    return stamps[wanted.name]


def build_part(run: ReparameterizationExperiment, wanted: Wanted) -> Part:
    """The wanted part, frozen and copied; raises KeyError for a name that is none of this lesson's."""
    return _BUILDERS[wanted.name](run)


def _about(run: ReparameterizationExperiment) -> Part:
    problem = run.problem
    return About(
        formula=problem.formula,
        dimension=problem.dimension,
        model=problem.model.name if problem.model else "",
        image=run.knobs.image,
        label=problem.label,
        exact_by=run.exact.by if run.exact else "",
        baseline=run.baseline,
        pilot=PILOT,
        threads=run.knobs.threads,
        given=run.turns.given_texts,
        changes=run.turns.change_texts,
    )


def _sample(run: ReparameterizationExperiment) -> Part:
    """The last sample of the last batch; before the first batch the pilot's last, which counts as none."""
    mu, sigma, epsilon = run.problem.mu, run.problem.sigma, run.last
    back = pathwise(run.problem.function, mu, sigma, epsilon[None])
    z = mu + sigma * epsilon
    scores = score(z, mu, sigma)
    return Sample(
        number=run.samples,
        mu=_copied(mu),
        sigma=_copied(sigma),
        epsilon=_copied(epsilon),
        z=_copied(z),
        f=float(back.f),
        baseline=run.baseline,
        z_bar=_copied(back.z_bar[0]),
        mu_bar=_copied(back.mu_bar[0]),
        sigma_bar=_copied(back.sigma_bar[0]),
        score_mu=_copied(scores.mu),
        score_sigma=_copied(scores.sigma),
    )


def _copied(values: Tensor) -> Floats:
    return values.detach().to(torch.float64).numpy().copy()


def _exact(run: ReparameterizationExperiment) -> float:
    return run.exact.value if run.exact else math.nan


def _running(run: ReparameterizationExperiment) -> Part:
    return Running(run.statistics.means, run.statistics.errors, _exact(run))


def _histograms(run: ReparameterizationExperiment) -> Part:
    statistics = run.statistics
    return Histograms(statistics.edges.copy(), statistics.counts.copy(), statistics.outside.copy(), _exact(run))


def _variances(run: ReparameterizationExperiment) -> Part:
    moments = run.statistics.moments
    measured, closed = moments.variance, run.problem.closed_variances(run.baseline)
    errors = moments.standard_error
    nothing = np.full(3, np.nan)
    return Variances(
        measured=measured,
        closed=closed,
        ratios=_over(measured, measured[0]),
        closed_ratios=_over(closed, closed[0]),
        microseconds=1e6 * run.seconds_a_sample,
        means=moments.mean.copy() if moments.count else nothing,
        standard_errors=errors,
        z_scores=_over(moments.mean - _exact(run), errors),
    )


def _over(values: Floats, by: Floats | float) -> Floats:
    """`values` / `by`, NaN where that is 0 or unknown."""
    divisor = np.broadcast_to(np.asarray(by, np.float64), values.shape)
    quotients = np.full(values.shape, np.nan)
    np.divide(values, divisor, out=quotients, where=divisor > 0)
    return quotients


def _dimensions(run: ReparameterizationExperiment) -> Part:
    return nothing_measured(run.problem)


_BUILDERS: dict[str, Callable[[ReparameterizationExperiment], Part]] = {
    "about": _about,
    "sample": _sample,
    "running": _running,
    "histograms": _histograms,
    "variances": _variances,
    "dimensions": _dimensions,
}
