"""Heat maps: shades where the density is, lines where they belong and readable, every glyph, hostile values."""

from __future__ import annotations

import numpy as np
import pytest

from lec10_tui.drawing.glyphs import ASCII, BRAILLE, GLYPHS, HALF, Glyphs
from lec10_tui.drawing.heat import CONTRAST, LEVELS, Heat, contrast, draw_heat, fitted, levels, ramp, standing_back
from lec10_tui.drawing.lines import Lines, text_of, width_of
from lec10_tui.drawing.overlay import Ellipse, Mark, Overlay, Trail
from lec10_tui.drawing.palette import Paper

PAPER = Paper()
LOW, HIGH = (-2.0, -2.0), (2.0, 2.0)


def gaussian(x: float = 0.0, y: float = 0.0, sigma: float = 0.5, pixels: int = 80) -> np.ndarray:
    """A bell around (x, y) on the window from −2 to 2, top row highest."""
    across = (np.arange(pixels) + 0.5) / pixels * 4 - 2
    return np.exp(-((across - x) ** 2 + (across[::-1, None] - y) ** 2) / (2 * sigma**2))


def draw(density: np.ndarray, overlay: Overlay | None = None, glyphs: Glyphs = HALF, paper: Paper = PAPER) -> Lines:
    heat = Heat(density, LOW, HIGH, overlay or Overlay(), "x", "y")
    return draw_heat(heat, 45, 21, glyphs, paper)


def backs(lines: Lines) -> list[list[str]]:
    """The background of every cell."""
    return [[segment.style.bgcolor.name for segment in line for _ in segment.text if segment.style] for line in lines]


@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=GLYPHS)
def test_every_way_fills_its_cells_exactly(glyphs: Glyphs) -> None:
    overlay = Overlay(
        ellipses=(Ellipse((0, 0), (1, 1), "q", "q"),),
        marks=(Mark(1.9, 1.9, "longer than there is room", "prior"),),
        curve=np.array([[-3.0, -3.0], [3.0, 3.0]]),
        trails=(Trail(np.array([[0.0, 0.0], [0.5, 0.5]]), "encoder"),),
    )
    for width, height in [(45, 21), (31, 8), (12, 3), (1, 1), (0, 5), (5, 0)]:
        heat = Heat(gaussian(), LOW, HIGH, overlay, "x", "y")
        lines = draw_heat(heat, width, height, glyphs, Paper(ascii=glyphs is ASCII))
        assert len(lines) == height and all(width_of(line) <= width for line in lines)
        assert glyphs is not ASCII or text_of(lines).isascii()


def test_the_brightest_cell_is_where_the_density_is_highest() -> None:
    shades = ramp(PAPER)
    drawn = backs(draw(gaussian(1.0, 1.0, 0.3)))
    brightness = [[shades.index(name) if name in shades else 0 for name in row] for row in drawn[:-1]]
    row, column = divmod(int(np.argmax(brightness)), len(brightness[0]))
    # a map of 40 × 20 cells right of the labels: (1, 1) lies at three quarters across and one quarter down
    assert (column - 5, row) == pytest.approx((30, 5), abs=1)
    assert drawn[19][6] == PAPER.background


def test_ticks_stand_at_their_values() -> None:
    *rows, foot = text_of(draw(gaussian())).split("\n")
    assert foot.split() == ["−2", "0", "2", "x"] or foot.split() == ["−2", "0", "x"]
    assert foot.index("0") == pytest.approx(5 + 20, abs=1)
    (middle,) = [y for y, row in enumerate(rows) if row[:5].split() == ["0"]]
    assert middle == 10 and rows[0].startswith("y")


def test_what_is_measured_upwards_is_named_in_a_row_without_a_tick() -> None:
    for shift in np.linspace(0, 1, 41):
        heat = Heat(gaussian(), (-2.0, -2.0 + shift), (2.0, 2.0 + shift), Overlay(), "z₁", "z₂")
        first, *others = text_of(draw_heat(heat, 45, 21, HALF, PAPER)).split("\n")
        assert first[:5].split() == ["z₂"], shift
        assert sum(line[:5].strip() != "" for line in others[:-1]) >= 1


def test_circles_are_round_and_stand_where_they_belong() -> None:
    lines = draw(np.zeros((4, 4)), Overlay((Ellipse((0.0, 1.0), (1.0, 0.5), "q"),)), BRAILLE)
    cells = [
        (x, y) for y, row in enumerate(text_of(lines[:-1]).split("\n")) for x, sign in enumerate(row) if sign > "\u2800"
    ]
    across, down = ([cell[side] for cell in cells] for side in (0, 1))
    assert (min(across) - 5, max(across) - 5) == pytest.approx((10, 30), abs=1)
    assert (min(down), max(down)) == pytest.approx((2, 7), abs=1)


def test_a_dotted_ellipse_has_half_the_ink() -> None:
    def inked(dotted: bool) -> int:
        text = text_of(draw(np.zeros((4, 4)), Overlay((Ellipse((0, 0), (1.5, 1.5), "q", dotted=dotted),)), BRAILLE))
        return sum((ord(sign) - 0x2800).bit_count() for sign in text if sign > "\u2800")

    assert 0.3 < inked(True) / inked(False) < 0.8


def test_later_inks_lie_over_earlier_ones_and_marks_over_all() -> None:
    overlay = Overlay(
        ellipses=(Ellipse((0, 0), (1, 1), "kl"), Ellipse((0, 0), (1, 1), "q")),
        marks=(Mark(1.0, 0.0, "q", "encoder"),),
        curve=np.array([[-1.0, 0.0], [1.0, 0.0]]),
    )
    fronts = {
        segment.style.color.name.upper()
        for line in draw(np.zeros((4, 4)), overlay)[:-1]
        for segment in line
        if segment.style and segment.text.strip() and segment.style != PAPER.faint
    }
    assert PAPER.resolve("kl").upper() not in fronts
    assert {PAPER.resolve("q").upper(), PAPER.resolve("encoder").upper(), PAPER.foreground.upper()} <= fronts


def test_letters_can_be_read_on_every_shade_of_every_paper() -> None:
    def colour(name: str) -> np.ndarray:
        return np.array([int(name[place : place + 2], 16) for place in (1, 3, 5)], np.float64)

    for paper in (PAPER, Paper(foreground="#202020", background="#f4f4f4", dark=False)):
        for ink in ("q", "encoder", "prior", "posterior"):
            for shade in ramp(paper):
                back = standing_back(shade, paper.resolve(ink), paper)
                assert contrast(colour(paper.resolve(ink)), colour(back)) >= CONTRAST - 0.05


def test_a_mark_outside_is_an_arrow_at_the_edge_and_a_label_outside_is_left_out() -> None:
    marks = (Mark(-9, 0, "left", "q"), Mark(9, 0, "right", "q"), Mark(0, 9, "up", "q"), Mark(0, -9, "down", "q"))
    text = text_of(draw(np.zeros((4, 4)), Overlay((Ellipse((9, 9), (1, 1), "q", "label"),), marks)))
    assert all(sign in text for sign in "◂▸▴▾") and "label" not in text and "left" not in text
    ascii_text = text_of(draw(np.zeros((4, 4)), Overlay(marks=marks), ASCII, Paper(ascii=True)))
    assert all(sign in ascii_text for sign in "<>^v")


def test_a_logarithmic_map_shows_what_a_plain_one_does_not() -> None:
    narrow = gaussian(sigma=0.15)
    plain, log = levels(narrow, 40, 40, False), levels(narrow, 40, 40, True)
    assert plain.max() == log.max() == 255
    assert (log > 128 / LEVELS).sum() > 1.2 * (plain > 128 / LEVELS).sum()
    assert (log[plain > 0] >= plain[plain > 0] - 1e-3)[log[plain > 0] > 200].all()


def test_coarse_densities_are_interpolated_and_fine_ones_averaged() -> None:
    ramp_across = np.tile(np.arange(1.0, 9.0), (2, 1))
    finer = levels(ramp_across, 2, 80, False)[0]
    assert (np.diff(finer) >= 0).all() and len(np.unique(finer)) > 60
    spike = np.zeros((64, 64))
    spike[10, 10] = 1.0
    assert levels(spike, 8, 8, False).max() == 255


@pytest.mark.parametrize(
    "density",
    [np.zeros((3, 3)), np.full((3, 3), np.nan), np.array([[np.inf, -1.0], [np.nan, 2.0]]), np.full((2, 2), 1e-320)],
    ids=["nothing", "nan", "mixed", "tiny"],
)
def test_hostile_densities_are_drawn(density: np.ndarray) -> None:
    hostile = Overlay(
        ellipses=(Ellipse((0, 0), (0, 0), "q"), Ellipse((np.nan, 0), (1, 1), "q"), Ellipse((0, 0), (1e9, 1e9), "q")),
        marks=(Mark(np.nan, 0, "+", "q"), Mark(np.inf, 0, "+", "q")),
        trails=(Trail(np.array([[np.inf, 0.0], [np.nan, 1.0]]), "q"), Trail(np.zeros((0, 2)), "q")),
        curve=np.array([[np.nan, 0.0], [1e12, 1.0]]),
    )
    for glyphs in (HALF, BRAILLE, ASCII):
        assert len(draw(density, hostile, glyphs, Paper(ascii=glyphs is ASCII))) == 21


def test_what_is_no_window_is_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match="low < high"):
        Heat(np.ones((2, 2)), (0.0, 1.0), (1.0, 1.0))
    with pytest.raises(ValueError, match=r"\(rows, columns\)"):
        Heat(np.ones(3), LOW, HIGH)


def test_measures_are_equal_unless_that_would_waste_the_space() -> None:
    assert fitted(Heat(np.ones((2, 2)), LOW, HIGH), 40, 20) == (40, 20)
    assert fitted(Heat(np.ones((2, 2)), LOW, HIGH), 60, 20) == (40, 20)
    assert fitted(Heat(np.ones((2, 2)), LOW, HIGH), 40, 30) == (40, 20)
    assert fitted(Heat(np.ones((2, 2)), (0.0, 0.0), (1.0, 9.0)), 40, 20) == (40, 20)


def test_without_colour_what_lies_over_shades_is_bold_and_in_their_place() -> None:
    paper = Paper(colour=False)
    lines = draw(np.ones((4, 4)), Overlay((Ellipse((0, 0), (1, 1), "q"),)), HALF, paper)
    styles = {segment.style for line in lines for segment in line}
    assert paper.ink("q", bold=True) in styles and paper.faint in styles
    assert {style.color.name for style in styles if style and style.color} == {paper.foreground}


def test_a_narrow_blob_costs_few_bytes() -> None:
    segments = sum(len(line) for line in draw(gaussian(sigma=0.2), Overlay((Ellipse((0, 0), (0.2, 0.2), "q"),))))
    assert segments < 21 * 12
