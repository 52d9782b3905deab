"""The words of the bound lesson: its knobs, its commands, the parts of its frame."""

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

LENGTHS = (*(Length(amount, "steps") for amount in (0, 50, 100, 300, 1000)), Length())


@dataclass(frozen=True)
class BoundKnobs(Knobs):
    """What a person may set in the bound lesson."""

    model: str = knob(
        "vae-k2-bernoulli", "model", "a trained vae with K = 1 or 2: one that ships, or a run of yours by name",
        kind="restart", sort="text", ladder=("vae-k2-bernoulli", "vae-k2-gaussian"),
    )  # fmt: skip
    image: int = knob(
        0, "image", "the held-out image x whose log p(x) is bounded",
        kind="live", sort="integer", minimum=0, maximum=999_999, ladder=tuple(range(100)),
    )  # fmt: skip
    observation_variance: float | None = knob(
        None, "η", "variance of a gaussian decoder's p(x|z), or trained: as it was trained; unused by bernoulli",
        kind="live", sort="number", ascii="eta", minimum=1e-4, maximum=10.0, none="trained",
        ladder=(None, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.2, 0.5, 1.0),
    )  # fmt: skip
    start: str = knob(
        "encoder", "q starts", "where q(z) begins: at the encoder's answer for x, or at the prior N(0, I)",
        kind="restart", sort="choice", choices=("encoder", "prior"),
    )  # fmt: skip
    learning_rate: float = knob(
        0.02, "rate", "the step size of the ascent of the ELBO in μ and log σ (Adam)",
        kind="live", sort="number", minimum=1e-5, maximum=10.0, ladder=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    )  # fmt: skip
    curve: str = knob(
        "wave", "G(z)", "toy world: the curve in the plane that a decoder of one code draws",
        kind="live", sort="choice", choices=("wave", "arc", "spiral", "line"),
    )  # fmt: skip
    toy_variance: float = knob(
        0.05, "η toy", "toy world: the variance of the noise around the curve; towards 0 the density collapses onto it",
        kind="live", sort="number", ascii="eta toy", minimum=1e-5, maximum=10.0,
        ladder=(1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
    )  # fmt: skip
    spread: float = knob(
        1.0, "s", "Jensen: X is lognormal, log X ~ N(0, s²), so that the gap of its expectations is s²/2",
        kind="live", sort="number", minimum=0.0, maximum=5.0, ladder=(0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0),
    )  # fmt: skip
    points: int = knob(
        20, "points", "Jensen: how many values of X are drawn",
        kind="live", sort="integer", minimum=2, maximum=100_000, ladder=(2, 3, 5, 10, 20, 50, 100, 1000, 10_000),
    )  # fmt: skip
    samples: int = knob(
        10, "samples", "importance samples S in one estimate of log p(x): the bound rises with S",
        kind="live", sort="integer", minimum=1, maximum=5000, ladder=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
    )  # fmt: skip
    length: Length = knob(  # noqa: RUF009
        Length(100, "steps"), "length", "how many steps of ascent q takes; 0 leaves it where it starts",
        kind="live", sort="length", units=("steps", "seconds"), minimum=0.0, ladder=LENGTHS,
    )  # fmt: skip
    seed: int = seed_knob("the same numbers")
    threads: int = threads_knob()


@dataclass(frozen=True)
class Move(Command):
    """Move the mean of q: add `by` to μ of `dimension` (counted from 0)."""

    dimension: int
    by: float


@dataclass(frozen=True)
class Stretch(Command):
    """Multiply σ of q's `dimension` (counted from 0) by `factor`."""

    dimension: int
    factor: float


@dataclass(frozen=True)
class Snap(Command):
    """Put q where the encoder says (`to` encoder), or back to the prior (`to` prior)."""

    to: str


@dataclass(frozen=True)
class MovePoint(Command):
    """Toy world: move the point x by so much in the plane."""

    across: float
    up: float


@dataclass(frozen=True)
class PutPoint(Command):
    """Toy world: put the point x on the nearest place of the curve."""


@dataclass(frozen=True, eq=False)
class About(Part):
    """What the lesson is about just now.

    `variance` is η in force, None with Bernoulli pixels. `image` is the place of x in the order images are shown in,
    `index` its number in the data set, `label` its class ("" without). `given` and `changes` are texts: knobs a person
    set, live ones turned (step:name=value); `by_hand` how often q was moved by hand.
    """

    model: str
    data: str
    observation: str
    latent_dim: int
    image_shape: tuple[int, int]
    variance: float | None
    image: int
    index: int
    label: str
    threads: int
    given: tuple[str, ...]
    changes: tuple[str, ...]
    by_hand: int


@dataclass(frozen=True, eq=False)
class Terms(Part):
    """log p(x) = reconstruction − KL + KL(q‖p(z|x)), in nats: the numbers of the readings, as good as they are now.

    `gap` = log_likelihood − elbo; `posterior_kl` is the same found by its own local grid and normaliser; `error` is by
    how much two resolutions of the quadratures disagree. `refined`: nothing waits to be refined. `nodes` were decoded
    for log p(x), `hermite` and `local` per dimension for the expectations under q and for the local grid.
    """

    log_likelihood: float
    elbo: float
    reconstruction: float
    kl: float
    gap: float
    posterior_kl: float
    error: float
    refined: bool
    nodes: int
    hermite: int
    local: int


@dataclass(frozen=True, eq=False)
class Posterior(Part):
    """p(z|x) over a window of the latent space, and q in it.

    `density` (rows, columns) in 1 / unit of z to the K, normalised by log p(x), top row largest z₂; with K = 1 it is
    (1, columns). `low` and `high` (K,) are the window's edges: a pixel's density is that at its middle. `coarse`: it is
    drawn from fewer nodes than was asked for. `mean` and `scale` (K,) are the posterior's own moments. `mu`, `sigma`
    (K,) are q's, `encoder_mu` and `encoder_sigma` what the encoder answers for x; `trail` (n, K) is where μ has been,
    oldest first.
    """

    density: Floats
    low: Floats
    high: Floats
    coarse: bool
    mean: Floats
    scale: Floats
    mu: Floats
    sigma: Floats
    encoder_mu: Floats
    encoder_sigma: Floats
    trail: Floats


@dataclass(frozen=True, eq=False)
class Pictures(Part):
    """Images (height, width) in 0 … 255: x as the model sees it, decoded at q's μ, averaged over q, over p(z|x)."""

    x: Bytes
    at_mu: Bytes
    under_q: Bytes
    under_posterior: Bytes


@dataclass(frozen=True, eq=False)
class Ascent(Part):
    """The curves of the ascent against its step, of bounded size: elbo, log_likelihood, reconstruction, kl, gap."""

    series: tuple[Series, ...]


@dataclass(frozen=True, eq=False)
class Toy(Part):
    """The toy world: p(x) = ∫ N(z; 0, 1) N(x; G(z), ηI) dz in the plane.

    `density` (rows, columns), top row largest x₂, over the window `low` … `high` (2,); `curve` (m, 2) is G(z) for z
    from −3 to 3. `point` (2,) is the x that a person moves, `nearest` (2,) the nearest place of the curve and
    `distance` how far that is. `log_density` is log p(x) there, in nats; `slope` its derivative in log η.
    """

    density: Floats
    low: Floats
    high: Floats
    curve: Floats
    point: Floats
    nearest: Floats
    distance: float
    variance: float
    log_density: float
    slope: float


@dataclass(frozen=True, eq=False)
class Collapse(Part):
    """log p(x) against η: `variances` (m,), `on` (m,) at the nearest place of the curve, `off` (m,) at the point.

    `slope_on` and `slope_off` (m,) are what d log p / d log η comes to as η → 0, in closed form: −(D − 1)/2 on a curve
    in D = 2 dimensions, and distance²/2η more off it.
    """

    variances: Floats
    on: Floats
    off: Floats
    slope_on: Floats
    slope_off: Floats


@dataclass(frozen=True, eq=False)
class Jensen(Part):
    """n values of X on the concave log: `values` (n,) rising; `left` = mean of log X ≤ `right` = log of mean X.

    `expected_left` and `expected_right` are those of the lognormal itself: 0 and s²/2.
    """

    values: Floats
    left: float
    right: float
    expected_left: float
    expected_right: float


@dataclass(frozen=True, eq=False)
class Importance(Part):
    """The bound with S importance samples from q: `samples` (m,), `bounds` (m,), their standard errors `errors` (m,).

    `chosen` is its place among them where S is the knob's; `elbo` (S = 1, exactly) and `log_likelihood` are what it
    lies between, in nats. `done` … 1 is how much of the drawing is finished.
    """

    samples: NDArray[np.int64]
    bounds: Floats
    errors: Floats
    chosen: int
    elbo: float
    log_likelihood: float
    done: float
