"""Knobs: what a person may set, with its range, its help and its kind, as data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal

Kind = Literal["restart", "live", "view"]
Sort = Literal["integer", "number", "choice", "widths", "length", "text"]


class BadValue(ValueError):
    """A value a knob refuses; its message is one line: what was wrong and what would be right."""


@dataclass(frozen=True)
class Length:
    """How long a run is: an amount of one of its knob's units (steps, epochs, seconds); `amount` None is endless."""

    amount: float | None = None
    unit: str = "epochs"

    def __str__(self) -> str:
        if self.amount is None:
            return "endless"
        return f"{shortest(self.amount)} {self.unit}"


@dataclass(frozen=True)
class Knob:
    """One thing a person may set: its names, its range, its help, and what setting it does to a run.

    `kind` is *restart* (needs a new run), *live* (turns the run that is going) or *view* (never touches the run).
    `ladder` lists, in order, the values that ← and → walk through; any other value in range can be typed. `none` is the
    word for None where that is a value ("never"); `units` are those of a length, what it counts in whole first. A
    length may be 0 where the minimum says so.
    """

    name: str
    label: str
    ascii: str
    help: str
    kind: Kind
    sort: Sort
    default: Any
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()
    ladder: tuple[Any, ...] = ()
    none: str = ""
    units: tuple[str, ...] = ("steps", "epochs", "seconds")

    @property
    def flag(self) -> str:
        """The command-line flag of this knob."""
        return "--" + self.name.replace("_", "-")

    @property
    def range(self) -> str:
        """The values this knob takes, as a person reads them."""
        if self.sort == "choice":
            return " | ".join(self.choices)
        if self.sort == "widths":
            return f"widths from {self.minimum:g} to {self.maximum:g}, as 512,256, or none"
        if self.sort == "length":
            *most, last = self.units
            counts = ", ".join(f"{amount} {unit}" for amount, unit in zip((2000, 30), most, strict=False))
            return f"a number of {', '.join(most)} or {last}, as {counts} or 20 {last}, or endless"
        if self.sort == "text":
            return "text"
        what = "a whole number" if self.sort == "integer" else "a number"
        low, high = (f"{limit:,.0f}" if abs(limit) >= 1e4 else f"{limit:g}" for limit in (self.minimum, self.maximum))
        other = f", or {self.none}" if self.none else ""
        return f"{what} from {low} to {high}".replace(",", "\u2009") + other

    def parse(self, text: str) -> Any:
        """The value that typed `text` means; raises BadValue with one clear line."""
        text = text.strip().replace("−", "-")
        if self.none and text.lower() == self.none:
            return None
        if self.sort == "integer":
            value: Any = _integer(text)
        elif self.sort == "number":
            value = _number(text)
        elif self.sort == "widths":
            words = [] if text.lower() in ("", "none") else text.replace(" ", ",").split(",")
            value = tuple(_integer(word) for word in words if word)
        elif self.sort == "length":
            value = _length(text, self.units)
        elif self.sort == "choice":
            value = text.lower()
        else:
            value = text
        return self.check(value, text)

    def check(self, value: Any, text: str | None = None) -> Any:
        """`value` itself when this knob takes it; raises BadValue otherwise."""
        shown = repr(value) if text is None else repr(text)
        wrong = BadValue(f"{self.name.replace('_', ' ')}: {shown} is not {self._wanted}")
        if value is None and self.none and text is None:
            return None
        if self.sort in ("integer", "number"):
            kinds = int if self.sort == "integer" else (int, float)
            if not isinstance(value, kinds) or isinstance(value, bool) or not math.isfinite(value):
                raise wrong
            if not self.minimum <= value <= self.maximum:
                raise wrong
            return value if self.sort == "integer" else float(value)
        if self.sort == "choice":
            hits = [choice for choice in self.choices if choice == value]
            hits = hits or [choice for choice in self.choices if value and choice.startswith(str(value))]
            if len(hits) != 1:
                raise wrong
            return hits[0]
        if self.sort == "widths":
            if not isinstance(value, (tuple, list)) or len(value) > 8:
                raise wrong
            if not all(isinstance(width, int) and self.minimum <= width <= self.maximum for width in value):
                raise wrong
            return tuple(value)
        if self.sort == "length":
            if not isinstance(value, Length) or (value.amount is not None and value.unit not in self.units):
                raise wrong
            if value.amount is not None and not (0 < value.amount <= 1e12 or value.amount == self.minimum):
                raise wrong
            return value
        if not isinstance(value, str) or not value or "\n" in value:
            raise wrong
        return value

    @property
    def _wanted(self) -> str:
        return f"one of {', '.join(self.choices)}" if self.sort == "choice" else self.range

    def format(self, value: Any) -> str:
        """`value` as a person reads and types it; `parse` takes it back."""
        if value is None:
            return self.none
        if self.sort == "number":
            return shortest(value)
        if self.sort == "widths":
            return ",".join(str(width) for width in value) or "none"
        return str(value)

    def plain(self, value: Any) -> Any:
        """`value` as JSON holds it: widths are a list, a length is its text; `check` of the whole takes it back."""
        return list(value) if self.sort == "widths" else str(value) if self.sort == "length" else value

    def turned(self, value: Any, direction: int) -> Any:
        """The next value to the right (`direction` 1) or the left (−1) of `value`; itself at an end."""
        steps = self.choices or self.ladder
        if not steps:
            return value
        if value in steps:
            index = steps.index(value) + direction
        elif self.sort in ("integer", "number"):
            above = [index for index, step in enumerate(steps) if step is not None and step > value]
            right = above[0] if above else len(steps)
            index = right if direction > 0 else right - 1
        else:
            index = 0
        return steps[min(max(index, 0), len(steps) - 1)]


def shortest(value: float) -> str:
    """The shortest text that gives exactly this number back: 0.002, 1e-05, 2000."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(float(value))


def _integer(text: str) -> int | None:
    try:
        return int(text.replace("_", "").replace(" ", ""))
    except ValueError:
        number = _number(text)
        return int(number) if number is not None and math.isfinite(number) and number == int(number) else None


def _number(text: str) -> float | None:
    try:
        return float(text.replace("_", ""))
    except ValueError:
        return None


def _length(text: str, units: tuple[str, ...]) -> Length | None:
    words = text.lower().split()
    if words in (["endless"], ["none"]):
        return Length()
    if len(words) == 1:
        cut = len(words[0].rstrip("abcdefghijklmnopqrstuvwxyz"))
        words = [words[0][:cut], words[0][cut:]]
    amount = _number(words[0]) if len(words) == 2 and words[0] else None
    if amount is None or not math.isfinite(amount):
        return None
    meant = ["seconds"] if words[1] == "s" else [unit for unit in units if words[1] and unit.startswith(words[1])]
    if len(meant) != 1 or meant[0] not in units:
        return None
    if meant[0] == units[0]:
        return Length(int(amount), units[0]) if amount == int(amount) else None
    return Length(amount, meant[0])


def knob(
    default: Any,
    label: str,
    help: str,
    *,
    kind: Kind,
    sort: Sort,
    ascii: str = "",
    minimum: float = -math.inf,
    maximum: float = math.inf,
    choices: tuple[str, ...] = (),
    ladder: tuple[Any, ...] = (),
    none: str = "",
    units: tuple[str, ...] = ("steps", "epochs", "seconds"),
) -> Any:
    """A dataclass field that carries its knob's description."""
    words = dict(label=label, ascii=ascii or label, help=help, kind=kind, sort=sort)
    limits = dict(minimum=minimum, maximum=maximum, choices=choices, ladder=ladder, none=none, units=units)
    return field(default=default, metadata={"knob": {**words, **limits}})


@dataclass(frozen=True)
class Knobs:
    """Base of every lesson's knobs: a frozen dataclass whose fields are made by `knob`."""

    @classmethod
    def complete(cls, given: Mapping[str, Any]) -> Knobs:
        """These knobs with `given` set and every other at its default (which may depend on `given`)."""
        return cls(**check(cls, given))

    @classmethod
    def renewed(cls, name: str) -> frozenset[str]:
        """The knobs that choosing `name` anew takes back to their defaults: none, but a preset brings its own."""
        return frozenset()

    def plain(self) -> dict[str, Any]:
        """The knobs as plain values that JSON holds: widths are lists, a length is its text."""
        return {item.name: item.plain(getattr(self, item.name)) for item in table(type(self))}


def table(cls: type[Knobs]) -> tuple[Knob, ...]:
    """The knobs of a lesson in the order of its dataclass."""
    hashable: Any = cls
    return _table(hashable)


@cache
def _table(cls: Any) -> tuple[Knob, ...]:
    return tuple(
        Knob(name=f.name, default=f.default, **f.metadata["knob"]) for f in fields(cls) if "knob" in f.metadata
    )


def named(cls: type[Knobs], name: str) -> Knob:
    """The knob called `name`; raises BadValue when there is none."""
    for item in table(cls):
        if item.name == name:
            return item
    raise BadValue(f"no knob is called {name!r}: one of {', '.join(item.name for item in table(cls))}")


def check(cls: type[Knobs], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` with every value checked and made whole from plain JSON values; raises BadValue."""
    values = {}
    for name, value in given.items():
        item = named(cls, name)
        if item.sort == "length" and isinstance(value, str):
            value = item.parse(value)
        values[name] = item.check(value)
    return values


def check_saved(cls: type[Knobs], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` for a run that was saved, every value checked; raises BadValue for a knob that needs a new run."""
    chosen = check(cls, given)
    for name in chosen:
        if named(cls, name).kind == "restart":
            raise BadValue(f"{name.replace('_', ' ')} is fixed in a saved run; a new run can have another")
    return chosen


def seed_knob(same: str = "the same run") -> Any:
    """The seed, which every lesson has; `same` is what the same one gives again."""
    help = f"same seed, same knobs, one thread: {same} to the last bit"
    return knob(
        0, "seed", help, kind="restart", sort="integer", minimum=0, maximum=2**31 - 1, ladder=tuple(range(10))
    )  # fmt: skip


def threads_knob() -> Any:
    """The threads, which every lesson has."""
    return knob(
        1, "threads", "threads torch computes with; more than one is not always faster, and never bit-exact",
        kind="restart", sort="integer", minimum=1, maximum=256, ladder=(1, 2, 4, 8),
    )  # fmt: skip
