"""Reports of the amortization lesson, made up but consistent: every row of the table adds up."""

from __future__ import annotations

from typing import Any

import numpy as np

from lec10_tui.lessons.amortization.frame import (
    STARTS,
    About,
    AmortizationKnobs,
    Ascent,
    Pictures,
    Plane,
    Race,
    Table,
)
from lec10_tui.vocabulary.frames import Frame, Part
from lec10_tui.vocabulary.reports import Report, Status
from lec10_tui.vocabulary.series import Series

STEP = 40
IMAGES = 16


def about(**changes: Any) -> About:
    """Sixteen digits under the shipped model."""
    values: dict[str, Any] = {
        "model": "vae-k2-bernoulli",
        "data": "mnist",
        "observation": "bernoulli",
        "latent_dim": 2,
        "image_shape": (28, 28),
        "variance": None,
        "first": 0,
        "count": IMAGES,
        "image": 3,
        "index": 217,
        "label": "3",
        "likelihood_by": "quadrature",
        "elbo_by": "Gauss–Hermite",
        "threads": 1,
        "given": (),
        "changes": (),
    }
    return About(**values | changes)


def table(count: int = IMAGES, first: int = 0, step: int = STEP, **changes: Any) -> Table:
    """`count` rows whose gaps are told apart."""
    dice = np.random.default_rng(5)
    amortized = -147 + 9 * dice.normal(size=count)
    won = np.linspace(0.31, 9.73, count)[dice.permutation(count)] if step else np.zeros(count)
    optimized = amortized + won
    values: dict[str, Any] = {
        "step": step,
        "places": np.arange(first, first + count),
        "labels": tuple(str(place % 10) for place in range(first, first + count)),
        "log_likelihood": optimized + np.linspace(0.27, 2.11, count)[dice.permutation(count)],
        "error": np.full(count, 2e-4),
        "amortized": amortized,
        "optimized": optimized,
        "winner": (np.arange(count) % 5 == 4).astype(np.int64),
        "elbo_error": np.zeros(count),
        "encoder_milliseconds": 0.0061,
        "optimization_milliseconds": 0.122 * step,
        "done": 1.0,
    }
    return Table(**values | changes)


def series(name: str, values: np.ndarray[Any, Any]) -> Series:
    return Series(name, 1, np.arange(len(values)), values, values, values)


def ascent(of: Table, row: int = 3) -> Ascent:
    """Both ascents of one row, the encoder's from its ELBO and the prior's from far below, to the optimized one."""
    steps = np.arange(of.step + 1)
    starts = (float(of.amortized[row]), float(of.amortized[row]) - 180)
    top = float(of.optimized[row])
    curves = [top + (start - top) * np.exp(-steps / 8) for start in starts]
    return Ascent(
        tuple(series(name, curve) for name, curve in zip(STARTS, curves, strict=True)),
        float(of.log_likelihood[row]),
        float(of.error[row]),
    )


def plane(columns: int = 40, rows: int = 40, dimensions: int = 2) -> Plane:
    """A posterior that leans to one side, which no axis-parallel ellipse covers."""
    low, high = np.array([-0.6, -1.4])[:dimensions], np.array([2.2, 1.4])[:dimensions]
    mu, sigma = np.array([[0.8, 0.1], [0.82, 0.09]]), np.array([[0.22, 0.3], [0.21, 0.31]])
    across = np.linspace(-0.6, 2.2, columns)
    density = np.exp(-0.5 * ((across - 0.8) / 0.3) ** 2)[None]
    if dimensions == 2:
        up = np.linspace(1.4, -1.4, rows)[:, None]
        leaning = (across - 0.8) / 0.3, (up - 0.1) / 0.4
        density = np.exp(-0.5 / (1 - 0.64) * (leaning[0] ** 2 - 1.6 * leaning[0] * leaning[1] + leaning[1] ** 2))
    path = np.linspace(0, 1, 12)[:, None]
    starts = np.array([[0.5, 0.4], [0.0, 0.0]])
    trails = np.stack([start + (end - start) * path for start, end in zip(starts, mu, strict=True)])
    return Plane(
        density,
        low,
        high,
        coarse=False,
        mu=mu[:, :dimensions],
        sigma=sigma[:, :dimensions],
        encoder_mu=starts[0, :dimensions],
        encoder_sigma=np.array([0.3, 0.2])[:dimensions],
        trails=trails[:, :, :dimensions],
    )


def pictures() -> Pictures:
    """Four images, each a bar at a place of its own."""
    images = np.zeros((4, 28, 28), np.uint8)
    for number in range(4):
        images[number, 4:24, 5 + 5 * number : 9 + 5 * number] = 255
    return Pictures(images[0], images[1], images[2:])


def race(going: bool = True, points: int = 6) -> Race:
    """A race in which the encoder is ahead."""
    seconds = np.linspace(0, 5, points)
    return Race(
        ("amortized", "per example"),
        (seconds, seconds * 1.02),
        (-206 + 11 * np.sqrt(seconds), -206 + 3 * np.sqrt(seconds)),
        (812, 74) if points else (0, 0),
        (20_787.0, 1_894.0) if points else (0.0, 0.0),
        100,
        "784-256-2 tanh and back, Adam 1e-3, batches of 128",
        going,
    )


NO_RACE = Race(
    ("amortized", "per example"), (np.zeros(0),) * 2, (np.zeros(0),) * 2, (0, 0), (0.0, 0.0), 100, "", going=False
)


def parts(of: Table | None = None, about_it: About | None = None, **changes: Part) -> dict[str, Part]:
    """Every part of a frame, about the same image."""
    of, about_it = of or table(), about_it or about()
    row = about_it.image - int(of.places[0])
    found: dict[str, Part] = {
        "about": about_it,
        "ascent": ascent(of, row),
        "plane": plane(),
        "pictures": pictures(),
        "table": of,
        "race": NO_RACE,
    }
    return found | changes


def readings(of: Table, row: int) -> dict[str, float]:
    """The readings of one row."""
    return {
        "step": float(of.step),
        "log_likelihood": float(of.log_likelihood[row]),
        "amortized_elbo": float(of.amortized[row]),
        "optimized_elbo": float(of.optimized[row]),
        "amortization_gap": float(of.optimized[row] - of.amortized[row]),
        "approximation_gap": float(of.log_likelihood[row] - of.optimized[row]),
        "encoder_milliseconds": of.encoder_milliseconds,
        "optimization_milliseconds": of.optimization_milliseconds,
    }


def report(given: dict[str, Part] | None = None, knobs: dict[str, Any] | None = None, **status: Any) -> Report:
    """A report with these parts; the knobs say the image that About does."""
    given = given or parts()
    of, about_it = given["table"], given["about"]
    assert isinstance(of, Table) and isinstance(about_it, About)
    values = AmortizationKnobs(image=about_it.image).plain() | (knobs or {})
    frame = Frame(
        "amortization",
        of.step,
        None,
        readings(of, about_it.image - int(of.places[0])),
        values,
        given,
        {name: id(part) for name, part in given.items()},
    )
    return Report(frame, Status(**{"state": "paused", "origin": "new", "unit": "steps", **status}))
