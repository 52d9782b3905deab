"""The amortization experiment: steps, readings, images taken in hand, saving, and numbers that go bad."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
import torch
from amortization_models import TIMES, exact, part, settle, small_model, study, walk

from lec10_tui.lessons.amortization.experiment import AmortizationExperiment
from lec10_tui.models.trained import TrainedModel
from lec10_tui.vocabulary.commands import Save, SetKnob
from lec10_tui.vocabulary.knobs import BadValue, Length
from lec10_tui.vocabulary.reports import RunFailed, Snapshot

READINGS = (
    "step", "log_likelihood", "amortized_elbo", "optimized_elbo", "amortization_gap", "approximation_gap", *TIMES,
)  # fmt: skip


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return small_model()


@pytest.fixture(scope="module")
def wide() -> TrainedModel:
    return small_model(latent_dim=3)


def resumed(snapshot: Snapshot, model: TrainedModel) -> AmortizationExperiment:
    return AmortizationExperiment(study(model).knobs, model, snapshot=snapshot)


def same_run(one: AmortizationExperiment, other: AmortizationExperiment) -> bool:
    """Whether they stand alike, to the bit, times apart."""
    first, second = one.snapshot(), other.snapshot()
    assert first.arrays.keys() == second.arrays.keys()
    timeless = [name for name in first.arrays if name != "page/seconds" and not name.startswith("likelihood/")]
    equal = all(np.array_equal(first.arrays[name], second.arrays[name]) for name in timeless)
    return equal and [*map(exact, first.metrics)] == [*map(exact, second.metrics)]


@pytest.mark.parametrize("kind", ["model", "wide"])
def test_every_reading_adds_up_from_the_first(kind: str, request: pytest.FixtureRequest) -> None:
    run = study(request.getfixturevalue(kind), image=2)
    opened = run.readings()
    assert tuple(opened) == READINGS and opened["step"] == 0.0
    assert opened["optimization_milliseconds"] == 0.0 and opened["encoder_milliseconds"] > 0
    walk(run, 30)
    assert [row["step"] for row in run.record.rows] == [0, 2, 4, 6, 8, 10, 20, 30]
    for row in run.record.rows:
        assert row["log_likelihood"] == opened["log_likelihood"] and row["amortized_elbo"] == opened["amortized_elbo"]
        assert row["amortization_gap"] == row["optimized_elbo"] - row["amortized_elbo"] >= 0
        assert row["approximation_gap"] == row["log_likelihood"] - row["optimized_elbo"] > -0.05
    assert run.readings()["amortization_gap"] > 1.0 and run.readings()["optimization_milliseconds"] > 0


def test_what_was_reached_is_never_lost(model: TrainedModel) -> None:
    run = study(model, learning_rate=0.5)
    walk(run, 40)
    reached = [row["optimized_elbo"] for row in run.record.rows]
    assert all(later >= before - 1e-3 for before, later in pairwise(reached))


@pytest.mark.parametrize("kind", ["model", "wide"])
def test_the_same_seed_is_the_same_run_and_a_saved_one_goes_on_exactly(
    kind: str, request: pytest.FixtureRequest
) -> None:
    model = request.getfixturevalue(kind)
    once, half = study(model, image=1), study(model, image=1)
    walk(once, 40)
    walk(half, 20)
    settle(half)
    again = resumed(half.snapshot(), model)
    assert again.step == 20 and again.readings() == half.readings() and again.record.rows == half.record.rows
    walk(again, 20)
    assert same_run(once, again)


def test_another_seed_draws_otherwise(wide: TrainedModel) -> None:
    one, other = study(wide), study(wide, seed=1)
    for run in (one, other):
        walk(run, 10)
    assert not same_run(one, other)
    assert abs(one.readings()["optimized_elbo"] - other.readings()["optimized_elbo"]) < 0.2


def test_a_step_that_was_begun_is_not_saved_and_taken_again(model: TrainedModel) -> None:
    once, begun = study(model, images=14), study(model, images=14)
    for run in (once, begun):
        walk(run, 3)
    assert begun.advance() == 0 and begun.step == 3
    assert same_run(once, begun)
    walk(once, 7)
    walk(begun, 7)
    assert same_run(once, begun)


def test_another_image_of_the_page_changes_nothing_but_what_is_read(model: TrainedModel) -> None:
    stays, turned = study(model, image=0), study(model, image=0)
    walk(stays, 12)
    walk(turned, 12)
    turned.apply(SetKnob("image", 3))
    assert turned.readings()["step"] == 10.0  # still those of the image before
    settle(turned)
    other = study_of_image(model, 3, 12)
    assert exact(turned.readings()) == exact(other.readings()) and turned.readings()["step"] == 12.0
    assert len(turned.record.rows) == len(stays.record.rows)  # shown, not recorded
    for run in (stays, turned):
        walk(run, 8)
    assert exact(turned.readings()) != exact(stays.readings())
    turned.apply(SetKnob("image", 0))
    settle(turned)
    assert exact(turned.readings()) == exact(stays.readings())


def study_of_image(model: TrainedModel, image: int, steps: int) -> AmortizationExperiment:
    run = study(model, image=image)
    walk(run, steps)
    run.finish()
    return run


def test_an_image_off_the_page_begins_another_page(model: TrainedModel) -> None:
    run = study(model, image=1)
    walk(run, 5)
    run.apply(SetKnob("image", 9))
    assert run.step == 5 and run.page.first == 8 and run.page.steps == 0
    settle(run)
    assert run.readings()["step"] == 5.0 and run.readings()["optimization_milliseconds"] == 0.0
    before = exact(run.readings())
    walk(run, 5)
    assert run.page.steps == 5 and run.step == 10
    assert run.readings()["amortization_gap"] > before["amortization_gap"] >= 0
    places = part(run, "table").places.tolist()
    assert places == [8, 9, 10, 11] and part(run, "about").first == 8


def test_a_page_is_no_larger_than_the_data_and_images_come_again(model: TrainedModel) -> None:
    run = study(model, images=64, image=15)
    assert len(run.page) == 14 and run.page.first == 14
    assert part(run, "about").index == model.image(1)[0] == model.image(15)[0]


def test_turns_that_are_planned_are_turns_by_hand(model: TrainedModel) -> None:
    planned = study(model, images=14, planned=((3, "learning_rate", 0.2), (6, "image", 16), (9, "image", 15)))
    by_hand = study(model, images=14)
    walk(planned, 12)
    for name, value in (("learning_rate", 0.2), ("image", 16), ("image", 15)):
        walk(by_hand, 3)
        assert by_hand.advance() == 0  # a step that was begun begins again, with what was turned
        by_hand.apply(SetKnob(name, value))
        settle(by_hand)
    walk(by_hand, 3)
    planned.finish()
    by_hand.finish()
    assert planned.turns.changes == by_hand.turns.changes
    assert same_run(planned, by_hand) and planned.readings()["step"] == 12.0


def test_closing_readings_are_taken_once_and_of_the_image_in_hand(model: TrainedModel) -> None:
    run = study(model, length=Length(7, "steps"))
    walk(run, 7)
    assert run.progress(0.0) == 1.0 and run.readings()["step"] == 6.0
    run.finish()
    before = run.readings()
    assert before["step"] == 7.0 and len(run.record.rows) == 5
    run.apply(SetKnob("image", 2))
    settle(run)
    assert run.record.rows[-1] == before != run.readings()
    run.finish()
    assert len(run.record.rows) == 5 and run.record.rows[-1] == run.readings()
    assert run.readings()["log_likelihood"] != before["log_likelihood"]


def test_a_prior_that_nodes_do_not_resolve_still_finds_its_way() -> None:
    model = small_model("gaussian")
    for weight in (*model.network.decoder.parameters(), *model.exact.decoder.parameters()):
        weight.mul_(1.5)
    run = study(model, images=14)
    assert not run.page.resolved[1::2].any()
    walk(run, 120)
    assert run.page.resolved[1::2].sum() >= 10
    settle(run)
    run.finish()
    settle(run)
    table = part(run, "table")
    assert np.all(table.optimized >= table.amortized) and np.all(table.optimized <= table.log_likelihood + 0.01)
    for image in range(14):  # what an ascent says of itself is what a finer quadrature says
        for start, (offer, _) in enumerate(run.page.offers(image)):
            if offer.resolved and (image, start) in run.rows._refined:
                assert offer.value == pytest.approx(run.rows._refined[image, start][1].value, abs=0.05)


def test_a_step_that_leads_nowhere_is_taken_back(model: TrainedModel) -> None:
    run, whole = study(model), study(model)
    walk(run, 4)
    walk(whole, 4)
    stepping = run.page.step

    def failing(rate: float) -> Iterator[None]:
        yield from stepping(rate)
        raise FloatingPointError("an ELBO is no number any more")

    run.page.step = failing  # type: ignore[method-assign]
    with pytest.raises(RunFailed, match="an ELBO is no number any more at step 5") as failure:
        walk(run, 1)
    assert failure.value.advice.startswith("the ascents of step 4 are kept; lower the rate (now 0.05)")
    run.page.step = stepping  # type: ignore[method-assign]
    assert same_run(run, whole)
    walk(run, 6)
    walk(whole, 6)
    assert same_run(run, whole)


def test_numbers_that_go_bad_are_noticed(model: TrainedModel) -> None:
    run = study(model)
    with torch.no_grad():
        run.page._chunks[0].ascent.put(torch.full((8, 2), torch.nan), torch.zeros(8, 2))
    with pytest.raises(RunFailed, match="no number any more at step 1"):
        walk(run, 1)


def test_what_it_does_not_know_is_refused_in_one_line(model: TrainedModel) -> None:
    run = study(model)
    with pytest.raises(BadValue, match="images needs a new run"):
        run.apply(SetKnob("images", 8))
    with pytest.raises(BadValue, match="the amortization lesson has no command Save"):
        run.apply(Save(None))
    with pytest.raises(KeyError):
        part(run, "nothing")
