"""Pictures: exact small ones, the best two shades, sizes that can be read, runs that cost few bytes."""

import itertools

import numpy as np
import pytest

from lec10_tui.drawing.glyphs import ASCII, BRAILLE, GLYPHS, HALF, OCTANT, QUADRANT, SEXTANT, Glyphs, footprint
from lec10_tui.drawing.lines import Lines, text_of, width_of
from lec10_tui.drawing.merging import closeness, merge
from lec10_tui.drawing.mosaic import resample, two_shades
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.pictures import draw_images, drawable, filling, fitting
from lec10_tui.drawing.shades import GREYS, shades

PAPER = Paper()


def images(*pixels: list[list[int]]) -> np.ndarray:
    return np.array(pixels, np.uint8)[None]


def draw_image(image: np.ndarray, glyphs: Glyphs, paper: Paper, columns: int, rows: int) -> Lines:
    """One image as large as the space allows."""
    return draw_images(image[None, None], glyphs, paper, cell=filling(columns, rows, 1, 1, glyphs, image.shape))


def test_half_blocks_show_two_exact_pixels_a_cell() -> None:
    (line,) = draw_images(images([[255, 0, 0], [0, 255, 0]]), HALF, PAPER, cell=(3, 1))
    styles = [segment.style for segment in line if segment.style]
    assert "".join(segment.text for segment in line) == "▀▄ "
    assert len(line) == 1
    assert styles[0].color is not None and styles[0].color.name == "#ffffff"
    assert styles[0].bgcolor is not None and styles[0].bgcolor.name == "#000000"


@pytest.mark.parametrize(
    ("glyphs", "pixels", "text"),
    [
        (QUADRANT, [[255, 0, 255, 255], [0, 255, 255, 255]], "▚█"),
        (SEXTANT, [[255, 0], [255, 255], [0, 0]], "\U0001fb0c"),
        (OCTANT, [[0, 0], [255, 0], [0, 0], [0, 0]], "\U0001cd00"),
        (BRAILLE, [[255, 0], [0, 255], [0, 0], [255, 255]], "⣑"),
        (ASCII, [[0, 128, 255]], " *@"),
    ],
)
def test_exact_cells(glyphs: Glyphs, pixels: list[list[int]], text: str) -> None:
    picture = images(pixels)
    cell = (picture.shape[3] // glyphs.across, picture.shape[2] // glyphs.down)
    assert text_of(draw_images(picture, glyphs, PAPER, cell=cell)) == text


def test_on_light_paper_ink_is_dark() -> None:
    (line,) = draw_images(images([[255], [0]]), HALF, Paper(dark=False), cell=(1, 1))
    assert line[0].style is not None and line[0].style.color is not None and line[0].style.bgcolor is not None
    assert (line[0].style.color.name, line[0].style.bgcolor.name) == ("#000000", "#ffffff")


def test_resampling_keeps_the_mean_and_aligns_to_parts() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
    for height, width in ((12, 16), (10, 20), (28, 28), (56, 40), (1, 1)):
        assert resample(picture, height, width).mean((1, 2)) == pytest.approx(picture.mean((1, 2)), rel=1e-5)
    assert resample(np.array([[[0, 100], [200, 40]]], np.uint8), 1, 2)[0].tolist() == [[100, 70]]


def test_two_shades_are_the_best_of_all_ways_to_split_a_cell() -> None:
    parts = np.random.default_rng(1).integers(0, 256, (40, 6)).astype(np.float32)
    pattern, front, back = two_shades(parts, 256)
    for cell, chosen, light, dark in zip(parts, pattern, front, back, strict=True):
        errors = []
        for split in itertools.product((False, True), repeat=6):
            if any(split) and not all(split):
                lit = np.array(split)
                errors.append(
                    ((cell[lit] - cell[lit].mean()) ** 2).sum() + ((cell[~lit] - cell[~lit].mean()) ** 2).sum()
                )
        drawn = np.where(chosen >> np.arange(6) & 1, light, dark)
        assert ((cell - drawn) ** 2).sum() <= min(errors) + 6


def test_a_flat_cell_has_no_pattern() -> None:
    pattern, front, back = two_shades(np.full((1, 6), 100, np.float32), GREYS)
    assert pattern.tolist() == [0]
    assert front.tolist() == back.tolist()


@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=list(GLYPHS))
@pytest.mark.parametrize("paper", [Paper(), Paper(dark=False), Paper(colour=False), Paper(terminal=True)])
def test_sizes_are_exact_and_every_cell_has_a_style(glyphs: Glyphs, paper: Paper) -> None:
    picture = np.random.default_rng(2).integers(0, 256, (3, 4, 28, 28), np.uint8)
    columns, rows = footprint(glyphs, (28, 28))
    lines = draw_images(picture, glyphs, paper, gap=2, line_gap=1, cursor=(1, 2))
    assert len(lines) == 3 * rows + 2
    assert {width_of(line) for line in lines} == {4 * columns + 6}
    assert all(segment.style is not None for line in lines for segment in line)


def test_fitting_never_goes_below_what_can_be_read() -> None:
    for glyphs in GLYPHS.values():
        for columns, rows, gap in itertools.product((0, 5, 14, 60, 200), (0, 3, 7, 24, 50), (0, 1, 3)):
            across, down = fitting(columns, rows, glyphs, (28, 28), gap, gap)
            wide, tall = footprint(glyphs, (28, 28))
            assert across == 0 or across * wide + (across - 1) * gap <= columns
            assert down == 0 or down * tall + (down - 1) * gap <= rows
            assert (across + 1) * wide + across * gap > columns
    assert fitting(60, 24, SEXTANT, (28, 28)) == (7, 6)
    assert fitting(7, 24, SEXTANT, (28, 28)) == (0, 6)


def test_images_grow_into_the_room_but_not_past_it() -> None:
    for across, down in ((1, 1), (4, 2), (7, 6), (30, 30)):
        wide, tall = filling(60, 24, across, down, SEXTANT, (28, 28), gap=1)
        assert (wide, tall) >= (8, 4)
        assert wide == 2 * tall
        if (wide, tall) > (8, 4):
            assert across * wide + (across - 1) <= 60 and down * tall <= 24
    assert filling(60, 24, 1, 1, SEXTANT, (28, 28)) == (38, 19)
    assert filling(60, 24, 1, 1, SEXTANT, (28, 28), largest=10) == (20, 10)
    assert len(draw_image(np.zeros((28, 28), np.uint8), SEXTANT, PAPER, 60, 24)) == 19


def test_papers_without_shades_get_dots() -> None:
    assert drawable(SEXTANT, PAPER) is SEXTANT
    assert drawable(SEXTANT, Paper(colour=False)) is BRAILLE
    assert drawable(HALF, Paper(shades=False)) is BRAILLE
    assert drawable(BRAILLE, Paper(ascii=True)) is ASCII


def test_the_cursor_reverses_its_image_alone() -> None:
    picture = np.zeros((2, 2, 28, 28), np.uint8)
    lines = draw_images(picture, SEXTANT, PAPER, cursor=(0, 1))
    assert text_of(lines).split("\n") == [" " * 8 + "█" * 8] * 4 + [""] * 4
    assert lines[0][0].style is not None and lines[0][0].style.color is not None
    assert lines[0][0].style.color.name == shades("grey", PAPER)[-1]
    assert [len(line) for line in draw_images(picture, BRAILLE, PAPER, cursor=(None, 0))] == [2] * 8
    assert [len(line) for line in draw_images(picture, BRAILLE, PAPER, cursor=(5, 5))] == [1] * 8


def test_no_images_and_wrong_shapes() -> None:
    assert draw_images(np.zeros((0, 0, 28, 28), np.uint8), SEXTANT, PAPER) == []
    with pytest.raises(ValueError, match=r"images are \(rows, columns, height, width\), not 2-dimensional"):
        draw_images(np.zeros((28, 28), np.uint8), SEXTANT, PAPER)


def test_cells_that_can_share_a_style_become_one_run() -> None:
    close = closeness(12, 2, tolerance=1)
    runs = merge([0, 5, 0, 5, 2], [0, 9, 0, 10, 3], [0, 0, 0, 0, 9], close, full=63)
    assert [(run.back, run.front, run.patterns) for run in runs] == [(0, 9, [0, 5, 0, 5]), (9, 3, [2])]
    exchanged = merge([5, 5, 0], [9, 3, 9], [3, 9, 9], close, full=63)
    assert [(run.back, run.front, run.patterns) for run in exchanged] == [(3, 9, [5, 63 ^ 5, 63])]


def test_paper_stays_paper_and_marked_cells_apart() -> None:
    close = closeness(12, 2, tolerance=1)
    assert not close[0][1] and not close[1][0]
    assert close[1][2] and not close[1][3]
    assert not close[11][12] and not close[12][13] and close[13][14]
    assert close[24][24] and not any(close[24][level] for level in range(24))


def test_gaps_are_paper() -> None:
    lines = draw_images(np.full((1, 2, 28, 28), 255, np.uint8), SEXTANT, PAPER, gap=1)
    assert [part.text for part in lines[0]] == [" " * 8, " ", " " * 8]
    assert lines[0][1].style == PAPER.blank
    assert text_of(draw_images(np.zeros((1, 2, 28, 28), np.uint8), BRAILLE, PAPER, gap=1, cursor=(0, 0))).strip() == ""


def test_dithering_is_for_photographs() -> None:
    ramp = np.tile(np.linspace(60, 200, 32).astype(np.uint8), (32, 1))
    inked = [
        sum(character != " " for character in line)
        for line in text_of(draw_image(ramp, BRAILLE, PAPER, 16, 8)).split("\n")
    ]
    assert min(inked) >= 12
    stroke = np.zeros((32, 32), np.uint8)
    stroke[:, 14:18] = 255
    drawn = text_of(draw_image(stroke, BRAILLE, PAPER, 16, 8)).split("\n")
    assert {line.strip() for line in drawn} == {"⣿⣿"} or {line.strip() for line in drawn} == {"⢸⡇"}
