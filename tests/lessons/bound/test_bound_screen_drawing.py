"""What the bound screen draws in cells: the bar of the terms, the points on the concave log."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bound_reports import jensen, terms

from lec10_tui.drawing.lines import Lines, text_of, width_of
from lec10_tui.drawing.palette import Paper
from lec10_tui.lessons.bound.screen.bar import TALLEST, TermsBar
from lec10_tui.lessons.bound.screen.concave import draw_concave
from lec10_tui.lessons.bound.screen.waterfall import LEFT, axis_of, draw_waterfall
from lec10_tui.lessons.bound.screen.words import scale, scales

PAPER = Paper()
PAPERS = [PAPER, Paper(colour=False), Paper(ascii=True), Paper(terminal=True), Paper(dark=False)]


def written(value: float, decimals: int = 2) -> str:
    if np.isinf(value):
        return "−∞" if value < 0 else "∞"
    return f"{value:.{decimals}f}".replace("-", "−")


def inks(lines: Lines, row: int) -> list[str]:
    """The colours of the cells of a bar: the one a cell begins with, "" where there is none."""
    cells = []
    for segment in lines[row]:
        style = segment.style
        assert style is not None and style.color is not None and style.bgcolor is not None
        for character in segment.text:
            behind = character == " " or style.color.name == PAPER.background
            name = style.bgcolor.name if behind else style.color.name
            cells.append("" if name in ("default", PAPER.background) else name.upper())
    return cells[LEFT:]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"reconstruction": -98765.43, "kl": 35.81},
        {"log_likelihood": 1812.3, "reconstruction": 1816.11, "kl": 6.25},
        {"kl": 17.9 * 2},
        {"kl": 0.0},
        {"kl": float("inf")},
        {"kl": float("nan")},
    ],
)
@pytest.mark.parametrize("size", [(42, 6), (54, 9), (78, 12), (148, 12)])
def test_the_numbers_of_the_bar_stand_under_each_other(size: tuple[int, int], given: dict[str, float]) -> None:
    of = terms(**given)
    for paper in PAPERS:
        drawn = draw_waterfall(of, *size, paper)
        assert len(drawn) == size[1] and all(width_of(line) == size[0] for line in drawn)
        text = text_of(drawn)
        assert not paper.ascii or text.isascii()
    lines = text_of(draw_waterfall(of, *size, PAPER)).splitlines()
    for name, value in (
        ("  log p(x)", of.log_likelihood),
        ("= E_q[log p(x|z)]", of.reconstruction),
        ("− KL(q ‖ p)", of.kl),
        ("+ KL(q ‖ p(z|x))", of.gap),
        ("  ELBO", of.elbo),
    ):
        line = next(line for line in lines if line.startswith(name))
        shown = "—" if np.isnan(value) else written(value)
        assert line[: LEFT - 2].endswith(shown), (name, line)


def test_each_part_of_the_bar_lies_where_the_parts_before_it_end() -> None:
    lines = draw_waterfall(terms(), 110, 12, PAPER)
    rows = {
        line.strip().split()[0] if line.strip() else "": row for row, line in enumerate(text_of(lines).splitlines())
    }
    bar, rec, kl, gap, elbo = (inks(lines, rows[name]) for name in ("log", "=", "−", "+", "ELBO"))
    orange, sky, green, vermilion = "#E69F00", "#56B4E9", "#009E73", "#D55E00"
    assert set(bar) <= {orange, vermilion, ""} and set(rec) <= {sky, ""}
    ends = elbo.count(orange)
    assert abs(kl.index(green) - ends) <= 1 and abs(gap.index(vermilion) - ends) <= 1
    assert abs(kl.index(green) + kl.count(green) - rec.count(sky)) <= 1
    whole = len([ink for ink in bar if ink])
    assert abs(gap.index(vermilion) + gap.count(vermilion) - whole) <= 1
    of, axis = terms(), axis_of(terms())
    share = (of.log_likelihood - of.elbo) / (axis.high - axis.low)
    assert abs(gap.count(vermilion) - share * len(bar)) <= 1.5


def test_the_axis_has_two_ticks_wherever_it_ends() -> None:
    for shift in range(-60, 60):
        of = terms(log_likelihood=-207.5, reconstruction=-202.9 + shift, kl=15.1)
        *_, axis = text_of(draw_waterfall(of, 54, 9, PAPER)).splitlines()
        assert len(axis.split("nats")[1].split()) >= 2, axis


def test_the_axis_holds_still_while_q_moves_a_little() -> None:
    axes = {axis_of(terms(reconstruction=-125.2 - 0.02 * move, kl=5.4 + 0.02 * move)) for move in range(40)}
    assert len(axes) == 1
    for of in (terms(), terms(kl=900.0), terms(reconstruction=-99999.0), terms(log_likelihood=900.0, kl=0.0)):
        axis = axis_of(of)
        assert axis.low < of.elbo and max(of.reconstruction, of.log_likelihood) <= axis.high
        assert min(of.log_likelihood, of.elbo) - axis.low >= 0.05 * (axis.high - axis.low)


def test_a_gap_that_is_almost_nothing_can_still_be_seen() -> None:
    lines = draw_waterfall(terms(reconstruction=-99999.0, kl=0.01), 110, 12, PAPER)
    row = next(row for row, line in enumerate(text_of(lines).splitlines()) if line.startswith("−"))
    assert "#009E73" in inks(lines, row)


@pytest.mark.parametrize("gap", [0.05, 0.2, 0.45])
def test_a_small_gap_ends_the_bar_of_log_p_wherever_its_cell_begins(gap: float) -> None:
    for shift in range(20):
        of = terms(reconstruction=-120.0 + 0.1 * shift, kl=8.37)
        lines = draw_waterfall(replace(of, log_likelihood=of.elbo + gap, gap=gap), 54, 9, PAPER)
        styles = [segment.style for segment in lines[0]]
        assert any(style and "#d55e00" in str(style).lower() for style in styles), shift


def test_both_gaps_line_up_at_the_point_with_the_terms() -> None:
    drawing, of = TermsBar(), terms(posterior_kl=3.2871)
    drawing.terms = of
    for width, height in ((54, 13), (78, 18), (150, TALLEST + 4)):
        lines = drawing.draw(width, height, PAPER)
        text = text_of(lines).splitlines()
        assert len(lines) <= height
        points = {
            next(line for line in text if name in line).index(".")
            for name in ("KL(q ‖ p) ", "log p(x) − ELBO", "KL(q ‖ p(z|x))", "difference", "= E_q")
        }
        assert len(points) == 1, text


def test_a_sigma_has_five_cells_however_small_it_is() -> None:
    assert [scale(value) for value in (1.0, 0.2314, 0.01, 0.0099, 2.1e-7)] == [
        "1.000",
        "0.231",
        "0.010",
        "1e−02",
        "2e−07",
    ]
    assert len(scales(np.geomspace(1e-9, 9.0, 7))) == 7 * 5 + 6


@pytest.mark.parametrize("points", [2, 20, 1000])
@pytest.mark.parametrize("spread", [0.0, 0.1, 1.0, 3.0])
def test_the_average_of_the_logs_lies_under_the_log_of_the_average(points: int, spread: float) -> None:
    part = jensen(points, spread)
    for paper in PAPERS:
        for size in ((30, 8), (60, 12), (90, 20), (120, 44)):
            lines = draw_concave(part, *size, paper)
            assert len(lines) == size[1] and all(width_of(line) == size[0] for line in lines)
            assert not paper.ascii or text_of(lines).isascii()
    rows = text_of(draw_concave(part, 90, 30, PAPER)).splitlines()
    marks = [(row, line.index("◆")) for row, line in enumerate(rows) if "◆" in line]
    assert len({column for _, column in marks}) == 1
    if spread >= 1:
        assert len(marks) == 2 and all("┃" in rows[row] for row in range(marks[0][0] + 1, marks[1][0]))
        assert rows[marks[0][0]].endswith("log E[X]") and rows[marks[1][0]].endswith("E[log X]")
