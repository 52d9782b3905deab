"""Pictures: a grid of images drawn in cells, each image aligned to whole cells and large enough to be read."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style

from lec10_tui.drawing.glyphs import ASCII, BRAILLE, Glyphs, columns_for, footprint
from lec10_tui.drawing.lines import Lines, blank
from lec10_tui.drawing.merging import BLANK, Run, closeness, merge
from lec10_tui.drawing.mosaic import Cells, Grey, cell_parts, dots, resample, two_shades
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.shades import shades

Bytes = NDArray[np.uint8]
Cursor = tuple[int | None, int | None]
"""Which images are marked: (row, column); None marks the whole column, or the whole row."""


INK_GAMMA = 0.75
"""Averages of thin strokes are pale; grey pictures lift them by this power, so that they are read from afar."""
INK_TOE = 0.08
"""What is darker than this is paper: it would be lifted to a halo."""


def drawable(glyphs: Glyphs, paper: Paper) -> Glyphs:
    """`glyphs`, or what can be drawn instead: ascii on ASCII paper, braille where there are no exact colours."""
    if paper.ascii:
        return ASCII
    return glyphs if not glyphs.two_colours or (paper.colour and paper.shades) else BRAILLE


def fitting(
    columns: int, rows: int, glyphs: Glyphs, image_shape: tuple[int, int], gap: int = 0, line_gap: int = 0
) -> tuple[int, int]:
    """(across, down): how many images of (height, width) pixels fit in `columns` × `rows` cells and can still be read.

    `gap` columns and `line_gap` rows lie between images. (0, …) or (…, 0) when not even one fits.
    """
    wide, tall = footprint(glyphs, image_shape)
    return max(0, (columns + gap) // (wide + gap)), max(0, (rows + line_gap) // (tall + line_gap))


def filling(
    columns: int,
    rows: int,
    across: int,
    down: int,
    glyphs: Glyphs,
    image_shape: tuple[int, int],
    gap: int = 0,
    line_gap: int = 0,
    largest: int | None = None,
) -> tuple[int, int]:
    """(columns, rows) of the largest cells, in the image's aspect, in which `across` × `down` images fit the space.

    At least the legible footprint, even where that does not fit; at most `largest` rows, by default so many that a
    pixel is two parts of a cell tall.
    """
    legible_wide, legible_tall = footprint(glyphs, image_shape)
    wide_room = (columns + gap) // max(1, across) - gap
    tall_room = (rows + line_gap) // max(1, down) - line_gap
    most = largest or -(-2 * image_shape[0] // glyphs.down)
    for tall in range(min(tall_room, most), legible_tall, -1):
        wide = columns_for(tall, image_shape)
        if wide <= wide_room:
            return wide, tall
    return legible_wide, legible_tall


def draw_images(
    images: Bytes,
    glyphs: Glyphs,
    paper: Paper,
    *,
    cell: tuple[int, int] | None = None,
    palette: str = "grey",
    gap: int = 0,
    line_gap: int = 0,
    cursor: Cursor | None = None,
) -> Lines:
    """Images (rows, columns, height, width) of values 0 … 255, each drawn in `cell` (columns, rows) of cells.

    Without `cell` each has its legible footprint. Braille and ascii show ink where the value is high; see `drawable`
    for paper without shades. The images at `cursor` are reversed.
    """
    if images.ndim != 4:
        raise ValueError(f"pictures: images are (rows, columns, height, width), not {images.ndim}-dimensional")
    down, across, height, width = images.shape
    wide, tall = cell or footprint(glyphs, (height, width))
    if images.size == 0:
        return blank(across * (wide + gap) - gap if across else 0, down * (tall + line_gap) - line_gap, paper.blank)
    grey = resample(images, tall * glyphs.down, wide * glyphs.across)
    if palette == "grey":
        grey = _lifted(grey)
    marked = np.zeros((down, across, 1, 1), np.int64)
    if cursor is not None:
        marked[_chosen(cursor[0]), _chosen(cursor[1])] = 1
    if glyphs.two_colours:
        levels = len(shades(palette, paper))
        pattern, front, back = two_shades(cell_parts(grey, glyphs), levels)
        front, back = front + levels * marked, back + levels * marked
        close = closeness(levels, 2, tolerance=1 if palette == "grey" else 0)
        styles, full = _shade_styles(palette, paper), len(glyphs.characters) - 1
    else:
        pattern = _ink(grey, glyphs)
        front = back = np.broadcast_to(marked, pattern.shape)
        close, styles, full = closeness(1, 2, tolerance=0), _ink_styles(paper), 0
    cells = [_tiled(part, gap, line_gap, outside) for part, outside in ((pattern, 0), (front, BLANK), (back, BLANK))]
    return [
        [_segment(run, glyphs, styles) for run in merge(patterns, fronts, backs, close, full)]
        for patterns, fronts, backs in zip(*(part.tolist() for part in cells), strict=True)
    ]


def _lifted(grey: Grey) -> Grey:
    above = np.maximum(grey / 255 - INK_TOE, 0) / (1 - INK_TOE)
    return (255 * above**INK_GAMMA).astype(np.float32)


def _chosen(place: int | None) -> slice:
    return slice(None) if place is None else slice(max(0, place), max(0, place + 1))


def _ink(grey: Grey, glyphs: Glyphs) -> Cells:
    """Patterns of ink and no ink; for characters of one part (ascii) the darkness is the pattern."""
    if glyphs.across * glyphs.down > 1:
        return dots(grey, glyphs)
    steps = len(glyphs.characters) - 1
    return np.rint(np.clip(grey / 255 * 1.25, 0, 1) * steps).astype(np.int64)


def _tiled(cells: Cells, gap: int, line_gap: int, empty: int) -> Cells:
    """(down, across, rows, columns) of cells → one (…, …) sheet with gaps between the images."""
    cells = np.pad(cells, ((0, 0), (0, 0), (0, line_gap), (0, gap)), constant_values=empty)
    down, across, rows, columns = cells.shape
    sheet = cells.transpose(0, 2, 1, 3).reshape(down * rows, across * columns)
    return sheet[: down * rows - line_gap, : across * columns - gap]


@cache
def _shade_styles(palette: str, paper: Paper) -> tuple[tuple[Style, ...], ...]:
    """The style of every (background, foreground): levels of the palette, of the palette reversed, and BLANK."""
    ramp = shades(palette, paper)
    colours = (*ramp, *ramp[::-1], "")
    return tuple(tuple(paper.style(front, background=back) for front in colours) for back in colours)


@cache
def _ink_styles(paper: Paper) -> tuple[tuple[Style, ...], ...]:
    """The style of plain, marked and BLANK cells, whose foreground and background have one level."""
    return tuple((style,) * 3 for style in (paper.blank, paper.style(reverse=True), paper.blank))


def _segment(run: Run, glyphs: Glyphs, styles: tuple[tuple[Style, ...], ...]) -> Segment:
    text = "".join([glyphs.characters[pattern] for pattern in run.patterns])
    return Segment(text, styles[run.back][run.back if run.front is None else run.front])
