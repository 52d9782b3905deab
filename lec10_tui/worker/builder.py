"""Builder: frames out of an experiment's parts; what did not change is shared by reference."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from lec10_tui.vocabulary.experiments import Experiment
from lec10_tui.vocabulary.frames import Frame, Part, Wanted
from lec10_tui.vocabulary.reports import Failure
from lec10_tui.worker.failures import describe

REMEMBERED = 64

Key = tuple[str, int, int]


@dataclass(frozen=True)
class _Raised:
    """Stands for a stamp that could not be had; equal for the same words, so that an idle screen stays idle."""

    words: str


@dataclass(frozen=True, eq=False)
class _Built:
    """A part as it was built, or the failure to; of which stamp, and when."""

    part: Part | None
    stamp: Hashable
    at: float
    failure: Failure | None = None


def key(wanted: Wanted) -> Key:
    """What tells parts apart: the name and the size, not the age."""
    return (wanted.name, wanted.columns, wanted.rows)


def stamp(experiment: Experiment, wanted: Wanted) -> Hashable:
    """The stamp of the wanted part; never raises."""
    try:
        return experiment.stamp(wanted)
    except Exception as error:
        return _Raised(f"{type(error).__name__}: {error}")


class Builder:
    """Builds frames and remembers the parts it built, by name and size."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._built: dict[Key, _Built] = {}
        self.failure: Failure | None = None
        self.aged = False

    def clear(self) -> None:
        """Forget every part."""
        self._built.clear()
        self.failure = None
        self.aged = False

    def frame(self, experiment: Experiment, wanted: tuple[Wanted, ...], aging: bool) -> Frame:
        """A frame of the wanted parts; `aging` lets a part that changed be as old as it may, `aged` says one was.

        A part that raises is left out and `failure` says why; it is tried again when its stamp changes.
        """
        self.failure = None
        self.aged = False
        parts: dict[str, Part] = {}
        stamps: dict[str, Hashable] = {}
        for item in wanted:
            built = self._part(experiment, item, aging)
            self.failure = self.failure or built.failure
            if built.part is not None:
                parts[item.name] = built.part
                stamps[item.name] = built.stamp
        if len(self._built) > REMEMBERED:
            visible = {key(item) for item in wanted}
            self._built = {name: built for name, built in self._built.items() if name in visible}
        readings, knobs = dict(experiment.readings()), experiment.knobs.plain()
        return Frame(experiment.lesson, experiment.step, experiment.epoch, readings, knobs, parts, stamps)

    def _part(self, experiment: Experiment, wanted: Wanted, aging: bool) -> _Built:
        before = self._built.get(key(wanted))
        current = stamp(experiment, wanted)
        if before is not None and before.stamp == current:
            return before
        now = self._clock()
        if aging and before is not None and before.part is not None and now - before.at < wanted.max_age:
            self.aged = True
            return before
        try:
            built = _Built(experiment.part(wanted), current, now)
        except Exception as error:
            failure = describe(error, experiment.knobs.plain(), f"the part {wanted.name!r} can't be shown just now")
            built = _Built(None, current, now, failure)
        self._built[key(wanted)] = built
        return built
