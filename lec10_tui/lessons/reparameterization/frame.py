"""The words of the reparameterization lesson: its knobs, the parts of its frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.frames import Part
from lec10_tui.vocabulary.knobs import Knobs, Length, check, knob, seed_knob, threads_knob
from lec10_tui.vocabulary.series import Series

Floats = NDArray[np.float64]

ESTIMATORS = ("pathwise", "score", "score_baseline")
"""The three estimators, in the order of every array that has one entry an estimator."""

LENGTHS = (*(Length(amount, "samples") for amount in (100, 1000, 10_000, 100_000, 1_000_000)), Length())


@dataclass(frozen=True)
class ReparameterizationKnobs(Knobs):
    """What a person may set in the reparameterization lesson."""

    function: str = knob(
        "quadratic", "f(z)", "Σ z², Σ sin z, Σ exp(z/2), or a trained vae's log p(x|z)",
        kind="restart", sort="choice", choices=("quadratic", "sine", "exponential", "reconstruction"),
    )  # fmt: skip
    dimension: int = knob(
        1, "dimension", "dimensions of z; the reconstruction term has its model's K",
        kind="restart", sort="integer", minimum=1, maximum=1024, ladder=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    )  # fmt: skip
    mu: float = knob(
        1.0, "μ", "the mean of q(z) in every dimension; the reconstruction term takes the encoder's",
        kind="restart", sort="number", ascii="mu", minimum=-10.0, maximum=10.0,
        ladder=(-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0),
    )  # fmt: skip
    sigma: float = knob(
        1.0, "σ", "the standard deviation of q(z) in every dimension; the reconstruction term takes the encoder's",
        kind="restart", sort="number", ascii="sigma", minimum=1e-3, maximum=10.0,
        ladder=(0.05, 0.1, 0.2, 0.5, 1.0, 2.0),
    )  # fmt: skip
    model: str = knob(
        "vae-k2-bernoulli", "model", "the trained vae of the reconstruction term: one that ships, or a run by name",
        kind="restart", sort="text", ladder=("vae-k2-bernoulli", "vae-k2-gaussian", "vae-k20-bernoulli"),
    )  # fmt: skip
    image: int = knob(
        0, "image", "the held-out image x of the reconstruction term",
        kind="restart", sort="integer", minimum=0, maximum=999_999, ladder=tuple(range(100)),
    )  # fmt: skip
    batch_size: int = knob(
        10, "batch", "samples drawn in one step",
        kind="restart", sort="integer", minimum=1, maximum=10_000, ladder=(1, 2, 5, 10, 20, 50, 100, 1000),
    )  # fmt: skip
    length: Length = knob(  # noqa: RUF009
        Length(10_000, "samples"), "length", "how many samples are drawn",
        kind="live", sort="length", units=("steps", "samples", "seconds"), ladder=LENGTHS,
    )  # fmt: skip
    seed: int = seed_knob("the same samples")
    threads: int = threads_knob()

    @classmethod
    def complete(cls, given: Mapping[str, Any]) -> ReparameterizationKnobs:
        """`given` over the defaults; who names a model or an image means its reconstruction term. Raises BadValue."""
        chosen = check(cls, given)
        if {"model", "image"} & chosen.keys():
            chosen = {"function": "reconstruction", **chosen}
        return cls(**chosen)


@dataclass(frozen=True, eq=False)
class About(Part):
    """What is averaged: `formula` as people write it, `dimension`, where q stands, the model's name ("" for none).

    `exact_by` says how the exact gradient was found: closed form, Gauss–Hermite, or "" where there is none. `baseline`
    is b, the mean of f over `pilot` samples drawn beforehand. `given` and `changes` are texts, as in every lesson.
    """

    formula: str
    dimension: int
    model: str
    image: int
    label: str
    exact_by: str
    baseline: float
    pilot: int
    threads: int
    given: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Sample(Part):
    """One sample through both graphs; vectors are (dimension,), bars are derivatives of f.

    Forwards: z = μ + σ·ε, f(z). Backwards, reparameterised: `z_bar` = ∂f/∂z, `mu_bar` = z̄, `sigma_bar` = z̄·ε. In the
    original form nothing goes through z: `score_mu` = ∂ log q/∂μ = (z − μ)/σ², `score_sigma` = ((z − μ)² − σ²)/σ³, and
    the estimates are f·score and (f − b)·score. `number` counts the samples drawn.
    """

    number: int
    mu: Floats
    sigma: Floats
    epsilon: Floats
    z: Floats
    f: float
    baseline: float
    z_bar: Floats
    mu_bar: Floats
    sigma_bar: Floats
    score_mu: Floats
    score_sigma: Floats


@dataclass(frozen=True, eq=False)
class Running(Part):
    """The running means of ∂/∂μ₁ E_q[f] against the number of samples, of bounded size.

    `means` and `errors` (standard errors) have one series an estimator, named as in ESTIMATORS; `exact` is NaN where it
    is not known.
    """

    means: tuple[Series, ...]
    errors: tuple[Series, ...]
    exact: float


@dataclass(frozen=True, eq=False)
class Histograms(Part):
    """How single samples' estimates of ∂/∂μ₁ spread: `edges` (b + 1,) shared, `counts` (3, b), one row an estimator.

    `outside` (3,) counts the samples beyond the edges; `exact` as in Running.
    """

    edges: Floats
    counts: NDArray[np.int64]
    outside: NDArray[np.int64]
    exact: float


@dataclass(frozen=True, eq=False)
class Variances(Part):
    """Each estimator's variance of one sample of ∂/∂μ₁, all (3,): measured, in closed form (NaN: none), its cost.

    `ratios` are over the pathwise variance (NaN where that is 0), `closed_ratios` the same in closed form;
    `microseconds` a sample, measured here; `z_scores` = (mean − exact) / standard error, NaN without an exact gradient.
    """

    measured: Floats
    closed: Floats
    ratios: Floats
    closed_ratios: Floats
    microseconds: Floats
    means: Floats
    standard_errors: Floats
    z_scores: Floats


@dataclass(frozen=True, eq=False)
class Dimensions(Part):
    """How the variances grow with the dimension: `dimensions` (m,), `measured` and `closed` (m, 3), NaN where unknown.

    `done` … 1 is how much of it is measured; with the reconstruction term there is one dimension, and m = 1.
    """

    dimensions: NDArray[np.int64]
    measured: Floats
    closed: Floats
    samples: int
    done: float
