"""A run folder: the newest two checkpoints, and for people and other programs its header and metrics as text.

    config.json                          the header, where the run stands, its last readings   (non-finite: null)
    metrics.jsonl                        one JSON object a reading step                        (non-finite: null)
    checkpoints/step-000001234.safetensors

A checkpoint alone is the truth: it holds the exact header, metrics and arrays, and is on the disk before the two text
files are touched. Cut off anywhere, a write leaves a folder that opens at its newest complete checkpoint.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lec10_tui.runs import checkpoints, plain
from lec10_tui.runs.errors import Damaged, RunError, one_line
from lec10_tui.runs.files import Disk, put, sweep
from lec10_tui.vocabulary.frames import Readings
from lec10_tui.vocabulary.reports import Snapshot

KEPT_CHECKPOINTS = 2

_CHECKPOINT = re.compile(r"step-(\d{9,15})\.safetensors")


@dataclass(frozen=True, eq=False)
class Restored:
    """A snapshot read back, and one line for each checkpoint that was newer but damaged."""

    snapshot: Snapshot
    notes: tuple[str, ...] = ()


def write(snapshot: Snapshot, folder: Path, disk: Disk | None = None, now: datetime | None = None) -> None:
    """Write a snapshot into its run folder, which is made when it is not there; raises RunError.

    The header must be plain (text keys, finite nesting); tuples in it come back as lists. Checkpoints of later steps
    are removed: a run that went on from an older one has left them behind.
    """
    disk = disk or Disk()
    inner = folder / "checkpoints"
    target = inner / f"step-{snapshot.step:09d}.safetensors"
    try:
        pieces = checkpoints.encode(snapshot)
        metrics, config = _metrics_text(snapshot.metrics), _config_text(snapshot, now or datetime.now(UTC))
    except ValueError as error:
        raise RunError(f"{target}: can't be written: {error}") from error
    try:
        if inner.is_symlink():
            raise RunError(f"{inner}: is a link; a run folder has a folder there")
        disk.make_folder(inner)
        for place in (folder, inner):
            sweep(place, disk)
        put(target, pieces, disk)
        _retire(inner, snapshot.step, disk)
        put(folder / "metrics.jsonl", (metrics,), disk)
        put(folder / "config.json", (config,), disk)
    except OSError as error:
        raise RunError(f"{folder}: can't be written: {one_line(error)}") from error


def read(folder: Path) -> Snapshot:
    """The snapshot of the newest complete checkpoint of a run folder, exact to the bit; raises RunError."""
    return restore(folder).snapshot


def restore(folder: Path) -> Restored:
    """As `read`, with a note for each newer checkpoint that is damaged."""
    found = checkpoint_paths(folder)
    if not found:
        raise RunError(f"{folder}: is not a run folder: it has no checkpoint")
    damaged: list[Damaged] = []
    for step, path in found:
        try:
            snapshot = checkpoints.decode(path, folder)
            if snapshot.step != step:
                raise Damaged(f"{path}: is damaged: it holds step {snapshot.step}")
        except Damaged as error:
            damaged.append(error)
            continue
        return Restored(snapshot, tuple(f"{error}; opened at step {step} instead" for error in damaged))
    raise damaged[0]


def checkpoint_paths(folder: Path) -> list[tuple[int, Path]]:
    """The steps and paths of a run folder's checkpoints, newest first; raises RunError when they can't be listed."""
    inner = folder / "checkpoints"
    try:
        names = os.listdir(inner)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise RunError(f"{inner}: can't be read: {one_line(error)}") from error
    matches = ((_CHECKPOINT.fullmatch(name), name) for name in names)
    return sorted(((int(match[1]), inner / name) for match, name in matches if match), reverse=True)


def _retire(inner: Path, step: int, disk: Disk) -> None:
    """Remove the checkpoints of steps after `step`, then all but the newest two."""
    found = checkpoint_paths(inner.parent)
    past = [path for there, path in found if there <= step]
    for path in [path for there, path in found if there > step] + past[KEPT_CHECKPOINTS:]:
        disk.remove(path)


def _metrics_text(metrics: Sequence[Readings]) -> bytes:
    return "".join(plain.dumps(plain.readable(row)) + "\n" for row in metrics).encode()


def _config_text(snapshot: Snapshot, now: datetime) -> bytes:
    stands = {
        "format": checkpoints.FORMAT,
        "lesson": snapshot.lesson,
        "step": snapshot.step,
        "saved_at": now.astimezone(UTC).isoformat(timespec="milliseconds"),
        "readings": plain.readable(snapshot.metrics[-1]) if snapshot.metrics else {},
    }
    text = plain.dumps({**stands, **plain.readable(snapshot.header), **stands}, indent=2, ascii=False)
    return (text + "\n").encode("utf-8", "backslashreplace")
