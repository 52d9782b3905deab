"""What runs on the worker: opens a bound experiment, new or saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lec10_tui.lessons.bound.experiment.studying import BoundExperiment
from lec10_tui.lessons.bound.frame import BoundKnobs
from lec10_tui.models.trained import open_trained, trained
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import check, check_saved
from lec10_tui.vocabulary.reports import Snapshot
from lec10_tui.vocabulary.study import in_force
from lec10_tui.vocabulary.turns import Turn

__all__ = ["BoundExperiment", "open_experiment", "resume_experiment"]


def open_experiment(given: Mapping[str, Any], places: Places, turns: tuple[Turn, ...] = ()) -> BoundExperiment:
    """A new run with the knobs `given`; raises BadValue, RunError or DataError with one line."""
    chosen = check(BoundKnobs, given)
    knobs = BoundKnobs(**chosen)
    return BoundExperiment(knobs, open_trained(knobs.model, places), given=chosen, planned=turns)


def resume_experiment(snapshot: Snapshot, given: Mapping[str, Any], places: Places) -> BoundExperiment:
    """The run of `snapshot`, exactly where it stopped; `given` may turn its live knobs.

    The model comes with the snapshot. Raises BadValue when a knob needs a new run, or when its data set has changed.
    """
    chosen = check_saved(BoundKnobs, given)
    model = trained(snapshot.header["model"], snapshot.arrays, places)
    run = BoundExperiment(in_force(BoundKnobs, snapshot), model, snapshot=snapshot)
    run.turn(chosen)
    return run
