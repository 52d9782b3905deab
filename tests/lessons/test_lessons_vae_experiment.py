"""The vae experiment: the same run to the last bit, live turns, numbers that go bad, and every part of its frame."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import torch

from lec10_tui.data.image_set import ImageSet
from lec10_tui.lessons.vae.experiment.training import VAEExperiment
from lec10_tui.lessons.vae.frame import (
    LatentGrid,
    LatentUse,
    Likelihood,
    Means,
    MeasureLikelihood,
    Samples,
    StopLikelihood,
    VAEKnobs,
    Walk,
)
from lec10_tui.vocabulary.commands import Save, SetKnob, Verify
from lec10_tui.vocabulary.frames import Verdicts, Wanted
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import RunFailed

SMALL: dict[str, Any] = {"hidden": (16,), "batch_size": 20}
PARTS = ("about", "curves", "latent_use", "means", "latent_grid", "reconstructions", "samples", "walk", "likelihood")


@pytest.fixture(scope="module")
def data() -> ImageSet:
    """120 images of 8×8: bars at a place that depends on the class, with noise."""
    generator = np.random.default_rng(0)
    labels = np.arange(120) % 4
    images = generator.integers(0, 60, (120, 8, 8), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[:, 2 * label : 2 * label + 2] = 230
    return ImageSet(
        name="bars", train=images[40:], train_labels=labels[40:], held_out=images[:40], held_out_labels=labels[:40],
        class_marks=tuple("abcd"), class_names=tuple("abcd"), source="", licence="", sha256="0" * 64,
    )  # fmt: skip


def experiment(data: ImageSet, steps: int = 0, **given: Any) -> VAEExperiment:
    run = VAEExperiment(VAEKnobs.complete({**SMALL, **given}), data, given={**SMALL, **given})
    for _ in range(steps):
        run.advance()
    return run


def same_state(one: VAEExperiment, other: VAEExperiment) -> bool:
    first, second = one.snapshot(), other.snapshot()
    equal = all(np.array_equal(first.arrays[name], second.arrays[name]) for name in first.arrays)
    return equal and first.arrays.keys() == second.arrays.keys() and first.metrics == second.metrics


@pytest.mark.parametrize("observation", ["bernoulli", "gaussian"])
@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
def test_the_same_seed_gives_the_same_run_and_resuming_is_exact(
    data: ImageSet, observation: str, optimizer: str
) -> None:
    given = {"observation": observation, "optimizer": optimizer, "learning_rate": 1e-3}
    whole, again = experiment(data, 137, **given), experiment(data, 137, **given)
    assert same_state(whole, again)
    resumed = VAEExperiment(whole.knobs, data, given=whole.turns.given, snapshot=whole.snapshot())
    assert resumed.step == 137 and same_state(whole, resumed)
    for run in (whole, resumed):
        for _ in range(80):
            run.advance()
        run.finish()
    assert same_state(whole, resumed)
    assert whole.readings()["step"] == 217


def test_another_seed_gives_another_run(data: ImageSet) -> None:
    assert not same_state(experiment(data, 5), experiment(data, 5, seed=1))


def test_looking_never_touches_the_run(data: ImageSet) -> None:
    watched, alone = experiment(data), experiment(data)
    for step in range(60):
        for name in PARTS:
            watched.part(Wanted(name, 3, 2))
        if step == 20:
            watched.apply(MeasureLikelihood(20, 10))
            watched.apply(Verify())
        watched.work()
        watched.advance()
        alone.advance()
    assert same_state(watched, alone)


def test_the_elbo_rises_and_the_readings_add_up(data: ImageSet) -> None:
    run = experiment(data)
    before = run.readings()
    for _ in range(300):
        run.advance()
    after = run.readings()
    assert after["step"] == 300 and after["epoch"] == 300 / 4
    assert after["held_out_elbo"] > before["held_out_elbo"] + 3
    for head in ("", "held_out_"):
        assert after[f"{head}elbo"] == pytest.approx(after[f"{head}reconstruction"] - after[f"{head}kl"], abs=1e-9)
        assert after[f"{head}kl"] >= 0
    assert all(math.isfinite(value) for value in after.values())


def test_live_knobs_are_logged_and_a_run_with_the_same_turns_is_the_same(data: ImageSet) -> None:
    turned = experiment(data, 30)
    turned.apply(SetKnob("beta", 4.0))
    turned.apply(SetKnob("learning_rate", 3e-3))
    for _ in range(50):
        turned.advance()
    assert turned.turns.changes == ((30, "beta", 4.0), (30, "learning_rate", 3e-3))
    told = VAEExperiment(turned.knobs.complete(SMALL), data, given=SMALL, planned=turned.turns.changes)
    for _ in range(80):
        told.advance()
    assert same_state(turned, told)
    assert turned.readings()["objective"] < turned.readings()["elbo"]


def test_commands_that_cannot_be_obeyed_are_refused_in_one_line(data: ImageSet) -> None:
    run = experiment(data)
    for command, words in (
        (SetKnob("latent_dim", 3), "latent dim needs a new run"),
        (SetKnob("beta", -1.0), "beta: -1.0 is not a number from 0 to 1000"),
        (SetKnob("grid_x", 3), "grid x: 3 is not a dimension of z, 1 to 2"),
        (SetKnob("colour", 1), "no knob is called 'colour'"),
        (Save(), "the vae lesson has no command Save"),
    ):
        with pytest.raises(BadValue, match=words):
            run.apply(command)
    with pytest.raises(BadValue, match="this machine has no cuda"):
        if torch.cuda.is_available():
            raise BadValue("device: this machine has no cuda")
        experiment(data, device="cuda")


def test_a_loss_that_is_no_number_keeps_the_last_good_weights_and_can_be_gone_on_from(data: ImageSet) -> None:
    run = experiment(data, 60)
    good = run.snapshot()
    run.apply(SetKnob("learning_rate", 100.0))
    run.apply(SetKnob("beta", 1000.0))
    with pytest.raises(RunFailed) as caught:
        for _ in range(5000):
            run.advance()
    assert "step" in caught.value.what
    assert f"the weights of step {run.step} are kept" in caught.value.advice and "rate (now 100)" in caught.value.advice
    assert run.step % 50 == 0 and run.step >= good.step - 10
    assert all(np.isfinite(array).all() for array in run.snapshot().arrays.values())
    run.apply(SetKnob("learning_rate", 1e-4))
    run.apply(SetKnob("beta", 1.0))
    for _ in range(60):
        run.advance()
    assert math.isfinite(run.readings()["elbo"])


def test_kl_warm_up_weighs_the_kl_from_nothing_to_beta(data: ImageSet) -> None:
    run = experiment(data, kl_warmup=10, beta=2.0)
    weights = []
    for _ in range(12):
        weights.append(run.kl_weight)
        run.advance()
    assert weights == pytest.approx([0.2 * step for step in range(1, 11)] + [2.0, 2.0])


@pytest.mark.parametrize(
    "given", [{"latent_dim": 1}, {}, {"latent_dim": 5, "grid_x": 4, "others": "image"}, {"encoder": "conv"}]
)
def test_every_part_is_complete_and_plain(data: ImageSet, given: dict[str, Any]) -> None:
    hidden = (4, 8) if given.get("encoder") == "conv" else (16,)
    run = experiment(data, 3, **{**given, "hidden": hidden})
    for name in PARTS:
        part = run.part(Wanted(name, 4, 3))
        for field in fields(part):
            assert not isinstance(getattr(part, field.name), torch.Tensor)
    grid = run.part(Wanted("latent_grid", 4, 3))
    samples = run.part(Wanted("samples", 4, 3))
    assert isinstance(grid, LatentGrid) and grid.images.shape == (3, 4, 8, 8) and grid.images.dtype == np.uint8
    assert isinstance(samples, Samples) and samples.images.shape == (12, 8, 8)


def test_a_stamp_changes_exactly_when_the_part_does(data: ImageSet) -> None:
    run, other = experiment(data, 7), experiment(data, 7)
    for name in PARTS:
        assert run.stamp(Wanted(name, 2, 2)) == run.stamp(Wanted(name, 2, 2)) != other.stamp(Wanted(name, 2, 2))
    before = {name: run.stamp(Wanted(name, 2, 2)) for name in PARTS}
    run.apply(SetKnob("image", 3))
    changed = {name for name in PARTS if run.stamp(Wanted(name, 2, 2)) != before[name]}
    assert changed == {"reconstructions", "walk"}
    run.advance()
    assert run.stamp(Wanted("latent_grid", 2, 2)) != before["latent_grid"]
    assert run.stamp(Wanted("curves")) == before["curves"]


def test_the_walk_is_the_slide_in_numbers(data: ImageSet) -> None:
    run = experiment(data, 40, beta=2.0)
    walk = run.part(Wanted("walk"))
    assert isinstance(walk, Walk)
    np.testing.assert_allclose(walk.z, walk.mu + np.exp(walk.log_sigma) * walk.epsilon, rtol=1e-5)
    assert walk.loss == pytest.approx(walk.reconstruction_loss + 2 * walk.kl, rel=1e-5)
    np.testing.assert_allclose(walk.mu_bar, walk.z_bar, rtol=1e-5)
    np.testing.assert_allclose(walk.sigma_bar, walk.z_bar * walk.epsilon, rtol=1e-4)
    sigma = np.exp(walk.log_sigma)
    np.testing.assert_allclose(walk.mu_total, walk.mu_bar + 2 * walk.mu, rtol=1e-4)
    np.testing.assert_allclose(walk.sigma_total, walk.sigma_bar + 2 * (sigma - 1 / sigma), rtol=1e-3, atol=1e-3)


def test_the_likelihood_rises_with_the_samples_and_can_be_stopped(data: ImageSet) -> None:
    run = experiment(data, 100)
    run.apply(MeasureLikelihood(samples=200, images=20))
    while run.work():
        pass
    part = run.part(Wanted("likelihood"))
    assert isinstance(part, Likelihood) and part.done == 1.0 and part.images == 20
    assert part.samples.tolist() == [1, 2, 5, 10, 20, 50, 100, 200]
    assert part.bounds[-1] > part.elbo and part.bounds[-1] > part.bounds[0] - 1e-9
    run.apply(MeasureLikelihood(samples=5000, images=20))
    run.work()
    run.apply(StopLikelihood())
    assert not run.work()


@pytest.mark.parametrize("given", [{}, {"observation": "gaussian"}, {"latent_dim": 4, "hidden": ()}])
def test_the_readings_stand_beside_their_truths(data: ImageSet, given: dict[str, Any]) -> None:
    run = experiment(data, 120, **given)
    run.apply(Verify())
    while run.work():
        pass
    part = run.part(Wanted("verdicts"))
    assert isinstance(part, Verdicts) and part.waiting == 0
    held = {verdict.name: verdict for verdict in part.verdicts}
    for name in ("held_out_elbo", "held_out_reconstruction", "held_out_kl", "active_dimensions"):
        assert held[name].holds is True, held[name]
    assert all(verdict.holds is not False for verdict in part.verdicts)
    assert all(verdict.note for verdict in part.verdicts if verdict.truth is None)
    assert set(run.readings()) <= set(held)


def test_progress_follows_the_length(data: ImageSet) -> None:
    assert experiment(data, 10, length="40 steps").progress(99.0) == 0.25
    assert experiment(data, 10, length="5 epochs").progress(99.0) == 0.5
    assert experiment(data, 10, length="20 seconds").progress(5.0) == 0.25
    assert experiment(data, 10, length="endless").progress(5.0) is None


def test_the_parts_say_what_the_readings_and_the_model_say(data: ImageSet) -> None:
    run = experiment(data, 100, latent_dim=3)
    use, means = run.part(Wanted("latent_use")), run.part(Wanted("means"))
    assert isinstance(use, LatentUse) and isinstance(means, Means)
    assert use.kl.sum() == pytest.approx(run.readings()["held_out_kl"], abs=1e-9)
    assert use.active.sum() == run.readings()["active_dimensions"]
    order = run.images.order[: len(means.points)].numpy()
    with torch.no_grad():
        mu, _ = run.model.encode(run.images.held_out[order])
        middle = torch.sigmoid(run.model.decode(torch.zeros(1, 3)))
    np.testing.assert_allclose(means.points, mu[:, :2].numpy(), atol=1e-6)
    assert means.marks == tuple("abcd"[data.held_out_labels[index]] for index in order)
    np.testing.assert_allclose(use.mean_variance, mu.numpy().var(0), rtol=1e-5)
    grid = run.part(Wanted("latent_grid", 1, 1))
    assert isinstance(grid, LatentGrid)
    np.testing.assert_allclose(grid.images[0, 0].ravel(), 255 * middle[0].numpy(), atol=0.51)


def test_the_grid_stands_where_its_codes_say(data: ImageSet) -> None:
    run = experiment(data, 60, latent_dim=4, grid_x=3, grid_y=2, others="image", image=5)
    grid = run.part(Wanted("latent_grid", 5, 3))
    assert isinstance(grid, LatentGrid) and grid.dimensions == (3, 2)
    (index,) = run.images.shown(5, 1)
    with torch.no_grad():
        code = run.model.encode(run.images.held_out[index : index + 1])[0][0].clone()
        code[2], code[1] = float(grid.across[4]), float(grid.up[-1])
        corner = torch.sigmoid(run.model.decode(code[None]))[0].numpy()
    np.testing.assert_allclose(grid.images[0, 4].ravel(), 255 * corner, atol=0.51)
    normal = torch.distributions.Normal(0.0, 1.0)
    np.testing.assert_allclose(normal.cdf(torch.from_numpy(grid.across)).numpy(), (np.arange(5) + 0.5) / 5, atol=1e-7)


def test_the_training_readings_are_means_over_the_steps_since_the_last(data: ImageSet) -> None:
    run, losses = experiment(data, 50), []
    step = run.learner.step

    def watched(*arguments: Any) -> tuple[float, float, float]:
        losses.append(step(*arguments))
        return losses[-1]

    run.learner.step = watched  # type: ignore[method-assign]
    for _ in range(50):
        run.advance()
    objective, reconstruction, kl = -np.mean([loss for loss, _, _ in losses]), *np.mean(losses, 0)[1:]
    readings = run.readings()
    assert len(losses) == 50 and readings["objective"] == pytest.approx(objective, rel=1e-12)
    assert readings["reconstruction"] == pytest.approx(reconstruction, rel=1e-12)
    assert readings["kl"] == pytest.approx(kl, rel=1e-12)
