"""The thread itself: it starts, sleeps, is woken, stops, and lives through what others raise."""

import gc
import threading
import time
from contextlib import closing

import pytest
from worker_fakes import FOLDER, FakeExperiment, FakeKeeper

from lec10_tui.vocabulary.commands import Open, Pause, Run, SetKnob, SetSpeed, Step
from lec10_tui.vocabulary.experiments import Opened
from lec10_tui.vocabulary.frames import Request, Wanted
from lec10_tui.vocabulary.reports import Report, RunFailed
from lec10_tui.worker.drive import drive
from lec10_tui.worker.thread import Worker

WANTED = Request((Wanted("picture", 2, 2),))
LONG = 5.0


class Inbox:
    """Collects reports and waits for the one that is meant."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self._condition = threading.Condition()

    def __call__(self, report: Report) -> None:
        with self._condition:
            self.reports.append(report)
            self._condition.notify_all()

    def wait(self, meant) -> Report:
        def found():
            return next((report for report in reversed(self.reports) if meant(report)), None)

        with self._condition:
            assert self._condition.wait_for(lambda: found() is not None, LONG)
            return found()


@pytest.fixture
def make():
    workers = []

    def build(experiment, publish, first=None, keeper=None, **more):
        opener = experiment if callable(experiment) else lambda command: Opened(experiment, FOLDER, "new")
        worker = Worker(opener, publish, keeper or FakeKeeper(), first or Open(), prepare=lambda: None, **more)
        workers.append(worker)
        return worker

    yield build
    for worker in workers:
        assert worker.stop(LONG)


def asking(inbox, worker):
    """A screen that asks again after each report."""

    def publish(report):
        inbox(report)
        worker[0].ask(WANTED)

    return publish


def test_it_opens_runs_reports_and_stops(make):
    experiment, inbox, box = FakeExperiment(), Inbox(), []
    keeper = FakeKeeper()
    worker = make(experiment, asking(inbox, box), keeper=keeper)
    box.append(worker)
    worker.start()
    inbox.wait(lambda report: report.status.state == "paused")
    worker.send(Step(3))
    inbox.wait(lambda report: report.frame and report.frame.step == 3)
    worker.send(SetKnob("beta", 2.5))
    inbox.wait(lambda report: report.frame and report.frame.knobs["beta"] == 2.5)
    assert worker.stop(LONG)
    assert not worker.alive
    assert keeper.saved[-1][0].step == 3
    assert worker.stop()


def test_it_is_a_daemon_that_costs_no_cpu_while_nothing_happens(make):
    inbox, box = Inbox(), []
    worker = make(FakeExperiment(), asking(inbox, box))
    box.append(worker)
    worker.start()
    inbox.wait(lambda report: report.status.state == "paused")
    assert worker._thread.daemon
    turns = []
    original = worker._driver.turn
    worker._driver.turn = lambda: (turns.append(1), original())[1]
    time.sleep(0.05)
    assert len(turns) <= 1


def test_a_command_wakes_slow_motion(make):
    experiment, inbox, box = FakeExperiment(), Inbox(), []
    worker = make(experiment, asking(inbox, box))
    box.append(worker)
    worker.start()
    worker.send(SetSpeed(0.01))
    worker.send(Run())
    inbox.wait(lambda report: report.frame and report.frame.step == 1)
    worker.send(Pause())
    inbox.wait(lambda report: report.status.state == "paused" and report.frame.step == 1)
    assert worker.stop(LONG)


def test_it_stops_between_two_long_steps_of_a_run_that_never_ends(make):
    experiment, keeper = FakeExperiment(), FakeKeeper()
    begun = threading.Event()
    experiment.sleep = lambda: (begun.set(), time.sleep(0.05))
    worker = make(experiment, Inbox(), Open(running=True), keeper=keeper)
    worker.start()
    assert begun.wait(LONG)
    steps = experiment.step
    assert worker.stop(LONG)
    assert experiment.step <= steps + 2
    assert keeper.saved[-1][0].step == experiment.step


def test_stop_does_not_wait_for_a_publish_that_blocks(make):
    release, blocked = threading.Event(), threading.Event()

    def publish(report):
        blocked.set()
        release.wait(LONG)

    worker = make(FakeExperiment(), publish)
    worker.start()
    assert blocked.wait(LONG)
    assert not worker.stop(0.01)
    release.set()
    assert worker.stop(LONG)


def test_a_publish_that_raises_does_not_end_the_thread(make):
    inbox, first = Inbox(), []

    def publish(report):
        if not first:
            first.append(report)
            raise RuntimeError("not mounted yet")
        inbox(report)

    worker = make(FakeExperiment(), publish)
    worker.ask(WANTED)
    worker.start()
    inbox.wait(lambda report: report.status.state == "paused")
    assert worker.publish_failure.what == "RuntimeError: not mounted yet"


def test_publish_may_stop_the_worker_itself(make):
    box, answers = [], []
    worker = make(FakeExperiment(), lambda report: answers.append(box[0].stop()))
    box.append(worker)
    worker.start()
    assert worker.stop(LONG)
    assert answers[0] is False


def test_it_may_be_stopped_before_it_starts(make):
    assert make(FakeExperiment(), Inbox()).stop()


def test_it_lives_through_what_nobody_thought_of(make):
    experiment, inbox, box = FakeExperiment(), Inbox(), []
    worker = make(experiment, asking(inbox, box))
    box.append(worker)
    worker.start()
    inbox.wait(lambda report: report.status.state == "paused")
    original = worker._driver.turn
    thrown = []

    def turn():
        if not thrown:
            thrown.append(1)
            raise AssertionError("a bug")
        return original()

    worker._driver.turn = turn
    worker.send(Pause())
    failed = inbox.wait(lambda report: report.status.state == "failed")
    assert failed.failure.what == "AssertionError: a bug"
    worker.send(Open())
    inbox.wait(lambda report: report.status.state == "paused" and report.failure is None and report is not failed)


def test_settling_is_the_default_preparation():
    frozen = gc.get_freeze_count()
    inbox = Inbox()
    worker = Worker(lambda command: Opened(FakeExperiment(), None, "new"), inbox, None, Open())
    worker.ask(WANTED)
    worker.start()
    inbox.wait(lambda report: report.status.state == "paused")
    assert worker.stop(LONG)
    assert gc.get_freeze_count() > frozen
    gc.unfreeze()


def test_driving_gives_reports_until_the_run_is_finished():
    experiment, keeper = FakeExperiment(length=60), FakeKeeper()
    experiment.sleep = lambda: time.sleep(0.001)
    reports = list(drive(lambda command: Opened(experiment, FOLDER, "new"), keeper, Open(), every=0.02))
    states = [report.status.state for report in reports]
    assert states[:2] == ["loading", "paused"] and reports[1].readings["step"] == 0
    assert set(states[2:-1]) == {"running"}
    assert states[-1] == "finished"
    assert reports[-1].readings["step"] == 60
    assert keeper.saved[-1][0].step == 60


def test_driving_ends_with_the_failure():
    experiment = FakeExperiment()
    experiment.raise_in["advance"] = RunFailed("the loss is NaN", "lower the rate")
    last = list(drive(lambda command: Opened(experiment, FOLDER, "new"), FakeKeeper(), Open()))[-1]
    assert (last.status.state, last.failure.what) == ("failed", "the loss is NaN")


def test_driving_ends_when_there_is_nothing_to_run():
    experiment = FakeExperiment(length=5, step=5)
    for origin in ("saved", "shipped"):
        reports = list(drive(lambda command, o=origin: Opened(experiment, None, o), None, Open()))
        assert "longer length" in reports[-1].failure.what


def test_leaving_the_drive_saves_the_run():
    experiment, keeper = FakeExperiment(), FakeKeeper()
    experiment.sleep = lambda: time.sleep(0.001)
    with closing(drive(lambda command: Opened(experiment, FOLDER, "new"), keeper, Open(), every=0.01)) as reports:
        for report in reports:
            if report.frame and report.frame.step:
                break
    assert keeper.saved[-1][0].step == experiment.step > 0
    assert not [thread for thread in threading.enumerate() if thread.name == "lec10 worker"]
