"""The words of the vae lesson: its knobs, its commands, the parts of its frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.frames import Part
from lec10_tui.vocabulary.knobs import BadValue, Knobs, Length, check, knob, seed_knob, threads_knob
from lec10_tui.vocabulary.series import Series

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "2-d": {"latent_dim": 2},
    "20-d": {"latent_dim": 20},
    "gaussian": {"latent_dim": 2, "observation": "gaussian", "observation_variance": 0.04},
    "conv": {"latent_dim": 20, "encoder": "conv"},
    "point-mass": {"latent_dim": 2, "beta": 0.0},
    "collapse": {"latent_dim": 20, "beta": 20.0},
}


def teaching(latent_dim: int, encoder: str) -> dict[str, Any]:
    """The defaults that teach, which depend on K and on the encoder (measured: the best held-out ELBO within 20 s)."""
    if encoder == "conv":
        return {"hidden": (16, 32), "activation": "relu"}
    if latent_dim <= 3:
        return {"hidden": (256, 128), "activation": "tanh"}
    return {"hidden": (400,), "activation": "relu"}


@dataclass(frozen=True)
class VAEKnobs(Knobs):
    """What a person may set in the vae lesson."""

    preset: str = knob(
        "2-d", "preset", "a named set of values; what you set yourself stays on top of it",
        kind="restart", sort="choice", choices=tuple(PRESETS),
    )  # fmt: skip
    data: str = knob(
        "mnist", "data", "a data set by name (lec10 data lists them) or a path to an .npz, idx files or pictures",
        kind="restart", sort="text", ladder=("mnist", "fashion-mnist", "digits"),
    )  # fmt: skip
    latent_dim: int = knob(
        2, "K", "dimensions of the code z; the defaults of hidden and activation depend on it",
        kind="restart", sort="integer", minimum=1, maximum=256, ladder=(1, 2, 3, 5, 10, 20, 32, 64),
    )  # fmt: skip
    observation: str = knob(
        "bernoulli", "p(x|z)", "bernoulli: binarised pixels, a true probability; gaussian: N(x; G(z), ηI), a density",
        kind="restart", sort="choice", choices=("bernoulli", "gaussian"),
    )  # fmt: skip
    observation_variance: float = knob(
        0.05, "η", "variance of the gaussian observation model (slide: Observation Model); unused by bernoulli",
        kind="live", sort="number", ascii="eta", minimum=1e-4, maximum=10.0,
        ladder=(0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.1, 0.2, 0.5, 1.0),
    )  # fmt: skip
    beta: float = knob(
        1.0, "β", "weight of the KL term in what is trained; 1 trains the ELBO itself, 0 an autoencoder",
        kind="live", sort="number", ascii="beta", minimum=0.0, maximum=1000.0,
        ladder=(0.0, 0.01, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 20.0, 50.0),
    )  # fmt: skip
    kl_warmup: int = knob(
        0, "warm-up", "steps over which the weight of the KL term rises from 0 to β",
        kind="restart", sort="integer", minimum=0, maximum=10_000_000, ladder=(0, 100, 500, 1000, 2000, 5000),
    )  # fmt: skip
    learning_rate: float = knob(
        2e-3, "rate", "the optimizer's step size",
        kind="live", sort="number", minimum=1e-7, maximum=100.0,
        ladder=(1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 1e-2, 3e-2, 0.1, 1.0),
    )  # fmt: skip
    encoder: str = knob(
        "mlp", "encoder", "mlp: layers of the hidden widths; conv: convolutions with these channels",
        kind="restart", sort="choice", choices=("mlp", "conv"),
    )  # fmt: skip
    hidden: tuple[int, ...] = knob(
        (256, 128), "hidden", "widths of the encoder's hidden layers (channels for conv); the decoder mirrors them",
        kind="restart", sort="widths", minimum=1, maximum=4096,
        ladder=((), (64,), (128,), (256,), (256, 128), (400,), (512, 256), (16, 32)),
    )  # fmt: skip
    activation: str = knob(
        "tanh", "activation", "what stands between the layers",
        kind="restart", sort="choice", choices=("tanh", "relu"),
    )  # fmt: skip
    batch_size: int = knob(
        128, "batch", "images in one optimizer step",
        kind="restart", sort="integer", minimum=1, maximum=8192, ladder=(16, 32, 64, 128, 256, 512, 1024),
    )  # fmt: skip
    optimizer: str = knob(
        "adam", "optimizer", "how gradients become steps",
        kind="restart", sort="choice", choices=("adam", "adamw", "sgd", "momentum", "rmsprop", "adagrad"),
    )  # fmt: skip
    length: Length = knob(  # noqa: RUF009
        Length(120, "epochs"), "length", "how long the run is, in steps, epochs or seconds; gives the time left",
        kind="live", sort="length",
        ladder=(Length(30, "epochs"), Length(60, "epochs"), Length(120, "epochs"), Length(300, "epochs"), Length()),
    )  # fmt: skip
    seed: int = seed_knob()
    threads: int = threads_knob()
    device: str = knob(
        "auto", "device", "where torch computes; auto takes a GPU where there is one",
        kind="restart", sort="choice", choices=("auto", "cpu", "cuda", "mps"),
    )  # fmt: skip
    grid_x: int = knob(
        1, "z across", "the dimension of z that runs across the latent grid and the held-out means",
        kind="view", sort="integer", minimum=1, maximum=256, ladder=tuple(range(1, 65)),
    )  # fmt: skip
    grid_y: int = knob(
        2, "z up", "the dimension of z that runs up the latent grid and the held-out means",
        kind="view", sort="integer", minimum=1, maximum=256, ladder=tuple(range(1, 65)),
    )  # fmt: skip
    others: str = knob(
        "zero", "other z", "K > 2: where the other dimensions stand, at 0 or at the code of the chosen image",
        kind="view", sort="choice", choices=("zero", "image"),
    )  # fmt: skip
    image: int = knob(
        0, "image", "the held-out image that is walked through, and where the reconstructions start",
        kind="view", sort="integer", minimum=0, maximum=999_999, ladder=tuple(range(100)),
    )  # fmt: skip

    @classmethod
    def renewed(cls, name: str) -> frozenset[str]:
        """A preset brings the model, the observation model and the weights of the bound; the rest stays as it is."""
        brought = {"latent_dim", "observation", "observation_variance", "beta", "learning_rate", *teaching(2, "mlp")}
        return frozenset({*brought, "encoder", "kl_warmup"} if name == "preset" else ())

    @classmethod
    def complete(cls, given: Mapping[str, Any]) -> VAEKnobs:
        """`given` over the preset it names, over the defaults that teach for its K and encoder; raises BadValue."""
        chosen = check(cls, given)
        merged = {**PRESETS[chosen.get("preset", cls.preset)], **chosen}
        latent_dim = merged.get("latent_dim", cls.latent_dim)
        merged = {**teaching(latent_dim, merged.get("encoder", cls.encoder)), **merged}
        merged.setdefault("grid_y", min(2, latent_dim))
        for name in ("grid_x", "grid_y"):
            if merged.get(name, 1) > latent_dim:
                raise BadValue(f"{name.replace('_', ' ')}: {merged[name]} is not a dimension of z, 1 to {latent_dim}")
        return cls(**merged)


@dataclass(frozen=True)
class MeasureLikelihood(Command):
    """Estimate log p(x) of `images` held-out images with `samples` importance samples each, in slices."""

    samples: int = 500
    images: int = 100


@dataclass(frozen=True)
class StopLikelihood(Command):
    """Stop the estimate that is going; what is known so far stays."""


@dataclass(frozen=True, eq=False)
class About(Part):
    """What the run is made of; `given` and `changes` are texts: knobs a person set, live ones turned (step:name=value).

    `monitored` of the `held_out` images give the held-out readings while training.
    """

    data: str
    train: int
    held_out: int
    monitored: int
    image_shape: tuple[int, int]
    device: str
    threads: int
    parameters: int
    given: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Curves(Part):
    """The curves by name: elbo, reconstruction, kl, objective and held_out_ of the first three; of bounded size."""

    series: tuple[Series, ...]


@dataclass(frozen=True, eq=False)
class LatentUse(Part):
    """KL of each latent dimension in nats, held-out mean; variance of its mean over the held-out images; all (K,)."""

    kl: Floats
    mean_variance: Floats
    active: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LatentGrid(Part):
    """Codes on a grid through the inverse Gaussian CDF, decoded: `images` (rows, columns, height, width) in 0 … 255.

    The top row has the largest z of `dimensions[1]`; with K = 1 the one dimension runs in reading order. `across`
    (columns,) and `up` (rows,) are the codes; `others` says where the other dimensions stand.
    """

    images: Bytes
    across: Floats
    up: Floats
    dimensions: tuple[int, int]
    others: str


@dataclass(frozen=True, eq=False)
class Reconstructions(Part):
    """Held-out images as the model sees them and its reconstructions from z = μ: (n, height, width) in 0 … 255."""

    originals: Bytes
    reconstructions: Bytes
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Samples(Part):
    """Images decoded from z ~ N(0, I): (n, height, width) in 0 … 255; the same codes at every step."""

    images: Bytes


@dataclass(frozen=True, eq=False)
class Means(Part):
    """The means μ of held-out images in the two chosen dimensions: `points` (n, 2), a one-character mark for each."""

    points: Floats
    marks: tuple[str, ...]
    dimensions: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Walk(Part):
    """One image through one step of the Summary slide, every number as it appears; vectors are (K,).

    L = −reconstruction + β·KL, as it is trained; bars are derivatives of L. `z_bar` is through the decoder alone;
    `mu_bar` and `sigma_bar` = z̄ and z̄·ε are the same path, `mu_total` and `sigma_total` add the KL term's own part.
    Images are (height, width) in 0 … 255.
    """

    index: int
    label: str
    x: Bytes
    mu: Floats
    log_sigma: Floats
    epsilon: Floats
    z: Floats
    x_hat: Bytes
    reconstruction_loss: float
    kl: float
    beta: float
    loss: float
    squared_error: float
    z_bar: Floats
    mu_bar: Floats
    sigma_bar: Floats
    mu_total: Floats
    sigma_total: Floats


@dataclass(frozen=True, eq=False)
class Likelihood(Part):
    """log p(x) of held-out images by importance sampling: means over `images` images in nats, so far.

    `samples` and `bounds` (m,) are the importance-weighted bound at each number of samples; `elbo` is the same images'
    ELBO at one sample; `done` … 1 is how much of the work is finished.
    """

    step: int
    images: int
    samples: NDArray[np.int64]
    bounds: Floats
    standard_error: float
    elbo: float
    done: float
