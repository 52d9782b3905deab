"""The ranking to the character: its order, what leaves first, bars to one scale, what is not known yet."""

from dataclasses import replace

import numpy as np
import pytest

from lec10_tui.drawing.lines import text_of, width_of
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.ranking import Layout, Measure, Ranking, foot, header, layout, order, row

PAPER = Paper()


def gaps(**changes: object) -> Ranking:
    """Four images: one whose log p(x) is not known, two with equal gaps."""
    amortized = np.array([-150.25, -9.5, -120.0, -101.0])
    won = np.array([2.0, 8.0, 0.5, 2.0])
    rest = np.array([1.0, 0.25, np.nan, 4.0])
    return Ranking(
        (
            Measure("place", "image", np.arange(4.0), "mean", "#", decimals=0, priority=0),
            Measure("label", "x", tuple("7210")),
            Measure("amortized", "ELBO", amortized, float(amortized.mean()), ink="encoder"),
            Measure("won", "amortization gap", won, float(won.mean()), "amort. gap", "gap", bar=True, priority=1),
            Measure("rest", "approximation gap", rest, np.nan, "approx. gap", "gap", bar=True, priority=1),
            Measure("start", "start", ("encoder", "prior", "prior", "encoder"), "2 : 2", priority=2),
        )
    )


def drawn(placed: Layout, sorted_by: str = "place", descending: bool = False, cursor: int = -1) -> list[str]:
    """The whole table as text."""
    rows = order(placed.ranking, sorted_by, descending)
    lines = [row(placed, number, PAPER, number == cursor) for number in rows]
    return text_of([header(placed, PAPER, "", sorted_by, descending), *lines, foot(placed, PAPER)]).split("\n")


def test_the_table_is_written_so_that_numbers_stand_under_each_other() -> None:
    assert drawn(layout(gaps(), 76, ascii=False), "won", True, cursor=1) == [
        "     #  x     ELBO  amortization gap▾      approximation gap      start",
        "▸    1  2    −9.50  8.00 ████████████████  0.25 ▌                 prior",
        "     0  7  −150.25  2.00 ████              1.00 ██                encoder",
        "     3  0  −101.00  2.00 ████              4.00 ████████          encoder",
        "     2  1  −120.00  0.50 █                    …                   prior",
        "  mean      −95.19  3.12                      …                   2 : 2",
    ]


@pytest.mark.parametrize(
    ("key", "descending", "expected"),
    [
        ("place", False, (0, 1, 2, 3)),
        ("amortized", False, (0, 2, 3, 1)),
        ("won", True, (1, 0, 3, 2)),  # equal ones in their own order
        ("won", False, (2, 0, 3, 1)),
        ("rest", True, (3, 0, 1, 2)),  # what is not known comes last either way
        ("rest", False, (1, 0, 3, 2)),
        ("start", False, (0, 3, 1, 2)),
        ("label", True, (0, 1, 2, 3)),
    ],
)
def test_any_column_puts_the_rows_in_order(key: str, descending: bool, expected: tuple[int, ...]) -> None:
    assert order(gaps(), key, descending) == expected


def test_an_order_by_what_is_no_column_is_refused() -> None:
    with pytest.raises(KeyError):
        order(gaps(), "height", False)


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("width", [*range(0, 40, 7), 60, 80, 120, 200])
def test_every_line_is_as_wide_as_it_was_given(width: int, ascii: bool) -> None:
    placed, paper = layout(gaps(), width, ascii), replace(PAPER, ascii=ascii)
    lines = [header(placed, paper, "won", "won", True), foot(placed, paper)]
    lines += [row(placed, number, paper, cursor) for number in range(4) for cursor in (False, True)]
    assert {width_of(line) for line in lines} == {width}
    if ascii:
        assert text_of(lines).isascii()


def test_what_matters_least_leaves_first_and_bars_before_columns() -> None:
    ranking = Ranking(tuple(replace(each, short="gap") if each.bar else each for each in gaps().measures))
    shown = {}
    for width in range(8, 120):
        placed = layout(ranking, width, ascii=False)
        keys = tuple(place.measure.key for place in placed.places)
        shown[width] = (len(keys), any(place.bar for place in placed.places))
        assert keys == tuple(measure.key for measure in gaps().measures if measure.key in keys)
        assert all(place.left + place.width < width for place in placed.places)
        if "start" in keys:
            assert "rest" in keys and "won" in keys
    counts = [count for count, _ in shown.values()]
    assert counts == sorted(counts) and counts[0] < 3 and shown[119] == (6, True)
    assert (6, False) in shown.values()


def test_titles_are_written_out_where_there_is_room() -> None:
    assert "amortization gap" in drawn(layout(gaps(), 100, ascii=False))[0]
    narrow = drawn(layout(gaps(), 56, ascii=False))[0]
    assert "amort. gap" in narrow and "amortization" not in narrow


def bars(placed: Layout, number: int) -> list[int]:
    """How many whole cells each bar of a row fills."""
    style = PAPER.ink("gap")
    return [segment.text.count("█") for segment in row(placed, number, PAPER) if segment.style == style]


def test_bars_of_all_columns_have_one_scale() -> None:
    placed = layout(gaps(), 120, ascii=False)
    length = next(place.bar for place in placed.places if place.bar)
    assert gaps().largest == 8.0 and length == 16
    # 8 nats fill a bar, so 4 nats fill half of the one in the other column, and 2 a quarter.
    assert drawn(placed)[2].count("█") == 16
    assert drawn(placed)[4].split("4.00")[1].split()[0] == "█" * 8
    assert drawn(placed)[4].split("2.00")[1].split()[0] == "█" * 4


def test_what_is_negative_or_unknown_has_no_bar_and_zero_everywhere_is_drawn() -> None:
    ranking = Ranking((Measure("gap", "gap", np.array([-0.5, 0.0, np.nan]), 0.0, bar=True),))
    placed = layout(ranking, 40, ascii=False)
    lines = drawn(placed, "gap")
    assert ranking.largest == 0.0 and not set("".join(lines)) & set("▏▎▍▌▋▊▉█")
    assert [line.split()[-1] for line in lines[1:4]] == ["−0.50", "+0.00", "…"]


def test_what_is_not_known_yet_is_said_and_the_mean_of_it_too() -> None:
    lines = drawn(layout(gaps(), 90, ascii=False))
    assert "…" in lines[3] and "…" in lines[5] and "…" not in lines[1]
    assert lines[5].split() == ["mean", "−95.19", "3.12", "…", "2", ":", "2"]


def test_the_cursor_and_the_order_can_be_seen_without_colour() -> None:
    paper = Paper(colour=False)
    placed = layout(gaps(), 90, ascii=False)
    text = text_of([header(placed, paper, "won", "won", True), row(placed, 1, paper, True), row(placed, 2, paper)])
    lines = text.split("\n")
    assert "amortization gap▾" in lines[0] and lines[1].startswith("▸") and not lines[2].startswith("▸")
    chosen = [segment for segment in header(placed, paper, "won") if segment.style and segment.style.reverse]
    assert [segment.text.strip() for segment in chosen] == ["amortization gap"]
    plain = text_of([header(layout(gaps(), 90, ascii=True), Paper(ascii=True), "", "won", False)])
    assert "amortization gap^" in plain


def test_a_table_without_rows_or_columns_is_drawn_empty() -> None:
    for ranking in (Ranking(()), Ranking((Measure("gap", "gap", np.zeros(0), np.nan, bar=True),))):
        placed = layout(ranking, 20, ascii=False)
        assert ranking.count == 0 and width_of(header(placed, PAPER)) == width_of(foot(placed, PAPER)) == 20
