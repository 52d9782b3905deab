"""Reports of a bound lesson that no model stands behind: a bent posterior in numpy, terms that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lec10_tui.lessons.bound.frame import (
    About,
    Ascent,
    BoundKnobs,
    Collapse,
    Floats,
    Importance,
    Jensen,
    Pictures,
    Posterior,
    Terms,
    Toy,
)
from lec10_tui.vocabulary.frames import Frame, Part
from lec10_tui.vocabulary.reports import Report, Status
from lec10_tui.vocabulary.series import Ladder

NUMBERS: dict[Part, int] = {}
"""A stamp for every part that was reported."""

PANELS = ("posterior", "bar", "pictures", "ascent", "jensen", "importance", "toy", "collapse", "knobs")


def middles(low: float, high: float, count: int) -> Floats:
    """The middles of `count` pixels."""
    return low + (np.arange(count) + 0.5) * (high - low) / count


def about(**other: Any) -> About:
    """A Bernoulli model of digits, K = 2."""
    made = About(
        model="vae-k2-bernoulli",
        data="mnist",
        observation="bernoulli",
        latent_dim=2,
        image_shape=(28, 28),
        variance=None,
        image=3,
        index=1234,
        label="0",
        threads=1,
        given=("model=vae-k2-bernoulli",),
        changes=("0:image=3",),
        by_hand=0,
    )
    return replace(made, **other)


def terms(**other: Any) -> Terms:
    """Terms that add up: `log_likelihood`, `reconstruction` and `kl` give the others."""
    values = {"log_likelihood": -127.294, "reconstruction": -125.131, "kl": 5.452, **other}
    elbo = values["reconstruction"] - values["kl"]
    gap = values["log_likelihood"] - elbo
    made = {
        "elbo": elbo, "gap": gap, "posterior_kl": gap - 0.0002, "error": 0.0008, "refined": True,
        "nodes": 4900, "hermite": 32, "local": 101,
    }  # fmt: skip
    return Terms(**{**made, **values})


def posterior(columns: int = 60, rows: int = 40, **other: Any) -> Posterior:
    """A bent posterior, and q a little beside it."""
    low, high = np.array([-1.0, -2.0]), np.array([1.0, 0.0])
    x, y = np.meshgrid(middles(-1, 1, columns), middles(-2, 0, rows)[::-1])
    density = np.exp(-0.5 * (x / 0.35) ** 2 - 0.5 * ((y + 1 - 0.9 * x**2) / 0.12) ** 2)
    made = Posterior(
        density=density / density.sum(),
        low=low,
        high=high,
        coarse=False,
        mean=np.array([0.0, -0.89]),
        scale=np.array([0.35, 0.2]),
        mu=np.array([-0.312, -1.104]),
        sigma=np.array([0.2104, 0.1312]),
        encoder_mu=np.array([0.1, -0.95]),
        encoder_sigma=np.array([0.3, 0.15]),
        trail=np.array([[0.1, -0.95], [-0.1, -1.0], [-0.312, -1.104]]),
    )
    return replace(made, **other)


def one_code(columns: int = 60, **other: Any) -> Posterior:
    """The posterior of a model with K = 1."""
    z = middles(-3, 3, columns)
    density = np.exp(-0.5 * ((z - 0.5) / 0.4) ** 2) / (0.4 * np.sqrt(2 * np.pi))
    made = posterior(
        density=density[None],
        **{name: np.array([value]) for name, value in (
            ("low", -3.0), ("high", 3.0), ("mean", 0.5), ("scale", 0.4), ("mu", 0.25), ("sigma", 0.5),
            ("encoder_mu", 0.7), ("encoder_sigma", 0.3),
        )},
        trail=np.array([[0.7], [0.25]]),
    )  # fmt: skip
    return replace(made, **other)


def pictures() -> Pictures:
    """Rings of four widths."""
    y, x = np.mgrid[-1:1:28j, -1:1:28j]
    away = np.abs(np.hypot(x, y) - 0.6)
    rings = [(255 * np.exp(-((away / width) ** 2))).astype(np.uint8) for width in (0.1, 0.15, 0.25, 0.3)]
    return Pictures(*rings)


def ascent(steps: int = 40) -> Ascent:
    """The ELBO coming up to log p(x)."""
    names = ("elbo", "log_likelihood", "reconstruction", "kl", "gap")
    ladders = {name: Ladder(name) for name in names}
    for step in range(steps + 1):
        gap = 1.5 + 20 * float(np.exp(-step / 8))
        values = (-127.3 - gap, -127.3, -122.3 - gap, 5.0, gap)
        for name, value in zip(names, values, strict=True):
            ladders[name].add(step, value)
    return Ascent(tuple(ladder.series() for ladder in ladders.values()))


def toy(columns: int = 60, rows: int = 40, **other: Any) -> Toy:
    """A wave in the plane and a point beside it."""
    low, high = np.array([-3.0, -2.0]), np.array([3.0, 2.0])
    x, y = np.meshgrid(middles(-3, 3, columns), middles(-2, 2, rows)[::-1])
    z = np.linspace(-3, 3, 200)
    made = Toy(
        density=np.exp(-0.5 * x**2 - (y - np.sin(2 * x)) ** 2 / 0.1),
        low=low,
        high=high,
        curve=np.stack([z, np.sin(2 * z)], 1),
        point=np.array([0.5, 1.5]),
        nearest=np.array([0.62, 0.95]),
        distance=0.563,
        variance=0.05,
        log_density=-3.412,
        slope=2.91,
    )
    return replace(made, **other)


def collapse() -> Collapse:
    """log p on and off the curve, as the closed forms have it."""
    variances = np.geomspace(1e-5, 10, 60)
    on = -0.5 * np.log(variances) - 1.8
    off = on - 0.563**2 / (2 * variances)
    return Collapse(variances, on, off, np.full(60, -0.5), 0.563**2 / (2 * variances) - 0.5)


def jensen(points: int = 20, spread: float = 1.0) -> Jensen:
    """Values of a lognormal."""
    values = np.sort(np.exp(spread * np.random.default_rng(2).standard_normal(points)))
    return Jensen(values, float(np.log(values).mean()), float(np.log(values.mean())), 0.0, spread**2 / 2)


def importance(done: float = 1.0) -> Importance:
    """A bound that rises with S."""
    samples = np.array([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000])
    bounds = -127.294 - 3.289 / samples**0.5
    return Importance(samples, bounds, 0.4 / samples**0.4, 3, -130.583, -127.294, done)


def parts(**other: Part) -> dict[str, Part]:
    """The parts of a frame."""
    made: dict[str, Part] = {
        "about": about(),
        "terms": terms(),
        "posterior": posterior(),
        "pictures": pictures(),
        "ascent": ascent(),
        "toy": toy(),
        "collapse": collapse(),
        "jensen": jensen(),
        "importance": importance(),
    }
    return {**made, **other}


def report(
    given: Mapping[str, Part] | None = None, state: str = "paused", step: int = 0, **knobs_and_status: Any
) -> Report:
    """A report with these parts; what is named as a knob is one, the rest is the status's."""
    names = set(BoundKnobs().plain())
    knobs = {name: value for name, value in knobs_and_status.items() if name in names}
    status = {name: value for name, value in knobs_and_status.items() if name not in names}
    given = parts() if given is None else dict(given)
    for part in given.values():
        NUMBERS.setdefault(part, len(NUMBERS))
    frame = Frame(
        lesson="bound",
        step=step,
        epoch=None,
        readings={},
        knobs=replace(BoundKnobs(), **knobs).plain(),
        parts=given,
        stamps={name: NUMBERS[part] for name, part in given.items()},
    )
    return Report(frame, Status(state, "new", **status))  # type: ignore[arg-type]
