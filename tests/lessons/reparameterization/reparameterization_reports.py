"""Reports of a reparameterization run that nobody drew on a worker: Σ z² and its three estimators, in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lec10_tui.lessons.reparameterization.frame import (
    ESTIMATORS,
    About,
    Dimensions,
    Floats,
    Histograms,
    ReparameterizationKnobs,
    Running,
    Sample,
    Variances,
)
from lec10_tui.vocabulary.frames import Frame, Part
from lec10_tui.vocabulary.reports import Report, Status
from lec10_tui.vocabulary.series import Ladder

NUMBERS: dict[Part, int] = {}
"""A stamp for every part that was reported."""

READINGS = ("exact_gradient", *(f"{name}_{what}" for name in ESTIMATORS for what in ("mean", "variance")), "samples")


def about(dimension: int = 1, **other: Any) -> About:
    """What a run on Σ z² is about."""
    return replace(
        About(
            formula="z²" if dimension == 1 else "Σ z²",
            dimension=dimension,
            model="",
            image=0,
            label="",
            exact_by="closed form",
            baseline=2.0 * dimension,
            pilot=1000,
            threads=1,
            given=("seed=3",),
            changes=(),
        ),
        **other,
    )


def sample(dimension: int = 1, number: int = 400, seed: int = 0) -> Sample:
    """The last of `number` samples at μ = σ = 1."""
    epsilon = np.random.default_rng(seed).normal(size=dimension)
    mu, sigma = np.ones(dimension), np.ones(dimension)
    z = mu + sigma * epsilon
    return Sample(
        number=number,
        mu=mu,
        sigma=sigma,
        epsilon=epsilon,
        z=z,
        f=float((z**2).sum()),
        baseline=2.0 * dimension,
        z_bar=2 * z,
        mu_bar=2 * z,
        sigma_bar=2 * z * epsilon,
        score_mu=epsilon / sigma,
        score_sigma=(epsilon**2 - 1) / sigma,
    )


def estimates(samples: int, dimension: int = 1, seed: int = 1) -> Floats:
    """What each estimator makes of each sample: (3, samples)."""
    epsilon = np.random.default_rng(seed).normal(size=(samples, dimension))
    z = 1 + epsilon
    f = (z**2).sum(1)
    return np.stack([2 * z[:, 0], f * epsilon[:, 0], (f - 2.0 * dimension) * epsilon[:, 0]])


def closed(dimension: int) -> Floats:
    """The variances at μ = σ = 1 with the baseline E[f] = 2 · dimension, worked out by hand."""
    others = dimension - 1
    return np.array([4.0, 30.0 + 22.0 * others + 4.0 * others**2, 18.0 + 6.0 * others])


def parts(samples: int = 400, dimension: int = 1, **other: Part) -> dict[str, Part]:
    """The parts of a frame after `samples` samples."""
    made: dict[str, Part] = {"about": about(dimension)}
    drawn = estimates(max(samples, 1), dimension)[:, :samples]
    means, errors = ({name: Ladder(name) for name in ESTIMATORS} for _ in range(2))
    for count in range(10, samples + 1, 10):
        for name, values in zip(ESTIMATORS, drawn[:, :count], strict=True):
            means[name].add(count, float(values.mean()))
            errors[name].add(count, float(values.std(ddof=1) / np.sqrt(count)))
    made["running"] = Running(
        tuple(ladder.series() for ladder in means.values()), tuple(ladder.series() for ladder in errors.values()), 2.0
    )
    reach = 10.0 * dimension
    edges = np.linspace(2 - reach, 2 + reach, 61)
    counts = np.stack([np.histogram(values, edges)[0] for values in drawn])
    made["histograms"] = Histograms(edges, counts, samples - counts.sum(1), 2.0)
    if samples > 1:
        measured = drawn.var(1, ddof=1)
        error = np.sqrt(measured / samples)
        exact = closed(dimension)
        made["variances"] = Variances(
            measured=measured,
            closed=exact,
            ratios=measured / measured[0],
            closed_ratios=exact / exact[0],
            microseconds=np.array([0.52, 0.61, 0.63]),
            means=drawn.mean(1),
            standard_errors=error,
            z_scores=(drawn.mean(1) - 2.0) / error,
        )
        made["sample"] = sample(dimension, samples)
    grid = 2 ** np.arange(9)
    grown = np.stack([closed(int(each)) for each in grid])
    made["dimensions"] = Dimensions(grid, grown * 1.02, grown, 20_000, 1.0)
    return {**made, **other}


def report(
    given: Mapping[str, Part] | None = None,
    state: str = "paused",
    samples: int = 400,
    knobs: Mapping[str, Any] | None = None,
    **status: Any,
) -> Report:
    """A report of a run that has drawn so many samples, ten a step."""
    shown = dict(given) if given is not None else parts(samples)
    readings: dict[str, float] = {"step": samples // 10, "exact_gradient": 2.0}
    held = shown.get("variances")
    if isinstance(held, Variances):
        for name, mean, variance in zip(ESTIMATORS, held.means.tolist(), held.measured.tolist(), strict=True):
            readings |= {f"{name}_mean": mean, f"{name}_variance": variance}
    readings["samples"] = samples
    frame = Frame(
        "reparameterization",
        samples // 10,
        None,
        readings,
        ReparameterizationKnobs.complete(knobs or {}).plain(),
        shown,
        {name: NUMBERS.setdefault(part, len(NUMBERS)) for name, part in shown.items()},
    )
    return Report(frame, Status(state, "new", **{"unit": "samples", **status}))  # type: ignore[arg-type]
