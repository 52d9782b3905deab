"""A lesson's knobs as command-line flags, and back: what a person gave, as the values an experiment opens with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from lec10_tui.lessons import Lesson
from lec10_tui.vocabulary.knobs import BadValue, Knob, Knobs, Length, named, table
from lec10_tui.widgets.setting import counted, flag_units

Turn = tuple[int, str, Any]
"""A live knob turned once so many steps are taken: (step, name, value)."""

NOTHING = object()
"""A typed None ("never"): click takes None itself for a flag that was not given."""


@dataclass(frozen=True)
class Given:
    """What a person set: knobs by name, and live knobs turned on the way."""

    knobs: Mapping[str, Any]
    turns: tuple[Turn, ...] = ()


class KnobType(click.ParamType[Any]):
    """The values one knob takes; raises the knob's own BadValue."""

    def __init__(self, item: Knob) -> None:
        self.item = item
        self.name = item.name

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """The value that the typed text means."""
        if not isinstance(value, str):
            return value
        parsed = self.item.parse(value)
        return NOTHING if parsed is None else parsed

    def shell_complete(
        self, context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The choices, or the values that the keys walk through."""
        values = self.item.choices or tuple(self.item.format(value) for value in self.item.ladder)
        return [click.shell_completion.CompletionItem(value) for value in values if value.startswith(incomplete)]


def knobs_class(lesson: Lesson) -> type[Knobs]:
    """The knobs of `lesson`."""
    found: type[Knobs] = getattr(import_module(lesson.frame_module), lesson.knobs)
    return found


def options(lesson: Lesson, *, app: bool) -> list[click.Parameter]:
    """A flag for every knob of `lesson`, in the order of its table; view knobs in the app alone, `--at` without it."""
    cls = knobs_class(lesson)
    items = table(cls)
    made: list[click.Parameter] = []
    for item in items:
        if item.sort == "length":
            made += _length_options(item, flag_units(cls))
        elif app or item.kind != "view":
            made.append(_option(item))
    if not app:
        live = ", ".join(item.name for item in items if item.kind == "live")
        help = f"Turn a live knob ({live}) once STEP {counted(cls)} are over; may be given again."
        made.append(click.Option(["--at"], multiple=True, metavar="STEP:KNOB=VALUE", help=help))
    return made


def _option(item: Knob) -> click.Option:
    bounds = f"{item.range}; " if item.sort in ("integer", "number", "widths") else ""
    help = f"{_sentence(item)}  [{bounds}default: {item.format(item.default)}]"
    metavar = "|".join(item.choices) if item.sort == "choice" and len(item.choices) < 7 else _METAVARS[item.sort]
    metavar += f"|{item.none}" if item.none else ""
    return click.Option([item.flag], type=KnobType(item), metavar=metavar, help=help)


_METAVARS = {"integer": "N", "number": "X", "choice": "NAME", "widths": "N,N,…", "text": "TEXT"}


def _sentence(item: Knob) -> str:
    return f"{item.label}: {item.help}" if item.label != item.name.replace("_", " ") else item.help


def _length_options(item: Knob, units: Iterable[str]) -> list[click.Parameter]:
    made: list[click.Parameter] = [
        click.Option([f"--{unit}"], metavar="S" if unit == "seconds" else "N", help=f"How long the run is, in {unit}.")
        for unit in units
    ]
    help = f"The same in words: {item.range}.  [default: {item.format(item.default)}]"
    return [*made, click.Option([item.flag], type=KnobType(item), metavar="TEXT", help=help)]


def named_values(cls: type[Knobs], values: Mapping[str, Any]) -> dict[str, Any]:
    """The knobs that were given among the values of flags."""
    told = {item.name: values[item.name] for item in table(cls) if values.get(item.name) is not None}
    return {name: None if value is NOTHING else value for name, value in told.items()}


def given(lesson: Lesson, values: Mapping[str, Any]) -> Given:
    """What the flags in `values` say; raises BadValue where they contradict each other or the lesson's knobs."""
    cls = knobs_class(lesson)
    knobs = named_values(cls, values)
    for item in table(cls):
        if item.sort == "length":
            knobs |= _length(item, flag_units(cls), values)
    cls.complete(knobs)
    return Given(knobs, tuple(_turn(cls, text) for text in values.get("at", ())))


def _length(item: Knob, units: Iterable[str], values: Mapping[str, Any]) -> dict[str, Length]:
    told = [name for name in (*units, item.name) if values.get(name) is not None]
    if len(told) > 1:
        raise BadValue(f"{' and '.join(f'--{name}' for name in told)}: a run has one length; give one of them")
    if not told or told[0] == item.name:
        return {}
    unit = told[0]
    text = str(values[unit])
    try:
        return {item.name: item.parse(f"{text} {unit}")}
    except BadValue:
        least = f"from {0 if item.minimum == 0 else 1}"
        what = f"a whole number of {unit} {least}" if unit == item.units[0] else f"a number of {unit} above 0"
        raise BadValue(f"--{unit}: {text!r} is not {what}") from None


def _turn(cls: type[Knobs], text: str) -> Turn:
    place, colon, setting = text.partition(":")
    name, equals, value = setting.partition("=")
    if not (colon and equals and place.strip().isdecimal()):
        live = (other for other in table(cls) if other.kind == "live")
        item = min(live, key=lambda other: (other.sort != "number", len(other.name)))
        raise BadValue(f"--at: {text!r} is not STEP:KNOB=VALUE, as 500:{item.name}={item.format(item.default)}")
    item = named(cls, name.strip().lower().removeprefix("--").replace("-", "_"))
    if item.kind != "live":
        others = ", ".join(other.name for other in table(cls) if other.kind == "live")
        raise BadValue(f"--at: {item.name} can't be turned while a run is going; {others} can")
    return int(place), item.name, item.parse(value)


def presets(lesson: Lesson) -> str:
    """What each preset of the lesson sets, a line each, as help shows it unwrapped; empty when it has none."""
    sets: Mapping[str, Mapping[str, Any]] = getattr(import_module(lesson.frame_module), "PRESETS", {})
    cls = knobs_class(lesson)
    lines = [f"  {name:<20}{_flags(cls, values)}" for name, values in sets.items()]
    return "\n".join(("\b", "Presets:", *lines)) if lines else ""


def _flags(cls: type[Knobs], values: Mapping[str, Any]) -> str:
    return " ".join(f"{named(cls, name).flag} {named(cls, name).format(value)}" for name, value in values.items())
