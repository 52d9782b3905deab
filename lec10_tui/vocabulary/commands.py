"""Commands: what a person asks of a run, as frozen plain values that cross to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Command:
    """Base of every command; a lesson adds its own beside its knobs."""


@dataclass(frozen=True)
class Run(Command):
    """Let the run go."""


@dataclass(frozen=True)
class Pause(Command):
    """Hold the run at the next step boundary."""


@dataclass(frozen=True)
class Step(Command):
    """Take `count` steps, then hold."""

    count: int = 1


@dataclass(frozen=True)
class SetSpeed(Command):
    """Go at `steps_per_second`, or as fast as it can (None).

    `shown` is true slow motion: the next step also waits until a frame has shown the last one (at most a second).
    """

    steps_per_second: float | None
    shown: bool = False


@dataclass(frozen=True)
class SetKnob(Command):
    """Turn one live or view knob of the run that is going."""

    name: str
    value: Any


@dataclass(frozen=True)
class Open(Command):
    """Leave the experiment that is open and open another: a new run, a saved one, or a shipped model.

    `given` are the knobs a person set; `run` names a run folder or a shipped model to open, None starts a new run;
    `running` lets it go at once. `turns` are (step, knob, value): live knobs turned by themselves at these steps, so
    that a run whose knobs were turned by hand can be made again.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    run: str | None = None
    running: bool = False
    turns: tuple[tuple[int, str, Any], ...] = ()


@dataclass(frozen=True)
class Save(Command):
    """Save the run now, under `name` when one is given."""

    name: str | None = None


@dataclass(frozen=True)
class Verify(Command):
    """Put each reading beside its independent truth."""
