"""Steps that come in slices, and slow motion that waits to be seen."""

import pytest
from worker_fakes import Bench

from lec10_tui.vocabulary.commands import Pause, Run, SetKnob, SetSpeed, Step
from lec10_tui.vocabulary.frames import Request, Wanted
from lec10_tui.vocabulary.reports import RunFailed

PICTURE = Wanted("picture", 4, 3)


def sliced(bench, slices=5, running=False):
    """An experiment whose steps are so many slices of 20 ms."""
    experiment = bench.experiment()
    experiment.slices_a_step, experiment.step_seconds = slices, 0.02
    if running:
        bench.mailbox.send(Run())
    return experiment


def watched(bench, paint=0.0):
    """A screen that asks again `paint` seconds after each report; the steps it has shown, and when."""
    seen = []

    def publish(report):
        seen.append((bench.clock.now, report.frame.step))
        bench.clock.pass_(paint)
        bench.mailbox.ask(Request((PICTURE,)))

    bench.publish = publish
    bench.mailbox.ask(Request((PICTURE,)))
    return seen


def test_steps_are_counted_once_they_are_whole():
    bench = Bench()
    experiment = sliced(bench)
    bench.send(Step(3))
    bench.turns(2.0)
    assert (experiment.step, experiment.taken, bench.state) == (3, 15, "paused")


def test_preparing_once_more_waits_for_whole_steps():
    bench = Bench()
    sliced(bench, running=True)
    bench.turns(9.5 * 5 * 0.02)
    assert bench.preparations == 1
    bench.turns(0.1)
    assert bench.preparations == 2


def test_the_rate_counts_what_each_slice_used():
    bench = Bench()
    sliced(bench, slices=1000, running=True)
    bench.turns(4.0)
    status = bench.ask().status
    assert status.rate == pytest.approx(8 / 0.02, rel=0.05)
    assert status.unit == "units"


def test_frames_and_commands_are_served_between_slices():
    bench = Bench()
    experiment = sliced(bench, slices=1000, running=True)
    bench.turns(0.3)
    taken = experiment.taken
    report = bench.ask(PICTURE)
    assert (report.frame.step, report.status.state) == (0, "running")
    bench.send(SetKnob("beta", 2.0))
    assert experiment.knobs.beta == 2.0
    assert experiment.taken <= taken + 2
    bench.send(Pause())
    assert bench.state == "paused"
    assert 0 < experiment.taken <= taken + 3


def test_a_step_that_was_held_in_its_middle_is_taken_to_its_end():
    bench = Bench()
    experiment = sliced(bench)
    bench.send(Step())
    bench.turns(0.04)
    bench.send(Pause())
    assert (0 < experiment.taken < 5, experiment.step) == (True, 0)
    bench.send(Step())
    bench.turns(1.0)
    assert (experiment.taken, experiment.step, bench.state) == (5, 1, "paused")


def test_slow_motion_lets_the_slices_of_a_begun_step_through_at_once():
    bench = Bench()
    experiment = sliced(bench)
    bench.send(SetSpeed(0.5))
    begun = bench.clock.now
    bench.send(Run())
    bench.turns(0.1)
    assert experiment.step == 1
    assert bench.driver.turn() == pytest.approx(begun + 2.0 - bench.clock.now)
    bench.turns(9.8)
    assert (experiment.step, experiment.taken) == (5, 25)


def test_commands_are_served_between_the_slices_of_slow_motion():
    bench = Bench()
    experiment = sliced(bench, slices=100)
    bench.send(SetSpeed(0.5))
    bench.send(Run())
    bench.turns(0.2)
    assert bench.driver.turn() == 0.0
    bench.send(SetKnob("beta", 2.0))
    assert experiment.knobs.beta == 2.0
    bench.send(Pause())
    assert bench.state == "paused"
    assert 0 < experiment.taken < 100


def test_a_run_finishes_only_between_steps():
    bench = Bench()
    experiment = sliced(bench, slices=50)
    experiment.progress = lambda elapsed: elapsed / 0.5
    bench.send(Run())
    bench.turns(0.6)
    assert (experiment.step, bench.state) == (0, "running")
    bench.send(Pause())
    bench.send(Run())
    assert bench.ask().failure is None
    bench.turns(1.0)
    assert (experiment.step, bench.state, experiment.calls.count("finish")) == (1, "finished", 1)
    bench.send(Run())
    assert "reached its length" in bench.ask().failure.what


def test_a_step_that_was_made_another_way_is_not_taken_for_the_rest_of_a_begun_one():
    bench = Bench()
    experiment = sliced(bench)
    bench.send(SetSpeed(0.5))
    bench.send(Step())
    bench.turns(0.03)
    bench.send(Pause())
    experiment.step, experiment.taken = experiment.step + 1, 0
    bench.send(Step(2))
    bench.turns(0.5)
    assert experiment.step == 2
    assert bench.state == "running"


def test_a_first_slice_that_fails_begins_no_step():
    bench = Bench()
    experiment = sliced(bench)
    experiment.raise_in["advance"] = RunFailed("no episode ends", "a shorter horizon")
    bench.send(SetSpeed(0.5))
    bench.send(Run())
    del experiment.raise_in["advance"]
    bench.send(Run())
    assert bench.state == "running"
    bench.turns(0.2)
    assert experiment.step == 1


def test_every_step_that_is_to_be_shown_is_in_a_frame_of_its_own():
    bench = Bench()
    experiment = bench.experiment()
    seen = watched(bench, paint=0.15)
    bench.send(SetSpeed(20.0, shown=True))
    bench.send(Run())
    bench.turns(3.0)
    steps = [step for _, step in seen]
    assert sorted(set(steps)) == list(range(experiment.step + 1)) or sorted(set(steps)) == list(range(experiment.step))
    assert experiment.step == pytest.approx(3.0 / 0.154, abs=2)


def test_steps_go_at_their_speed_where_they_are_shown_in_time():
    bench = Bench()
    experiment = bench.experiment()
    seen = watched(bench)
    bench.send(SetSpeed(5.0, shown=True))
    bench.send(Run())
    bench.turns(10.0)
    assert experiment.step == pytest.approx(50, abs=2)
    first = {}
    for at, step in seen:
        first.setdefault(step, at)
    gaps = [first[step + 1] - first[step] for step in range(2, experiment.step - 1)]
    assert gaps == pytest.approx([0.2] * len(gaps), abs=0.02)


def test_the_frame_that_a_step_waits_for_is_not_held_back_and_is_fresh():
    bench = Bench()
    experiment = bench.experiment()
    experiment.part_seconds = 0.05
    bench.send(SetSpeed(5.0, shown=True))
    bench.send(Run())
    old = Wanted("picture", 4, 3, max_age=10.0)
    counts = []
    bench.publish = lambda report: (
        counts.append((report.frame.step, report.frame.parts["picture"].count)),
        bench.mailbox.ask(Request((old,), 0.05)),
    )
    bench.mailbox.ask(Request((old,), 0.05))
    bench.turns(4.0)
    assert experiment.step == pytest.approx(20, abs=2)
    assert {step for step, _ in counts} >= set(range(1, experiment.step))
    assert all(step == count for step, count in counts if step)


def test_a_screen_that_asks_for_nothing_holds_a_step_up_for_a_second_at_most():
    bench = Bench()
    experiment = bench.experiment()
    bench.send(SetSpeed(5.0, shown=True))
    wait = bench.send(Run())
    assert (experiment.step, wait) == (1, pytest.approx(1.0, abs=0.01))
    bench.turns(9.9)
    assert experiment.step == 10


def test_a_screen_that_takes_no_reports_holds_a_step_up_for_a_second_at_most():
    bench = Bench()
    experiment = bench.experiment()

    def gone(report):
        bench.mailbox.ask(Request((PICTURE,)))
        raise RuntimeError("the screen is gone")

    bench.publish = gone
    bench.mailbox.ask(Request((PICTURE,)))
    bench.send(SetSpeed(5.0, shown=True))
    bench.send(Run())
    bench.turns(4.9)
    assert experiment.step == 5


def test_a_step_that_waits_to_be_shown_is_due_as_soon_as_it_was():
    bench = Bench()
    experiment = bench.experiment()
    bench.send(SetSpeed(5.0, shown=True))
    bench.send(Run())
    bench.turns(0.5)
    assert experiment.step == 1
    assert bench.ask(PICTURE).frame.step == 1
    bench.driver.turn()
    assert experiment.step == 2


def test_waiting_to_be_shown_ends_with_the_wish():
    bench = Bench()
    experiment = bench.experiment()
    bench.send(SetSpeed(5.0, shown=True))
    bench.send(Run())
    bench.turns(0.3)
    assert experiment.step == 1
    bench.send(SetSpeed(None))
    bench.turns(0.5)
    assert experiment.step > 50


def test_another_run_does_not_count_what_the_last_one_showed():
    bench = Bench()
    bench.experiment(step=1)
    assert bench.ask(PICTURE).frame.step == 1
    experiment = bench.experiment()
    bench.send(SetSpeed(100.0, shown=True))
    bench.send(Run())
    bench.turns(0.5)
    assert experiment.step == 1
