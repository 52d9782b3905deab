"""Reading trusts nothing: it opens what is whole, falls back to an older checkpoint, or says one line."""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import struct

import numpy as np
import pytest
from safetensors.numpy import save, save_file

from lec10_tui.runs import checkpoints
from lec10_tui.runs.errors import RunError
from lec10_tui.runs.snapshots import read, restore, write
from lec10_tui.vocabulary.reports import Snapshot


@pytest.fixture
def folder(tmp_path):
    """A run with checkpoints at steps 10 and 20."""
    run = tmp_path / "run"
    for step in (10, 20):
        arrays = {"model/w": np.full((4, 5), step, np.float32), "optimizer/t": np.array(step)}
        write(Snapshot("vae", step, {"seed": 0}, arrays, ({"step": float(step)},)), run)
    return run


def checkpoint(folder, step):
    return folder / "checkpoints" / f"step-{step:09d}.safetensors"


def refused(folder):
    with pytest.raises(RunError) as caught:
        read(folder)
    assert "\n" not in str(caught.value) and folder.name in str(caught.value)
    return str(caught.value)


def signed(data: bytes) -> bytes:
    """A file with the checksum it should have, as a forger would make it."""
    start = data.index(rb"\"sha256\": \"") + len(rb"\"sha256\": \"")
    blank = data[:start] + b"0" * 64 + data[start + 64 :]
    return data[:start] + hashlib.sha256(blank).hexdigest().encode() + data[start + 64 :]


def test_every_single_byte_counts(folder):
    """A flip of any byte of the newest checkpoint is noticed, and the one before it opens."""
    path = checkpoint(folder, 20)
    whole = path.read_bytes()
    dice = random.Random(0)
    for index in range(len(whole)):
        path.write_bytes(whole[:index] + bytes([whole[index] ^ (1 << dice.randrange(8))]) + whole[index + 1 :])
        try:
            back = restore(folder)
        except checkpoints.NewerFormat:
            continue  # "format": 1 became a 3, 5 or 9: refused, and not fallen back from
        assert back.snapshot.step == 10 and len(back.notes) == 1
        assert path.name in back.notes[0] and "opened at step 10" in back.notes[0]


def test_a_truncated_checkpoint_falls_back(folder):
    path = checkpoint(folder, 20)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        back = restore(folder)
        assert back.snapshot.step == 10 and len(back.notes) == 1
    path.write_bytes(whole + b"\0")
    assert read(folder).step == 10


def test_a_good_folder_has_nothing_to_say(folder):
    assert restore(folder).notes == () and read(folder).step == 20


def test_going_on_from_an_older_checkpoint_leaves_the_damaged_one_behind(folder):
    checkpoint(folder, 20).write_bytes(b"damaged")
    write(Snapshot("vae", 15, {}, {}), folder)
    assert restore(folder).notes == () and read(folder).step == 15
    assert not checkpoint(folder, 20).exists() and checkpoint(folder, 10).exists()


def test_with_no_good_checkpoint_there_is_one_line(folder):
    for step in (10, 20):
        checkpoint(folder, step).write_bytes(b"")
    assert "step-000000020" in refused(folder)


def test_no_run_folder(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "not a run folder" in refused(tmp_path / "empty")
    assert "not a run folder" in refused(tmp_path / "nowhere")


class Bomb:
    """What a pickle would run if anything opened it."""

    def __reduce__(self):
        return (os._exit, (7,))


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(Bomb()),
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 200_000) + b"[" * 200_000,
        struct.pack("<Q", 4) + b"\xff\xfe\x00\x00",
        save({"model/w": np.zeros(3)}),
        save({"model/w": np.zeros(3)}, {"lec10": "NaN"}),
        save({"model/w": np.zeros(3)}, {"lec10": "[1]"}),
        save({}, {"lec10": "[" * 100_000}),
    ],
    ids=["pickle", "endless", "empty", "list", "deep", "utf-16", "foreign", "nan", "no-mapping", "deep-inside"],
)
def test_other_files_under_a_checkpoints_name(folder, data):
    checkpoint(folder, 20).write_bytes(data)
    back = restore(folder)
    assert back.snapshot.step == 10 and len(back.notes) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb"\"lesson\": \"vae\"", rb"\"lesson\": 1"),
        (rb"\"step\": 20,", rb"\"step\": -2,"),
        (rb"\"step\": 20,", rb"\"step\": 21,"),
        (rb"\"step\": 20,", rb"\"step\":true"),
        (rb"\"header\": {\"seed\": 0}", rb"\"header\": [0]"),
        (rb"[{\"step\": 20.0}]", rb"[{\"step\": null}]"),
        (rb"[{\"step\": 20.0}]", rb"[{\"step\": true}]"),
        (rb"[{\"step\": 20.0}]", rb"[[\"step\", 20.0]]"),
        (b'"F32"', b'"F64"'),
        (b'"F32"', b'"XYZ"'),
        (b"[4,5]", b"[4,6]"),
    ],
    ids=str,
)
def test_forged_checkpoints_with_a_right_checksum(folder, old, new):
    path = checkpoint(folder, 20)
    whole = path.read_bytes()
    assert old in whole and len(new) <= len(old)
    path.write_bytes(signed(whole.replace(old, new.ljust(len(old)))))
    assert restore(folder).snapshot.step == 10


def test_a_forger_who_changes_nothing_is_believed(folder):
    path = checkpoint(folder, 20)
    assert signed(path.read_bytes()) == path.read_bytes()


def test_a_later_format_is_refused_and_never_fallen_back_from(folder):
    path = checkpoint(folder, 20)
    path.write_bytes(signed(path.read_bytes().replace(rb"\"format\": 1", rb"\"format\": 2")))
    assert "format 2" in refused(folder) and "update lec10" in refused(folder)


def test_a_sparse_giant_is_refused_without_being_read(folder):
    with checkpoint(folder, 20).open("r+b") as file:
        file.truncate(checkpoints.LARGEST + 1)
    back = restore(folder)
    assert back.snapshot.step == 10 and "more than" in back.notes[0]


def test_links_out_of_the_folder_are_refused(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere.safetensors"
    checkpoint(folder, 20).rename(elsewhere)
    checkpoint(folder, 20).symlink_to(elsewhere)
    assert "link out of its folder" in restore(folder).notes[0]
    checkpoint(folder, 20).unlink()
    checkpoint(folder, 20).symlink_to(checkpoint(folder, 20))
    assert restore(folder).snapshot.step == 10
    checkpoint(folder, 20).unlink()
    (folder / "checkpoints").rename(tmp_path / "checkpoints")
    (folder / "checkpoints").symlink_to(tmp_path / "checkpoints")
    assert "link out of its folder" in refused(folder)
    with pytest.raises(RunError, match="is a link"):
        write(Snapshot("vae", 30, {}, {}), folder)
    assert not (tmp_path / "checkpoints" / "step-000000030.safetensors").exists()


def test_a_run_folder_may_itself_be_reached_by_a_link(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    assert read(tmp_path / "link").step == 20


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_under_a_checkpoints_name_does_not_hang(folder):
    checkpoint(folder, 20).unlink()
    os.mkfifo(checkpoint(folder, 20))
    assert "is not a file" in restore(folder).notes[0]


def test_a_folder_under_a_checkpoints_name(folder):
    checkpoint(folder, 20).unlink()
    checkpoint(folder, 20).mkdir()
    assert "is not a file" in restore(folder).notes[0]


def test_names_that_would_write_on_a_terminal_stay_harmless(tmp_path):
    folder = tmp_path / "run\n\x1b[2J"
    (folder / "checkpoints").mkdir(parents=True)
    save_file({"x": np.zeros(1)}, folder / "checkpoints" / "step-000000001.safetensors")
    with pytest.raises(RunError) as caught:
        read(folder)
    assert str(caught.value).isprintable()
