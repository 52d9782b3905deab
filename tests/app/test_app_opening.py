"""What is opened, and where it is kept: new runs, saved ones, models and whole runs that ship."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from app_fakes import TOY

from lec10_tui.opening import opener
from lec10_tui.runs import snapshots
from lec10_tui.runs.errors import RunError
from lec10_tui.vocabulary.commands import Open
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.reports import Snapshot

WEIGHTS = {"policy/weight": np.ones(2)}
WHOLE = {**WEIGHTS, "optimizer/step": np.ones(1)}


@dataclass
class Told:
    """What the lesson was told to open."""

    what: tuple[Any, ...]


@pytest.fixture(autouse=True)
def lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson whose experiment only takes notes."""
    module = ModuleType("experiment")
    vars(module).update(open_experiment=lambda *what: Told(what), resume_experiment=lambda *what: Told(what))
    monkeypatch.setitem(sys.modules, TOY.experiment_module, module)


def keep(folder: Path, arrays: dict[str, np.ndarray], lesson: str = "toy") -> Path:
    snapshots.write(Snapshot(lesson, 5, {"knobs": {}, "elapsed": 2.5}, arrays), folder)
    return folder


def test_a_new_run_has_a_folder_of_its_own(places: Places, tmp_path: Path) -> None:
    opened = opener(TOY, places)(Open({"rate": 1.0}, turns=((3, "rate", 0.5),)))
    assert opened.origin == "new" and opened.folder is not None and opened.folder.parent == places.home / "runs"
    given, here, turns = opened.experiment.what
    assert (given, turns) == ({"rate": 1.0}, ((3, "rate", 0.5),))
    assert (here.assets, here.checkpoints, here.home) == (places.assets, places.checkpoints, places.home)
    assert opener(TOY, places, tmp_path / "here")(Open()).folder == tmp_path / "here"


def test_an_experiment_can_open_a_model_that_ships_and_a_run_of_a_person_s_own(places: Places) -> None:
    keep(places.checkpoints / "model", WEIGHTS)
    keep(places.home / "runs" / "walk", WEIGHTS)
    _, here, _ = opener(TOY, places)(Open()).experiment.what
    assert [here.open_model(name).step for name in ("model", "walk")] == [5, 5]
    with pytest.raises(RunError, match="nothing"):
        here.open_model("nothing")


def test_a_saved_run_goes_on_where_it_lies(places: Places) -> None:
    folder = keep(places.home / "runs" / "walk", WEIGHTS)
    opened = opener(TOY, places)(Open(run="walk"))
    assert (opened.origin, opened.folder, opened.elapsed, opened.note) == ("saved", folder, 2.5, "")


def test_a_model_that_ships_is_only_looked_at(places: Places) -> None:
    keep(places.checkpoints / "model", WEIGHTS)
    opened = opener(TOY, places)(Open(run="model"))
    assert (opened.origin, opened.folder) == ("shipped", None)


def test_a_whole_run_that_ships_goes_on_in_a_folder_of_its_own(places: Places) -> None:
    shipped = keep(places.checkpoints / "model", WHOLE)
    opened = opener(TOY, places)(Open(run="model"))
    assert opened.origin == "shipped" and opened.elapsed == 2.5
    assert opened.folder is not None and opened.folder.parent == places.home / "runs"
    assert not opened.folder.exists() and opened.folder.name.startswith("toy-")
    assert opened.experiment.what[0].step == 5
    assert snapshots.read(shipped).step == 5


def test_a_run_of_another_lesson_is_refused(places: Places) -> None:
    keep(places.home / "runs" / "other", WEIGHTS, lesson="vae")
    with pytest.raises(RunError, match="a run of vae, not of toy: lec10 open other opens it"):
        opener(TOY, places)(Open(run="other"))
