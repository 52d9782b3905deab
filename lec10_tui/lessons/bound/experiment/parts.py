"""The parts of the bound lesson's frame: what each depends on, and how each is built from the experiment."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.hermite import hermite
from lec10_tui.learning.jensen import closed
from lec10_tui.learning.observation import picture
from lec10_tui.learning.toy_curve import limit_slopes
from lec10_tui.lessons.bound.experiment.bounds import enough
from lec10_tui.lessons.bound.experiment.toy import jensen
from lec10_tui.lessons.bound.frame import (
    About,
    Ascent,
    Collapse,
    Importance,
    Jensen,
    Pictures,
    Posterior,
    Terms,
    Toy,
)
from lec10_tui.models.importance import MARKS
from lec10_tui.vocabulary.frames import Part, Wanted

if TYPE_CHECKING:
    from lec10_tui.lessons.bound.experiment.studying import BoundExperiment

AVERAGED = 8
"""Gauss–Hermite nodes a dimension for the mean picture under q."""


def stamp(run: BoundExperiment, wanted: Wanted) -> Hashable:
    """What the wanted part depends on; raises KeyError for a name that is none of this lesson's."""
    knobs, size = run.knobs, (wanted.columns, wanted.rows)
    evidence = (run.looks, run.exact.integral.nodes, run.exact.refined)
    toy = (run.toy.version, knobs.curve, knobs.toy_variance)
    stamps: dict[str, Hashable] = {
        "about": (run.turns.changes, run.looks, run.by_hand, knobs.length),
        "terms": (evidence, run.moves, run.bound.refined is None),
        "posterior": (evidence, run.moves, run.window.version, size),
        "pictures": (run.looks, run.moves, run.exact.refined),
        "ascent": run.record.version,
        "toy": (toy, size),
        "collapse": toy,
        "jensen": (knobs.points, knobs.spread),
        "importance": (evidence, run.moves, run.bound.refined is None, len(run.bound.log_weights), knobs.samples),
    }
    return stamps[wanted.name]


def build_part(run: BoundExperiment, wanted: Wanted) -> Part:
    """The wanted part, frozen and copied; raises KeyError for a name that is none of this lesson's."""
    return _BUILDERS[wanted.name](run, wanted)


def _about(run: BoundExperiment, wanted: Wanted) -> Part:
    model, images = run.model, run.model.images
    return About(
        model=model.name,
        data=images.data.name,
        observation=model.architecture.observation,
        latent_dim=model.latent_dim,
        image_shape=images.image_shape,
        variance=None if run.decoder.bernoulli else run.variance,
        image=run.knobs.image,
        index=run.index,
        label=images.mark(run.index),
        threads=run.knobs.threads,
        given=run.turns.given_texts,
        changes=run.turns.change_texts,
        by_hand=run.by_hand,
    )


def _terms(run: BoundExperiment, wanted: Wanted) -> Part:
    readings, terms = run.readings(), run.bound.terms
    names = ("log_likelihood", "elbo", "reconstruction", "kl", "gap", "posterior_kl")
    return Terms(
        **{name: readings[name] for name in names},
        error=readings["quadrature_error"],
        refined=run.exact.refined and run.bound.refined is not None,
        nodes=run.exact.integral.nodes,
        hermite=terms.hermite,
        local=terms.local,
    )


def _posterior(run: BoundExperiment, wanted: Wanted) -> Part:
    raster = run.window.raster(wanted.columns, wanted.rows)
    if raster.coarse:
        run.refine_later()
    mu, log_sigma = run.encoder
    return Posterior(
        density=raster.values,
        low=_copied(raster.box[0]),
        high=_copied(raster.box[1]),
        coarse=raster.coarse,
        mean=_copied(run.exact.integral.mean),
        scale=_copied(run.exact.integral.scale),
        mu=_copied(run.bound.mu),
        sigma=_copied(run.bound.sigma),
        encoder_mu=_copied(mu[0]),
        encoder_sigma=_copied(log_sigma[0].exp()),
        trail=_copied(torch.stack(tuple(run.trail))),
    )


@torch.no_grad()
def _pictures(run: BoundExperiment, wanted: Wanted) -> Part:
    bound, network = run.bound, run.model.network
    rule = hermite(run.model.latent_dim, AVERAGED)
    codes = torch.cat((bound.mu[None], bound.mu + bound.sigma * rule.points))
    images = picture(run.decoder.observation, network.decode(codes.float()))
    return Pictures(
        x=_bytes(run, run.exact.x),
        at_mu=_bytes(run, images[0]),
        under_q=_bytes(run, rule.weights.float() @ images[1:]),
        under_posterior=_bytes(run, run.exact.image),
    )


def _bytes(run: BoundExperiment, pixels: Tensor) -> NDArray[np.uint8]:
    whole = pixels.clamp(0, 1).mul(255).round().to(torch.uint8)
    return whole.reshape(run.model.images.image_shape).numpy().copy()


def _copied(values: Tensor) -> NDArray[np.float64]:
    return values.double().numpy().copy()


def _ascent(run: BoundExperiment, wanted: Wanted) -> Part:
    return Ascent(run.record.series)


def _toy(run: BoundExperiment, wanted: Wanted) -> Part:
    toy = run.toy
    density, place = toy.density(wanted.columns, wanted.rows), toy.place
    if not density.done:
        run.refine_later()
    nearest, distance = place.nearest
    return Toy(
        density=_copied(density.values),
        low=_copied(density.low),
        high=_copied(density.high),
        curve=_copied(toy.drawn),
        point=_copied(toy.point),
        nearest=_copied(nearest),
        distance=distance,
        variance=toy.variance,
        log_density=place.log_density,
        slope=place.slope,
    )


def _collapse(run: BoundExperiment, wanted: Wanted) -> Part:
    collapsing = run.toy.collapsing()
    if not collapsing.done:
        run.refine_later()
    variances, log_densities = collapsing.variances, collapsing.log_densities
    return Collapse(
        variances=_copied(variances),
        on=_copied(log_densities[:, 0]),
        off=_copied(log_densities[:, 1]),
        slope_on=_copied(limit_slopes(0.0, variances)),
        slope_off=_copied(limit_slopes(run.toy.place.nearest[1], variances)),
    )


def _jensen(run: BoundExperiment, wanted: Wanted) -> Part:
    knobs = run.knobs
    values, left, right = jensen(knobs.points, knobs.spread, knobs.seed)
    return Jensen(_copied(values), left, right, *closed(knobs.spread))


def _importance(run: BoundExperiment, wanted: Wanted) -> Part:
    bound, chosen = run.bound, run.knobs.samples
    reading = bound.importance(chosen)
    drawn = len(bound.log_weights)
    counts = sorted({count for count in MARKS if count <= drawn} | {chosen})
    found = [reading if count == chosen else bound.importance(count) for count in counts]
    return Importance(
        samples=np.array(counts, np.int64),
        bounds=np.array([value for value, _ in found]),
        errors=np.array([error for _, error in found]),
        chosen=counts.index(chosen),
        elbo=bound.terms.elbo,
        log_likelihood=run.exact.integral.log_value,
        done=min(drawn / enough(chosen), 1.0),
    )


_BUILDERS: dict[str, Callable[[BoundExperiment, Wanted], Part]] = {
    "about": _about,
    "terms": _terms,
    "posterior": _posterior,
    "pictures": _pictures,
    "ascent": _ascent,
    "toy": _toy,
    "collapse": _collapse,
    "jensen": _jensen,
    "importance": _importance,
}
