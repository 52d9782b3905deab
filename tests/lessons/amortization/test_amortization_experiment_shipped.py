"""The models that ship: gaps over a hundred held-out images, starts from the prior, runs that stand alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from amortization_models import exact, part, settle, walk

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.amortization.experiment import open_experiment, resume_experiment
from lec10_tui.lessons.amortization.experiment.slices import at_once
from lec10_tui.opening import opener
from lec10_tui.runs.folders import find
from lec10_tui.runs.keeper import DiskKeeper
from lec10_tui.runs.snapshots import restore
from lec10_tui.vocabulary.commands import Open
from lec10_tui.vocabulary.experiments import Places, no_models
from lec10_tui.vocabulary.knobs import BadValue, Length
from lec10_tui.worker.drive import drive


@pytest.fixture
def here(places: Places) -> Places:
    return replace(places, open_model=lambda name: restore(find(name, places)).snapshot)


@pytest.mark.parametrize("name", ["vae-k2-gaussian", "vae-k20-bernoulli"])
def test_one_image_of_a_model_that_ships(here: Places, name: str) -> None:
    run = open_experiment({"model": name, "images": 1, "image": 6}, here)
    walk(run, 30)
    settle(run)
    readings, table = run.readings(), part(run, "table")
    assert table.places.tolist() == [6] and table.done == 1.0
    assert 0.5 < readings["amortization_gap"] < 40
    assert readings["approximation_gap"] + 4 * table.elbo_error[0] + 4 * table.error[0] > 0.0
    assert readings["approximation_gap"] < 6
    assert part(run, "about").model == name and part(run, "about").label == "6"


def test_a_saved_run_opens_without_the_run_its_model_came_from(here: Places, tmp_path: Path) -> None:
    run = open_experiment({"model": "vae-k2-bernoulli", "images": 1, "image": 2}, here)
    walk(run, 3)
    alone = replace(here, open_model=no_models)
    again = resume_experiment(run.snapshot(), {"learning_rate": 0.1}, alone)
    assert again.knobs.learning_rate == 0.1 and again.readings() == run.readings()
    assert again.turns.changes == ((3, "learning_rate", 0.1),)
    run.turn({"learning_rate": 0.1})
    for one in (run, again):
        walk(one, 3)
    assert exact(again.readings()) == exact(run.readings()) and run.readings()["step"] == 6.0
    with pytest.raises(BadValue, match="images is fixed in a saved run; a new run can have another"):
        resume_experiment(run.snapshot(), {"images": 2}, alone)
    with pytest.raises(BadValue, match=r"learning rate: -1\.0 is not a number from 1e-05 to 10"):
        resume_experiment(run.snapshot(), {"learning_rate": -1.0}, alone)
    with pytest.raises(BadValue, match="model: reinforce-cartpole is a run of reinforce"):
        open_experiment({"model": "reinforce-cartpole"}, here)


def test_it_runs_on_the_worker_is_kept_and_can_be_opened_again(here: Places) -> None:
    lesson, keeper = lesson_named("amortization"), DiskKeeper()
    given = {"length": Length(4, "steps"), "images": 2, "image": 7}
    last = list(drive(opener(lesson, here), keeper, Open(given)))[-1]
    assert keeper.close(10.0)
    assert last.status.state == "finished" and last.failure is None and last.frame is not None
    assert last.frame.readings["step"] == 4 and last.status.unit == "steps" and last.status.folder is not None
    saved = opener(lesson, here)(Open(run=last.status.folder.name))
    assert saved.origin == "saved" and saved.experiment.step == 4
    assert dict(saved.experiment.readings()) == dict(last.frame.readings)


def test_wide_q_do_not_deceive_the_ascent_from_the_prior(here: Places) -> None:
    """By eight nodes a dimension alone, half of these stay wide, hundreds of nats below what the nodes make of them."""
    run = open_experiment({"model": "vae-k2-gaussian", "images": 4, "learning_rate": 0.2}, here)
    walk(run, 60)
    offers = [run.page.offers(image)[1][0] for image in range(4)]
    assert all(offer.resolved for offer in offers)
    encoded = [at_once(run.rows.refine(image)).amortized for image in range(4)]
    assert np.all(np.array([offer.value for offer in offers]) > np.array(encoded) - 2)


@pytest.mark.slow
def test_optimized_beats_amortized_on_a_hundred_images(here: Places) -> None:
    run = open_experiment({"model": "vae-k2-bernoulli", "images": 100, "learning_rate": 0.2}, here)
    walk(run, 32)
    rows = run.rows
    run.drop("table")
    for image in range(100):
        at_once(rows.refine(image))
    for image in range(0, 100, 5):
        at_once(rows.refine_likelihood(image))
    table = part(run, "table")
    amortization, approximation = table.optimized - table.amortized, (table.log_likelihood - table.optimized)[::5]
    assert np.all(amortization >= 0) and np.all(approximation >= -table.error[::5] - 2e-3)
    assert 4 < amortization.mean() < 9 and 0.05 < approximation.mean() < 2
    total = table.amortized[::5] + amortization[::5] + approximation
    assert np.allclose(total, table.log_likelihood[::5], rtol=0, atol=1e-9)
