"""Turns: the knobs of a run as they are turned while it goes, logged by step so that the run can be made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar

from lec10_tui.vocabulary.knobs import BadValue, Knobs, check, named

Turn = tuple[int, str, Any]
"""The step it is set at, the knob's name, the value."""

K = TypeVar("K", bound=Knobs)


class Turns(Generic[K]):
    """The knobs in force.

    `given` are those a person set at first, `changes` the live ones turned since, `planned` those still to be turned.
    """

    def __init__(self, knobs: K, given: Mapping[str, Any], planned: Iterable[Turn] = ()) -> None:
        self.knobs = knobs
        self.given = dict(given)
        self.changes: tuple[Turn, ...] = ()
        self.planned = whole(type(knobs), planned)

    def put(self, step: int, name: str, value: Any) -> None:
        """Set a live or a view knob at `step`; raises BadValue for any other, or a value it refuses."""
        item = named(type(self.knobs), name)
        value = item.check(value)
        if item.kind == "restart":
            raise BadValue(f"{item.name.replace('_', ' ')} needs a new run")
        if item.kind == "live" and value != getattr(self.knobs, name):
            kept = tuple(change for change in self.changes if change[:2] != (step, name))
            self.changes = (*kept, (step, name, value))
        self.knobs = replace(self.knobs, **{name: value})

    def due(self, step: int) -> tuple[Turn, ...]:
        """The planned turns that are due at `step`, planned no more."""
        due = tuple(turn for turn in self.planned if turn[0] <= step)
        self.planned = self.planned[len(due) :]
        return due

    def go_back(self, step: int) -> None:
        """The run goes on from an earlier `step`: what was turned since is turned there."""
        since = sorted({name for at, name, _ in self.changes if at > step})
        kept = (turn for turn in self.changes if turn[0] <= step and not (turn[0] == step and turn[1] in since))
        self.changes = (*kept, *((step, name, getattr(self.knobs, name)) for name in since))

    def header(self) -> dict[str, Any]:
        """What a snapshot's header holds of it: knobs, given, changes and turns, as JSON."""
        cls = type(self.knobs)
        return {
            "knobs": self.knobs.plain(),
            "given": {name: named(cls, name).plain(value) for name, value in self.given.items()},
            "changes": plain(cls, self.changes),
            "turns": plain(cls, self.planned),
        }

    @classmethod
    def of_header(cls, knobs: type[K], header: Mapping[str, Any]) -> Turns[K]:
        """What `header` of a snapshot held; raises BadValue."""
        turns = cls(knobs(**check(knobs, header["knobs"])), check(knobs, header.get("given", {})))
        turns.changes = whole(knobs, header.get("changes", ()))
        turns.planned = whole(knobs, header.get("turns", ()))
        return turns

    @property
    def given_texts(self) -> tuple[str, ...]:
        """What a person set at first: name=value."""
        return tuple(f"{name}={named(type(self.knobs), name).format(value)}" for name, value in self.given.items())

    @property
    def change_texts(self) -> tuple[str, ...]:
        """What was turned, as `--at` takes it: step:name=value."""
        cls = type(self.knobs)
        return tuple(f"{step}:{name}={named(cls, name).format(value)}" for step, name, value in self.changes)


def whole(knobs: type[Knobs], rows: Iterable[Iterable[Any]]) -> tuple[Turn, ...]:
    """Turns from their plain form, in order of step; raises BadValue for one that is not of a live knob."""
    turns = []
    for step, name, value in rows:
        if named(knobs, str(name)).kind != "live":
            raise BadValue(f"{str(name).replace('_', ' ')} can't be turned while a run goes: only live knobs can")
        turns.append((int(step), str(name), check(knobs, {str(name): value})[str(name)]))
    return tuple(sorted(turns, key=lambda turn: turn[0]))


def plain(knobs: type[Knobs], turns: Iterable[Turn]) -> list[list[Any]]:
    """Turns as JSON holds them."""
    return [[step, name, named(knobs, name).plain(value)] for step, name, value in turns]
