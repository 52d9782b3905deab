"""Study: what every experiment that studies a model does alike: knobs, readings, work in slices, verdicts, saving."""

from __future__ import annotations

import itertools
import platform
from abc import ABC, abstractmethod
from collections.abc import Generator, Hashable, Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from lec10_tui import __version__
from lec10_tui.vocabulary.commands import Command, SetKnob, Verify
from lec10_tui.vocabulary.frames import Part, Readings, Verdict, Verdicts, Wanted
from lec10_tui.vocabulary.knobs import BadValue, Knobs, check
from lec10_tui.vocabulary.record import Record
from lec10_tui.vocabulary.reports import Snapshot
from lec10_tui.vocabulary.turns import Turn, Turns

K = TypeVar("K", bound=Knobs)
Checks = Generator[Verdict | None, None, None]
"""Verdicts as they are found, None after each slice of work that found none yet."""

_numbers = itertools.count()


class Study(ABC, Generic[K]):
    """An experiment whose run is short steps over a model that stands still; subclasses do the mathematics.

    `measured` are parts made in slices, by name: `begin(name, slices)` has them made while nothing else is to be done;
    URGENT names those that go before the others.
    Every random number is keyed by (seed, step, purpose).
    """

    lesson: ClassVar[str]
    unit: ClassVar[str] = "steps"
    CURVES: ClassVar[tuple[str, ...]] = ()
    READ_EVERY: ClassVar[int] = 10
    URGENT: ClassVar[tuple[str, ...]] = ("verdicts",)

    def __init__(self, knobs: K, *, given: Mapping[str, Any] | None = None, planned: tuple[Turn, ...] = ()) -> None:
        self.number = next(_numbers)
        self.turns: Turns[K] = Turns(knobs, given or {}, planned)
        self.step = 0
        self.record = Record(self.READ_EVERY, self.CURVES)
        self.measured: dict[str, Part] = {}
        self._made: dict[str, int] = {}
        self._slices: dict[str, Iterator[Part | None]] = {}

    # --- what a subclass does ---------------------------------------------------------------------------------------

    @abstractmethod
    def advance(self) -> int:
        """One step; how many units it used."""

    @abstractmethod
    def checks(self) -> Iterable[Checks]:
        """What `v` puts beside its truth."""

    @abstractmethod
    def build(self, wanted: Wanted) -> Part:
        """Build a part that is not `measured`; raises KeyError for a name that is none of this lesson's."""

    @abstractmethod
    def depends(self, wanted: Wanted) -> Hashable:
        """What a part that is not `measured` depends on; raises KeyError for a name that is none of this lesson's."""

    @abstractmethod
    def state(self) -> tuple[Mapping[str, Any], Mapping[str, NDArray[np.generic]]]:
        """What a snapshot holds beside the knobs and the curves: plain values for its header, and arrays."""

    def turned(self, name: str) -> None:
        """A live or view knob has been turned."""

    def obey(self, command: Command) -> None:
        """Obey a command of this lesson's own; raises BadValue for one it does not know."""
        raise BadValue(f"the {self.lesson} lesson has no command {type(command).__name__}")

    def counted(self, unit: str) -> float:
        """How much of a length's unit is done, other than seconds."""
        return float(self.step)

    def finish(self) -> None:
        """The run's length is reached: take the closing readings."""

    # --- the experiment's protocol ----------------------------------------------------------------------------------

    @property
    def knobs(self) -> K:
        """The knobs in force."""
        return self.turns.knobs

    @property
    def epoch(self) -> float | None:
        """None: no data is gone through."""
        return None

    def progress(self, elapsed: float) -> float | None:
        """How much of the run's length is done, 0 … 1; None when it is endless."""
        length = getattr(self.knobs, "length")  # noqa: B009  every lesson has one
        if length.amount is None:
            return None
        done = elapsed if length.unit == "seconds" else self.counted(length.unit)
        return min(done / length.amount, 1.0) if length.amount else 1.0

    def readings(self) -> Readings:
        """The readings at the last reading step."""
        return self.record.last

    def apply(self, command: Command) -> None:
        """Turn a live or view knob, verify, or do what this lesson alone knows; raises BadValue."""
        if isinstance(command, SetKnob):
            self._set(command.name, command.value)
        elif isinstance(command, Verify):
            self.begin("verdicts", self._verify())
        else:
            self.obey(command)

    def turn(self, values: Mapping[str, Any]) -> None:
        """Set live and view knobs at this step; raises BadValue."""
        for name, value in values.items():
            self._set(name, value)

    def take_turns(self) -> None:
        """Turn the knobs that were planned to be turned at this step."""
        for _, name, value in self.turns.due(self.step):
            self._set(name, value)

    def _set(self, name: str, value: Any) -> None:
        before = self.knobs
        self.turns.put(self.step, name, value)
        if self.knobs != before:
            self.turned(name)

    def begin(self, name: str, slices: Iterator[Part | None]) -> None:
        """Have `measured[name]` made in slices, each of at most 50 ms; what was being made under that name is dropped.

        A slice gives the part as it is by then, or None when there is nothing new to show.
        """
        self._slices[name] = slices

    def drop(self, name: str) -> None:
        """Stop making `measured[name]`; what is known so far stays."""
        self._slices.pop(name, None)

    @property
    def waiting(self) -> tuple[str, ...]:
        """What is still being made in slices."""
        return tuple(self._slices)

    def work(self) -> bool:
        """One slice of what waits: of what is URGENT first, else all take turns; False when nothing waits any more."""
        while self._slices:
            name = next((name for name in self.URGENT if name in self._slices), next(iter(self._slices)))
            slices = self._slices.pop(name)
            self._slices[name] = slices  # at the end: the others have their turns before it has its next
            try:
                part = next(slices)
            except BaseException as end:
                if self._slices.get(name) is slices:
                    del self._slices[name]
                if isinstance(end, StopIteration):
                    continue
                raise
            if part is not None:
                self.measured[name] = part
                self._made[name] = self._made.get(name, 0) + 1
            break
        return bool(self._slices)

    def stamp(self, wanted: Wanted) -> Hashable:
        """What the wanted part depends on: an equal stamp means an equal part."""
        if wanted.name == "verdicts" or wanted.name in self.measured:
            return self.number, "measured", self._made.get(wanted.name, 0)
        return self.number, self.depends(wanted)

    def part(self, wanted: Wanted) -> Part:
        """Build the wanted part."""
        if wanted.name in self.measured:
            return self.measured[wanted.name]
        if wanted.name == "verdicts":
            return Verdicts(self.step, ())
        return self.build(wanted)

    def _verify(self) -> Iterator[Part | None]:
        step, found, checks = self.step, list[Verdict](), tuple(self.checks())
        for number, verdicts in enumerate(checks):
            for verdict in verdicts:
                if verdict is not None:
                    found.append(verdict)
                yield Verdicts(step, tuple(found), len(checks) - number)
        yield Verdicts(step, tuple(found))

    # --- snapshots --------------------------------------------------------------------------------------------------

    def restore(self, snapshot: Snapshot) -> None:
        """Take step, knobs and curves from a snapshot; the rest of its state is the subclass's to take."""
        self.step = snapshot.step
        self.turns = Turns.of_header(type(self.knobs), snapshot.header)
        self.record.restore(snapshot.arrays, snapshot.metrics)

    def snapshot(self) -> Snapshot:
        """Everything needed to go on exactly from this step."""
        more, arrays = self.state()
        header = {
            **self.turns.header(),
            "seed": getattr(self.knobs, "seed"),  # noqa: B009  every lesson has one
            "versions": {
                "lec10": __version__,
                "python": platform.python_version(),
                **{name: version(name) for name in ("torch", "numpy")},
            },
            "readings": dict(self.readings()),
            **more,
        }
        return Snapshot(self.lesson, self.step, header, {**arrays, **self.record.arrays()}, self.record.rows)


def in_force(cls: type[K], snapshot: Snapshot) -> K:
    """The knobs a saved run stands with; raises BadValue."""
    return cls(**check(cls, snapshot.header["knobs"]))
