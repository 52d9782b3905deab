"""A frame of a film in cells: areas as blocks, lines as fine dots, words as they are, each in the colour it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from lec10_tui.drawing.glyphs import BRAILLE, HALF, OCTANT, QUADRANT, SEXTANT, Glyphs
from lec10_tui.drawing.lines import Lines, blank
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.raster import THINNEST, Floats, Grid, Places
from lec10_tui.drawing.spelling import spelled
from lec10_tui.vocabulary.film import INKS, Disc, Film, Stroke, Tag

ACROSS, DOWN = 2, 4
"""Dots of a cell."""
SPECK = 3
"""Discs of so few dots are drawn as dots."""

Shape = Stroke | Disc
Cells = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layer:
    """Dots of one ink; `solid` are an area's, `sign` is what they are in ASCII."""

    places: Places
    ink: int
    solid: bool
    sign: str


def draw_film(film: Film, frame: int, width: int, height: int, glyphs: Glyphs, paper: Paper, ascii: bool) -> Lines:
    """What `film` shows at `frame`, as large as it can be in exactly `width` × `height` cells, in the middle of them.

    Lines are braille; areas are drawn in blocks, in dots where `glyphs` is braille; each cell has the colour of what
    most of it is. `ascii` draws with / \\ | - _ # O. A frame outside of the film is its first or last.
    """
    if width < 1 or height < 1 or not film.frames:
        return blank(width, height, paper.blank)
    frame = min(max(frame, 0), film.frames - 1)
    scene = _scene(film, width, height, ascii)
    layers = [layer for shape in scene.shapes for layer in shape.at(frame)]
    tops = np.zeros(height * DOWN * width * ACROSS, np.int64)
    known = np.array([-1, *(layer.ink for layer in layers)])
    for number, layer in enumerate(layers, 1):
        if layer.solid and not (paper.colour or ascii):
            around = _around(layer.places, scene.grid)
            tops[around[known[tops[around]] != layer.ink]] = 0  # a gap, where a colour can't tell them apart
        tops[layer.places] = number
    cells = tops.reshape(height, DOWN, width, ACROSS).swapaxes(1, 2).reshape(height, width, DOWN * ACROSS)
    if ascii:
        text, inks = _signs(cells, layers), known[cells.max(-1)]
        under = np.full(inks.shape, -1)
    else:
        text, inks, under = _characters(cells, layers, known, glyphs, paper)
    for tag in film.tags:
        _write(tag, frame, scene.grid, text, inks, under, paper)
    return [_line(*row, paper) for row in zip(text.tolist(), inks, under, strict=True)]


# What there is to draw.


@dataclass(frozen=True, eq=False)
class Placed:
    """A shape on a grid: its layers once and for all where it does not move."""

    shape: Shape
    grid: Grid
    ascii: bool
    still: tuple[Layer, ...] | None

    def at(self, frame: int) -> tuple[Layer, ...]:
        """Its layers at a frame."""
        return tuple(_layers(self.shape, frame, self.grid, self.ascii)) if self.still is None else self.still


@dataclass(frozen=True, eq=False)
class Scene:
    """A film laid out on a grid."""

    grid: Grid
    shapes: tuple[Placed, ...]


@lru_cache(maxsize=8)
def _scene(film: Film, width: int, height: int, ascii: bool) -> Scene:
    grid = grid_of(film, width, height)
    shapes: tuple[Shape, ...] = (*film.strokes, *film.discs)
    return Scene(grid, tuple(_placed(shape, grid, ascii) for shape in shapes))


def _placed(shape: Shape, grid: Grid, ascii: bool) -> Placed:
    moves = shape.points.ndim == 3 if isinstance(shape, Stroke) else shape.centre.ndim == 2
    return Placed(shape, grid, ascii, None if moves else tuple(_layers(shape, 0, grid, ascii)))


def grid_of(film: Film, width: int, height: int) -> Grid:
    """The grid of `width` × `height` cells with the film's bounds in its middle."""
    left, bottom, right, top = film.bounds
    columns, rows = width * ACROSS, height * DOWN
    scale = min(columns / max(right - left, 1e-9), rows / max(top - bottom, 1e-9))
    return Grid(rows, columns, scale, (left + right - columns / scale) / 2, (top + bottom + rows / scale) / 2)


def _layers(shape: Shape, frame: int, grid: Grid, ascii: bool) -> Iterator[Layer]:
    ink = INKS.index(shape.ink)
    if isinstance(shape, Disc):
        centre = shape.centre[frame] if shape.centre.ndim == 2 else shape.centre
        small = ascii and shape.radius * grid.scale < ACROSS  # one character, not as many as it touches
        places = grid.disc(centre, 0.0 if small else shape.radius, shape.filled)
        yield Layer(places, ink, shape.filled and len(places) > SPECK, "O" if shape.filled else "o")
        return
    points = shape.points[frame] if shape.points.ndim == 3 else shape.points
    if shape.filled:
        yield Layer(grid.polygon(points), ink, True, "#")
        return
    if ascii:
        yield from _written(points, shape.width, ink, grid)
    else:
        yield Layer(grid.line(points, shape.width), ink, shape.width * grid.scale >= THINNEST, "")


def _written(points: Floats, width: float, ink: int, grid: Grid) -> Iterator[Layer]:
    """A line by the characters that lie as it does; an arrow's head, a place that is come back to, is one character."""
    head = len(points) >= 5 and np.array_equal(points[-4], points[-2])
    along = points[:-3] if head else points
    across, up = (along[1:] - along[:-1]).T
    thick = width * grid.scale >= 2 * ACROSS
    flat, steep = np.abs(up) <= 0.4 * np.abs(across), np.abs(across) <= 0.25 * np.abs(up)
    slanted = ~flat & ~steep
    for sign, those in (
        ("-", flat),
        ("|", steep),
        ("/", slanted & (across * up > 0)),
        ("\\", slanted & (across * up < 0)),
    ):
        if those.any():
            places = grid.stretches(along[:-1][those], along[1:][those], width if thick else 0.0)
            yield Layer(places, ink, thick, "#" if thick else sign)
    if head:
        x, y = (along[-1] - along[-2]).tolist()
        sign = (">" if x > 0 else "<") if abs(x) >= abs(y) else "^" if y > 0 else "v"
        yield Layer(grid.disc(along[-1], 0.0, filled=True), ink, False, sign)


def _around(places: Places, grid: Grid) -> Places:
    """The places and those next to them."""
    rows, columns = np.divmod(places, grid.columns)
    near = np.arange(-1, 2)
    down = np.clip(rows[:, None, None] + near[:, None], 0, grid.rows - 1)
    across = np.clip(columns[:, None, None] + near, 0, grid.columns - 1)
    around: Places = (down * grid.columns + across).ravel()
    return around


# From dots to characters.


def _characters(
    cells: Cells, layers: list[Layer], inks: Cells, glyphs: Glyphs, paper: Paper
) -> tuple[NDArray[np.str_], Cells, Cells]:
    """The character of every cell, its ink, and the ink behind it, −1 for none.

    A cell has the ink that most of its dots have, of equals the topmost. Where something on an area fills all of it,
    or two areas nearly all, the upper one is drawn on the other, unless `glyphs` are dots, which would show a block
    there; else what is an area there is drawn without the lines at its edge, and the other way round.
    """
    text, ink, under = np.full(cells.shape[:2], " "), np.full(cells.shape[:2], -1), np.full(cells.shape[:2], -1)
    touched = cells.any(-1)
    cells = cells[touched]
    found, every = inks[cells], np.arange(len(INKS))
    top = inks[cells.max(-1)][:, None]
    counts = (found[..., None] == every).sum(-2)
    solids = np.array([False, *(layer.solid for layer in layers)])[cells]
    blanks = ACROSS * DOWN - counts.sum(-1)
    fewest = np.where(counts > 0, counts, ACROSS * DOWN).min(-1)
    whole = (solids | (found == top)).all(-1)
    nearly = (solids | (cells == 0)).all(-1) & (blanks <= fewest)  # one ink for both would be wrong in more dots
    blocks = paper.colour and glyphs.name != BRAILLE.name
    two = (whole | nearly) & ((counts > 0).sum(-1) == 2) & blocks
    ink[touched] = np.where(two, top[:, 0], (2 * counts + (every == top)).argmax(-1))
    under[touched] = np.where(two, np.where(every == top, 0, counts).argmax(-1), -1)
    mine = found == ink[touched][:, None]
    solid = 2 * (solids & mine).sum(-1) > mine.sum(-1)
    equal = blocks & ((counts == counts.max(-1, keepdims=True)).sum(-1) > 1)  # to leave the others out is as near
    lit = np.where((two | equal & solid)[:, None], mine, (cells > 0) & (solids == solid[:, None]))
    pattern = (lit << np.arange(ACROSS * DOWN)).sum(-1)
    area, fine = _tables(glyphs)
    text[touched] = np.where(solid, area[pattern], fine[pattern])
    return text, ink, under


@cache
def _tables(glyphs: Glyphs) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """The character of each of the 256 patterns of dots, for areas and for lines."""
    dots = np.array(BRAILLE.characters)
    if glyphs.name == OCTANT.name:
        return np.array(OCTANT.characters), np.array(OCTANT.characters)
    if glyphs.name not in (HALF.name, QUADRANT.name, SEXTANT.name):
        return dots, dots
    parts = SEXTANT if glyphs.name == SEXTANT.name else QUADRANT
    shapes = {character: _fine(pattern, parts.down) for pattern, character in enumerate(parts.characters)}
    if parts is QUADRANT:
        shapes |= {"▂": _fine(0b11000000, 4), "▆": _fine(0b11111100, 4)}
    of = np.stack([_fine(pattern, DOWN) for pattern in range(256)])
    # Of two that come equally close the one with more ink is taken, so that nothing vanishes.
    known = sorted(shapes, key=lambda character: -int(shapes[character].sum()))
    distance = np.stack([(of != shapes[character]).sum(-1) for character in known], -1)
    nearest = np.array(known)[distance.argmin(-1)]
    if parts is QUADRANT:  # a corner that a quadrant, or two, would make a spike of
        nearest[1 << np.arange(ACROSS * DOWN)] = " "
        for column in range(ACROSS):
            upper, lower = (sum(1 << ACROSS * row + column for row in rows) for rows in (range(3), range(1, 4)))
            nearest[upper], nearest[lower] = "▘▝"[column], "▖▗"[column]
    return nearest, dots


def _fine(pattern: int, down: int) -> NDArray[np.bool_]:
    """A pattern of 2 × `down` parts as one of 2 × 12."""
    parts = (pattern >> np.arange(2 * down) & 1).astype(np.bool_).reshape(down, 2)
    return np.repeat(parts, 12 // down, 0).ravel()


def _signs(cells: Cells, layers: list[Layer]) -> NDArray[np.str_]:
    """The character of every cell in ASCII, of what is topmost; one that a large area hardly touches has none."""
    top = cells.max(-1)
    sign = np.array([" ", *(layer.sign for layer in layers)])[top]
    solid = np.array([False, *(layer.solid and layer.sign in "#O" for layer in layers)])[top]
    mine = (cells == top[..., None]) & (top > 0)[..., None]
    sign = np.where((sign == "-") & ~mine[..., :6].any(-1), "_", sign)
    large = np.bincount(top.ravel(), minlength=len(layers) + 1) > 2
    return np.where(solid & large[top] & ((cells > 0).sum(-1) < 3), " ", sign)


def _write(tag: Tag, frame: int, grid: Grid, text: NDArray[np.str_], inks: Cells, under: Cells, paper: Paper) -> None:
    """A tag's characters in the cells around its place, on what fills the cell."""
    at = grid.at((tag.at[frame] if tag.at.ndim == 2 else tag.at)[None])[0]
    words = spelled(tag.texts[frame] if len(tag.texts) > 1 else tag.texts[0], paper.ascii)
    if not np.isfinite(at).all():
        return
    height, width = text.shape
    row, column = int(at[1] // DOWN), round(at[0] / ACROSS - len(words) / 2)
    if not 0 <= row < height:
        return
    for place, character in enumerate(words, column):
        if 0 <= place < width and cell_len(character) == 1:
            filled = text[row, place] == "█" and paper.colour
            under[row, place] = inks[row, place] if filled else -1
            text[row, place], inks[row, place] = character, INKS.index(tag.ink)


# From characters to lines.


def _line(text: list[str], inks: Cells, under: Cells, paper: Paper) -> list[Segment]:
    """One line; a blank joins the cells before it, so that few styles are sent."""
    plain = len(INKS)  # looks from here on have an ink behind them, which must not be seen in a blank
    looks = np.where((np.array(text) == " ") & (under < 0), -1, (under + 1) * plain + inks)
    last = np.maximum.accumulate(np.where(looks >= 0, np.arange(len(text)), -1))
    filled = np.where((last >= 0) & ((looks >= 0) | (looks[last] < plain)), looks[last], -1)
    starts = np.flatnonzero(np.diff(filled, prepend=-2))
    return [
        Segment("".join(text[start:end]), _style(paper, int(filled[start])))
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(text)], strict=True)
    ]


@lru_cache(maxsize=1024)
def _style(paper: Paper, look: int) -> Style:
    if look < 0:
        return paper.blank
    under, ink = divmod(look, len(INKS))
    style = paper.film(INKS[ink])
    if not under:
        return style
    behind = paper.film(INKS[under - 1])
    return style + Style(bgcolor=behind.color) if under - 1 != ink else behind + Style(reverse=True)
