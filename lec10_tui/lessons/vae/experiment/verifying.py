"""`v`: puts each reading beside the same quantity found another way, in float64, on a copy of the model, in slices."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from lec10_tui.learning.truths import finite_differences, gaussian_kl, observation
from lec10_tui.learning.truths.evidence import evidence
from lec10_tui.learning.vae import VAE
from lec10_tui.lessons.vae.experiment.held_out import ACTIVE_VARIANCE, held_out_noise
from lec10_tui.models.images import noise
from lec10_tui.models.importance import ImportanceSampler
from lec10_tui.vocabulary.frames import Verdict, Verdicts

if TYPE_CHECKING:
    from lec10_tui.lessons.vae.experiment.training import VAEExperiment

CHUNK = 100
SAMPLES = 2000
MOVED = "a mean over training steps; their weights have moved on since"
RESUMED = "saved after this reading: the next one can be verified again"
EXACT = "in float32; the truth in float64 by torch.distributions"


def verify(run: VAEExperiment) -> Iterator[Verdicts]:
    """The verdicts on every reading at the last reading step, one more in each Verdicts; raises nothing of its own."""
    readings: dict[str, float] = dict(run.readings())
    found: list[Verdict] = []
    model = run.kept_model().double().cpu()
    checks = (_held_out, _training, _walk, _likelihood)
    for number, check in enumerate(checks):
        for verdict in check(run, model, readings):
            if verdict is not None:
                found.append(verdict)
            yield Verdicts(int(readings["step"]), tuple(found), len(checks) - number)
    yield Verdicts(int(readings["step"]), tuple(found))


Slices = Generator[Verdict | None, None, None]


def _log_likelihood(run: VAEExperiment, output: Tensor, x: Tensor) -> Tensor:
    if run.knobs.observation == "bernoulli":
        return observation.bernoulli(output, x)
    return observation.gaussian(output, x, run.variance_at_reading)


@torch.no_grad()
def _held_out(run: VAEExperiment, model: VAE, readings: dict[str, float]) -> Slices:
    if run.kept_step != readings["step"]:
        for name in ("held_out_elbo", "held_out_reconstruction", "held_out_kl", "active_dimensions"):
            yield Verdict(name, readings[name], None, 0.0, RESUMED)
        return
    x = run.images.monitored.double().cpu()
    epsilon = held_out_noise(len(x), run.knobs.latent_dim, torch.device("cpu")).double()
    reconstruction, kl, means = [], [], []
    for start in range(0, len(x), CHUNK):
        rows = slice(start, start + CHUNK)
        mu, log_sigma = model.encode(x[rows])
        output = model.decode(mu + log_sigma.exp() * epsilon[rows])
        reconstruction.append(_log_likelihood(run, output, x[rows]))
        kl.append(gaussian_kl.library(mu, log_sigma.exp()).sum(-1))
        means.append(mu)
        yield None
    expected, divergence = float(torch.cat(reconstruction).mean()), float(torch.cat(kl).mean())
    scale = max(1.0, abs(expected))
    yield Verdict("held_out_elbo", readings["held_out_elbo"], expected - divergence, 2e-5 * scale, EXACT)
    yield Verdict("held_out_reconstruction", readings["held_out_reconstruction"], expected, 2e-5 * scale, EXACT)
    yield Verdict("held_out_kl", readings["held_out_kl"], divergence, 1e-4 * max(1.0, divergence), EXACT)
    spread = torch.cat(means).numpy().var(0)
    unsure = float(((spread > ACTIVE_VARIANCE * 0.999) & (spread < ACTIVE_VARIANCE * 1.001)).sum())
    note = f"dimensions whose mean has variance > {ACTIVE_VARIANCE:g}, by numpy"
    yield Verdict(
        "active_dimensions", readings["active_dimensions"], float((spread > ACTIVE_VARIANCE).sum()), unsure, note
    )


def _training(run: VAEExperiment, model: VAE, readings: dict[str, float]) -> Slices:
    for name in ("objective", "elbo", "reconstruction", "kl"):
        yield Verdict(name, readings[name], None, 0.0, MOVED)
    for name in ("step", "epoch"):
        yield Verdict(name, readings[name], None, 0.0, "a count")


def _walk(run: VAEExperiment, model: VAE, readings: dict[str, float]) -> Slices:
    """The bars of the slide's step against central differences, without backpropagation."""
    (index,) = run.images.shown(run.knobs.image, 1)
    x = run.images.held_out[index].double().cpu()
    epsilon = noise((run.knobs.latent_dim,), run.knobs.seed, run.knobs.image, "walk", torch.device("cpu")).double()
    with torch.no_grad():
        mu, log_sigma = (value[0] for value in model.encode(x[None]))
    sigma = log_sigma.exp()
    inputs = (mu.clone().requires_grad_(), sigma.clone().requires_grad_())
    loss = -_log_likelihood(run, model.decode((inputs[0] + inputs[1] * epsilon)[None])[0], x)
    bars = torch.autograd.grad(loss, inputs)
    yield None

    @torch.no_grad()
    def minimised(z: Tensor) -> Tensor:
        return -_log_likelihood(run, model.decode(z[None])[0], x)

    _, mu_bar, sigma_bar = finite_differences.reparameterized_gradients(minimised, mu, sigma, epsilon)
    for name, bar, truth in (("‖∂recon./∂μ‖", bars[0], mu_bar), ("‖∂recon./∂σ‖", bars[1], sigma_bar)):
        size = float(truth.norm())
        note = f"image {run.knobs.image}: backpropagation against central differences"
        yield Verdict(name, float(bar.norm()), size, 1e-5 * max(1.0, size), note)


@torch.no_grad()
def _likelihood(run: VAEExperiment, model: VAE, readings: dict[str, float]) -> Slices:
    """log p(x) of the chosen image by importance sampling against quadrature over z."""
    (index,) = run.images.shown(run.knobs.image, 1)
    x = run.images.held_out[index : index + 1].double().cpu()
    sampler = ImportanceSampler(model, x, run.variance_at_reading)
    while sampler.samples < SAMPLES:
        sampler.take(100)
        yield None
    reading, name = float(sampler.bounds[0]), f"log p(x), image {run.knobs.image}"
    if run.knobs.latent_dim > 2:
        yield Verdict(name, reading, None, 0.0, f"quadrature needs K ≤ 2, here K = {run.knobs.latent_dim}")
        return

    def log_joint(z: Tensor) -> Tensor:
        prior = -0.5 * (z.square() + math.log(2 * math.pi)).sum(-1)
        return _log_likelihood(run, model.decode(z), x.expand(len(z), -1)) + prior

    try:
        truth = yield from evidence(log_joint, run.knobs.latent_dim)
    except ValueError as error:
        yield Verdict(name, reading, None, 0.0, str(error))
        return
    tolerance = 4 * sampler.standard_error + 0.01 + truth.error
    yield Verdict(
        name, reading, truth.log_likelihood, tolerance, f"{SAMPLES} importance samples against quadrature over z"
    )
