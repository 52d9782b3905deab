"""Histograms to the character: bars in eighths over one axis, the line at the mark, any counts in any size."""

from __future__ import annotations

import numpy as np
import pytest

from lec10_tui.drawing.histograms import Histogram, draw_histograms, heights, spread_over
from lec10_tui.drawing.lines import text_of, width_of
from lec10_tui.drawing.palette import Paper

PAPER, PLAIN = Paper(), Paper(ascii=True)
EDGES = np.linspace(-2.0, 2.0, 9)
FLAT = np.array([0, 0, 0, 8, 4, 2, 0, 0])


def one(counts: np.ndarray = FLAT, **other: str) -> Histogram:
    return Histogram("pathwise", counts, "pathwise", **other)


def test_a_histogram_to_the_character() -> None:
    lines = text_of(draw_histograms([one(note="3 beyond")], EDGES, 24, 7, PAPER, mark=0.1, mark_label="exact")).split(
        "\n"
    )
    assert lines == [
        "pathwise        3 beyond",
        "         ███┊",
        "         ███┊",
        "         ███┊██",
        "         ███┊█████",
        "−2          0          2",
        "            ▲ exact",
    ]


def test_bars_are_exact_to_the_eighth_and_what_is_counted_shows() -> None:
    text = text_of(draw_histograms([one(np.array([800, 400, 100, 1, 0, 0, 0, 0]))], EDGES, 8, 3, PAPER))
    assert text.split("\n")[:2] == ["pathwise", "█▄▁▁"]


def test_the_line_goes_through_empty_cells_and_bars_of_every_histogram() -> None:
    drawn = draw_histograms([one(), one(FLAT[::-1])], EDGES, 24, 14, PAPER, mark=0.1, mark_label="exact 0.1")
    rows = [
        [segment.text.strip() for segment in line if segment.style and segment.style.color == PAPER.strong.color]
        for line in drawn
    ]
    over = [[text for text in texts if text in ("┊", "▄", "▂", "▲ exact 0.1")] for texts in rows]
    assert [texts for texts in over if texts] == [
        ["┊"], ["┊"], ["▄"], ["┊"], ["┊"], ["┊"], ["┊"], ["┊"], ["┊"], ["┊"], ["▲ exact 0.1"]
    ]  # fmt: skip
    lying = [segment for line in drawn for segment in line if segment.text == "┊" and segment.style]
    ground = [segment.style.bgcolor for segment in lying if segment.style]
    assert ground.count(PAPER.ink("pathwise").color) == 7  # two full cells of the one bar, five of the other
    assert not any("┊" in segment.text for line in draw_histograms([one()], EDGES, 24, 9, PAPER) for segment in line)


def test_a_mark_beyond_the_edges_is_not_drawn() -> None:
    text = text_of(draw_histograms([one()], EDGES, 24, 9, PAPER, mark=5.0, mark_label="exact"))
    assert "exact" not in text and "┊" not in text


def test_the_words_of_a_mark_near_the_right_end_stand_left_of_it() -> None:
    foot = text_of(draw_histograms([one()], EDGES, 24, 9, PAPER, mark=1.9, mark_label="exact 1.9")).split("\n")[-1]
    assert foot == " " * 13 + "exact 1.9 ▲"


def test_with_one_row_at_the_foot_the_mark_takes_it_and_ticks_stand_where_there_is_room() -> None:
    def foot(mark: float, rows: int) -> list[str]:
        drawn = draw_histograms([one()] * 3, EDGES, 40, rows, PAPER, mark=mark, mark_label="exact")
        return text_of(drawn).split("\n")[rows - 2 :]

    assert foot(0.1, 9)[1] == "−2                   ▲ exact           2"
    assert foot(-1.9, 9)[1] == " ▲ exact            0                  2"
    assert foot(1.9, 9)[1] == "−2                  0            exact ▲"
    assert foot(0.1, 11) == ["−2                  0                  2", "                     ▲ exact"]


def test_columns_hold_the_counts_of_their_part_of_the_axis() -> None:
    counts = np.array([1, 2, 3, 4, 5, 6, 7, 8])
    assert spread_over(counts, EDGES, 4).tolist() == [3, 7, 11, 15]
    assert spread_over(counts, EDGES, 16).tolist() == np.repeat(counts / 2, 2).tolist()
    uneven = np.array([0.0, 1.0, 4.0])
    assert spread_over(np.array([6, 6]), uneven, 4).tolist() == [6, 2, 2, 2]
    assert spread_over(counts, EDGES, 7).sum() == pytest.approx(counts.sum())


def test_logarithmic_heights_lift_the_few() -> None:
    counts = np.array([0.0, 1.0, 999.0])
    assert heights(counts, False).tolist() == [0, 1 / 999, 1]
    assert heights(counts, True).tolist() == pytest.approx([0, np.log(2) / np.log(1000), 1])
    assert heights(np.zeros(3), True).tolist() == [0, 0, 0]


def test_each_has_a_height_and_a_colour_of_its_own() -> None:
    few = Histogram("score", np.array([1, 0, 0, 0, 0, 0, 0, 1]), "score")
    drawn = draw_histograms([one(), few], EDGES, 16, 9, PAPER)
    rows = text_of(drawn).split("\n")
    assert rows[5] == "██            ██" and rows[4] == "score"
    assert drawn[5][0].style == PAPER.ink("score") and PAPER.ink("pathwise") in [part.style for part in drawn[3]]


def test_ascii_and_little_room() -> None:
    text = text_of(draw_histograms([one(), one()], EDGES, 16, 9, PLAIN, mark=-1.0, mark_label="exact"))
    assert text.isascii() and "#" in text and "^ exact" in text and ":" in text
    tight = text_of(draw_histograms([one(), one()], EDGES, 16, 2, PAPER))
    assert "pathwise" not in tight and tight.count("█") >= 2


@pytest.mark.filterwarnings("error")
def test_no_counts_and_no_size_can_break_it() -> None:
    dice = np.random.default_rng(5)
    for turn in range(400):
        bins = int(dice.integers(1, 40))
        edges = np.cumsum(dice.exponential(1, bins + 1)) * 10.0 ** float(dice.integers(-200, 200))
        if turn % 9 == 0:
            edges = dice.choice([np.nan, np.inf, -np.inf, 0.0, 1.0, 1e308, -1e308], bins + 1)
        counts = dice.integers(0, 10 ** int(dice.integers(1, 12)), bins) * int(dice.integers(0, 2))
        rows, columns = int(dice.choice([0, 1, 2, 3, 5, 13, 30])), int(dice.choice([0, 1, 2, 8, 34, 90]))
        lines = draw_histograms(
            [one(counts, note="1 beyond")] * int(dice.integers(0, 4)),
            edges,
            columns,
            rows,
            Paper(ascii=turn % 2 == 0),
            mark=float(dice.choice([np.nan, np.inf, 0.0, float(edges[0]), float(edges[-1])])),
            mark_label="exact" * (turn % 3),
            logarithmic=turn % 4 == 0,
        )
        assert [width_of(line) for line in lines] == [columns] * rows
        assert all(segment.style is not None for line in lines for segment in line)
