"""A write that is cut off anywhere leaves a folder that opens at its newest complete checkpoint."""

from __future__ import annotations

import errno
import shutil

import numpy as np
import pytest

from lec10_tui.runs.errors import RunError
from lec10_tui.runs.files import Disk
from lec10_tui.runs.folders import info, is_run
from lec10_tui.runs.snapshots import read, write
from lec10_tui.vocabulary.reports import Snapshot


class Killed(BaseException):
    """The process is gone: no clean-up of any kind runs."""


class MortalDisk(Disk):
    """Dies at its `last` operation; a file that is being written then is left with `share` of its bytes."""

    def __init__(self, last: int, share: float = 0.5) -> None:
        self.left = last
        self.share = share

    def _live(self) -> bool:
        self.left -= 1
        return self.left > 0

    def make_folder(self, path):
        if not self._live():
            raise Killed
        super().make_folder(path)

    def create(self, path, pieces):
        if not self._live():
            data = b"".join(pieces)
            path.write_bytes(data[: int(len(data) * self.share)])
            raise Killed
        super().create(path, pieces)

    def replace(self, source, target):
        if not self._live():
            raise Killed
        super().replace(source, target)

    def remove(self, path):
        if not self._live():
            raise Killed
        super().remove(path)

    def sync_folder(self, path):
        if not self._live():
            raise Killed
        super().sync_folder(path)


def snapshot(step: int) -> Snapshot:
    rows = tuple({"step": float(at), "held_out_elbo": -200.0 + at} for at in range(0, step + 1, 10))
    return Snapshot("vae", step, {"seed": 0}, {"model/w": np.full(500, step, np.float32)}, rows)


def check_whole(folder, steps):
    back = read(folder)
    assert back.step in steps
    assert (back.arrays["model/w"] == back.step).all()
    assert back.metrics[-1]["step"] == back.step
    said = info(folder)
    assert said.step == back.step and said.readings["held_out_elbo"] == -200.0 + back.step and said.note == ""


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_killed_at_each_operation(tmp_path, share):
    """A run with two checkpoints is saved a third time and killed at every operation in turn."""
    before = tmp_path / "before"
    for step in (10, 20):
        write(snapshot(step), before)
    last, seen = 0, set()
    while True:
        last += 1
        folder = tmp_path / f"killed-{last}"
        shutil.copytree(before, folder)
        try:
            write(snapshot(30), folder, MortalDisk(last, share))
        except Killed:
            check_whole(folder, {20, 30})
            seen.add(read(folder).step)
            write(snapshot(40), folder)
            check_whole(folder, {40})
            assert not [path for path in folder.rglob("*") if path.name.endswith(".tmp")]
            continue
        break
    assert last > 9 and seen == {20, 30}
    check_whole(folder, {30})


def test_killed_in_the_first_save(tmp_path):
    """Until the first checkpoint is whole there is no run; from then on there is one, listed and opening."""
    last, opened = 0, 0
    while True:
        last += 1
        folder = tmp_path / f"killed-{last}"
        try:
            write(snapshot(10), folder, MortalDisk(last))
        except Killed:
            if is_run(folder):
                check_whole(folder, {10})
                opened += 1
            else:
                with pytest.raises(RunError, match="not a run folder"):
                    read(folder)
            continue
        break
    assert opened > 4


class FullDisk(Disk):
    """Has room for so many files more, then none."""

    def __init__(self, files: int) -> None:
        self.files = files

    def create(self, path, pieces):
        self.files -= 1
        if self.files < 0:
            path.write_bytes(b"a beginning")
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        super().create(path, pieces)


@pytest.mark.parametrize("files", [0, 1, 2])
def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path, files):
    write(snapshot(10), tmp_path)
    with pytest.raises(RunError, match="No space left on device") as caught:
        write(snapshot(20), tmp_path, FullDisk(files))
    assert str(tmp_path) in str(caught.value) and "\n" not in str(caught.value)
    check_whole(tmp_path, {10, 20})
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp")]
    write(snapshot(20), tmp_path)
    check_whole(tmp_path, {20})
