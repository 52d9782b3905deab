"""The parts of the amortization lesson's frame: what each depends on, and how each is built from the experiment."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.observation import picture
from lec10_tui.lessons.amortization.experiment.estimates import SAMPLES
from lec10_tui.lessons.amortization.experiment.plane import Box, around, window
from lec10_tui.lessons.amortization.experiment.slices import unseen
from lec10_tui.lessons.amortization.frame import STARTS, About, Ascent, Pictures, Plane, Table
from lec10_tui.vocabulary.frames import Part, Wanted

if TYPE_CHECKING:
    from lec10_tui.lessons.amortization.experiment.studying import AmortizationExperiment


def stamp(run: AmortizationExperiment, wanted: Wanted) -> Hashable:
    """What the wanted part depends on; raises KeyError for a name that is none of this lesson's."""
    stands = (run.pages, run.page.steps, run.knobs.image)
    likelihood = run.rows.likelihood(run.in_hand) is None
    stamps: dict[str, Hashable] = {
        "about": (run.turns.changes, run.knobs),
        "ascent": (stands, likelihood),
        "plane": (stands, likelihood, run.posterior.coarse, wanted.columns, wanted.rows),
        "pictures": stands,
        "table": (run.pages, run.page.steps, run.rows.version),
        "race": (run.race.updates, *map(len, run.race.seconds), run.race.going),
    }
    return stamps[wanted.name]


def build_part(run: AmortizationExperiment, wanted: Wanted) -> Part:
    """The wanted part, frozen and copied; raises KeyError for a name that is none of this lesson's."""
    return _BUILDERS[wanted.name](run, wanted)


def _about(run: AmortizationExperiment, wanted: Wanted) -> Part:
    model, images, index = run.model, run.model.images, run.page.indices[run.in_hand]
    exact = model.latent_dim <= 2
    return About(
        model=model.name,
        data=images.data.name,
        observation=model.architecture.observation,
        latent_dim=model.latent_dim,
        image_shape=images.image_shape,
        variance=None if images.binary else model.observation_variance,
        first=run.page.first,
        count=len(run.page),
        image=run.knobs.image,
        index=index,
        label=images.mark(index),
        likelihood_by="quadrature" if exact else f"importance sampling, {SAMPLES} samples",
        elbo_by="Gauss–Hermite" if exact else "Monte Carlo",
        threads=run.knobs.threads,
        given=run.turns.given_texts,
        changes=run.turns.change_texts,
    )


def _ascent(run: AmortizationExperiment, wanted: Wanted) -> Part:
    page, image = run.page, run.in_hand
    now = [value for _, value in page.offers(image)]
    likelihood = run.rows.likelihood(image)
    return Ascent(
        series=tuple(
            page.histories.series(name, len(STARTS) * image + start, page.steps, now[start])
            for start, name in enumerate(STARTS)
        ),
        log_likelihood=math.nan if likelihood is None else likelihood.value,
        error=math.nan if likelihood is None else likelihood.error,
    )


def _plane(run: AmortizationExperiment, wanted: Wanted) -> Part:
    page, image = run.page, run.in_hand
    shown_dimensions = min(run.model.latent_dim, 2)
    rows = [len(STARTS) * image + start for start in range(len(STARTS))]
    encoder_mu, encoder_sigma = page.encoder_mu[image], page.encoder_log_sigma[image].exp()
    mu, sigma = page.mu[rows], page.log_sigma[rows].exp()
    evidence = run.rows.evidence(image)
    likelihood = evidence.coarse()
    whole = [around(encoder_mu, encoder_sigma)]
    if likelihood is not None:
        whole.append(Box(likelihood.low, likelihood.high))
    shown = window(whole, [around(*q) for q in zip(mu, sigma, strict=True)])
    density = np.zeros((0, 0))
    if run.model.latent_dim <= 2 and likelihood is not None:
        index, size = page.indices[image], (wanted.columns, wanted.rows)
        density, work = run.posterior.picture(index, evidence.log_joint, likelihood.value, shown, *size)
        if work is not None:
            run.begin("posterior", unseen(work))
    trails = [np.vstack((page.histories.path(row), _numbers(page.mu[row, :shown_dimensions]))) for row in rows]
    return Plane(
        density=density,
        low=np.array(shown.low),
        high=np.array(shown.high),
        coarse=run.posterior.coarse and density.size > 0,
        mu=_numbers(mu[:, :shown_dimensions]),
        sigma=_numbers(sigma[:, :shown_dimensions]),
        encoder_mu=_numbers(encoder_mu[:shown_dimensions]),
        encoder_sigma=_numbers(encoder_sigma[:shown_dimensions]),
        trails=np.stack(trails),
    )


@torch.no_grad()
def _pictures(run: AmortizationExperiment, wanted: Wanted) -> Part:
    page, image = run.page, run.in_hand
    rows = slice(len(STARTS) * image, len(STARTS) * (image + 1))
    codes = torch.cat((page.encoder_mu[image : image + 1], page.mu[rows])).float()
    decoded = picture(run.model.architecture.observation, run.model.network.decode(codes))
    x, encoder, *ascended = _bytes(torch.cat((page.x[image : image + 1].float(), decoded)), run)
    return Pictures(x, encoder, np.stack(ascended))


def _table(run: AmortizationExperiment, wanted: Wanted) -> Part:
    page, table = run.page, run.rows
    known = [table.likelihood(image) for image in range(len(page))]
    optimized, winner = zip(*map(table.reached, range(len(page))), strict=True)
    return Table(
        step=page.steps,
        places=np.arange(page.first, page.first + len(page)),
        labels=tuple(run.model.images.mark(index) for index in page.indices),
        log_likelihood=np.array([math.nan if found is None else found.value for found in known]),
        error=np.array([math.nan if found is None else found.error for found in known]),
        amortized=np.array([math.nan if row is None else row.amortized for row in table.rows]),
        optimized=np.array(optimized),
        winner=np.array(winner, np.int64),
        elbo_error=np.array([math.nan if row is None else row.standard_error for row in table.rows]),
        encoder_milliseconds=table.encoder_milliseconds,
        optimization_milliseconds=page.milliseconds,
        done=table.done,
    )


def _race(run: AmortizationExperiment, wanted: Wanted) -> Part:
    return run.race


def _numbers(values: Tensor) -> NDArray[np.float64]:
    return values.double().numpy().copy()


def _bytes(pixels: Tensor, run: AmortizationExperiment) -> NDArray[np.uint8]:
    whole = pixels.clamp(0, 1).mul(255).round().to(torch.uint8)
    return whole.reshape(-1, *run.model.images.image_shape).numpy().copy()


_BUILDERS: dict[str, Callable[[AmortizationExperiment, Wanted], Part]] = {
    "about": _about,
    "ascent": _ascent,
    "plane": _plane,
    "pictures": _pictures,
    "table": _table,
    "race": _race,
}
