"""When runs are saved, and where."""

from worker_fakes import FOLDER, Bench, FakeExperiment, FakeKeeper

from lec10_tui.vocabulary.commands import Open, Pause, Run, Save, SetKnob, Step
from lec10_tui.vocabulary.experiments import Opened
from lec10_tui.vocabulary.frames import Wanted


def saved(bench):
    return [(snapshot.step, folder.name) for snapshot, folder in bench.keeper.saved]


def test_a_run_saves_itself_every_twenty_seconds_while_it_steps():
    bench = Bench()
    bench.experiment(running=True)
    bench.turns(19.9)
    assert saved(bench) == []
    bench.turns(0.2)
    assert len(saved(bench)) == 1
    bench.turns(60.0)
    assert 3 <= len(saved(bench)) <= 4


def test_a_held_run_saves_itself_once_and_then_sleeps():
    bench = Bench()
    bench.experiment()
    assert bench.send(Step()) == 20.0
    bench.turns(25.0)
    assert saved(bench) == [(1, FOLDER.name)]
    assert bench.driver.turn() is None
    bench.turns(500.0)
    assert len(saved(bench)) == 1


def test_the_header_gains_the_elapsed_seconds():
    bench = Bench()
    bench.experiment(running=True, elapsed=50.0)
    bench.turns(2.0)
    bench.send(Pause())
    header = bench.keeper.saved[-1][0].header
    assert header["step"] > 0
    assert 52.0 <= header["elapsed"] <= 52.1


def test_a_run_that_never_stepped_is_not_saved():
    bench = Bench()
    bench.experiment()
    bench.send(SetKnob("beta", 2.0))
    bench.send(Pause())
    bench.driver.close()
    assert saved(bench) == []


def test_a_turned_knob_is_worth_saving_and_a_view_is_not():
    bench = Bench()
    bench.experiment(step=5, origin="saved")
    bench.send(SetKnob("image", 3))
    bench.send(Pause())
    assert saved(bench) == []
    bench.send(SetKnob("beta", 2.0))
    bench.send(Pause())
    assert saved(bench) == [(5, FOLDER.name)]


def test_opening_and_closing_save_what_is_not_saved():
    bench = Bench()
    bench.experiment()
    bench.send(Step(2))
    other = FOLDER.parent / "fake-2"
    bench.opening.append(Opened(FakeExperiment(bench.clock), other, "new"))
    bench.send(Open())
    assert saved(bench) == [(2, FOLDER.name)]
    bench.send(Step(3))
    bench.driver.close()
    assert saved(bench) == [(2, FOLDER.name), (3, "fake-2")]


def test_saving_under_a_name_writes_beside_the_run():
    bench = Bench()
    bench.experiment()
    bench.send(Step())
    bench.send(Save("good one"))
    assert bench.keeper.saved[-1][1] == FOLDER.parent / "good one"
    bench.send(Save("good one"))
    bench.send(Save())
    assert saved(bench) == [(1, "good one"), (1, "good one"), (1, FOLDER.name)]
    assert bench.ask().status.folder == FOLDER


def test_a_name_that_is_no_folders_or_is_taken_is_refused(tmp_path):
    (tmp_path / "taken").mkdir()
    bench = Bench()
    bench.experiment(folder=tmp_path / "mine")
    for name in ("", " ", "..", "a/b", "a\\b", "taken"):
        bench.send(Save(name))
        assert bench.ask().failure.what.startswith(f"save: {name!r}")
    assert saved(bench) == []


def test_a_shipped_model_is_not_saved():
    bench = Bench()
    bench.experiment(folder=None, origin="shipped")
    bench.send(Save())
    assert "shipped" in bench.ask().failure.what
    bench.send(Run())
    bench.turns(30.0)
    bench.driver.close()
    assert saved(bench) == []


def test_a_disk_that_refuses_is_tried_again_by_and_by():
    bench = Bench(keeper=FakeKeeper(at_once=False))
    bench.experiment()
    bench.send(Step())
    bench.send(Pause())
    bench.keeper.answer(error="the disk is full")
    report = bench.ask()
    assert report.status.kept.error == "the disk is full"
    bench.turns(19.0)
    assert len(saved(bench)) == 1
    bench.turns(2.0)
    assert len(saved(bench)) == 2
    bench.keeper.answer()
    bench.turns(60.0)
    assert len(saved(bench)) == 2
    assert bench.driver.turn() is None


def test_a_snapshot_that_raises_is_said_and_the_run_goes_on():
    bench = Bench()
    experiment = bench.experiment(running=True)
    experiment.raise_in["snapshot"] = MemoryError()
    bench.turns(45.0)
    report = bench.ask()
    assert report.status.state == "running"
    assert (report.failure.what, report.failure.advice) == ("MemoryError", "the run could not be saved; it goes on")
    assert experiment.calls.count("snapshot") == 2


def test_a_shipped_run_that_can_go_on_is_a_new_one_once_it_has_moved():
    bench = Bench()
    bench.experiment(step=12, origin="shipped")
    bench.send(Save())
    report = bench.ask()
    assert report.status.origin == "shipped"
    assert report.failure.what.startswith("save: nothing of this shipped run is yours yet")
    bench.send(Save("mine"))
    assert "yours yet" in bench.ask(Wanted("picture")).failure.what
    bench.send(SetKnob("beta", 2.0))
    bench.send(Pause())
    bench.turns(60.0)
    assert saved(bench) == []
    bench.send(Step())
    report = bench.ask()
    assert (report.status.origin, report.failure) == ("new", None)
    bench.send(Pause())
    bench.send(Save("mine"))
    assert saved(bench) == [(13, FOLDER.name), (13, "mine")]
    assert bench.ask().status.kept.step == 13


def test_a_shipped_run_that_did_not_move_leaves_nothing_behind():
    bench = Bench()
    bench.experiment(step=12, origin="shipped")
    bench.turns(60.0)
    bench.driver.close()
    assert saved(bench) == []


def test_a_shipped_run_whose_step_is_not_whole_has_not_moved():
    bench = Bench()
    experiment = bench.experiment(step=12, origin="shipped")
    experiment.slices_a_step, experiment.step_seconds = 100, 0.02
    bench.send(Run())
    bench.turns(0.5)
    bench.send(Pause())
    assert experiment.taken > 10
    assert bench.ask().status.origin == "shipped"
    assert saved(bench) == []
