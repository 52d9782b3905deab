"""When reports come, and what is shared in them."""

from itertools import pairwise
from pathlib import Path

import pytest
from worker_fakes import Bench, FakeKeeper

from lec10_tui.vocabulary.commands import Pause, Run, SetKnob, SetSpeed, Step
from lec10_tui.vocabulary.frames import Request, Wanted

PICTURE = Wanted("picture", 4, 3, max_age=0.6)
PLOT = Wanted("plot", 40, 10, max_age=0.0)
STILL = Wanted("still")


def test_nothing_is_published_or_built_when_nobody_asks():
    bench = Bench()
    experiment = bench.experiment(running=True)
    bench.turns(5.0)
    assert bench.reports == []
    assert not [call for call in experiment.calls if call.startswith("part")]


def test_an_idle_screen_costs_nothing():
    bench = Bench()
    experiment = bench.experiment()
    assert bench.ask(PICTURE) is not None
    calls = list(experiment.calls)
    for _ in range(5):
        assert bench.ask(PICTURE) is None
        bench.clock.pass_(60)
    assert experiment.calls == calls
    assert bench.driver.turn() is None


def test_a_request_that_is_held_is_answered_once_something_changes():
    bench = Bench()
    bench.experiment()
    bench.ask(PICTURE)
    assert bench.ask(PICTURE) is None
    bench.send(Step())
    assert [r.frame.step for r in bench.reports[1:]] == [1]
    assert bench.mailbox.request is None


@pytest.mark.parametrize("other", [Wanted("plot"), Wanted("picture", 5, 3), Wanted("picture", 4, 4)])
def test_other_parts_or_sizes_are_a_change(other):
    bench = Bench()
    bench.experiment()
    bench.ask(PICTURE)
    assert bench.ask(other) is not None


def test_another_age_is_no_change():
    bench = Bench()
    bench.experiment()
    bench.ask(PICTURE)
    assert bench.ask(Wanted("picture", 4, 3, max_age=5.0)) is None


def test_a_view_knob_changes_what_is_shown():
    bench = Bench()
    bench.experiment()
    bench.ask(STILL)
    bench.send(SetKnob("image", 4))
    assert bench.ask(STILL).frame.knobs["image"] == 4


def test_a_report_answers_one_request_and_the_latest_wins():
    bench = Bench()
    bench.experiment()
    bench.mailbox.ask(Request((PICTURE,)))
    bench.mailbox.ask(Request((PLOT,)))
    bench.driver.turn()
    assert [list(r.frame.parts) for r in bench.reports] == [["plot"]]


def test_a_request_that_comes_while_a_frame_is_built_is_another_one():
    bench = Bench()
    experiment = bench.experiment()
    again = Request((PLOT,))
    experiment.raise_in = {}
    original = experiment.part
    experiment.part = lambda wanted: (bench.mailbox.ask(again), original(wanted))[1]
    bench.ask(PICTURE)
    assert bench.mailbox.request is again


def test_frames_are_paced_by_what_they_cost():
    bench = Bench()
    experiment = bench.experiment(running=True)
    experiment.part_seconds = 0.01
    bench.turns(0.1)
    published = []
    bench.publish = lambda report: (published.append(bench.clock.now), bench.mailbox.ask(Request((PLOT,), 0.02)))
    bench.mailbox.ask(Request((PLOT,), 0.02))
    bench.turns(5.0)
    apart = [after - before for before, after in pairwise(published)]
    assert all(0.5 <= gap <= 0.54 for gap in apart[1:]), apart


def test_a_command_makes_the_next_frame_urgent():
    bench = Bench()
    experiment = bench.experiment(running=True)
    experiment.part_seconds = 0.1
    bench.turns(0.1)
    assert bench.ask(PICTURE) is not None
    assert bench.ask(PICTURE) is None
    bench.send(SetKnob("beta", 2.0))
    assert bench.reports[-1].frame.knobs["beta"] == 2.0
    assert bench.reports[-1].frame.parts["picture"].count == experiment.step
    assert bench.ask(PICTURE) is None


def test_unchanged_parts_are_shared_by_reference():
    bench = Bench()
    bench.experiment(running=True)
    first = bench.ask(STILL, PLOT).frame
    bench.turns(1.0)
    second = bench.ask(STILL, PLOT).frame
    assert second.parts["still"] is first.parts["still"]
    assert second.stamps["still"] == first.stamps["still"]
    assert second.parts["plot"] is not first.parts["plot"]


def test_a_young_part_may_be_old_while_running_and_is_fresh_when_held():
    bench = Bench()
    experiment = bench.experiment(running=True)
    first = bench.ask(PICTURE).frame
    bench.turns(0.2)
    second = bench.ask(PICTURE).frame
    assert second.step > first.step
    assert second.parts["picture"] is first.parts["picture"]
    assert second.stamps["picture"] == first.stamps["picture"]
    bench.turns(0.5)
    third = bench.ask(PICTURE).frame
    assert third.parts["picture"].count == third.step
    bench.turns(0.2)
    bench.ask(PICTURE)
    bench.send(Pause())
    assert bench.ask(PICTURE).frame.parts["picture"].count == experiment.step


def test_a_part_that_was_left_old_is_made_fresh_when_the_work_ends():
    bench = Bench()
    experiment = bench.experiment()
    slow = Wanted("picture", max_age=100.0)
    bench.ask(slow, paint=0.0084)
    bench.publish = lambda report: (bench.reports.append(report), bench.mailbox.ask(Request((slow,), 0.0084)))
    experiment.slices = 3
    bench.mailbox.ask(Request((slow,), 0.0084))
    bench.turns(3.0)
    # the frame after the third and last slice was due while the work still went on
    assert [report.frame.stamps["picture"] for report in bench.reports[1:]] == [(0, 0), (0, 3)]
    assert bench.mailbox.request is not None


def test_the_report_goes_on_while_only_the_clock_moves_but_seldom():
    bench = Bench()
    bench.experiment()
    bench.send(SetSpeed(0.05))
    bench.send(Run())
    bench.publish = lambda report: (bench.reports.append(report), bench.mailbox.ask(Request((PICTURE,))))
    bench.mailbox.ask(Request((PICTURE,)))
    bench.turns(10.0)
    assert 9 <= len(bench.reports) <= 12
    assert bench.reports[-1].frame.parts["picture"] is bench.reports[-2].frame.parts["picture"]


def test_a_part_that_raises_is_a_failure_and_the_others_are_shown():
    bench = Bench()
    experiment = bench.experiment(running=True)
    experiment.raise_in["part picture"] = IndexError("too small")
    report = bench.ask(PICTURE, STILL)
    assert report.status.state == "running"
    assert report.failure.what == "IndexError: too small"
    assert "picture" in report.failure.advice
    assert list(report.frame.parts) == ["still"]
    del experiment.raise_in["part picture"]
    bench.turns(0.2)
    report = bench.ask(PICTURE, STILL)
    assert report.failure is None
    assert list(report.frame.parts) == ["picture", "still"]


def test_a_part_that_raises_is_not_tried_again_while_nothing_changes():
    bench = Bench()
    experiment = bench.experiment()
    experiment.raise_in["part picture"] = IndexError("too small")
    bench.ask(PICTURE)
    bench.ask(PICTURE)
    assert experiment.calls.count("part picture") == 1


def test_stamps_and_readings_that_raise_do_no_harm():
    bench = Bench()
    experiment = bench.experiment()
    good = bench.ask(STILL).frame
    experiment.stamp = lambda wanted: 1 / 0
    report = bench.ask(PICTURE)
    assert list(report.frame.parts) == ["picture"]
    assert bench.ask(PICTURE) is None
    experiment.readings = lambda: 1 / 0
    report = bench.ask(STILL)
    assert "ZeroDivisionError" in report.failure.what
    assert report.frame.readings == good.readings


def test_a_publish_that_raises_is_remembered_and_the_report_is_not_taken_for_shown():
    bench = Bench()
    bench.experiment()

    def closed(report):
        raise RuntimeError("the screen is gone")

    bench.publish = closed
    bench.ask(PICTURE)
    assert bench.reporter.publish_failure.what == "RuntimeError: the screen is gone"
    bench.publish = bench.reports.append
    assert bench.ask(PICTURE) is not None


def test_what_the_keeper_did_is_news():
    bench = Bench(keeper=FakeKeeper(at_once=False))
    bench.experiment()
    bench.ask(PICTURE)
    bench.send(Step())
    bench.send(Pause())
    assert bench.ask(PICTURE).status.kept is None
    assert bench.ask(PICTURE) is None
    assert bench.driver.turn() == pytest.approx(0.1)
    bench.keeper.answer()
    bench.driver.turn()
    assert bench.reports[-1].status.kept.step == 1
    assert bench.driver.turn() is None


def test_what_the_keeper_did_with_another_run_is_not_this_ones():
    bench = Bench()
    bench.experiment()
    bench.send(Step())
    bench.send(Pause())
    bench.experiment(folder=Path("/nowhere/runs/fake-2"))
    assert bench.ask(PICTURE).status.kept is None


def test_the_readings_of_a_report_carry_the_rate():
    bench = Bench()
    bench.experiment(running=True)
    bench.turns(2.0)
    readings = bench.ask().readings
    assert list(readings) == ["step", "elbo", "units_per_second"]
    assert readings["units_per_second"] > 0


def test_remembered_parts_are_bounded():
    bench = Bench()
    bench.experiment()
    for columns in range(200):
        bench.ask(Wanted("picture", columns))
    assert len(bench.reporter._builder._built) <= 65
