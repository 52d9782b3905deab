"""How what a person names becomes an experiment: a new run, a saved run, or a model that ships.

What ships is never written to: a whole run that ships goes on in a folder of its own.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

from lec10_tui.lessons import Lesson
from lec10_tui.runs.errors import RunError
from lec10_tui.runs.folders import find, new_folder
from lec10_tui.runs.snapshots import restore
from lec10_tui.vocabulary.commands import Open
from lec10_tui.vocabulary.experiments import Opened, Opener, Places
from lec10_tui.vocabulary.reports import Snapshot


def opener(lesson: Lesson, places: Places, folder: Path | None = None) -> Opener:
    """What the worker calls to open an experiment of `lesson`; a new run is kept in `folder`, or in one of its own.

    The experiment's module, and torch with it, is imported at the first call, on the caller's thread.
    """

    here = replace(places, open_model=lambda name: restore(find(name, places)).snapshot)

    def open_experiment(command: Open) -> Opened:
        module = import_module(lesson.experiment_module)
        if command.run is None:
            experiment = module.open_experiment(command.given, here, command.turns)
            return Opened(experiment, folder or new_folder(places.home, lesson.name), "new")
        where = find(command.run, places)
        restored = restore(where)
        snapshot = restored.snapshot
        if snapshot.lesson != lesson.name:
            raise RunError(
                f"{where}: a run of {snapshot.lesson}, not of {lesson.name}: lec10 open {command.run} opens it"
            )
        experiment = module.resume_experiment(snapshot, command.given, here)
        elapsed = float(snapshot.header.get("elapsed", 0.0))
        if places.checkpoints in where.parents:
            if not _whole(snapshot):
                return Opened(experiment, None, "shipped")
            return Opened(experiment, folder or new_folder(places.home, lesson.name), "shipped", elapsed)
        return Opened(experiment, where, "saved", elapsed, "; ".join(restored.notes))

    return open_experiment


def _whole(snapshot: Snapshot) -> bool:
    """Whether a run can go on from what was kept of it: the weights alone are there to be looked at."""
    return any(name.startswith("optimizer/") for name in snapshot.arrays)
