"""Films to the cell: where shapes lie, in which characters and colours, and with anything in them."""

import numpy as np
import pytest
from rich.style import Style

from lec10_tui.drawing.film import draw_film, grid_of
from lec10_tui.drawing.glyphs import BRAILLE, GLYPHS, HALF, OCTANT, SEXTANT, glyphs_named
from lec10_tui.drawing.lines import Lines, text_of, width_of
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.raster import Grid
from lec10_tui.vocabulary.film import INKS, Disc, Film, Stroke, Tag

PAPER = Paper()
ASCII = Paper(ascii=True)
SQUARE = np.array([[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 3.0]])


def still(*strokes: Stroke, discs: tuple[Disc, ...] = (), tags: tuple[Tag, ...] = (), frames: int = 1) -> Film:
    """A film in a square of 4 × 4 units: 8 × 4 cells have 4 dots a unit."""
    return Film(frames, (0.0, 0.0, 4.0, 4.0), strokes, discs, tags)


def drawn(film: Film, frame: int = 0, width: int = 8, height: int = 4, glyphs: str = "half") -> Lines:
    return draw_film(film, frame, width, height, glyphs_named(glyphs), PAPER, ascii=False)


def rows(lines: Lines) -> list[str]:
    return text_of(lines).split("\n")


def style_at(lines: Lines, column: int, row: int) -> Style:
    cells = [segment.style or Style() for segment in lines[row] for _ in segment.text]
    return cells[column]


def test_an_area_is_drawn_in_blocks_and_a_line_in_dots() -> None:
    square, line = Stroke(SQUARE, "body", filled=True), Stroke(np.array([[0.0, 0.1], [4.0, 0.1]]), "ground")
    lines = drawn(still(square, line))
    assert rows(lines) == ["", "  ████", "  ████", "⣀⣀⣀⣀⣀⣀⣀⣀"]
    assert style_at(lines, 3, 1) == PAPER.film("body") and style_at(lines, 3, 3) == PAPER.film("ground")
    assert rows(drawn(still(square, line), glyphs="braille")) == ["", "  ⣿⣿⣿⣿", "  ⣿⣿⣿⣿", "⣀⣀⣀⣀⣀⣀⣀⣀"]
    assert rows(drawn(still(square, line), glyphs="octant"))[3] == "▂" * 8


def test_equally_long_across_and_up_and_in_the_middle() -> None:
    film = still(Stroke(SQUARE, "body", filled=True))
    assert rows(drawn(film, width=20, height=4)) == ["", "        ████", "        ████", ""]
    assert rows(drawn(film, width=8, height=8)) == ["", "", "", "  ████", "  ████", "", "", ""]
    grid = grid_of(film, 20, 4)
    assert grid.scale == 4 and grid.at(np.array([[2.0, 2.0]])).tolist() == [[20.0, 8.0]]


def test_a_line_with_a_width_and_the_thinnest() -> None:
    def width(units: float) -> int:
        places = Grid(40, 40, 10.0, 0.0, 4.0).line(np.array([[2.0, 1.0], [2.0, 3.0]]), units)
        return len(set((places[places // 40 == 20] % 40).tolist()))

    assert width(0.0) == width(0.05) == 1
    assert width(0.5) in (4, 5, 6)
    assert 1 < width(0.2) < width(0.5) < width(1.0)


def test_a_polygon_has_the_dots_whose_middles_are_inside() -> None:
    grid = Grid(40, 60, 1.0, 0.0, 40.0)
    generator = np.random.default_rng(0)
    corners = generator.uniform(4, 36, (5, 2))
    row, column = np.divmod(grid.polygon(corners), 60)
    across, up = np.meshgrid(np.arange(60) + 0.5, 40 - (np.arange(40) + 0.5))
    winding = np.zeros(across.shape)
    for start, end in zip(corners, np.roll(corners, -1, 0), strict=True):
        a, b = np.arctan2(start[1] - up, start[0] - across), np.arctan2(end[1] - up, end[0] - across)
        winding += (b - a + np.pi) % (2 * np.pi) - np.pi
    inside = np.rint(winding / (2 * np.pi)).astype(int) % 2 == 1
    lit = np.zeros((40, 60), np.bool_)
    lit[row, column] = True
    assert inside.sum() > 50
    assert np.array_equal(lit, inside)


def test_a_small_disc_keeps_its_shape_as_it_moves() -> None:
    grid = Grid(40, 40, 1.0, 0.0, 40.0)
    for radius in (0.3, 0.5, 1.0, 1.5, 2.0, 2.7):
        shapes = set()
        for x in np.linspace(10, 12, 9).tolist():
            row, column = np.divmod(grid.disc(np.array([x, 20.3]), radius, filled=True), 40)
            shapes.add(frozenset(zip((row - row.min()).tolist(), (column - column.min()).tolist(), strict=True)))
        assert len(shapes) == 1
    ring = grid.disc(np.array([20.0, 20.0]), 8.0, filled=False)
    assert 20 * 40 + 20 not in ring and 40 < len(set(ring.tolist())) < 70


def test_the_upper_ink_is_drawn_on_the_one_it_covers() -> None:
    square = Stroke(SQUARE, "body", filled=True)
    half = Stroke(np.array([[1.0, 1.0], [2.25, 1.0], [2.25, 3.0], [1.0, 3.0]]), "goal", filled=True)
    lines = drawn(still(square, half))
    assert rows(lines)[1] == "  ██▌█"
    edge = style_at(lines, 4, 1)
    assert (edge.color, edge.bgcolor) == (PAPER.film("goal").color, PAPER.film("body").color)
    assert style_at(lines, 5, 1) == PAPER.film("body")


def test_in_braille_a_cell_of_two_inks_has_dots_and_no_block_behind_them() -> None:
    square = Stroke(SQUARE, "body", filled=True)
    half = Stroke(np.array([[1.0, 1.0], [2.25, 1.0], [2.25, 3.0], [1.0, 3.0]]), "goal", filled=True)
    lines = drawn(still(square, half), glyphs="braille")
    assert rows(lines)[1] == "  ⣿⣿⣿⣿"
    assert {style_at(lines, column, 1).bgcolor for column in range(8)} == {PAPER.blank.bgcolor}


def test_two_areas_that_nearly_fill_a_cell_keep_their_inks() -> None:
    low = Stroke(np.array([[1.0, 1.0], [3.0, 1.0], [3.0, 2.75], [1.0, 2.75]]), "body", filled=True)
    wide = Stroke(np.array([[1.75, 1.0], [2.75, 1.0], [2.75, 3.0], [1.75, 3.0]]), "limb", filled=True)
    cell = style_at(drawn(still(low, wide), glyphs="octant"), 3, 1)
    assert cell.color == PAPER.film("limb").color
    edge = style_at(drawn(still(low, wide), glyphs="octant"), 5, 1)  # one column each, a blank over the lower one
    assert {edge.color, edge.bgcolor} == {PAPER.film("limb").color, PAPER.film("body").color}


def test_a_line_under_an_area_does_not_colour_what_the_area_leaves() -> None:
    ground = Stroke(np.array([[0.0, 1.1], [4.0, 1.1]]), "ground")
    above = Stroke(np.array([[1.0, 1.25], [3.0, 1.25], [3.0, 3.0], [1.0, 3.0]]), "body", filled=True)
    lines = drawn(still(ground, above), glyphs="sextant")
    assert {style_at(lines, column, 2).bgcolor for column in range(2, 6)} == {PAPER.blank.bgcolor}


def test_the_corners_of_an_area_stand_no_higher_than_its_edge() -> None:
    square = Stroke(np.array([[1.25, 1.0], [2.75, 1.0], [2.75, 2.75], [1.25, 2.75]]), "body", filled=True)
    assert rows(drawn(still(square)))[1:3] == ["  ▗▆▆▖", "  ▐██▌"]


def test_a_disc_is_the_same_on_both_sides_wherever_it_is() -> None:
    grid = Grid(60, 60, 1.0, 0.0, 60.0)
    for radius in (1.2, 3.5, 4.7, 7.1):
        shapes = set()
        for shift in (0.0, 0.3, 0.77):
            row, column = np.divmod(grid.disc(np.array([30 + shift, 30 - shift]), radius, filled=True), 60)
            lit = np.zeros((60, 60), np.bool_)
            lit[row, column] = True
            cut = lit[row.min() : row.max() + 1, column.min() : column.max() + 1]
            assert np.array_equal(cut, cut[:, ::-1]) and np.array_equal(cut, cut[::-1])
            shapes.add(cut.tobytes())
        assert len(shapes) == 1


def test_blanks_after_two_inks_stay_paper() -> None:
    half = Stroke(np.array([[1.0, 1.0], [2.75, 1.0], [2.75, 3.0], [1.0, 3.0]]), "goal", filled=True)
    lines = drawn(still(Stroke(SQUARE, "body", filled=True), half))
    blanks = [segment for line in lines for segment in line if not segment.text.strip()]
    assert blanks and all(segment.style and segment.style.bgcolor == PAPER.blank.bgcolor for segment in blanks)


def test_without_colours_a_gap_tells_areas_apart() -> None:
    square, disc = Stroke(SQUARE, "body", filled=True), Disc(np.array([2.0, 2.0]), 0.6, "agent")
    lines = draw_film(still(square, discs=(disc,)), 0, 24, 12, HALF, Paper(colour=False), ascii=False)
    assert rows(lines)[5].strip() == "██▗██████▖██"


def test_frames_move_and_nan_hides() -> None:
    centres = np.array([[1.0, 2.0], [3.0, 2.0], [np.nan, 2.0]])
    film = still(discs=(Disc(centres, 0.5, "agent"),), frames=3)
    left, right, hidden = (text_of(drawn(film, frame)) for frame in range(3))
    assert left and right and left != right
    assert not hidden.strip()
    assert text_of(drawn(film, 99)) == hidden and text_of(drawn(film, -5)) == left
    line = np.array([[0.0, 2.0], [1.0, 2.0], [np.nan, 2.0], [3.0, 2.0], [4.0, 2.0]])
    parted = next(row for row in rows(drawn(still(Stroke(line, "ground")))) if row)
    assert parted[0] != " " and parted[3:5] == "  " and parted[7] != " "
    corners = SQUARE.copy()
    corners[0] = np.nan
    assert not text_of(drawn(still(Stroke(corners, "body", filled=True)))).strip()


def test_words_stand_where_they_belong_on_what_is_there() -> None:
    tags = (Tag(np.array([2.0, 2.5]), ("H",), "danger"), Tag(np.array([[2.0, 0.5]]), ("one",), "ground"))
    lines = drawn(still(Stroke(SQUARE, "danger", filled=True), tags=tags))
    assert rows(lines) == ["", "  ██H█", "  ████", "  one"]
    letter = style_at(lines, 4, 1)
    assert letter.reverse and letter.color == PAPER.film("danger").color
    moving = Tag(np.array([[1.0, 2.0], [3.0, 2.0]]), ("a", "b"), "ground")
    assert "a" in text_of(drawn(still(tags=(moving,), frames=2), 0))
    assert "b" in text_of(drawn(still(tags=(moving,), frames=2), 1))


def test_ascii_characters_lie_as_the_lines_do() -> None:
    def signs(*points: tuple[float, float], width: float = 0.0) -> str:
        film = still(Stroke(np.array(points), "ground", width))
        return "".join(text_of(draw_film(film, 0, 16, 8, HALF, ASCII, ascii=True)).split())

    assert set(signs((0.1, 2.1), (3.9, 2.1))) <= {"-", "_"}
    assert set(signs((2.1, 0.1), (2.1, 3.9))) == {"|"}
    assert set(signs((0.5, 0.5), (3.5, 3.5))) == {"/"}
    assert set(signs((0.5, 3.5), (3.5, 0.5))) == {"\\"}
    assert set(signs((0.5, 2.0), (3.5, 2.0), width=2.0)) == {"#"}
    arrow = signs((0.5, 2.1), (3.5, 2.1), (3.2, 2.3), (3.5, 2.1), (3.2, 1.9))
    assert arrow.endswith(">") and set(arrow[:-1]) == {"_"}
    square, disc = Stroke(SQUARE, "body", filled=True), Disc(np.array([2.0, 3.5]), 0.1, "agent")
    text = text_of(draw_film(still(square, discs=(disc,)), 0, 8, 4, HALF, ASCII, ascii=True))
    assert text.count("O") == 1 and text.count("#") == 8


def test_few_segments_are_sent() -> None:
    ground = Stroke(np.array([[0.0, 0.1], [4.0, 0.1]]), "ground")
    two = (Disc(np.array([1.0, 2.0]), 0.3, "agent"), Disc(np.array([3.0, 2.0]), 0.3, "agent"))
    lines = draw_film(still(ground, discs=two), 0, 60, 14, HALF, PAPER, ascii=False)
    assert max(len(line) for line in lines) <= 2


@pytest.mark.parametrize("name", sorted(GLYPHS))
@pytest.mark.parametrize("paper", [PAPER, Paper(colour=False), Paper(terminal=True, shades=False), Paper(dark=False)])
def test_anything_is_drawn_in_exactly_its_cells(name: str, paper: Paper) -> None:
    generator = np.random.default_rng(3)
    frames = 3
    wild = generator.normal(size=(frames, 6, 2)) * 10.0 ** generator.integers(-3, 12, (frames, 6, 1))
    wild[1, 2] = np.inf
    shapes = [Stroke(generator.uniform(-1, 5, (frames, 4, 2)), ink, 0.3, filled=ink == "body") for ink in INKS]
    film = still(
        Stroke(wild, "force"),
        Stroke(wild, "limb", 0.2),
        Stroke(np.array([[2.0, 2.0], [2.0, 2.0]]), "joint", 0.5),
        Stroke(np.array([[1.0, 1.0], [1.0, 3.0], [1.0, 2.0]]), "goal", filled=True),
        *shapes,
        discs=(Disc(wild[:, 0], 0.5, "agent"), Disc(np.array([2.0, 2.0]), 1.0, "faint", filled=False)),
        tags=(Tag(wild[:, 1], ("far away", "ünïcode", "世界"), "ground"),),
        frames=frames,
    )
    for width, height in ((1, 1), (3, 2), (40, 10), (7, 30)):
        for frame in range(frames):
            for ascii in (False, True):
                lines = draw_film(film, frame, width, height, GLYPHS[name], paper, ascii)
                assert [width_of(line) for line in lines] == [width] * height
                assert all(segment.style is not None and segment.text for line in lines for segment in line)
                assert not ascii or text_of(lines).isascii() or any(sign in text_of(lines) for sign in "ünï世界")


def test_no_cells_and_no_frames() -> None:
    empty = Film(0, (0.0, 0.0, 1.0, 1.0), ())
    assert text_of(draw_film(empty, 0, 5, 2, BRAILLE, PAPER, ascii=False)) == "\n"
    assert draw_film(still(), 0, 0, 0, SEXTANT, PAPER, ascii=False) == []
    flat = Film(1, (1.0, 1.0, 1.0, 1.0), (Stroke(np.array([[1.0, 1.0]]), "body"),))
    assert len(draw_film(flat, 0, 4, 2, OCTANT, PAPER, ascii=False)) == 2
