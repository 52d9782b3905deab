"""The run folders under home: new ones, finding, listing, renaming, deleting and pruning them."""

from __future__ import annotations

import os
import re
import shutil
import stat
import time
from datetime import datetime
from pathlib import Path

from lec10_tui.runs.errors import RunError, one_line
from lec10_tui.runs.information import RunInfo as RunInfo
from lec10_tui.runs.information import info as info
from lec10_tui.runs.snapshots import checkpoint_paths
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.reports import Origin

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_DELETED = ".deleted-"


def runs_folder(home: Path) -> Path:
    """Where a person's runs lie."""
    return home / "runs"


def new_folder(home: Path, lesson: str, now: datetime | None = None, *, claim: bool = False) -> Path:
    """A folder for a new run that no other run has, named by lesson and local time.

    It is not made, unless `claim` asks for it: then no run that starts in the same second elsewhere gets it too.
    """
    stem = f"{lesson}-{now or datetime.now():%Y%m%d-%H%M%S}"
    number = 1
    while True:
        folder = runs_folder(home) / (stem if number == 1 else f"{stem}-{number}")
        number += 1
        if os.path.lexists(folder):
            continue
        if not claim:
            return folder
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir()
            return folder
        except FileExistsError:
            continue
        except OSError as error:
            raise RunError(f"{folder}: can't be made: {one_line(error)}") from error


def find(name_or_path: str | Path, places: Places) -> Path:
    """The folder of a run: one of a person's by name, a shipped model by name, or a path; raises RunError."""
    text = str(name_or_path)
    if _is_name(text):
        for folder in (runs_folder(places.home) / text, places.checkpoints / text):
            if is_run(folder):
                return folder
    path = Path(os.path.abspath(os.path.expanduser(text)))
    if is_run(path):
        return path
    if os.path.lexists(path):
        raise RunError(f"{path}: is not a run folder: it has no checkpoint")
    raise RunError(f"{text}: no run has this name or path (lec10 runs lists them)")


def is_run(folder: Path) -> bool:
    """Whether a folder looks like a run: a config.json or a checkpoint lies in it."""
    try:
        return (folder / "config.json").is_file() or bool(checkpoint_paths(folder))
    except (OSError, ValueError, RunError):
        return False


def listing(home: Path) -> tuple[RunInfo, ...]:
    """A person's runs, newest first; reads of each no more than its config.json."""
    return _infos(runs_folder(home), "saved")


def shipped(checkpoints_folder: Path) -> tuple[RunInfo, ...]:
    """The models that ship, in the order of their names."""
    return tuple(sorted(_infos(checkpoints_folder, "shipped"), key=lambda info: info.name))


def rename(old: str, new: str, home: Path) -> Path:
    """Give a run another name and return its new folder; raises RunError."""
    source = _own(old, home)
    if not _NAME.fullmatch(new):
        shown = new or "an empty name"
        raise RunError(f"{shown}: is no name for a run: at most 100 letters, digits and - _ . (not first)")
    target = runs_folder(home) / new
    if os.path.lexists(target):
        raise RunError(f"{target}: is there already; choose another name")
    try:
        os.rename(source, target)
    except OSError as error:
        raise RunError(f"{source}: can't be renamed: {one_line(error)}") from error
    return target


def delete(name: str, home: Path) -> None:
    """Delete a run of a person's, and nothing else; links are never followed. Raises RunError."""
    folder = _own(name, home)
    doomed = folder.with_name(f"{_DELETED}{folder.name}-{time.time_ns()}")
    try:
        os.rename(folder, doomed)
        for leftover in folder.parent.glob(f"{_DELETED}*"):
            shutil.rmtree(leftover, ignore_errors=leftover != doomed)
    except OSError as error:
        raise RunError(f"{folder}: can't be deleted: {one_line(error)}") from error


def prune(
    home: Path,
    keep: int | None = None,
    older_than_days: float | None = None,
    dry_run: bool = False,
    now: float | None = None,
) -> tuple[RunInfo, ...]:
    """Delete the runs that are not among the newest `keep` and are older than so many days; return them.

    Either limit may be None, then the other decides alone; raises RunError when both are.
    """
    if keep is None and older_than_days is None:
        raise RunError(f"{runs_folder(home)}: nothing to prune by: say how many runs to keep or how old they may be")
    before = (time.time() if now is None else now) - 86_400 * (older_than_days or 0.0)
    doomed = listing(home)[keep or 0 :]
    if older_than_days is not None:
        doomed = tuple(run for run in doomed if run.saved_at < before)
    if not dry_run:
        for run in doomed:
            delete(run.name, home)
    return doomed


def check_own(name: str, home: Path) -> None:
    """Raise RunError unless `name` is a run that may be renamed or deleted."""
    _own(name, home)


def _is_name(text: str) -> bool:
    """Whether text can be the name of a folder that is there; names that are given anew have a stricter rule."""
    return bool(text) and not text.startswith(".") and not any(sign in text for sign in "/\\\0")


def _own(name: str, home: Path) -> Path:
    if not _is_name(name):
        raise RunError(f"{name or 'an empty name'}: is not the name of a run (lec10 runs lists them)")
    folder = runs_folder(home) / name
    try:
        mode = os.lstat(folder).st_mode
        empty = stat.S_ISDIR(mode) and not os.listdir(folder)
    except OSError as error:
        raise RunError(f"{folder}: no run has this name (lec10 runs lists them)") from error
    if not stat.S_ISDIR(mode) or not (empty or is_run(folder)):
        raise RunError(f"{folder}: is not a run folder, so it is left alone")
    return folder


def _infos(parent: Path, origin: Origin) -> tuple[RunInfo, ...]:
    try:
        with os.scandir(parent) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise RunError(f"{parent}: can't be read: {one_line(error)}") from error
    folders = (parent / name for name in names if not name.startswith("."))
    found = [info(folder, origin) for folder in folders if is_run(folder)]
    return tuple(sorted(found, key=lambda run: (run.saved_at, run.name), reverse=True))
