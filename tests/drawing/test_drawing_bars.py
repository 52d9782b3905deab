"""Bars and scatters to the character, and with any data and size."""

import math

import numpy as np
import pytest

from lec10_tui.drawing.bars import Bar, draw_bars
from lec10_tui.drawing.lines import text_of, width_of
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.scatter import draw_scatter, plane_of, winners

PAPER = Paper()


def test_bars_are_exact_to_the_eighth() -> None:
    bars = [Bar("z₁", 3.21), Bar("z₂", 2.24), Bar("z₃", 0.003, active=False)]
    assert text_of(draw_bars(bars, 20, 4, PAPER)).split("\n") == [
        "z₁ ████████████ 3.21",
        "z₂ ████████▍    2.24",
        "z₃ ▏            0.00",
        "",
    ]


def test_inactive_bars_stand_back_and_tags_stand_at_the_edge() -> None:
    lines = draw_bars([Bar("z₁", 1.0, tag="active"), Bar("z₂", 0.5, active=False)], 30, 2, PAPER)
    assert text_of(lines).split("\n")[0].endswith(" 1.00 active")
    assert {segment.style for segment in lines[1]} == {PAPER.faint, PAPER.blank} or {
        segment.style for segment in lines[1]
    } == {PAPER.faint}


def test_what_does_not_fit_is_summed_up() -> None:
    bars = [Bar(f"z{number}", 1 / (1 + number) ** 3) for number in range(16)]
    text = text_of(draw_bars(bars, 30, 5, PAPER)).split("\n")
    assert len(text) == 5
    assert text[-1] == "+ 12 more, all < 0.01"
    bars.reverse()
    ordered = text_of(draw_bars(bars, 30, 5, PAPER, sort=True)).split("\n")
    assert ordered == text
    assert text_of(draw_bars(bars, 30, 5, PAPER)).split("\n")[-1] == "+ 12 more, all < 2"


def test_the_cursor_stays_in_view() -> None:
    bars = [Bar(f"z{number}", 1.0) for number in range(20)]
    lines = draw_bars(bars, 30, 5, PAPER, cursor=12)
    assert text_of(lines).split("\n")[3].startswith("z12")
    assert lines[3][0].style == PAPER.focus


def test_signed_values_keep_their_signs() -> None:
    text = text_of(draw_bars([Bar("a", -2.0), Bar("b", 1.0), Bar("c", math.nan)], 20, 3, PAPER)).split("\n")
    assert text == ["a ████████████ −2.00", "b ██████       +1.00", "c                  —"]


def test_bars_without_data_are_paper() -> None:
    assert [width_of(line) for line in draw_bars([], 7, 2, PAPER)] == [7, 7]
    assert text_of(draw_bars([Bar("a", 0.0)], 10, 1, PAPER)) == "a     0.00"
    assert text_of(draw_bars([Bar("a", 1.0)], 12, 1, Paper(ascii=True))) == "a ##### 1.00"


def test_a_scatter_to_the_character() -> None:
    points = np.array([[-1.0, -1.0], [1.0, 1.0], [0.0, 0.0], [np.nan, 0.0]])
    text = text_of(draw_scatter(points, ["a", "b", "c", "x"], 12, 5, Paper(ascii=True)))
    assert [mark in text for mark in "abcx"] == [True, True, True, False]
    rows = text.split("\n")
    assert rows[0].index("b") > rows[2].index("c") > rows[4].index("a")


def test_the_most_frequent_mark_of_a_cell_wins_and_of_equals_the_rarer() -> None:
    values = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [2.0, 2.0], [2.0, 2.0], [1.0, 1.0]])
    marks = ["1", "1", "7", "1", "7", "1"]
    plane = plane_of(values, 0, 20, 10, 0.0)
    won = winners(values, marks, plane)
    assert won[plane.cell(0.0, 0.0) or (-1, -1)] == "1"
    assert won[plane.cell(2.0, 2.0) or (-1, -1)] == "7"


def test_a_circle_is_round_on_the_screen() -> None:
    lines = text_of(draw_scatter(np.empty((0, 2)), [], 44, 22, PAPER, circles=(2.0,))).split("\n")
    dotted = [line for line in lines if "·" in line]
    wide = max(line.rindex("·") for line in dotted) - min(line.index("·") for line in dotted) + 1
    assert wide == pytest.approx(2 * len(dotted), abs=2)


def test_highlight_and_cursor_stand_out() -> None:
    points = np.array([[-1.0, 0.5], [1.0, 0.5]])
    lines = draw_scatter(points, ["3", "8"], 20, 5, PAPER, highlight="3", cursor=(0.5, 0.8))
    styles = {segment.text.strip(): segment.style for line in lines for segment in line}
    assert styles["3"] == PAPER.focus
    assert styles["╋"] == PAPER.focus
    assert any("8" in text and style == PAPER.faint for text, style in styles.items())


@pytest.mark.filterwarnings("error")
def test_no_data_and_no_size_can_break_them() -> None:
    random = np.random.default_rng(3)
    special = np.array([np.nan, np.inf, -np.inf, 0, -0.0, 1e300, 1.7e308, -1.7e308, 5e-324, 1e-310, 1, -1, 1e9, 1e149])
    for turn in range(600):
        count = int(random.integers(0, 30))
        points = random.choice(special, (count, 2))
        if turn % 2:
            points = random.normal(size=(count, 2)) * 10.0 ** float(random.integers(-320, 300))
        columns, rows = int(random.choice([0, 1, 2, 3, 10, 24, 40, 60])), int(random.choice([0, 1, 2, 3, 5, 6, 12]))
        paper = Paper(ascii=turn % 3 == 0, colour=turn % 5 > 0)
        scatter = draw_scatter(
            points,
            "0123456789" * 3,
            columns,
            rows,
            paper,
            x_label="z₁",
            circles=(1, 2)[: turn % 3],
            cursor=(0, 1),
        )
        bars = [
            Bar(f"z{number}", float(value), bool(number % 3), "active") for number, value in enumerate(points[:, 0])
        ]
        for lines in (scatter, draw_bars(bars, columns, rows, paper, sort=turn % 4 == 1)):
            assert [width_of(line) for line in lines] == [columns] * rows
            assert all(part.style is not None for line in lines for part in line)
