"""What the amortization experiment shows: the table as it fills, curves and planes of any K, verdicts."""

from __future__ import annotations

from dataclasses import replace
from typing import get_type_hints

import numpy as np
import pytest
import torch
from amortization_models import PARTS, part, settle, small_model, study, walk

from lec10_tui.lessons.amortization.experiment import AmortizationExperiment
from lec10_tui.lessons.amortization.experiment.histories import Histories
from lec10_tui.lessons.amortization.experiment.plane import Box, around, window
from lec10_tui.lessons.amortization.frame import About, Ascent, Pictures, Plane, Race, Table
from lec10_tui.models.trained import TrainedModel
from lec10_tui.vocabulary.commands import SetKnob, Verify
from lec10_tui.vocabulary.frames import Wanted

KINDS = (About, Ascent, Plane, Pictures, Table, Race)


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return small_model("gaussian")


@pytest.fixture(scope="module")
def wide() -> TrainedModel:
    return small_model(latent_dim=3)


@pytest.fixture(scope="module")
def line() -> TrainedModel:
    return small_model("gaussian", latent_dim=1)


@pytest.mark.parametrize("kind", ["model", "wide", "line"])
def test_every_part_is_there_from_the_first_frozen_and_copied(kind: str, request: pytest.FixtureRequest) -> None:
    run = study(request.getfixturevalue(kind))
    for steps in (0, 3):
        walk(run, steps)
        for name, cls in zip(PARTS, KINDS, strict=True):
            found = part(run, name, 12, 10)
            assert type(found) is cls
            for attribute in get_type_hints(cls):
                value = getattr(found, attribute)
                assert "torch" not in type(value).__module__
        settle(run)


def test_the_table_fills_and_every_row_adds_up(model: TrainedModel) -> None:
    run = study(model, images=6, image=4)
    first = part(run, "table")
    assert np.isfinite(first.log_likelihood).tolist() == [False] * 4 + [True] + [False]
    assert np.array_equal(np.isfinite(first.amortized), np.isfinite(first.log_likelihood)) and 0 < first.done < 1
    known, working = [], True
    while working:
        working = run.work()
        known.append(int(np.isfinite(part(run, "table").log_likelihood).sum()))
    assert known == sorted(known) and known[-1] == 6
    opened = part(run, "table")
    assert opened.done == 1.0 and opened.amortized[4] == first.amortized[4] and np.isfinite(opened.amortized).all()
    walk(run, 60)
    settle(run)
    run.finish()
    settle(run)
    table = part(run, "table")
    assert table.step == 60 and np.array_equal(table.amortized, opened.amortized)
    assert np.all(table.optimized >= opened.optimized - 1e-3) and np.all(table.optimized >= table.amortized)
    assert np.all(table.log_likelihood + table.error >= table.optimized - 2e-3)
    assert set(table.winner.tolist()) <= {0, 1} and np.all(table.elbo_error == 0)
    readings = run.readings()
    assert (table.log_likelihood[4], table.amortized[4]) == (readings["log_likelihood"], readings["amortized_elbo"])
    assert table.optimized[4] == readings["optimized_elbo"]


@pytest.mark.parametrize(("latent_dim", "known"), [(2, True), (3, False)])
def test_rows_that_are_not_looked_after_say_what_the_ascents_count_or_nothing(latent_dim: int, known: bool) -> None:
    run = study(small_model(latent_dim=latent_dim))
    settle(run)
    assert np.isfinite(part(run, "table").optimized).all()
    run.drop("table")
    walk(run, 9)  # none but the image in hand has been refined since
    table = part(run, "table")
    assert np.isfinite(table.optimized).tolist() == [True, *[known] * 3]
    assert np.all((table.optimized > table.amortized)[np.isfinite(table.optimized)])
    settle(run)
    run.finish()
    settle(run)
    refined = part(run, "table")
    assert np.isfinite(refined.optimized).all() and np.array_equal(refined.amortized, table.amortized)
    if known:
        assert refined.optimized == pytest.approx(table.optimized, abs=1.0)
        assert np.all(refined.optimized >= table.optimized - 0.01)


def test_a_row_does_not_depend_on_what_was_refined_before_it(model: TrainedModel) -> None:
    idle, busy = study(model), study(model)
    for run in (idle, busy):
        for _ in range(24):
            walk(run, 1)
            if run is busy:
                settle(run)
        run.apply(SetKnob("image", 2))
        run.finish()
    assert idle.readings()["optimized_elbo"] == busy.readings()["optimized_elbo"]
    assert idle.readings()["log_likelihood"] == busy.readings()["log_likelihood"]


def test_the_curve_ends_where_the_ascents_are_and_stays_under_log_likelihood(model: TrainedModel) -> None:
    run = study(model, image=3)
    for steps in (0, 1, 39):
        walk(run, steps)
        found = part(run, "ascent")
        assert [series.name for series in found.series] == ["encoder", "prior"]
        assert all(series.steps.tolist() == list(range(run.step + 1)) for series in found.series)
    assert found.log_likelihood == run.readings()["log_likelihood"] and found.error < 0.01
    climbed = found.series[0].last
    assert climbed[-1] > climbed[0] and climbed.max() <= found.log_likelihood + 0.01
    assert max(series.last.max() for series in found.series) == pytest.approx(
        run.readings()["optimized_elbo"], abs=0.01
    )


def test_the_plane_is_coarse_at_once_then_fine_and_holds_the_posterior(model: TrainedModel) -> None:
    run = study(model, image=1)
    settle(run)
    coarse = part(run, "plane", 60, 50)
    assert coarse.coarse and coarse.density.size <= 500 and "posterior" in run.waiting
    settle(run)
    plane = part(run, "plane", 60, 50)
    assert not plane.coarse and plane.density.shape == (50, 60)
    assert run.stamp(Wanted("plane", 60, 50)) == run.stamp(Wanted("plane", 60, 50))
    widths = plane.high - plane.low
    assert widths[0] == widths[1]  # in equal units
    assert plane.density.sum() * widths.prod() / plane.density.size == pytest.approx(1.0, abs=0.05)
    assert plane.mu.shape == plane.sigma.shape == (2, 2) and plane.trails.shape == (2, 1, 2)
    assert np.array_equal(plane.mu[0], plane.encoder_mu) and np.array_equal(plane.mu[1], np.zeros(2))
    walk(run, 5)
    moved = part(run, "plane", 60, 50)
    assert moved.trails.shape == (2, 6, 2) and np.array_equal(moved.trails[:, -1], moved.mu)
    assert np.array_equal(moved.trails[:, 0], plane.mu)
    assert np.all(moved.low <= moved.encoder_mu - moved.encoder_sigma)
    assert np.all(moved.encoder_mu + moved.encoder_sigma <= moved.high)


def test_an_ascent_that_is_far_away_does_not_make_a_patch_of_the_posterior() -> None:
    whole = [
        Box(torch.tensor([2.0, 1.0]), torch.tensor([2.4, 1.2])),
        Box(torch.tensor([2.1, 1.1]), torch.tensor([2.5, 1.4])),
    ]
    near = Box(torch.tensor([2.3, 0.95]), torch.tensor([2.4, 1.1]))
    prior = around(torch.zeros(2), torch.ones(2))
    alone, beside = window(whole, [near]), window(whole, [near, prior])
    for shown, size in ((alone, 0.7), (beside, 0.9)):
        low, high = np.array(shown.low), np.array(shown.high)
        assert np.all(low <= [2.0, 0.95]) and np.all(high >= [2.5, 1.4])
        assert high[0] - low[0] == pytest.approx(high[1] - low[1]) and high[0] - low[0] <= size
    assert window(whole, [near, Box(*(edge + 1e-3 for edge in prior))]) == beside  # it stands still


def test_another_dimension_has_another_plane(wide: TrainedModel, line: TrainedModel) -> None:
    volume, one = study(wide), study(line)
    settle(volume)
    settle(one)
    assert part(volume, "plane", 20, 20).density.shape == (0, 0) and part(volume, "plane").mu.shape == (2, 2)
    part(one, "plane", 200, 20)
    settle(one)
    found = part(one, "plane", 200, 20)
    assert found.density.shape == (1, 200) and found.mu.shape == (2, 1) and found.trails.shape == (2, 1, 1)
    width = float((found.high - found.low)[0]) / 200
    assert found.density.sum() * width == pytest.approx(1.0, abs=0.01)


def test_what_is_shown_changes_only_with_what_it_depends_on(model: TrainedModel) -> None:
    run = study(model)
    settle(run)
    stamps = {name: run.stamp(Wanted(name)) for name in PARTS}
    assert stamps == {name: run.stamp(Wanted(name)) for name in PARTS}
    run.apply(SetKnob("image", 1))
    settle(run)
    changed = {name for name in PARTS if run.stamp(Wanted(name)) != stamps[name]}
    assert {"about", "ascent", "plane", "pictures"} <= changed and "race" not in changed
    about, pictures = part(run, "about"), part(run, "pictures")
    assert (about.image, about.count, about.variance, about.label) == (1, 4, 0.05, "b")
    assert about.likelihood_by == "quadrature" and about.elbo_by == "Gauss–Hermite"
    assert pictures.x.shape == pictures.encoder.shape == (4, 4) and pictures.ascended.shape == (2, 4, 4)
    assert np.array_equal(pictures.x, model.images.data.held_out[about.index])


def test_a_history_is_bounded_and_says_what_was_put_in() -> None:
    history = Histories(3, 2, bins=8)
    values = np.random.default_rng(1).normal(size=(50, 3))
    places = np.random.default_rng(2).normal(size=(50, 3, 2))
    for step in range(50):
        history.add(step, values[step], places[step])
    again = Histories(3, 2, bins=8)
    again.load(history.arrays())
    for kept in (history, again):
        series = kept.series("row", 1, 50, 9.0)
        assert series.stride == 8 and series.steps.tolist() == list(range(0, 50, 8))
        assert series.minimum.tolist() == [values[start : start + 8, 1].min() for start in range(0, 50, 8)]
        assert series.maximum[:-1].tolist() == [values[start : start + 8, 1].max() for start in range(0, 48, 8)]
        assert series.last[-1] == series.maximum[-1] == 9.0
        assert np.array_equal(kept.path(2), places[[*range(7, 48, 8), 49], 2])


# --- verdicts ---------------------------------------------------------------------------------------------------


def verdicts(run: AmortizationExperiment) -> dict[str, bool | None]:
    run.apply(Verify())
    settle(run)
    return {verdict.name: verdict.holds for verdict in part(run, "verdicts").verdicts}


@pytest.mark.parametrize("kind", ["model", "wide", "line"])
def test_every_reading_stands_beside_its_truth(kind: str, request: pytest.FixtureRequest) -> None:
    run = study(request.getfixturevalue(kind), image=2)
    walk(run, 30)
    settle(run)
    found = verdicts(run)
    assert found.pop("step") is None
    assert found.pop("encoder_milliseconds") is None and found.pop("optimization_milliseconds") is None
    assert list(found) == [
        "amortized_elbo", "optimized_elbo", "amortization_gap", "log_likelihood", "approximation_gap",
        "least amortization gap", "least approximation gap",
    ]  # fmt: skip
    assert all(found.values())


def test_readings_that_are_wrong_do_not_hold(model: TrainedModel) -> None:
    run = study(model)
    walk(run, 10)
    settle(run)
    for name in ("log_likelihood", "amortized_elbo", "optimized_elbo", "amortization_gap", "approximation_gap"):
        run.latest = replace(run.latest, values={**run.latest.values, name: run.latest.values[name] + 0.02})
    run.rows.rows[1] = replace(run.rows.rows[1], optimized=run.rows.rows[1].amortized - 0.1)
    run.rows.rows[2] = replace(run.rows.rows[2], optimized=run.rows.likelihood(2).value + 0.1)  # type: ignore[union-attr]
    found = verdicts(run)
    assert [name for name, holds in found.items() if holds is False] == [
        "amortized_elbo", "optimized_elbo", "amortization_gap", "log_likelihood", "approximation_gap",
        "least amortization gap", "least approximation gap",
    ]  # fmt: skip
