"""Fakes for the worker: a clock, an experiment, a keeper, and a driver that needs no thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from lec10_tui.vocabulary.commands import Command, Open, SetKnob
from lec10_tui.vocabulary.experiments import Opened
from lec10_tui.vocabulary.frames import Part, Request, Wanted
from lec10_tui.vocabulary.knobs import Knobs, knob, named
from lec10_tui.vocabulary.reports import Kept, Origin, Report, Snapshot
from lec10_tui.worker.driver import Driver
from lec10_tui.worker.mailbox import Mailbox
from lec10_tui.worker.pacing import Pacing
from lec10_tui.worker.reporter import Reporter


class Clock:
    """Goes on only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class FakeKnobs(Knobs):
    beta: float = knob(1.0, "β", "a live knob", kind="live", sort="number", minimum=0.0, maximum=10.0)
    length: int = knob(0, "length", "steps, 0 is endless", kind="live", sort="integer", minimum=0, maximum=10**9)
    image: int = knob(0, "image", "a view knob", kind="view", sort="integer", minimum=0, maximum=99)


@dataclass(frozen=True, eq=False)
class Count(Part):
    count: int


class FakeExperiment:
    """Counts steps; every call is noted, and time passes as told."""

    lesson = "fake"
    unit = "units"

    def __init__(self, clock: Clock | None = None, length: int = 0, step: int = 0) -> None:
        self.knobs = FakeKnobs(length=length)
        self.step = step
        self.calls: list[str] = []
        self.clock = clock
        self.step_seconds = 0.004
        self.part_seconds = 0.0
        self.slices = self.sliced = 0
        self.slices_a_step = 1
        self.taken = 0
        self.raise_in: dict[str, Exception] = {}
        self.sleep: Callable[[], None] = lambda: None

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name in self.raise_in:
            raise self.raise_in[name]

    @property
    def epoch(self) -> float:
        return self.step / 10

    def advance(self) -> int:
        self._call("advance")
        self.sleep()
        self.taken += 1
        self.step += self.taken % self.slices_a_step == 0
        if self.clock is not None:
            self.clock.pass_(self.step_seconds)
        return 8

    def work(self) -> bool:
        if not self.slices:
            return False
        self._call("work")
        if self.clock is not None:
            self.clock.pass_(0.05)
        self.slices -= 1
        self.sliced += 1
        return True

    def apply(self, command: Command) -> None:
        self._call(f"apply {command}")
        if isinstance(command, SetKnob):
            value = named(FakeKnobs, command.name).check(command.value)
            self.knobs = replace(self.knobs, **{command.name: value})

    def progress(self, elapsed: float) -> float | None:
        if "progress" in self.raise_in:
            raise self.raise_in["progress"]
        return self.step / self.knobs.length if self.knobs.length else None

    def finish(self) -> None:
        self._call("finish")

    def readings(self) -> dict[str, float]:
        return {"step": self.step, "elbo": -float(self.step)}

    def stamp(self, wanted: Wanted) -> Hashable:
        if wanted.name == "still":
            return self.knobs.image
        return (self.step, self.sliced)

    def part(self, wanted: Wanted) -> Part:
        self._call(f"part {wanted.name}")
        if self.clock is not None:
            self.clock.pass_(self.part_seconds)
        return Count(self.step)

    def snapshot(self) -> Snapshot:
        self._call("snapshot")
        return Snapshot("fake", self.step, {"step": self.step}, {"w": np.array([self.step])})


class FakeKeeper:
    """Keeps snapshots in a list; answers at once, or when told."""

    def __init__(self, at_once: bool = True) -> None:
        self.saved: list[tuple[Snapshot, Path]] = []
        self.kept: Kept | None = None
        self.at_once = at_once

    def save(self, snapshot: Snapshot, folder: Path) -> None:
        self.saved.append((snapshot, folder))
        if self.at_once:
            self.answer()

    def answer(self, error: str | None = None) -> None:
        snapshot, folder = self.saved[-1]
        self.kept = Kept(folder, snapshot.step, float(len(self.saved)), error)


FOLDER = Path("/nowhere/runs/fake-1")


@dataclass
class Bench:
    """A driver with everything around it in reach."""

    clock: Clock = field(default_factory=Clock)
    keeper: FakeKeeper = field(default_factory=FakeKeeper)
    mailbox: Mailbox = field(default_factory=Mailbox)
    reports: list[Report] = field(default_factory=list)
    opening: list[Opened | Exception] = field(default_factory=list)
    opened_with: list[Open] = field(default_factory=list)
    preparations: int = 0
    pacing: Pacing = field(default_factory=Pacing)

    def __post_init__(self) -> None:
        self.publish: Callable[[Report], None] = self.reports.append
        self.reporter = Reporter(lambda report: self.publish(report), self.mailbox, self.clock, self.pacing)
        self.driver = Driver(self._open, self.keeper, self.mailbox, self.reporter, self.clock, self._prepare)

    def _open(self, command: Open) -> Opened:
        self.opened_with.append(command)
        found = self.opening.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def _prepare(self) -> None:
        self.preparations += 1

    def experiment(
        self,
        running: bool = False,
        length: int = 0,
        step: int = 0,
        folder: Path | None = FOLDER,
        origin: Origin = "new",
        elapsed: float = 0.0,
    ) -> FakeExperiment:
        """Open an experiment, by a command that is taken now."""
        experiment = FakeExperiment(self.clock, length, step)
        self.opening.append(Opened(experiment, folder, origin, elapsed))
        self.send(Open(running=running))
        self.reports.clear()
        return experiment

    def send(self, command: Command) -> float | None:
        """Send and take one turn."""
        self.mailbox.send(command)
        return self.driver.turn()

    def ask(self, *wanted: Wanted, paint: float = 0.0) -> Report | None:
        """Ask and take one turn: the report, if it was answered."""
        before = len(self.reports)
        self.mailbox.ask(Request(tuple(wanted), paint))
        self.driver.turn()
        return self.reports[-1] if len(self.reports) > before else None

    def turns(self, seconds: float) -> None:
        """Let turns follow each other as the thread would, until so many seconds have passed."""
        end = self.clock.now + seconds
        while self.clock.now < end:
            wait = self.driver.turn()
            self.clock.pass_(min(wait, end - self.clock.now) if wait is not None else end - self.clock.now)

    @property
    def state(self) -> str:
        return self.driver._status().state
