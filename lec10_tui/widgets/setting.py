"""The knobs of a lesson as they are set now: what is in force in the run, and what waits for the next one."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from lec10_tui.vocabulary.knobs import BadValue, Knob, Knobs, Length, check, named, shortest, table


def fewest(knobs_class: type[Knobs], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fewest knobs a person has to give so that every knob comes out as in `values`."""
    wanted = check(knobs_class, values)
    given: dict[str, Any] = {}
    for knob in 2 * table(knobs_class):  # twice: a knob may set the default of one that stands before it
        if knob.name in wanted:
            complete = _complete(knobs_class, given)
            if complete is None or getattr(complete, knob.name) != wanted[knob.name]:
                given[knob.name] = wanted[knob.name]
    return given


def counted(knobs_class: type[Knobs]) -> str:
    """What a run counts in whole, as its length does first: steps, or updates."""
    return next((knob.units[0] for knob in table(knobs_class) if knob.sort == "length"), "steps")


def flag_units(knobs_class: type[Knobs]) -> tuple[str, ...]:
    """The units of a length that are flags of their own: all but those that another knob is called by."""
    taken = {knob.flag for knob in table(knobs_class)}
    units = (unit for knob in table(knobs_class) if knob.sort == "length" for unit in knob.units)
    return tuple(unit for unit in units if f"--{unit}" not in taken)


def _complete(knobs_class: type[Knobs], given: Mapping[str, Any]) -> Knobs | None:
    try:
        return knobs_class.complete(given)
    except BadValue:
        return None


@dataclass(frozen=True)
class Setting:
    """What is `in_force` (every knob by name) and what is `pending`: restart knobs that wait for `r`."""

    knobs_class: type[Knobs]
    in_force: Mapping[str, Any]
    pending: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def given_at_start(cls, knobs_class: type[Knobs], given: Mapping[str, Any]) -> Setting:
        """The setting before any run is open; raises BadValue."""
        return cls(knobs_class, check(knobs_class, knobs_class.complete(given).plain()))

    def opened(self, values: Mapping[str, Any]) -> Setting:
        """The setting once a run has these values in force; what is pending stays unless it has come true."""
        in_force = {**self.in_force, **check(self.knobs_class, values)}
        pending = {name: value for name, value in self.pending.items() if in_force[name] != value}
        renewed = self._renewed(pending)
        stays = {name: value for name, value in self.pending.items() if name in pending or name in renewed}
        return replace(self, in_force=in_force, pending=stays)

    def started(self, pending: Mapping[str, Any]) -> Setting:
        """The setting once a run has begun with what was `pending`, whatever it has made of it: a path, a full name."""
        left = {name: value for name, value in self.pending.items() if name not in pending or pending[name] != value}
        return replace(self, pending=left)

    def _renewed(self, chosen: Iterable[str]) -> set[str]:
        """The knobs that the chosen ones, a preset say, take back to their defaults."""
        return {name for each in chosen for name in self.knobs_class.renewed(each)}

    @cached_property
    def given(self) -> dict[str, Any]:
        """What a person has to give to start a run as it is set now, view knobs that no longer fit left out."""
        renewed = self._renewed(self.pending)
        kept = {name: value for name, value in fewest(self.knobs_class, self.in_force).items() if name not in renewed}
        given = {**kept, **self.pending}
        if _complete(self.knobs_class, given) is None:
            given = {name: value for name, value in given.items() if self._knob(name).kind != "view"}
        return given

    @property
    def next_values(self) -> dict[str, Any]:
        """Every knob of the run that `r` would start."""
        complete = self.knobs_class.complete(self.given)
        return {knob.name: getattr(complete, knob.name) for knob in table(self.knobs_class)}

    @cached_property
    def shown(self) -> dict[str, Any]:
        """Every knob as the panel shows it: restart knobs as `r` would set them, the others as they are in force."""
        later = self.next_values if self.pending else self.in_force
        kinds = {knob.name: knob.kind for knob in table(self.knobs_class)}
        return {name: later[name] if kind == "restart" else self.in_force[name] for name, kind in kinds.items()}

    def waits(self, name: str) -> bool:
        """Whether the knob is shown with a value that only the next run will have."""
        return bool(self.shown[name] != self.in_force[name])

    def with_value(self, name: str, value: Any) -> Setting:
        """The setting with one knob set; raises BadValue when the knob, or the knobs together, refuse it."""
        knob = self._knob(name)
        value = knob.check(value)
        if knob.kind == "restart":
            pending = {key: old for key, old in self.pending.items() if key != name}
            changed = replace(self, pending=pending)
            if changed.shown[name] != value:
                changed = replace(self, pending={**pending, name: value})
            self.knobs_class.complete(changed.given)
            return changed
        self.knobs_class.complete({**fewest(self.knobs_class, self.in_force), name: value})
        again = {name: value} if name in self._renewed(self.pending) else {}
        return replace(self, in_force={**self.in_force, name: value}, pending={**self.pending, **again})

    def _knob(self, name: str) -> Knob:
        return named(self.knobs_class, name)


def command_line(lesson: str, setting: Setting, step: int) -> str:
    """The `lec10 run` command that makes what is in force now, up to `step` when the run has come that far."""
    words = ["lec10", "run", lesson]
    for name, value in fewest(setting.knobs_class, setting.in_force).items():
        knob = named(setting.knobs_class, name)
        if knob.kind == "view":
            continue
        if isinstance(value, Length):
            if not step and value.amount is not None:
                own = value.unit in flag_units(setting.knobs_class)
                words += [f"--{value.unit}", shortest(value.amount)] if own else [knob.flag, knob.format(value)]
            continue
        words += [knob.flag, knob.format(value)]
    if step:
        words += [f"--{counted(setting.knobs_class)}", str(step)]
    return shlex.join(words)


def made_again(
    lesson: str, knobs_class: type[Knobs], given: Iterable[str], changes: Iterable[str], unit: str, amount: int
) -> str:
    """The `lec10 run` command that makes a run again, as far as it has come: `amount` of the `unit`.

    `given` are the knobs a person set (name=value), `changes` the live ones turned since (step:name=value); what was
    turned before the first step is a knob as any other.
    """
    said = dict(text.split("=", 1) for text in given)
    later = []
    for change in changes:
        step, turn = change.split(":", 1)
        name, value = turn.split("=", 1)
        if step == "0":
            said[name] = value
        elif named(knobs_class, name).sort != "length":
            later += ["--at", change]
    knobs = [(named(knobs_class, name), value) for name, value in said.items()]
    flags = [word for knob, value in knobs if _repeated(knob) for word in (knob.flag, value)]
    return shlex.join(["lec10", "run", lesson, *flags, *later, f"--{unit}", str(amount)])


def _repeated(knob: Knob) -> bool:
    """Whether the command names it: how long the run is says how far it has come, and a view makes nothing."""
    return knob.kind != "view" and knob.sort != "length"
