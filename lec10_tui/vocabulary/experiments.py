"""What the worker drives: the protocol of every lesson's experiment."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lec10_tui.vocabulary.commands import Command, Open
from lec10_tui.vocabulary.frames import Part, Readings, Wanted
from lec10_tui.vocabulary.knobs import BadValue, Knobs
from lec10_tui.vocabulary.reports import Origin, Snapshot


class Experiment(Protocol):
    """Owns all torch state of one lesson; every call is made on the worker's thread.

    `unit` is what `advance` counts ("examples"), as rates name it.
    """

    lesson: str
    unit: str
    step: int

    @property
    def knobs(self) -> Knobs:
        """The knobs in force."""

    @property
    def epoch(self) -> float | None:
        """How often the run has seen its data; None where it makes its own."""

    def advance(self) -> int:
        """Take the smallest meaningful step, or a slice of it; return how many units it used.

        `step` has grown by one once the step is whole. Raises RunFailed when it can't go on.
        """

    def work(self) -> bool:
        """Do one slice (at most 50 ms) of work that takes longer; False when none waits."""

    def apply(self, command: Command) -> None:
        """Obey a command that is this lesson's to obey; raises BadValue for one it refuses."""

    def progress(self, elapsed: float) -> float | None:
        """How much of the run's length is done, 0 … 1, after `elapsed` seconds of running; None when endless."""

    def finish(self) -> None:
        """The run's length is reached: take the closing readings."""

    def readings(self) -> Readings:
        """The readings at the last reading step."""

    def stamp(self, wanted: Wanted) -> Hashable:
        """What the wanted part depends on: an equal stamp means an equal part."""

    def part(self, wanted: Wanted) -> Part:
        """Build the wanted part: frozen, copied, never a tensor."""

    def snapshot(self) -> Snapshot:
        """Everything needed to go on exactly from this step."""


@dataclass(frozen=True, eq=False)
class Opened:
    """An experiment that was opened, where its run is kept (None: read-only), its origin, the seconds it has run.

    `note` is one line a person should read: that the newest checkpoint was damaged, say, and an older one was opened.
    """

    experiment: Experiment
    folder: Path | None
    origin: Origin
    elapsed: float = 0.0
    note: str = ""


Opener = Callable[[Open], Opened]
"""Opens what an Open command names; slow imports happen inside it, on the worker's thread."""


OpenModel = Callable[[str], Snapshot]
"""Gives what is kept of the run, or of the shipped model, of this name; raises a one-line error."""


def no_models(name: str) -> Snapshot:
    """Opens nothing: where no runs are at hand."""
    raise BadValue(f"model: {name} can't be opened here: there are no runs at hand")


@dataclass(frozen=True)
class Places:
    """Where things lie: what ships (`assets`, `checkpoints`), and a person's runs, downloads and settings (`home`).

    `open_model` hands an experiment the arrays of a saved run, so that none has to know how runs are kept.
    """

    assets: Path
    checkpoints: Path
    home: Path
    open_model: OpenModel = no_models
