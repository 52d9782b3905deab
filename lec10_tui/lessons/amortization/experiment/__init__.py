"""What runs on the worker: opens an amortization experiment, new or saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lec10_tui.lessons.amortization.experiment.studying import AmortizationExperiment
from lec10_tui.lessons.amortization.frame import AmortizationKnobs
from lec10_tui.models.trained import open_trained, trained
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import check, check_saved
from lec10_tui.vocabulary.reports import Snapshot
from lec10_tui.vocabulary.study import in_force
from lec10_tui.vocabulary.turns import Turn

__all__ = ["AmortizationExperiment", "open_experiment", "resume_experiment"]


def open_experiment(given: Mapping[str, Any], places: Places, turns: tuple[Turn, ...] = ()) -> AmortizationExperiment:
    """A new run with the knobs `given`; raises BadValue, RunError or DataError with one line."""
    chosen = check(AmortizationKnobs, given)
    knobs = AmortizationKnobs(**chosen)
    return AmortizationExperiment(knobs, open_trained(knobs.model, places), given=chosen, planned=turns)


def resume_experiment(snapshot: Snapshot, given: Mapping[str, Any], places: Places) -> AmortizationExperiment:
    """The run of `snapshot`, exactly where it stopped; `given` may turn its live knobs.

    The model comes with the snapshot. Raises BadValue when a knob needs a new run, or when its data set has changed.
    """
    chosen = check_saved(AmortizationKnobs, given)
    model = trained(snapshot.header["model"], snapshot.arrays, places)
    run = AmortizationExperiment(in_force(AmortizationKnobs, snapshot), model, snapshot=snapshot)
    run.turn(chosen)
    return run
