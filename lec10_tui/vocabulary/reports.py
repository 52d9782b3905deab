"""Reports: what the worker publishes, and what it hands over to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.frames import Frame, Readings, Request

State = Literal["loading", "paused", "running", "finished", "failed", "stopped"]
Origin = Literal["shipped", "new", "saved"]


@dataclass(frozen=True)
class Failure:
    """Something went wrong in the worker: what, what to change, and the knobs that caused it.

    `detail` is the traceback, for the log file only.
    """

    what: str
    advice: str
    knobs: Mapping[str, object] = field(default_factory=dict)
    detail: str = ""


class RunFailed(Exception):
    """An experiment can't go on; it stands at its last good state. `advice` says what to change."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice


@dataclass(frozen=True)
class Kept:
    """The last thing the keeper did with a run: the folder, the step and unix time of what is on disk, or the error."""

    folder: Path
    step: int
    at: float
    error: str | None = None


@dataclass(frozen=True)
class Status:
    """How the run stands: `rate` in `unit`s a second of running time, times in seconds, the `note` of its opening."""

    state: State
    origin: Origin
    rate: float = 0.0
    progress: float | None = None
    seconds_left: float | None = None
    steps_per_second: float | None = None
    elapsed: float = 0.0
    folder: Path | None = None
    kept: Kept | None = None
    note: str = ""
    unit: str = "examples"


@dataclass(frozen=True, eq=False)
class Report:
    """One publication of the worker: the frame (None while nothing is open yet), the status, or a failure."""

    frame: Frame | None
    status: Status
    failure: Failure | None = None

    @property
    def readings(self) -> dict[str, float]:
        """The frame's readings with the measured rate, as `lec10 run --json` prints them."""
        readings = dict(self.frame.readings) if self.frame else {}
        return {**readings, f"{self.status.unit}_per_second": self.status.rate}


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run at one step boundary, complete: whoever holds it can go on exactly from there.

    `arrays` are named copies (weights, optimizer state, curves); `metrics` the bounded rows of readings; `header` plain
    values: lesson, step, knobs and their changes by step, seed, architecture, versions, data set with its sha256.
    """

    lesson: str
    step: int
    header: Mapping[str, Any]
    arrays: Mapping[str, NDArray[np.generic]]
    metrics: tuple[Readings, ...] = ()


class Keeper(Protocol):
    """Where snapshots go; none of these calls waits for a disk."""

    def save(self, snapshot: Snapshot, folder: Path) -> None:
        """Take a snapshot to be written into `folder`; the latest one wins."""

    @property
    def kept(self) -> Kept | None:
        """The last thing that was done."""


class Link(Protocol):
    """A screen's end of the worker."""

    def send(self, command: Command) -> None:
        """Hand over a command; it is taken at the next step boundary and makes the next frame urgent."""

    def ask(self, request: Request) -> None:
        """Ask for one more report; the latest request wins."""
