"""Colour pictures: their place, their colours, what they cost on the line, and ink where there are no colours."""

import itertools

import numpy as np
import pytest

from lec10_tui.drawing.glyphs import HALF, QUADRANT, SEXTANT
from lec10_tui.drawing.lines import Lines, text_of, width_of
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.rgb import draw_rgb, footprint, terminal_colours, two_colours

PAPER = Paper()


def picture(*rows: str, size: int = 8) -> np.ndarray:
    """Squares of `size` pixels: white, red, green, blue, black."""
    colours = {"w": (255, 255, 255), "r": (255, 0, 0), "g": (0, 255, 0), "b": (0, 0, 255), "k": (0, 0, 0)}
    squares = np.array([[colours[mark] for mark in row] for row in rows], np.uint8)
    return squares.repeat(size, 0).repeat(size, 1)


def cells(lines: Lines) -> list[list[tuple[str, str, str]]]:
    """(character, foreground, background) of every cell."""
    found = []
    for line in lines:
        found.append(
            [
                (character, segment.style.color.name, segment.style.bgcolor.name)
                for segment in line
                if segment.style and segment.style.color and segment.style.bgcolor
                for character in segment.text
            ]
        )
    return found


def seen(cell: tuple[str, str, str]) -> tuple[str, str]:
    """The colours above and below in a cell of half-blocks."""
    character, front, back = cell
    return {" ": (back, back), "▀": (front, back), "▄": (back, front), "█": (front, front)}[character]


def test_every_pixel_has_its_colour() -> None:
    lines = draw_rgb(picture("rg", "bw"), 2, 1, HALF, PAPER)
    assert [seen(cell) for cell in cells(lines)[0]] == [("#ff0000", "#0000ff"), ("#00ff00", "#ffffff")]


def test_in_the_middle_and_in_its_aspect() -> None:
    lines = draw_rgb(picture("rr", "rr"), 12, 4, HALF, PAPER)
    assert [width_of(line) for line in lines] == [12] * 4
    red = [[seen(cell)[0] == "#ff0000" for cell in row] for row in cells(lines)]
    assert red == [[False] * 2 + [True] * 8 + [False] * 2] * 4
    tall = draw_rgb(picture("rr", "rr"), 4, 6, HALF, PAPER)
    assert ["#ff0000" in {colour for cell in row for colour in cell} for row in cells(tall)] == [
        *[False] * 2, *[True] * 2, *[False] * 2
    ]  # fmt: skip
    assert footprint(600, 400, 60, 20) == (60, 20) and footprint(160, 210, 60, 20) == (30, 20)


def test_colours_are_those_of_256_color_terminals() -> None:
    image = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    known = {"#" + "".join(f"{int(part):02x}" for part in colour) for colour in terminal_colours()}
    used = {colour for row in cells(draw_rgb(image, 20, 8, QUADRANT, PAPER)) for cell in row for colour in cell[1:]}
    paper = {PAPER.foreground, PAPER.background}
    assert used - paper and used - paper <= known


def test_the_two_colours_of_a_cell_are_the_best_by_lightness() -> None:
    parts = np.random.default_rng(1).uniform(0, 255, (3, 5, 4, 3)).astype(np.float32)
    pattern, light, dark = two_colours(parts)
    for cell in itertools.product(range(3), range(5)):
        lit = (pattern[cell] >> np.arange(4) & 1).astype(bool)
        values = parts[cell]
        assert 0 < lit.sum() < 4
        assert np.allclose(light[cell], values[lit].mean(0), rtol=1e-4)
        assert np.allclose(dark[cell], values[~lit].mean(0), rtol=1e-4)
        lightness = values @ np.array([0.299, 0.587, 0.114])
        order = np.argsort(lightness)
        best = min(
            ((values[order[:cut]] - values[order[:cut]].mean(0)) ** 2).sum()
            + ((values[order[cut:]] - values[order[cut:]].mean(0)) ** 2).sum()
            for cut in range(1, 4)
        )
        found = ((values[lit] - light[cell]) ** 2).sum() + ((values[~lit] - dark[cell]) ** 2).sum()
        assert found == pytest.approx(best, rel=1e-3)


def test_what_has_many_colours_gets_fewer() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (80, 240, 3), np.uint8)
    lines = draw_rgb(noise, 60, 10, HALF, PAPER)
    assert sum(len(line) for line in lines) < 200
    flat = draw_rgb(picture("wwww", "wrrw", "wwww"), 60, 20, HALF, PAPER)
    assert sum(len(line) for line in flat) < 80


@pytest.mark.parametrize("paper", [Paper(colour=False), Paper(shades=False, terminal=True)])
def test_without_colours_what_there_is_less_of_is_ink(paper: Paper) -> None:
    for rows in (("wwww", "wwkw", "wwww"), ("kkkk", "kkwk", "kkkk")):
        text = text_of(draw_rgb(picture(*rows), 16, 6, HALF, paper)).split("\n")
        inked = {(x, y) for y, line in enumerate(text) for x, character in enumerate(line) if character != " "}
        assert inked and all(7 <= x <= 12 and 1 <= y <= 4 for x, y in inked)
        assert all(0x2800 <= ord(character) <= 0x28FF for line in text for character in line.strip())


def test_ascii_has_shades_of_ink() -> None:
    text = text_of(draw_rgb(picture("kkkk", "kkwk", "kkkk"), 16, 6, SEXTANT, Paper(ascii=True)))
    assert text.isascii() and "@" in text


def test_what_is_not_a_colour_picture_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(height, width, 3\), not \(4, 4\)"):
        draw_rgb(np.zeros((4, 4), np.uint8), 4, 4, HALF, PAPER)
    assert draw_rgb(picture("r"), 0, 0, HALF, PAPER) == []
