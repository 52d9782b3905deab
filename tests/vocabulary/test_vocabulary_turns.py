"""Turns: knobs turned at steps, logged so that a run can be made again; knobs that may be none; lengths in units."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from lec10_tui.vocabulary.knobs import BadValue, Knobs, Length, check, knob, named
from lec10_tui.vocabulary.record import Record
from lec10_tui.vocabulary.turns import Turns


@dataclass(frozen=True)
class Toy(Knobs):
    """One knob of each kind."""

    rate: float = knob(0.1, "rate", "live", kind="live", sort="number", minimum=0.0, maximum=1.0)
    until: float | None = knob(
        None, "until", "live, may be none", kind="live", sort="number", none="never", ladder=(None, 1.0, 5.0)
    )
    width: int = knob(8, "width", "restart", kind="restart", sort="integer", minimum=1, maximum=99)
    page: int = knob(0, "page", "view", kind="view", sort="integer", minimum=0, maximum=9)
    length: Length = knob(  # noqa: RUF009
        Length(3, "rounds"), "length", "live", kind="live", sort="length", units=("rounds", "games", "seconds")
    )


def test_live_knobs_are_logged_once_a_step_and_view_knobs_never() -> None:
    turns = Turns(Toy(), {})
    turns.put(3, "rate", 0.2)
    turns.put(3, "rate", 0.3)
    turns.put(3, "page", 4)
    turns.put(5, "rate", 0.3)  # as it is: no turn
    assert turns.knobs == Toy(rate=0.3, page=4)
    assert turns.changes == ((3, "rate", 0.3),)
    assert turns.change_texts == ("3:rate=0.3",)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("width", 9, "width needs a new run"), ("rate", 7.0, "from 0 to 1"), ("colour", 1, "no knob is called 'colour'")],
)
def test_what_can_not_be_turned_is_refused_and_nothing_changes(name: str, value: object, words: str) -> None:
    turns = Turns(Toy(), {})
    with pytest.raises(BadValue, match=words):
        turns.put(1, name, value)
    assert turns.knobs == Toy() and turns.changes == ()


def test_planned_turns_are_due_in_order_of_step_and_once() -> None:
    turns = Turns(Toy(), {}, [(5, "rate", 0.5), (2, "rate", 0.2)])
    assert turns.due(1) == ()
    assert turns.due(2) == ((2, "rate", 0.2),)
    assert turns.due(9) == ((5, "rate", 0.5),) and turns.due(9) == ()
    with pytest.raises(BadValue, match="width can't be turned while a run goes"):
        Turns(Toy(), {}, [(1, "width", 4)])


def test_a_run_that_goes_back_has_its_later_turns_where_it_goes_on_from() -> None:
    turns = Turns(Toy(), {})
    for step, value in ((1, 0.2), (4, 0.4), (8, 0.8)):
        turns.put(step, "rate", value)
    turns.put(6, "until", 5.0)
    turns.go_back(4)
    assert turns.changes == ((1, "rate", 0.2), (4, "rate", 0.8), (4, "until", 5.0))
    assert turns.knobs == Toy(rate=0.8, until=5.0)
    turns.go_back(9)
    assert turns.changes == ((1, "rate", 0.2), (4, "rate", 0.8), (4, "until", 5.0))


def test_a_header_brings_everything_back() -> None:
    turns = Turns(Toy(width=9), {"width": 9}, [(7, "until", 1.0)])
    turns.put(2, "length", Length(10, "games"))
    restored = Turns.of_header(Toy, json.loads(json.dumps(turns.header())))
    assert (restored.knobs, restored.given, restored.changes, restored.planned) == (
        turns.knobs,
        turns.given,
        turns.changes,
        turns.planned,
    )


def test_a_knob_may_be_none_by_its_word() -> None:
    until, rate = named(Toy, "until"), named(Toy, "rate")
    assert until.parse("never") is None and until.parse("5") == 5.0
    assert until.format(None) == "never" and until.check(None) is None and until.plain(None) is None
    assert until.turned(None, 1) == 1.0 and until.turned(1.0, -1) is None and until.turned(3.0, 1) == 5.0
    assert until.range.endswith(", or never")
    assert check(Toy, {"until": None}) == {"until": None}
    with pytest.raises(BadValue, match="'never' is not a number"):
        rate.parse("never")
    with pytest.raises(BadValue):
        rate.check(None)


def test_a_length_has_its_lessons_own_units_the_first_of_them_whole() -> None:
    length = named(Toy, "length")
    assert length.parse("12 rounds") == length.parse("12r") == Length(12, "rounds")
    assert length.parse("1.5 games") == Length(1.5, "games") and length.parse("2 s") == Length(2, "seconds")
    assert length.parse("endless") == Length()
    assert length.range == "a number of rounds, games or seconds, as 2000 rounds, 30 games or 20 seconds, or endless"
    for text in ("1.5 rounds", "3 epochs", "3 steps", "games", "-1 games"):
        with pytest.raises(BadValue, match="is not a number of rounds"):
            length.parse(text)
    with pytest.raises(BadValue):
        length.check(Length(3, "epochs"))


def test_a_record_has_the_spread_of_what_a_reading_is_the_last_of() -> None:
    record = Record(1, ("score",), key="round")
    record.add({"round": 1.0, "score": 3.0}, {"score": [1.0, 9.0, 3.0]})
    record.add({"round": 2.0, "score": 4.0})
    (score,) = record.series
    assert score.minimum.tolist() == [1, 4] and score.maximum.tolist() == [9, 4] and score.last.tolist() == [3, 4]
    assert [row["round"] for row in record.rows] == [1, 2]
