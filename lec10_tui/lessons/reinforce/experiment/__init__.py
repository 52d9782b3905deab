"""What runs on the worker: opens a reinforce experiment, new or saved, evaluates policies, rolls out episodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lec10_tui.environments.catalogue import describe
from lec10_tui.lessons.reinforce.experiment.evaluating import evaluate, rollout
from lec10_tui.lessons.reinforce.experiment.training import ReinforceExperiment
from lec10_tui.lessons.reinforce.frame import ReinforceKnobs
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import check, check_saved
from lec10_tui.vocabulary.reports import Snapshot
from lec10_tui.vocabulary.turns import Turn

__all__ = ["ReinforceExperiment", "evaluate", "open_experiment", "resume_experiment", "rollout"]


def open_experiment(given: Mapping[str, Any], places: Places, turns: tuple[Turn, ...] = ()) -> ReinforceExperiment:
    """A new run with the knobs `given`; raises BadValue or NoEnvironment with one line."""
    knobs = ReinforceKnobs.complete(given)
    knobs = replace(knobs, environment=describe(knobs.environment, knobs.horizon).id)
    return ReinforceExperiment(knobs, given=check(ReinforceKnobs, given), planned=turns)


def resume_experiment(snapshot: Snapshot, given: Mapping[str, Any], places: Places) -> ReinforceExperiment:
    """The run of `snapshot`, exactly as it was after its last update; `given` may turn its live knobs.

    Raises BadValue when a knob needs a new run, NoEnvironment when the environment is not installed here.
    """
    chosen = check_saved(ReinforceKnobs, given)
    knobs = ReinforceKnobs(**check(ReinforceKnobs, snapshot.header["knobs"]))
    run = ReinforceExperiment(knobs, given=check(ReinforceKnobs, snapshot.header.get("given", {})), snapshot=snapshot)
    run.turn(chosen)
    return run
