"""The parts of the vae lesson's frame: what each depends on, and how each is built from the experiment."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.latent_grid import grid_codes, quantile_codes
from lec10_tui.learning.observation import picture
from lec10_tui.learning.summary_step import summary_step
from lec10_tui.lessons.vae.frame import (
    About,
    Curves,
    LatentGrid,
    LatentUse,
    Likelihood,
    Means,
    Reconstructions,
    Samples,
    Walk,
)
from lec10_tui.models.images import noise
from lec10_tui.vocabulary.frames import Part, Verdicts, Wanted

if TYPE_CHECKING:
    from lec10_tui.lessons.vae.experiment.training import VAEExperiment


def stamp(run: VAEExperiment, wanted: Wanted) -> Hashable:
    """What the wanted part depends on; raises KeyError for a name that is none of this lesson's."""
    knobs, size = run.knobs, (wanted.columns, wanted.rows)
    plane = (knobs.grid_x, knobs.grid_y)
    others = (knobs.others, knobs.image if knobs.others == "image" else None)
    stamps: dict[str, Hashable] = {
        "about": (run.turns.changes, knobs.length),
        "curves": run.record.version,
        "latent_use": run.record.version,
        "means": (run.record.version, plane),
        "latent_grid": (run.step, size, plane, others),
        "reconstructions": (run.step, size, knobs.image),
        "samples": (run.step, size),
        "walk": (run.step, knobs.image, run.kl_weight, knobs.observation_variance),
        "likelihood": run.measurements,
        "verdicts": run.measurements,
    }
    return run.number, stamps[wanted.name]


def build_part(run: VAEExperiment, wanted: Wanted) -> Part:
    """The wanted part, frozen and copied; raises KeyError for a name that is none of this lesson's."""
    return _BUILDERS[wanted.name](run, wanted)


def _about(run: VAEExperiment, wanted: Wanted) -> Part:
    data = run.images.data
    return About(
        data=data.name,
        train=len(data.train),
        held_out=len(data.held_out),
        monitored=len(run.images.monitored),
        image_shape=run.images.image_shape,
        device=run.images.device.type,
        threads=run.knobs.threads,
        parameters=sum(parameter.numel() for parameter in run.model.parameters()),
        given=run.turns.given_texts,
        changes=run.turns.change_texts,
    )


def _curves(run: VAEExperiment, wanted: Wanted) -> Part:
    return Curves(run.record.series)


def _latent_use(run: VAEExperiment, wanted: Wanted) -> Part:
    held_out = run.held_out
    return LatentUse(
        held_out.kl_per_dimension.numpy().copy(), held_out.mean_variance.numpy().copy(), held_out.active.numpy().copy()
    )


def _means(run: VAEExperiment, wanted: Wanted) -> Part:
    x, y = run.knobs.grid_x, run.knobs.grid_y
    shown = run.images.order[: len(run.held_out.mu)].tolist()
    return Means(
        points=run.held_out.mu[:, [x - 1, y - 1]].numpy().copy(),
        marks=tuple(run.images.mark(index) or "·" for index in shown),
        dimensions=(x, y),
    )


@torch.no_grad()
def _decoded(run: VAEExperiment, codes: Tensor) -> NDArray[np.uint8]:
    output = run.model.decode(codes.to(run.images.device, torch.float32))
    return _bytes(picture(run.architecture.observation, output), run.images.image_shape)


def _bytes(pixels: Tensor, shape: tuple[int, int]) -> NDArray[np.uint8]:
    whole = pixels.detach().clamp(0, 1).mul(255).round().to("cpu", torch.uint8)
    return whole.reshape(-1, *shape).numpy().copy()


@torch.no_grad()
def _latent_grid(run: VAEExperiment, wanted: Wanted) -> Part:
    columns, rows, knobs = max(wanted.columns, 1), max(wanted.rows, 1), run.knobs
    others = torch.zeros(knobs.latent_dim, dtype=torch.float64)
    where = "0"
    if knobs.others == "image" and knobs.latent_dim > 2:
        (index,) = run.images.shown(knobs.image, 1)
        mu, _ = run.model.encode(run.images.held_out[index : index + 1])
        others, where = mu[0].double().cpu(), f"μ of image {knobs.image}"
    codes = grid_codes(columns, rows, knobs.latent_dim, (knobs.grid_x - 1, knobs.grid_y - 1), others)
    images = _decoded(run, codes)
    return LatentGrid(
        images=images.reshape(rows, columns, *images.shape[1:]),
        across=quantile_codes(columns).numpy().copy(),
        up=quantile_codes(rows).numpy().copy(),
        dimensions=(knobs.grid_x, knobs.grid_y),
        others=where if knobs.latent_dim > 2 else "",
    )


@torch.no_grad()
def _reconstructions(run: VAEExperiment, wanted: Wanted) -> Part:
    shown = run.images.shown(run.knobs.image, max(wanted.columns, 1) * max(wanted.rows, 1))
    x = run.images.held_out[torch.tensor(shown, device=run.images.device)]
    mu, _ = run.model.encode(x)
    return Reconstructions(
        originals=_bytes(x, run.images.image_shape),
        reconstructions=_decoded(run, mu),
        labels=tuple(run.images.mark(index) for index in shown),
    )


def _samples(run: VAEExperiment, wanted: Wanted) -> Part:
    count = max(wanted.columns, 1) * max(wanted.rows, 1)
    return Samples(_decoded(run, noise((count, run.knobs.latent_dim), run.knobs.seed, 0, "samples", run.images.device)))


def _walk(run: VAEExperiment, wanted: Wanted) -> Part:
    knobs, shape = run.knobs, run.images.image_shape
    (index,) = run.images.shown(knobs.image, 1)
    x = run.images.held_out[index]
    epsilon = noise((knobs.latent_dim,), knobs.seed, knobs.image, "walk", run.images.device)
    step = summary_step(run.model, x, epsilon, knobs.observation_variance, run.kl_weight)
    vectors = ("mu", "log_sigma", "epsilon", "z", "z_bar", "mu_bar", "sigma_bar", "mu_total", "sigma_total")
    return Walk(
        index=knobs.image,
        label=run.images.mark(index),
        x=_bytes(x, shape)[0],
        x_hat=_bytes(step.x_hat, shape)[0],
        reconstruction_loss=step.reconstruction_loss,
        kl=step.kl,
        beta=run.kl_weight,
        loss=step.loss,
        squared_error=step.squared_error,
        **{name: getattr(step, name).double().cpu().numpy().copy() for name in vectors},
    )


def _likelihood(run: VAEExperiment, wanted: Wanted) -> Part:
    none_yet = Likelihood(run.step, 0, np.zeros(0, np.int64), np.zeros(0), 0.0, 0.0, 0.0)
    return run.measured.get("likelihood", none_yet)


def _verdicts(run: VAEExperiment, wanted: Wanted) -> Part:
    return run.measured.get("verdicts", Verdicts(run.step, ()))


_BUILDERS: dict[str, Callable[[VAEExperiment, Wanted], Part]] = {
    "about": _about,
    "curves": _curves,
    "latent_use": _latent_use,
    "means": _means,
    "latent_grid": _latent_grid,
    "reconstructions": _reconstructions,
    "samples": _samples,
    "walk": _walk,
    "likelihood": _likelihood,
    "verdicts": _verdicts,
}
