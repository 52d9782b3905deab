"""Frames: everything a screen shows, as immutable parts; and what a screen asks for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

Readings = Mapping[str, float]
"""Named scalars in order; one number, one name, one place where it is computed."""


@dataclass(frozen=True, eq=False)
class Part:
    """Base of every part of a frame: complete in itself, so any frame can be drawn without those before it."""


@dataclass(frozen=True)
class Wanted:
    """One visible part a screen asks for.

    `columns` and `rows` say how much fits, in what the part counts in: images for a part made of images, dots or marks
    otherwise. `max_age` is how many seconds old it may be while a run is going.
    """

    name: str
    columns: int = 0
    rows: int = 0
    max_age: float = 0.2


@dataclass(frozen=True)
class Request:
    """What a screen wants in the next frame, and what painting the last one cost it in seconds."""

    wanted: tuple[Wanted, ...] = ()
    paint_seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Frame:
    """Everything a screen shows of one lesson at one step.

    `readings` stand at the last *reading step*, which they name; `step` is where the run is now. `knobs` are the
    plain values in force. `stamps` tell, part by part, whether anything changed since an earlier frame.
    """

    lesson: str
    step: int
    epoch: float | None
    readings: Readings
    knobs: Mapping[str, object]
    parts: Mapping[str, Part] = field(default_factory=dict)
    stamps: Mapping[str, Hashable] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """One reading beside a truth found another way; `truth` None says that there is no independent one (`note` why)."""

    name: str
    reading: float
    truth: float | None
    tolerance: float
    note: str = ""

    @property
    def error(self) -> float | None:
        """|reading − truth|, None without a truth."""
        return None if self.truth is None else abs(self.reading - self.truth)

    @property
    def holds(self) -> bool | None:
        """Whether the error is within the tolerance; None without a truth."""
        return None if self.error is None else self.error <= self.tolerance


@dataclass(frozen=True, eq=False)
class Verdicts(Part):
    """What `v` found so far: at which step, how many are still being computed."""

    step: int
    verdicts: tuple[Verdict, ...]
    waiting: int = 0
