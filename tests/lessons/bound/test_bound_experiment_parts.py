"""The parts of the bound lesson's frame: each says what is true, has the size that was asked for, and keeps still."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import torch
from bound_models import closed_form, settle, small_model, study, walk

from lec10_tui.lessons.bound.experiment.studying import BoundExperiment
from lec10_tui.lessons.bound.frame import (
    About,
    Ascent,
    Collapse,
    Importance,
    Jensen,
    Move,
    MovePoint,
    Pictures,
    Posterior,
    PutPoint,
    Snap,
    Stretch,
    Terms,
    Toy,
)
from lec10_tui.models.trained import TrainedModel
from lec10_tui.vocabulary.commands import SetKnob
from lec10_tui.vocabulary.frames import Wanted

PARTS = ("about", "terms", "posterior", "pictures", "ascent", "toy", "collapse", "jensen", "importance", "verdicts")
WINDOW = Wanted("posterior", 60, 40)


@pytest.fixture(scope="module")
def linear() -> TrainedModel:
    return small_model("gaussian", hidden=())


def posterior(run: BoundExperiment, wanted: Wanted = WINDOW) -> Posterior:
    part = run.part(wanted)
    assert isinstance(part, Posterior)
    return part


def middles(low: float, high: float, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return low + (np.arange(count) + 0.5) * (high - low) / count


def test_every_part_is_there_and_made_of_values_that_no_one_else_holds(linear: TrainedModel) -> None:
    for run in (study(linear), study(small_model(latent_dim=1))):
        walk(run, 3)
        for name in PARTS:
            wanted = Wanted(name, 30, 20)
            part, again = run.part(wanted), run.part(wanted)
            hash(run.stamp(wanted))
            for field in fields(part):
                value = getattr(part, field.name)
                assert not isinstance(value, torch.Tensor)
                if isinstance(value, np.ndarray):
                    assert not np.shares_memory(value, getattr(again, field.name))
        with pytest.raises(KeyError):
            run.part(Wanted("curves"))
        with pytest.raises(KeyError):
            run.stamp(Wanted("curves"))


def test_a_stamp_changes_with_what_the_part_shows_and_only_then(linear: TrainedModel) -> None:
    run = study(linear)
    wanted = [Wanted(name, 30, 20) for name in PARTS]
    for item in wanted:
        run.part(item)
    settle(run)

    def stamps() -> dict[str, object]:
        return {item.name: run.stamp(item) for item in wanted}

    before = stamps()
    assert stamps() == before
    of_q = {"terms", "posterior", "pictures", "importance", "about"}
    for command, moved in (
        (Move(0, 0.01), of_q),
        (MovePoint(0.1, 0.1), {"toy", "collapse"}),
        (SetKnob("spread", 0.3), {"jensen", "about"}),
        (SetKnob("samples", 3), {"importance", "about"}),
        (SetKnob("image", 4), of_q),
    ):
        run.apply(command)
        after = stamps()
        assert {name for name in after if after[name] != before[name]} == moved, command
        settle(run)
        before = stamps()
    walk(run, 1)
    assert {name for name in before if stamps()[name] != before[name]} == of_q - {"about"} | {"ascent"}


def test_the_density_is_the_posterior_at_the_middle_of_every_pixel(linear: TrainedModel) -> None:
    run = study(linear)
    coarse = posterior(run)
    assert coarse.coarse and coarse.density.shape == (40, 60) and run.waiting
    settle(run)
    part = posterior(run)
    assert not part.coarse and not run.waiting
    mean, covariance = closed_form(run).posterior(run.exact.x[None])
    truth = torch.distributions.MultivariateNormal(mean[0], covariance)
    across, up = (middles(part.low[axis], part.high[axis], count) for axis, count in ((0, 60), (1, 40)))
    codes = np.stack(np.meshgrid(across, up[::-1]), axis=-1)
    expected = truth.log_prob(torch.from_numpy(codes)).exp().numpy()
    assert np.allclose(part.density, expected, atol=1e-6 * expected.max(), rtol=1e-6)
    assert np.abs(coarse.density - part.density).max() < 0.2 * part.density.max()
    assert np.allclose(part.mean, mean[0], atol=1e-6) and np.allclose(
        part.scale, covariance.diagonal() ** 0.5, rtol=1e-4
    )
    cell = np.prod((part.high - part.low) / (60, 40))
    assert part.density.sum() * cell == pytest.approx(1.0, abs=1e-3)
    width, height = part.high - part.low
    assert width / 60 == pytest.approx(height / 40), "a unit is as long across as up"


def test_a_posterior_far_smaller_than_the_window_is_seen_at_once(linear: TrainedModel) -> None:
    run = study(linear, observation_variance=1e-3, start="prior")
    coarse = posterior(run)
    settle(run)
    part = posterior(run)
    assert coarse.coarse and not part.coarse and np.all(part.scale < (part.high - part.low) / 100)
    assert np.allclose(coarse.density, part.density, atol=0.02 * part.density.max())


def test_with_one_dimension_the_density_is_one_row() -> None:
    run = study(small_model(latent_dim=1))
    settle(run)
    posterior(run)
    settle(run)
    part = posterior(run)
    assert part.density.shape == (1, 60) and part.low.shape == part.mu.shape == part.trail[0].shape == (1,)
    assert part.density.sum() * float(part.high[0] - part.low[0]) / 60 == pytest.approx(1.0, abs=1e-3)


def test_the_window_stays_while_q_is_seen_follows_it_out_and_closes_in_again(
    linear: TrainedModel,
) -> None:
    run = study(linear)
    first = posterior(run)
    assert all((first.low <= first.encoder_mu - first.encoder_sigma) & (first.encoder_mu < first.high))
    assert all((first.low <= first.mean - 3 * first.scale) & (first.mean + 3 * first.scale <= first.high))
    run.apply(Move(0, 0.1 * float(run.bound.sigma[0])))
    run.apply(Stretch(1, 0.9))
    stayed = posterior(run)
    assert np.array_equal(stayed.low, first.low) and np.array_equal(stayed.high, first.high)
    run.apply(Move(0, 5.0))
    wide = posterior(run)
    assert wide.low[0] < wide.mean[0] < wide.mu[0] < wide.high[0]
    run.apply(Snap("encoder"))
    closed = posterior(run)
    assert np.all(closed.high - closed.low < (wide.high - wide.low) / 2)


def test_the_trail_is_where_μ_has_been(linear: TrainedModel) -> None:
    run = study(linear)
    start = run.bound.mu.numpy()
    run.apply(Move(1, 0.5))
    walk(run, 2)
    part = posterior(run)
    assert part.trail.shape == (4, 2) and np.array_equal(part.trail[0], start)
    assert np.array_equal(part.trail[1], [start[0], start[1] + 0.5]) and np.array_equal(part.trail[-1], part.mu)


def test_the_terms_are_the_readings_and_say_when_they_are_refined(linear: TrainedModel) -> None:
    run = study(linear)
    for refined in (True, False, True):
        part = run.part(Wanted("terms"))
        assert isinstance(part, Terms) and part.refined is refined
        readings = run.readings()
        assert {name: getattr(part, name) for name in readings if hasattr(part, name)} == {
            name: readings[name] for name in ("log_likelihood", "elbo", "reconstruction", "kl", "gap", "posterior_kl")
        }
        assert part.error == readings["quadrature_error"] and min(part.nodes, part.hermite, part.local) > 4
        if refined:
            run.apply(SetKnob("image", run.knobs.image + 1))
        else:
            settle(run)


def test_the_pictures_are_x_and_what_the_decoder_says_of_it(linear: TrainedModel) -> None:
    run = study(linear)
    part = run.part(Wanted("pictures"))
    assert isinstance(part, Pictures) and part.x.shape == (4, 4)
    truth = closed_form(run)
    mean, _ = truth.posterior(run.exact.x[None])
    decoded = {
        "x": run.exact.x,
        "at_mu": truth.mean + truth.weight @ run.bound.mu,
        "under_posterior": truth.mean + truth.weight @ mean[0],
    }
    for name, pixels in decoded.items():
        inside = (pixels > 0.02) & (pixels < 0.98)  # means outside 0 … 1 are cut, and the cut averages otherwise
        expected = 255 * pixels.reshape(4, 4).numpy()
        shown = getattr(part, name).astype(float)
        assert np.abs(shown - expected)[inside.reshape(4, 4).numpy()].max() < 8, name


def test_the_toy_world_has_all_its_mass_in_the_picture_and_its_point_on_the_curve_where_it_is_put() -> None:
    run = study(small_model(), curve="arc")
    for variance in (0.05, 1e-4):
        run.apply(SetKnob("toy_variance", variance))
        wanted = Wanted("toy", 64, 48)
        part = run.part(wanted)
        settle(run)
        sharp = run.part(wanted)
        assert isinstance(part, Toy) and isinstance(sharp, Toy) and sharp.density.shape == (48, 64)
        cell = np.prod((part.high - part.low) / (64, 48))
        assert sharp.density.sum() * cell == pytest.approx(1.0, abs=0.01) and sharp.density.min() >= 0
        if variance == 1e-4:
            assert sharp.density.max() > part.density.max(), "refined is sharper"
        assert part.slope == pytest.approx(_slope(run), rel=1e-5) and part.distance > 0.5
    run.apply(PutPoint())
    part = run.part(Wanted("toy", 64, 48))
    assert isinstance(part, Toy)
    assert part.distance == pytest.approx(0, abs=1e-9) and np.allclose(part.point, part.nearest)
    assert np.square(part.curve - part.point).sum(1).min() < 1e-3
    run.apply(MovePoint(1e6, -1e6))
    part = run.part(Wanted("toy", 64, 48))
    assert isinstance(part, Toy) and np.all((part.point >= part.low) & (part.point <= part.high))


def _slope(run: BoundExperiment) -> float:
    """d log p / d log η by central differences."""
    point, variance, width = run.toy.point[None], run.toy.variance, 1e-4
    above, below = (float(run.toy.curve.log_density(point, variance * np.exp(by))) for by in (width, -width))
    return (above - below) / (2 * width)


def test_the_density_collapses_onto_the_curve_with_the_slopes_that_are_known(linear: TrainedModel) -> None:
    run = study(linear)
    rough = run.part(Wanted("collapse", 60, 20))
    assert isinstance(rough, Collapse) and run.waiting
    settle(run)
    part = run.part(Wanted("collapse", 60, 20))
    assert isinstance(part, Collapse) and len(part.variances) > 2 * len(rough.variances)
    assert set(rough.variances) <= set(part.variances) and np.all(np.diff(part.variances) > 0)
    for values, slopes in ((part.on, part.slope_on), (part.off, part.slope_off)):
        middle = np.sqrt(part.variances[1:] * part.variances[:-1])
        measured = np.diff(values) / np.diff(np.log(part.variances))
        small = middle < 1e-3
        expected = np.interp(np.log(middle), np.log(part.variances), slopes)[small]
        assert np.allclose(measured[small], expected, rtol=0.05, atol=0.02)
    assert part.on[0] > 0 and part.off[0] < -1000


def test_jensen_and_importance_show_the_readings_among_what_they_lie_between(linear: TrainedModel) -> None:
    run = study(linear, points=500, samples=50)
    readings = run.readings()
    jensen = run.part(Wanted("jensen"))
    assert isinstance(jensen, Jensen) and jensen.values.shape == (500,) and np.all(np.diff(jensen.values) >= 0)
    assert (jensen.left, jensen.right) == (readings["jensen_left"], readings["jensen_right"])
    assert (jensen.expected_left, jensen.expected_right) == (0.0, 0.5)
    assert jensen.left == pytest.approx(np.log(jensen.values).mean()) and jensen.right > jensen.left
    importance = run.part(Wanted("importance"))
    assert isinstance(importance, Importance) and importance.done == 1.0
    assert importance.samples[importance.chosen] == 50 and np.all(np.diff(importance.samples) > 0)
    assert importance.bounds[importance.chosen] == readings["importance_bound"]
    assert importance.elbo == readings["elbo"] and importance.log_likelihood == readings["log_likelihood"]
    margin = 4 * importance.errors
    assert np.all(importance.bounds >= importance.elbo - margin)
    assert np.all(importance.bounds <= importance.log_likelihood + margin)
    run.apply(SetKnob("samples", 5000))
    part = run.part(Wanted("importance"))
    assert isinstance(part, Importance) and part.done < 1 and part.samples[part.chosen] == 5000
    settle(run)
    part = run.part(Wanted("importance"))
    assert isinstance(part, Importance) and part.done == 1.0


def test_about_and_ascent_say_what_was_done(linear: TrainedModel) -> None:
    run = study(linear, image=1)
    run.apply(SetKnob("observation_variance", 0.2))
    run.apply(Move(0, 0.1))
    walk(run, 4)
    part = run.part(Wanted("about"))
    assert isinstance(part, About)
    assert (part.variance, part.image, part.by_hand, part.latent_dim) == (0.2, 1, 1, 2)
    assert part.index == 1 and part.label == "b"
    assert part.given == ("image=1",) and part.changes == ("0:observation_variance=0.2",)
    bare = study(small_model()).part(Wanted("about"))
    assert isinstance(bare, About) and bare.variance is None
    curves = run.part(Wanted("ascent"))
    assert isinstance(curves, Ascent)
    assert [series.name for series in curves.series] == ["elbo", "log_likelihood", "reconstruction", "kl", "gap"]
    assert [int(step) for step in curves.series[0].steps] == [0, 1, 2, 3, 4]
