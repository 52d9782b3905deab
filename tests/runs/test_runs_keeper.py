"""The keeper never makes a caller wait, never raises, and says what became of a snapshot."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from lec10_tui.runs.errors import RunError
from lec10_tui.runs.keeper import DiskKeeper
from lec10_tui.runs.snapshots import read
from lec10_tui.vocabulary.reports import Kept, Snapshot

PATIENCE = 20.0


def snapshot(step: int) -> Snapshot:
    return Snapshot("vae", step, {}, {"model/w": np.full(3, step)})


class Disk:
    """A write that waits for `gate`, fails with `error` while there is one, and remembers what it wrote."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.busy = threading.Event()
        self.error: Exception | None = None
        self.written: list[tuple[str, int]] = []

    def __call__(self, snapshot: Snapshot, folder) -> None:
        self.busy.set()
        assert self.gate.wait(PATIENCE)
        if self.error:
            raise self.error
        self.written.append((folder.name, snapshot.step))


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def keeper(disk):
    keeper = DiskKeeper(disk, clock=lambda: 1234.5)
    yield keeper
    disk.gate.set()
    keeper.close(PATIENCE)


def test_it_writes_what_it_is_given(tmp_path):
    keeper = DiskKeeper(clock=lambda: 99.0)
    assert keeper.kept is None and keeper.flush(PATIENCE)
    keeper.save(snapshot(5), tmp_path / "run")
    assert keeper.flush(PATIENCE)
    assert read(tmp_path / "run").step == 5
    assert keeper.kept == Kept(tmp_path / "run", 5, 99.0)
    assert keeper.close(PATIENCE)


def test_a_hanging_disk_holds_up_nobody_and_the_latest_snapshot_wins(keeper, disk, tmp_path):
    disk.gate.clear()
    keeper.save(snapshot(1), tmp_path / "a")
    assert disk.busy.wait(PATIENCE)
    for step in range(2, 50):
        keeper.save(snapshot(step), tmp_path / "a")
    keeper.save(snapshot(7), tmp_path / "b")
    assert keeper.kept is None
    assert keeper.flush(0.01) is False
    disk.gate.set()
    assert keeper.flush(PATIENCE)
    assert disk.written == [("a", 1), ("a", 49), ("b", 7)]
    assert keeper.kept == Kept(tmp_path / "b", 7, 1234.5)


@pytest.mark.parametrize("error", [RunError("{}: can't be written: No space left"), ValueError("a\nb"), MemoryError()])
def test_an_error_is_one_line_and_the_next_save_tries_again(keeper, disk, tmp_path, error):
    folder = tmp_path / "run"
    disk.error = RunError(str(error).format(folder)) if isinstance(error, RunError) else error
    keeper.save(snapshot(1), folder)
    assert keeper.flush(PATIENCE) is False
    kept = keeper.kept
    assert kept is not None and kept.folder == folder and (kept.step, kept.at) == (0, 0.0)
    assert kept.error and "\n" not in kept.error and kept.error.count(str(folder)) == 1
    disk.error = None
    keeper.save(snapshot(2), folder)
    assert keeper.flush(PATIENCE)
    assert keeper.kept == Kept(folder, 2, 1234.5)
    disk.error = OSError(28, "No space left on device")
    keeper.save(snapshot(3), folder)
    assert not keeper.flush(PATIENCE)
    assert keeper.kept is not None and keeper.kept.error and (keeper.kept.step, keeper.kept.at) == (2, 1234.5)


def test_an_earlier_success_does_not_hide_that_the_latest_failed(tmp_path):
    writing, go_on = threading.Event(), threading.Event()

    def write(snapshot, folder):
        writing.set()
        assert go_on.wait(PATIENCE)
        if snapshot.step == 2:
            raise OSError(28, "No space left on device")

    keeper = DiskKeeper(write)
    keeper.save(snapshot(1), tmp_path)
    assert writing.wait(PATIENCE)
    keeper.save(snapshot(2), tmp_path)
    go_on.set()
    assert not keeper.flush(PATIENCE)
    assert keeper.kept is not None and keeper.kept.step == 1 and keeper.kept.error
    keeper.close(PATIENCE)


def test_each_error_is_news(keeper, disk, tmp_path):
    disk.error = OSError(28, "No space left on device")
    seen = []
    for _ in range(2):
        keeper.save(snapshot(1), tmp_path)
        keeper.flush(PATIENCE)
        seen.append(keeper.kept)
    assert seen[0] == seen[1] and seen[0] is not seen[1]


def test_saving_elsewhere_works_while_one_folder_fails(disk, tmp_path):
    def write(snapshot, folder):
        if folder.name == "full":
            raise OSError(28, "No space left on device")
        disk(snapshot, folder)

    keeper = DiskKeeper(write)
    keeper.save(snapshot(1), tmp_path / "full")
    keeper.save(snapshot(1), tmp_path / "other")
    assert not keeper.flush(PATIENCE), "one of the two is not on the disk"
    assert disk.written == [("other", 1)] and keeper.kept is not None and keeper.kept.error is None
    keeper.close(PATIENCE)


def test_closing_writes_what_waits_and_then_takes_nothing_more(keeper, disk, tmp_path):
    disk.gate.clear()
    keeper.save(snapshot(1), tmp_path / "a")
    keeper.save(snapshot(2), tmp_path / "b")
    assert keeper.close(0.01) is False
    disk.gate.set()
    assert keeper.close(PATIENCE)
    assert disk.written == [("a", 1), ("b", 2)]
    keeper.save(snapshot(3), tmp_path / "a")
    assert keeper.kept is not None and "closed" in (keeper.kept.error or "")
    assert disk.written == [("a", 1), ("b", 2)]


def test_its_thread_ends_when_closed_and_never_keeps_a_process_alive(tmp_path):
    before = set(threading.enumerate())
    keeper = DiskKeeper(lambda snapshot, folder: None)
    (thread,) = set(threading.enumerate()) - before
    assert thread.daemon
    keeper.close(PATIENCE)
    thread.join(PATIENCE)
    assert not thread.is_alive()
