"""The race of the two strategies: the same start, clocks of their own, held and gone on with, kept as it stood."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from amortization_models import exact, part, small_model, study, walk

from lec10_tui.learning.race import Amortized, PerExample, ascend, bound
from lec10_tui.learning.random import generator
from lec10_tui.learning.vae import VAE
from lec10_tui.lessons.amortization.experiment import AmortizationExperiment
from lec10_tui.lessons.amortization.experiment.race import Racing
from lec10_tui.lessons.amortization.frame import StartRace, StopRace
from lec10_tui.models.trained import TrainedModel
from lec10_tui.vocabulary.commands import SetKnob
from lec10_tui.vocabulary.knobs import BadValue


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return small_model()


def race_on(run: AmortizationExperiment, updates: int) -> None:
    """Let it go until both have so many updates."""
    while min(run.race.updates) < updates:
        assert run.work()


def test_the_first_strategy_is_a_step_of_training_the_vae(model: TrainedModel) -> None:
    network = VAE(model.architecture, generator(0, 0, "race"))
    before = [weight.detach().clone() for weight in network.parameters()]
    x = model.images.held_out[:8]
    strategy = Amortized(network, 1e-2)
    for update in range(60):
        strategy.update(x, torch.randn(8, 2, generator=generator(0, update, "test")), 0.05)
    assert all(not torch.equal(old, new) for old, new in zip(before, network.parameters(), strict=True))
    first = bound(VAE(model.architecture, generator(0, 0, "race")), x, *network.encode(x), torch.zeros(1, 8, 2), 0.05)
    assert bound(network, x, *network.encode(x), torch.zeros(1, 8, 2), 0.05).mean() > first.mean() + 1


def test_the_second_strategy_fits_every_q_and_leaves_the_encoder_alone(model: TrainedModel) -> None:
    network = VAE(model.architecture, generator(0, 0, "race"))
    encoder = [weight.detach().clone() for weight in network.encoder.parameters()]
    decoder = [weight.detach().clone() for weight in network.decoder.parameters()]
    strategy = PerExample(network, 6, 1e-2)
    rows, x = torch.tensor([4, 1]), model.images.held_out[[4, 1]]
    epsilon = torch.randn(6, 2, 2, generator=generator(0, 0, "test"))
    slices = sum(1 for _ in strategy.update(rows, x, epsilon, 0.05, 0.1))
    assert slices == 5  # the sixth noise is the decoder's
    assert all(torch.equal(old, new) for old, new in zip(encoder, network.encoder.parameters(), strict=True))
    assert not any(torch.equal(old, new) for old, new in zip(decoder, network.decoder.parameters(), strict=True))
    moved = (strategy.mu.abs().sum(1) > 0).tolist()
    assert moved == [False, True, False, False, True, False]


def test_an_ascent_climbs_under_the_noise_it_is_given(model: TrainedModel) -> None:
    x, start = model.images.held_out[:3], torch.zeros(3, 2)
    epsilon = torch.randn((1, 16, 3, 2), generator=generator(0, 0, "test"))
    ways = list(ascend(model.network, x, start, start, epsilon.expand(40, -1, -1, -1), 0.05, 0.1))
    assert len(ways) == 40
    reached = [float(bound(model.network, x, mu, log_sigma, epsilon[0], 0.05).mean()) for mu, log_sigma in ways]
    assert reached[-1] > reached[0] and reached[-1] > float(
        bound(model.network, x, start, start, epsilon[0], 0.05).mean()
    )


def test_both_start_from_the_same_weights_and_see_the_same_batches(model: TrainedModel) -> None:
    racing = Racing(model, seed=5, inner_steps=2, rate=0.05)
    amortized, per_example = (racing._network(runner) for runner in racing.runners)
    assert all(
        torch.equal(one, other) for one, other in zip(amortized.parameters(), per_example.parameters(), strict=True)
    )
    rows, x = racing._batch(7)
    again, same = racing._batch(7)
    assert torch.equal(rows, again) and torch.equal(x, same) and sorted(rows.tolist()) == list(range(26))
    assert not torch.equal(rows, racing._batch(8)[0])
    assert set(np.unique(x.numpy())) == {0.0, 1.0}


def test_it_goes_is_held_goes_on_and_holds_nothing_up(model: TrainedModel) -> None:
    run, quiet = study(model), study(model)
    nothing = part(run, "race")
    assert not nothing.going and nothing.updates == (0, 0) and all(len(seconds) == 0 for seconds in nothing.seconds)
    run.apply(StartRace())
    assert part(run, "race").going and "amortized" in part(run, "race").names
    race_on(run, 3)
    assert "table" not in run.waiting or part(run, "table").done > 0.2  # what else waits gets its turns
    walk(run, 10)
    walk(quiet, 10)
    assert exact(run.readings()) == exact(quiet.readings())
    run.apply(StopRace())
    held = part(run, "race")
    while run.work():
        pass
    assert not held.going and part(run, "race") is held
    assert all(len(seconds) == len(elbos) >= 1 for seconds, elbos in zip(held.seconds, held.elbos, strict=True))
    assert all(seconds[0] == 0 and np.all(np.diff(seconds) > 0) for seconds in held.seconds)
    assert all(np.isfinite(elbos).all() for elbos in held.elbos)
    run.apply(StartRace())
    race_on(run, held.updates[1] + 2)
    gone_on = part(run, "race")
    assert gone_on.seconds[0][: len(held.seconds[0])].tolist() == held.seconds[0].tolist()
    assert min(gone_on.images_per_second) > 0 and "26 images" in gone_on.network and "10 inner steps" in gone_on.network


def test_held_out_numbers_are_taken_ever_more_rarely(model: TrainedModel) -> None:
    racing = Racing(model, seed=0, inner_steps=1, rate=0.05)
    runner = racing.runners[0]
    taken = []
    for step in range(36_000):  # an hour, in tenths of a second
        runner.seconds = step / 10
        if runner.due:
            runner.curve.append((runner.seconds, 0.0))
            taken.append(runner.seconds)
    assert taken[:3] == [0.0, 0.3, 0.4] and len(taken) < 50


def test_a_saved_run_shows_it_and_can_start_it_anew(model: TrainedModel) -> None:
    run = study(model)
    run.apply(StartRace())
    race_on(run, 2)
    stood = part(run, "race")
    again = AmortizationExperiment(run.knobs, model, snapshot=run.snapshot())
    shown = part(again, "race")
    assert not shown.going and shown.updates == stood.updates and shown.network == stood.network
    for one, other in zip((*shown.seconds, *shown.elbos), (*stood.seconds, *stood.elbos), strict=True):
        assert np.array_equal(one, other)
    again.apply(StopRace())
    assert part(again, "race").updates == stood.updates
    again.apply(StartRace())
    assert part(again, "race").going and part(again, "race").updates == (0, 0)


def test_one_that_comes_to_no_number_is_over_and_says_so(model: TrainedModel) -> None:
    run = study(model)
    run.apply(StartRace())
    run.apply(SetKnob("learning_rate", 0.5))
    assert run.racing is not None and run.racing.rate == 0.5
    run.racing._per_example.mu[:] = torch.nan
    with pytest.raises(BadValue, match=r"^race: the loss became nan; a lower rate \(now 0.5\) would be right$"):
        race_on(run, 5)
    assert not part(run, "race").going and "race" not in run.waiting
    run.apply(StartRace())
    assert run.racing is not None
    run.racing._per_example.mu = torch.zeros(0, 2)
    with pytest.raises(IndexError):
        race_on(run, 5)
    assert not part(run, "race").going and "race" not in run.waiting
    walk(run, 2)
    run.apply(StartRace())
    race_on(run, 1)
