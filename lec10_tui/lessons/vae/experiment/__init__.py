"""What runs on the worker: opens a vae experiment, new or saved, and evaluates saved ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lec10_tui.data.catalogue import load
from lec10_tui.lessons.vae.experiment.evaluating import evaluate
from lec10_tui.lessons.vae.experiment.training import VAEExperiment
from lec10_tui.lessons.vae.frame import VAEKnobs
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import BadValue, check, check_saved
from lec10_tui.vocabulary.reports import Snapshot

__all__ = ["VAEExperiment", "evaluate", "open_experiment", "resume_experiment"]


def open_experiment(
    given: Mapping[str, Any], places: Places, turns: tuple[tuple[int, str, Any], ...] = ()
) -> VAEExperiment:
    """A new run with the knobs `given`; raises BadValue or DataError with one line."""
    knobs = VAEKnobs.complete(given)
    data, chosen = load(knobs.data, places), check(VAEKnobs, given)
    if Path(data.source).is_absolute():
        # a run opened from another folder finds the same files
        knobs, chosen = replace(knobs, data=data.source), {**chosen, "data": data.source}
    return VAEExperiment(knobs, data, given=chosen, planned=turns)


def resume_experiment(snapshot: Snapshot, given: Mapping[str, Any], places: Places) -> VAEExperiment:
    """The run of `snapshot`, exactly where it stopped; `given` may turn its live and view knobs.

    Raises BadValue when a knob needs a new run, or when the data set is not the one the run was trained on.
    """
    header = snapshot.header
    knobs = VAEKnobs(**check(VAEKnobs, header["knobs"]))
    chosen = check_saved(VAEKnobs, given)
    data = load(knobs.data, places)
    if data.sha256 != header["data"]["sha256"]:
        raise BadValue(f"{knobs.data} is not the data set this run was trained on: its sha256 differs")
    run = VAEExperiment(knobs, data, given=check(VAEKnobs, header.get("given", {})), snapshot=snapshot)
    run.turn(chosen)
    return run
