"""What runs on the worker: opens a reparameterization experiment, new or saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lec10_tui.lessons.reparameterization.experiment.estimating import ReparameterizationExperiment
from lec10_tui.lessons.reparameterization.experiment.problem import problem_of
from lec10_tui.lessons.reparameterization.frame import ReparameterizationKnobs
from lec10_tui.models.trained import TrainedModel, open_trained, trained
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import check, check_saved
from lec10_tui.vocabulary.reports import Snapshot
from lec10_tui.vocabulary.study import in_force

__all__ = ["ReparameterizationExperiment", "open_experiment", "resume_experiment"]


def open_experiment(
    given: Mapping[str, Any], places: Places, turns: tuple[tuple[int, str, Any], ...] = ()
) -> ReparameterizationExperiment:
    """A new run with the knobs `given`; raises BadValue, RunError or DataError with one line.

    A model is opened for the reconstruction term alone.
    """
    knobs = ReparameterizationKnobs.complete(given)
    assert isinstance(knobs, ReparameterizationKnobs)
    return _experiment(knobs, None, places, given=check(ReparameterizationKnobs, given), planned=turns)


def resume_experiment(snapshot: Snapshot, given: Mapping[str, Any], places: Places) -> ReparameterizationExperiment:
    """The run of `snapshot`, exactly where it stopped; `given` may turn its live knobs.

    Raises BadValue when a knob needs a new run, or when the data set is not the one its model was trained on.
    """
    chosen = check_saved(ReparameterizationKnobs, given)
    run = _experiment(in_force(ReparameterizationKnobs, snapshot), snapshot, places)
    run.turn(chosen)
    return run


def _experiment(
    knobs: ReparameterizationKnobs, snapshot: Snapshot | None, places: Places, **options: Any
) -> ReparameterizationExperiment:
    model: TrainedModel | None = None
    if knobs.function == "reconstruction":
        if snapshot is None:
            model = open_trained(knobs.model, places)
        else:
            model = trained(snapshot.header["model"], snapshot.arrays, places)
    return ReparameterizationExperiment(knobs, problem_of(knobs, model), snapshot=snapshot, **options)
