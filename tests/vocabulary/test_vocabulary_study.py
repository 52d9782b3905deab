"""A study takes steps, turns knobs, makes parts in slices, verifies itself and can be opened again exactly."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lec10_tui.vocabulary.commands import Command, SetKnob, Verify
from lec10_tui.vocabulary.frames import Part, Verdict, Verdicts, Wanted
from lec10_tui.vocabulary.knobs import BadValue, Knobs, Length, knob
from lec10_tui.vocabulary.reports import Snapshot
from lec10_tui.vocabulary.study import Checks, Study, in_force


@dataclass(frozen=True)
class DoublingKnobs(Knobs):
    """The knobs of a study that doubles a number."""

    factor: float = knob(2.0, "factor", "what each step multiplies with", kind="live", sort="number", minimum=0.0)
    first: float = knob(1.0, "first", "where it begins", kind="restart", sort="number")
    length: Length = knob(  # noqa: RUF009
        Length(8, "steps"), "length", "how long", kind="live", sort="length", units=("steps", "coins", "seconds"),
        minimum=0.0,
    )  # fmt: skip
    seed: int = knob(0, "seed", "unused", kind="restart", sort="integer")


@dataclass(frozen=True, eq=False)
class Value(Part):
    """The number."""

    value: float


class Doubling(Study[DoublingKnobs]):
    """Multiplies a number at every step."""

    lesson = "doubling"
    CURVES = ("value",)
    READ_EVERY = 2

    def __init__(self, knobs: DoublingKnobs, snapshot: Snapshot | None = None, **options: Any) -> None:
        super().__init__(knobs, **options)
        self.value = knobs.first
        self.told: list[str] = []
        if snapshot is None:
            self.take_turns()
            self.read()
        else:
            self.restore(snapshot)
            self.value = float(snapshot.arrays["value"])

    def read(self) -> None:
        self.record.add({"step": float(self.step), "value": self.value})

    def advance(self) -> int:
        self.value *= self.knobs.factor
        self.step += 1
        if self.record.due(self.step):
            self.read()
        self.take_turns()
        return 1

    def checks(self) -> Iterable[Checks]:
        def value() -> Checks:
            yield None
            yield Verdict("value", self.value, self.knobs.first * self.knobs.factor**self.step, 0.0)

        def step() -> Checks:
            yield Verdict("step", float(self.step), None, 0.0, "a count")

        return (value(), step())

    def build(self, wanted: Wanted) -> Part:
        return {"value": Value(self.value)}[wanted.name]

    def depends(self, wanted: Wanted) -> Hashable:
        return {"value": self.value}[wanted.name]

    def state(self) -> tuple[Mapping[str, Any], Mapping[str, NDArray[np.generic]]]:
        return {"colour": "blue"}, {"value": np.array(self.value)}

    def turned(self, name: str) -> None:
        self.told.append(name)

    def counted(self, unit: str) -> float:
        return {"steps": 1.0, "coins": 2.0}[unit] * self.step


def through(run: Doubling, steps: int) -> Doubling:
    for _ in range(steps):
        run.advance()
    return run


def test_its_length_is_counted_in_steps_its_own_units_or_seconds() -> None:
    run = through(Doubling(DoublingKnobs()), 2)
    assert run.progress(99.0) == 0.25 and run.epoch is None
    run.apply(SetKnob("length", Length(16, "coins")))
    assert run.progress(99.0) == 0.25
    run.apply(SetKnob("length", Length(40, "seconds")))
    assert run.progress(10.0) == 0.25 and run.progress(100.0) == 1.0
    run.apply(SetKnob("length", Length()))
    assert run.progress(10.0) is None
    run.apply(SetKnob("length", Length(0, "steps")))
    assert run.progress(0.0) == 1.0


def test_a_knob_is_turned_once_and_said_once() -> None:
    run = Doubling(DoublingKnobs())
    run.apply(SetKnob("factor", 3))
    run.apply(SetKnob("factor", 3))
    assert run.told == ["factor"] and run.knobs.factor == 3.0
    with pytest.raises(BadValue, match="first needs a new run"):
        run.apply(SetKnob("first", 3.0))
    with pytest.raises(BadValue, match="the doubling lesson has no command Command"):
        run.apply(Command())


def test_a_planned_turn_comes_at_its_step() -> None:
    run = through(Doubling(DoublingKnobs(), planned=((2, "factor", 10.0),)), 3)
    assert run.value == 40.0 and run.turns.changes == ((2, "factor", 10.0),)


def test_opened_again_it_goes_on_as_if_it_had_never_stopped() -> None:
    once = through(Doubling(DoublingKnobs(), given={"factor": 3.0}, planned=((5, "factor", 0.5),)), 8)
    half = through(Doubling(DoublingKnobs(), given={"factor": 3.0}, planned=((5, "factor", 0.5),)), 4).snapshot()
    assert half.header["colour"] == "blue" and half.header["readings"] == {"step": 4.0, "value": 16.0}
    again = through(Doubling(in_force(DoublingKnobs, half), half), 4)
    assert again.step == 8 and again.value == once.value and again.readings() == once.readings()
    assert again.record.rows == once.record.rows and again.turns.given == once.turns.given == {"factor": 3.0}


def test_a_part_is_made_in_slices() -> None:
    run = Doubling(DoublingKnobs())

    def slices() -> Iterator[Part | None]:
        yield None
        yield Value(1.0)
        yield Value(2.0)

    run.begin("long", slices())
    wanted = Wanted("long")
    assert run.work() and run.waiting == ("long",)
    with pytest.raises(KeyError):
        run.part(wanted)
    assert run.work()
    part, stamp = run.part(wanted), run.stamp(wanted)
    assert isinstance(part, Value) and part.value == 1.0
    assert run.work() and run.stamp(wanted) != stamp
    assert not run.work() and not run.waiting
    part = run.part(wanted)
    assert isinstance(part, Value) and part.value == 2.0
    assert run.stamp(Wanted("value")) == (run.number, 1.0)


def test_all_that_waits_takes_turns_and_verdicts_go_first() -> None:
    run, made = Doubling(DoublingKnobs()), []

    def endless(name: str) -> Iterator[Part | None]:
        while True:
            made.append(name)
            yield None

    run.begin("one", endless("one"))
    run.begin("two", endless("two"))
    for _ in range(4):
        run.work()
    assert sorted(made[:2]) == sorted(made[2:]) == ["one", "two"]
    run.apply(Verify())
    while run.waiting.count("verdicts"):
        run.work()
    assert made[4:] in ([], ["one"], ["two"])


def test_what_drops_itself_is_gone() -> None:
    run = Doubling(DoublingKnobs())

    def leaving() -> Iterator[Part | None]:
        run.drop("one")
        yield Value(3.0)

    run.begin("one", leaving())
    assert not run.work() and not run.waiting
    part = run.part(Wanted("one"))
    assert isinstance(part, Value) and part.value == 3.0


def test_what_is_begun_anew_or_dropped_is_made_no_further() -> None:
    run = Doubling(DoublingKnobs())
    run.begin("one", iter([Value(1.0), Value(2.0)]))
    run.work()
    run.begin("one", iter([Value(7.0)]))
    while run.work():
        pass
    part = run.part(Wanted("one"))
    assert isinstance(part, Value) and part.value == 7.0
    run.begin("one", iter([Value(8.0)]))
    run.drop("one")
    assert not run.work() and run.part(Wanted("one")) is part


def test_work_that_fails_is_not_tried_again() -> None:
    run = Doubling(DoublingKnobs())

    def failing() -> Iterator[Part | None]:
        yield None
        raise ArithmeticError("no")

    run.begin("bad", failing())
    assert run.work()
    with pytest.raises(ArithmeticError):
        run.work()
    assert not run.work()


def test_it_verifies_itself_in_slices() -> None:
    run = through(Doubling(DoublingKnobs(first=3.0)), 2)
    nothing = run.part(Wanted("verdicts"))
    assert isinstance(nothing, Verdicts) and nothing.verdicts == ()
    run.apply(Verify())
    waits = []
    while run.work():
        part = run.part(Wanted("verdicts"))
        assert isinstance(part, Verdicts)
        waits.append(part.waiting)
    part = run.part(Wanted("verdicts"))
    assert isinstance(part, Verdicts) and waits == sorted(waits, reverse=True) and part.waiting == 0 and part.step == 2
    assert [(verdict.name, verdict.holds) for verdict in part.verdicts] == [("value", True), ("step", None)]
