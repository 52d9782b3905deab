"""The driver's turns, without a thread: commands, steps, failures, speed."""

import pytest
from worker_fakes import FOLDER, Bench, FakeExperiment

from lec10_tui.vocabulary.commands import Open, Pause, Run, Save, SetKnob, SetSpeed, Step, Verify
from lec10_tui.vocabulary.experiments import Opened
from lec10_tui.vocabulary.frames import Request, Wanted
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import RunFailed
from lec10_tui.worker.driver import PAINTING_SECONDS

PICTURE = Wanted("picture", 4, 3, max_age=0.6)


def test_opening_says_loading_before_anything_slow_happens():
    bench = Bench()
    seen = []
    original = bench._open
    bench.driver._opener = lambda command: (seen.append([r.status.state for r in bench.reports]), original(command))[1]
    bench.opening.append(Opened(FakeExperiment(bench.clock), FOLDER, "new"))
    bench.send(Open({"beta": 2.0}))
    assert seen == [["loading"]]
    assert bench.reports[0].frame is None
    report = bench.ask(PICTURE)
    assert (report.status.state, report.status.origin, report.status.folder) == ("paused", "new", FOLDER)
    assert report.frame.parts["picture"].count == 0
    assert bench.preparations == 1


def test_a_second_opening_shows_the_last_frame_while_it_loads_and_prepares_no_more():
    bench = Bench()
    bench.experiment()
    before = bench.ask(PICTURE)
    bench.opening.append(Opened(FakeExperiment(bench.clock, step=7), FOLDER, "saved"))
    bench.send(Open())
    loading = bench.reports[-1]
    assert (loading.status.state, loading.status.origin, loading.frame) == ("loading", "new", before.frame)
    assert loading.status.folder is None
    assert bench.ask(PICTURE).frame.step == 7
    assert bench.preparations == 1


def test_the_frame_of_an_experiment_that_is_gone_is_not_shown_again():
    bench = Bench()
    bench.experiment()
    assert bench.ask(PICTURE) is not None
    bench.experiment()
    bench.opening.append(Opened(FakeExperiment(bench.clock), FOLDER, "new"))
    bench.send(Open())
    assert [report.frame for report in bench.reports] == [None]


def test_preparing_happens_once_more_after_the_first_steps():
    bench = Bench()
    bench.experiment()
    bench.send(Step(9))
    assert bench.preparations == 1
    bench.send(Step(100))
    bench.turns(1.0)
    assert bench.preparations == 2


def test_commands_are_obeyed_in_order_and_the_experiments_own_reach_it():
    bench = Bench()
    experiment = bench.experiment()
    for command in (SetKnob("beta", 2.0), Step(2), Verify(), SetKnob("beta", 3.0)):
        bench.mailbox.send(command)
    bench.driver.turn()
    applied = [call for call in experiment.calls if call.startswith("apply")]
    assert applied == [f"apply {c}" for c in (SetKnob("beta", 2.0), Verify(), SetKnob("beta", 3.0))]
    assert experiment.knobs.beta == 3.0
    assert experiment.step == 2


def test_step_takes_so_many_and_holds():
    bench = Bench()
    experiment = bench.experiment()
    bench.send(Step())
    assert (experiment.step, bench.state) == (1, "paused")
    bench.send(Step(50))
    assert bench.state == "running"
    bench.turns(1.0)
    assert (experiment.step, bench.state) == (51, "paused")


def test_steps_of_a_running_run_end_in_a_pause():
    bench = Bench()
    experiment = bench.experiment(running=True)
    before = experiment.step
    bench.send(Step(5))
    bench.turns(0.5)
    assert bench.state == "paused"
    assert experiment.step == before + 5


def test_no_step_count_below_one():
    bench = Bench()
    bench.experiment()
    bench.send(Step(0))
    assert "1 or more" in bench.ask().failure.what
    assert bench.state == "paused"


def test_a_command_is_taken_at_the_next_step_boundary():
    bench = Bench()
    experiment = bench.experiment()
    experiment.sleep = lambda: bench.mailbox.send(Pause()) if experiment.step == 2 else None
    bench.clock.pass_(1)
    experiment.step_seconds = 0.0
    bench.send(Run())
    bench.driver.turn()
    assert (experiment.step, bench.state) == (3, "paused")


def test_the_run_goes_on_until_its_length_and_finishes_once():
    bench = Bench()
    experiment = bench.experiment(running=True, length=20)
    bench.turns(2.0)
    report = bench.ask(PICTURE)
    assert report.status.state == "finished"
    assert (report.status.progress, report.status.seconds_left, experiment.step) == (1.0, 0.0, 20)
    assert experiment.calls.count("finish") == 1
    assert [snapshot.step for snapshot, _ in bench.keeper.saved] == [20]

    bench.send(Run())
    bench.turns(1.0)
    report = bench.ask(PICTURE)
    assert (report.status.state, experiment.step) == ("finished", 20)
    assert "longer length" in report.failure.what
    assert experiment.calls.count("finish") == 1


class NoLength(FakeExperiment):
    """A run that is over as it begins."""

    def progress(self, elapsed: float) -> float | None:
        return 1.0


def test_a_run_of_no_length_is_finished_when_it_is_to_go_and_leaves_nothing_to_save():
    bench = Bench()
    experiment = NoLength(bench.clock)
    bench.opening.append(Opened(experiment, FOLDER, "new"))
    bench.send(Open())
    assert bench.ask(PICTURE).status.state == "paused"
    bench.send(Run())
    report = bench.ask(PICTURE)
    assert (report.status.state, report.failure, report.readings["step"]) == ("finished", None, 0)
    assert experiment.calls.count("finish") == 1 and "advance" not in experiment.calls
    assert bench.keeper.saved == []
    bench.send(Run())
    assert "longer length" in bench.ask(PICTURE).failure.what


def test_a_finished_run_goes_on_when_its_length_is_extended():
    bench = Bench()
    experiment = bench.experiment(running=True, length=5)
    bench.turns(1.0)
    bench.send(SetKnob("length", 8))
    assert bench.state == "paused"
    bench.send(Run())
    bench.turns(1.0)
    assert (experiment.step, bench.state, experiment.calls.count("finish")) == (8, "finished", 2)


def test_a_saved_run_that_was_finished_opens_finished_and_a_shipped_one_paused():
    bench = Bench()
    bench.experiment(length=5, step=5, origin="saved")
    assert bench.state == "finished"
    bench.experiment(length=5, step=5, origin="shipped", folder=None)
    assert bench.state == "paused"


def test_rate_and_time_left_count_running_time_only():
    bench = Bench()
    experiment = bench.experiment(running=True, length=10_000, elapsed=100.0)
    bench.turns(4.0)
    bench.send(Pause())
    at_pause = bench.ask().status
    assert at_pause.rate == pytest.approx(8 / 0.004, rel=0.02)
    assert at_pause.elapsed == pytest.approx(104.0, abs=0.02)
    bench.clock.pass_(500)
    bench.send(Run())
    bench.turns(2.0)
    later = bench.ask().status
    assert later.elapsed == pytest.approx(106.0, abs=0.05)
    assert later.rate == pytest.approx(8 / 0.004, rel=0.02)
    assert later.seconds_left == pytest.approx((10_000 - experiment.step) * 0.004, rel=0.1)


def test_the_time_left_follows_a_new_length_at_once():
    bench = Bench()
    experiment = bench.experiment(running=True, length=10_000)
    bench.turns(5.0)
    for length in (20_000, 5_000):
        bench.send(SetKnob("length", length))
        bench.turns(0.2)
        assert bench.ask().status.seconds_left == pytest.approx((length - experiment.step) * 0.004, rel=0.1)


def test_the_rate_of_a_few_steps_is_theirs_and_not_the_resumed_runs():
    bench = Bench()
    bench.experiment(step=100, origin="saved", elapsed=1000.0)
    bench.send(Step(2))
    assert bench.ask().status.rate == pytest.approx(8 / 0.004)


def test_slow_motion_takes_steps_at_its_speed_and_full_speed_comes_back():
    bench = Bench()
    experiment = bench.experiment()
    bench.send(SetSpeed(5.0))
    bench.send(Run())
    bench.turns(10.0)
    assert experiment.step == pytest.approx(50, abs=2)
    assert bench.ask().status.steps_per_second == 5.0
    before = experiment.step
    bench.send(SetSpeed(None))
    bench.turns(1.0)
    assert experiment.step - before > 200


def test_slow_motion_waits_for_the_next_beat_rather_than_spinning():
    bench = Bench()
    bench.experiment()
    bench.send(SetSpeed(0.5))
    wait = bench.send(Run())
    assert wait == pytest.approx(2.0, abs=0.01)


def test_a_bad_speed_is_refused_and_the_run_goes_on():
    bench = Bench()
    bench.experiment(running=True)
    bench.send(SetSpeed(-1.0))
    report = bench.ask()
    assert "positive" in report.failure.what
    assert (report.status.state, report.status.steps_per_second) == ("running", None)


def test_a_refused_knob_is_said_until_the_next_command_and_stops_nothing():
    bench = Bench()
    experiment = bench.experiment(running=True)
    bench.send(SetKnob("beta", -3.0))
    bench.turns(1.0)
    report = bench.ask()
    assert "beta" in report.failure.what
    assert report.failure.advice == ""
    assert report.status.state == "running"
    assert experiment.knobs.beta == 1.0
    bench.send(SetKnob("beta", 3.0))
    assert bench.ask().failure is None


def test_a_run_that_fails_says_so_stands_whole_is_saved_and_may_go_on():
    bench = Bench()
    experiment = bench.experiment(running=True)
    bench.turns(0.1)
    experiment.raise_in["advance"] = RunFailed("the loss is NaN", "lower the rate")
    bench.turns(0.1)
    report = bench.ask(PICTURE)
    assert report.status.state == "failed"
    assert (report.failure.what, report.failure.advice) == ("the loss is NaN", "lower the rate")
    assert report.failure.knobs["beta"] == 1.0
    assert bench.keeper.saved[-1][0].step == experiment.step
    del experiment.raise_in["advance"]
    bench.send(SetKnob("beta", 0.5))
    assert bench.ask().failure.what == "the loss is NaN"
    bench.send(Run())
    report = bench.ask()
    assert (report.status.state, report.failure) == ("running", None)


def test_any_other_exception_is_a_failure_with_its_traceback_and_is_not_saved():
    bench = Bench()
    experiment = bench.experiment(running=True)
    bench.turns(0.1)
    experiment.raise_in["advance"] = ZeroDivisionError("a\nb")
    bench.turns(0.1)
    report = bench.ask()
    assert report.status.state == "failed"
    assert report.failure.what == "ZeroDivisionError: a b"
    assert report.failure.advice
    assert "Traceback" in report.failure.detail
    del experiment.raise_in["advance"]
    bench.send(Run())
    bench.send(Save())
    assert "middle of a step" in bench.ask().failure.what
    bench.turns(30.0)
    bench.driver.close()
    assert bench.keeper.saved == []


def test_after_a_failure_another_run_opens_and_lives():
    bench = Bench()
    experiment = bench.experiment(running=True)
    experiment.raise_in["advance"] = ValueError("broken")
    bench.turns(0.1)
    other = bench.experiment(running=True)
    bench.turns(0.1)
    report = bench.ask(PICTURE)
    assert (report.status.state, report.failure) == ("running", None)
    assert report.frame.step == other.step > 0


def test_the_first_opening_that_fails_leaves_a_failure_and_the_next_opens():
    bench = Bench()
    bench.opening.append(BadValue("data: 'x' is not a data set"))
    bench.send(Open({"data": "x"}))
    report = bench.ask(PICTURE)
    assert (report.status.state, report.frame) == ("failed", None)
    assert (report.failure.what, report.failure.advice) == ("data: 'x' is not a data set", "")
    assert report.failure.knobs == {"data": "x"}
    bench.send(Run())
    assert "nothing is open" in bench.ask(PICTURE).failure.what
    bench.experiment()
    assert bench.ask(PICTURE).status.state == "paused"


def test_an_opening_that_fails_keeps_what_was_open_saved_and_held():
    bench = Bench()
    experiment = bench.experiment(running=True)
    bench.turns(0.1)
    bench.ask(PICTURE)
    for _ in range(2):
        bench.reports.clear()
        bench.opening.append(OSError("no such file"))
        bench.send(Open(run="gone"))
        report = bench.ask(PICTURE)
        said = [(r.status.state, r.status.origin) for r in bench.reports]
        assert said == [("loading", "saved"), ("paused", "new")]
        assert report.failure.what == "OSError: no such file"
        assert report.frame.step == experiment.step
    assert [snapshot.step for snapshot, _ in bench.keeper.saved] == [experiment.step]
    bench.send(Run())
    bench.turns(0.1)
    assert bench.ask(PICTURE).failure is None


def test_long_work_is_done_while_paused_and_shares_the_time_while_running():
    bench = Bench()
    experiment = bench.experiment()
    experiment.slices = 3
    assert bench.driver.turn() == 0.0
    bench.turns(0.5)
    assert experiment.slices == 0
    bench.send(Run())
    experiment.slices, before = 40, experiment.step
    bench.turns(2.0)
    assert (experiment.step - before) * experiment.step_seconds == pytest.approx(1.0, rel=0.15)


def test_what_a_command_asked_for_is_answered_before_long_work_goes_on():
    bench = Bench()
    experiment = bench.experiment()
    experiment.slices = 3
    bench.ask(PICTURE)
    bench.driver.turn()
    bench.mailbox.ask(Request((PICTURE,)))
    experiment.calls.clear()
    assert bench.send(SetKnob("beta", 2.0)) == PAINTING_SECONDS  # whoever asked paints it now, undisturbed
    assert [call.split()[0] for call in experiment.calls] == ["apply", "part"]
    bench.driver.turn()
    assert experiment.calls[2] == "work"


def test_work_that_raises_is_said_and_not_tried_again_until_a_command_reaches_the_experiment():
    bench = Bench()
    experiment = bench.experiment(running=True)
    experiment.slices = 3
    experiment.raise_in["work"] = ArithmeticError("no")
    bench.turns(0.2)
    report = bench.ask()
    assert (report.failure.what, report.status.state) == ("ArithmeticError: no", "running")
    assert experiment.calls.count("work") == 1
    del experiment.raise_in["work"]
    bench.send(Verify())
    bench.turns(0.5)
    assert experiment.slices == 0


def test_a_finish_that_raises_is_a_failure():
    bench = Bench()
    experiment = bench.experiment(running=True, length=30)
    experiment.raise_in["finish"] = RunFailed("no closing readings", "less data")
    bench.turns(0.5)
    report = bench.ask()
    assert (report.status.state, report.failure.what) == ("failed", "no closing readings")


def test_a_progress_that_raises_is_a_failure_and_not_the_end():
    bench = Bench()
    experiment = bench.experiment(running=True, length=1000)
    experiment.raise_in["progress"] = KeyError("length")
    bench.turns(0.5)
    assert bench.ask().failure.what == "KeyError: 'length'"
    bench.experiment()
    assert bench.state == "paused"


def test_closing_keeps_saves_that_wait_drops_the_rest_and_tells_who_still_asks():
    bench = Bench()
    experiment = bench.experiment()
    bench.send(Step())
    bench.mailbox.send(Save("copy"))
    bench.mailbox.send(Step(5))
    bench.mailbox.ask(Request())
    bench.driver.close()
    assert [folder.name for _, folder in bench.keeper.saved] == ["copy", FOLDER.name]
    assert experiment.step == 1
    assert bench.reports[-1].status.state == "stopped"
