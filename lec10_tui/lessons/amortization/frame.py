"""The words of the amortization lesson: its knobs, its commands, the parts of its frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.frames import Part
from lec10_tui.vocabulary.knobs import Knobs, Length, knob, seed_knob, threads_knob
from lec10_tui.vocabulary.series import Series

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

STARTS = ("encoder", "prior")
"""Where the two ascents of every image begin, in the order of every array that has one entry a start."""

LENGTHS = (*(Length(amount, "steps") for amount in (50, 100, 200, 500, 1000)), Length())


@dataclass(frozen=True)
class AmortizationKnobs(Knobs):
    """What a person may set in the amortization lesson."""

    model: str = knob(
        "vae-k2-bernoulli", "model", "a trained vae: one that ships, or a run of yours by name",
        kind="restart", sort="text", ladder=("vae-k2-bernoulli", "vae-k2-gaussian", "vae-k20-bernoulli"),
    )  # fmt: skip
    image: int = knob(
        0, "image", "the held-out image in hand: the readings are its own",
        kind="live", sort="integer", minimum=0, maximum=999_999, ladder=tuple(range(100)),
    )  # fmt: skip
    images: int = knob(
        16, "images", "how many images are ascended side by side: the page of so many that the image is on",
        kind="restart", sort="integer", minimum=1, maximum=256, ladder=(1, 4, 8, 16, 32, 64),
    )  # fmt: skip
    learning_rate: float = knob(
        0.05, "rate", "the step size of the ascent of each ELBO in μ and log σ (Adam)",
        kind="live", sort="number", minimum=1e-5, maximum=10.0, ladder=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    )  # fmt: skip
    inner_steps: int = knob(
        10, "inner", "race: steps of ascent that a batch gets before each step of the decoder, without an encoder",
        kind="restart", sort="integer", minimum=1, maximum=1000, ladder=(1, 2, 5, 10, 20, 50, 100),
    )  # fmt: skip
    length: Length = knob(  # noqa: RUF009
        Length(200, "steps"), "length", "how many steps of ascent each image gets",
        kind="live", sort="length", units=("steps", "seconds"), ladder=LENGTHS,
    )  # fmt: skip
    seed: int = seed_knob("the same numbers (times apart)")
    threads: int = threads_knob()


@dataclass(frozen=True)
class StartRace(Command):
    """Let the two training strategies of the slide race on the same network, from the start or on from where it is."""


@dataclass(frozen=True)
class StopRace(Command):
    """Hold the race."""


@dataclass(frozen=True, eq=False)
class About(Part):
    """What the lesson is about just now.

    `first` … `first` + `count` − 1 are the places of the images that are ascended; `image` is the one in hand, `index`
    its number in the data set, `label` its class ("" without). `likelihood_by` is how log p(x) is found: quadrature or
    importance sampling; `elbo_by` how ELBOs are: Gauss–Hermite or Monte Carlo. `variance` is None with Bernoulli
    pixels. `given` and `changes` are texts, as in every lesson.
    """

    model: str
    data: str
    observation: str
    latent_dim: int
    image_shape: tuple[int, int]
    variance: float | None
    first: int
    count: int
    image: int
    index: int
    label: str
    likelihood_by: str
    elbo_by: str
    threads: int
    given: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Ascent(Part):
    """The ELBO of the image in hand against the step of its ascent: one series a start, named as in STARTS.

    `log_likelihood` is the line they can't cross (NaN until it is known), `error` its own.
    """

    series: tuple[Series, ...]
    log_likelihood: float
    error: float


@dataclass(frozen=True, eq=False)
class Plane(Part):
    """The latent plane of the image in hand (its first two dimensions where K > 2; one where K = 1).

    The window is that of the posterior and of the encoder's q: an ascent may still be outside.

    `density` (rows, columns) is p(z|x), top row largest z₂, over `low` … `high`; (0, 0) where K > 2, (1, columns) where
    K = 1. `coarse`: drawn from fewer nodes than asked for. `mu` and `sigma` (2, d) are q after each ascent, one row a
    start; `encoder_mu` and `encoder_sigma` (d,) the encoder's answer; `trails` (2, n, d) where the means have been.
    d is 1 or 2.
    """

    density: Floats
    low: Floats
    high: Floats
    coarse: bool
    mu: Floats
    sigma: Floats
    encoder_mu: Floats
    encoder_sigma: Floats
    trails: Floats


@dataclass(frozen=True, eq=False)
class Pictures(Part):
    """The image in hand (height, width) in 0 … 255: x, decoded at the encoder's μ, and at each ascent's, (2, h, w)."""

    x: Bytes
    encoder: Bytes
    ascended: Bytes


@dataclass(frozen=True, eq=False)
class Table(Part):
    """One row an image, all (n,): log p(x) = amortized ELBO + amortization gap + approximation gap, in nats.

    `places` are their places in the order of showing, `labels` their classes. `optimized` is the best ELBO that either
    ascent has reached, `winner` which start it came from. `error` is by how much two resolutions (or the samples)
    disagree on `log_likelihood`; `elbo_error` is the standard error of the ELBOs, 0 by quadrature. Numbers are NaN
    where they are not known yet. `encoder_milliseconds` and `optimization_milliseconds` are for one image, the latter
    for one ascent of it, side by side with the others.
    """

    step: int
    places: NDArray[np.int64]
    labels: tuple[str, ...]
    log_likelihood: Floats
    error: Floats
    amortized: Floats
    optimized: Floats
    winner: NDArray[np.int64]
    elbo_error: Floats
    encoder_milliseconds: float
    optimization_milliseconds: float
    done: float


@dataclass(frozen=True, eq=False)
class Race(Part):
    """The two strategies by their own clocks: `seconds` and `elbos`, one pair of (m,) arrays a strategy.

    `names` are "amortized" and "per example". `elbos` are means over `images` held-out images, each strategy's with its
    own inference. `updates` and `images_per_second` are one a strategy; `network` says what races, in words.
    """

    names: tuple[str, str]
    seconds: tuple[Floats, Floats]
    elbos: tuple[Floats, Floats]
    updates: tuple[int, int]
    images_per_second: tuple[float, float]
    images: int
    network: str
    going: bool
