"""Colour pictures in cells: two colours a cell out of the 256 that every terminal has, few enough for a slow line."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style

from lec10_tui.drawing.glyphs import Glyphs
from lec10_tui.drawing.lines import Lines, fit, shift
from lec10_tui.drawing.merging import Close, Run, merge
from lec10_tui.drawing.mosaic import Cells, Grey, cell_parts, resample
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.pictures import draw_images, drawable

Bytes = NDArray[np.uint8]

BYTES_A_CELL = 5.0
"""What a picture may cost on the line: 60 × 20 cells are 6 kB."""
TOLERANCES = (0, 12, 24, 40, 60, 90, 130, 180)
"""How far apart colours may be that are drawn as one, tried in order until the picture is cheap enough."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_STEPS = (0, 95, 135, 175, 215, 255)


def draw_rgb(image: Bytes, width: int, height: int, glyphs: Glyphs, paper: Paper) -> Lines:
    """`image` (h, w, 3) of values 0 … 255 as large as it can be in exactly `width` × `height` cells, in their middle.

    Pixels are averaged over the parts of a cell. Where there are no exact colours it is drawn in shades of ink. Raises
    ValueError for what is not a colour picture.
    """
    if image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise ValueError(f"pictures: a colour picture is (height, width, 3), not {image.shape}")
    if width < 1 or height < 1:
        return fit([], width, height, paper.blank)
    columns, rows = footprint(image.shape[1], image.shape[0], width, height)
    glyphs = drawable(glyphs, paper)
    drawn = (_coloured if glyphs.two_colours else _inked)(image, columns, rows, glyphs, paper)
    above = fit([], width, (height - rows) // 2, paper.blank)
    return fit(above + shift(drawn, (width - columns) // 2, paper.blank), width, height, paper.blank)


def footprint(pixels_across: int, pixels_down: int, width: int, height: int) -> tuple[int, int]:
    """(columns, rows) of the largest picture in these cells, each twice as tall as wide."""
    scale = min(width / pixels_across, 2 * height / pixels_down)
    return max(round(pixels_across * scale), 1), max(round(pixels_down * scale / 2), 1)


def _inked(image: Bytes, columns: int, rows: int, glyphs: Glyphs, paper: Paper) -> Lines:
    """The picture in shades of ink; what there is less of, dark or light, is the ink."""
    grey = image.astype(np.float32) @ _LUMA
    grey = 255 - grey if np.median(grey) > 127 else grey
    return draw_images(grey.astype(np.uint8)[None, None], glyphs, paper, cell=(columns, rows))


def _coloured(image: Bytes, columns: int, rows: int, glyphs: Glyphs, paper: Paper) -> Lines:
    averaged = resample(np.moveaxis(image, 2, 0), rows * glyphs.down, columns * glyphs.across)
    patterns, front, back = two_colours(np.stack([cell_parts(channel, glyphs) for channel in averaged], -1))
    fronts, backs = _nearest(front), _nearest(back)
    patterns = np.where(fronts == backs, 0, patterns)
    sheet = list(zip(patterns.tolist(), fronts.tolist(), backs.tolist(), strict=True))
    full = len(glyphs.characters) - 1
    lines: list[list[Run]] = []
    for tolerance in TOLERANCES:
        lines = [merge(*cells, _close(tolerance), full) for cells in sheet]
        if sum(_cost(line) for line in lines) <= BYTES_A_CELL * columns * rows:
            break
    return [[_segment(run, glyphs, paper) for run in line] for line in lines]


def two_colours(parts: Grey) -> tuple[Cells, Grey, Grey]:
    """For each cell (..., n, 3) its pattern, and the mean colours (..., 3) of the lit parts and of the others.

    Parts are cut where, in order of lightness, the two means are furthest apart; the lighter ones are lit.
    """
    count = parts.shape[-2]
    order = np.argsort(parts @ _LUMA, axis=-1, kind="stable")
    sums = np.cumsum(np.take_along_axis(parts, order[..., None], -2), axis=-2)
    below = np.arange(1, count, dtype=np.float32)[:, None]
    dark, light = sums[..., :-1, :] / below, (sums[..., -1:, :] - sums[..., :-1, :]) / (count - below)
    spread = (below * (count - below) * (light - dark) ** 2).sum(-1)
    cut = np.argmax(spread, axis=-1)[..., None]
    rank = np.argsort(order, axis=-1)
    pattern = ((rank > cut) << np.arange(count)).sum(-1)
    chosen = cut[..., None]
    return pattern, np.take_along_axis(light, chosen, -2)[..., 0, :], np.take_along_axis(dark, chosen, -2)[..., 0, :]


@cache
def terminal_colours() -> Grey:
    """(240, 3): the cube of 216 and the ramp of 24 greys that a terminal of 256 colours has."""
    cube = [(red, green, blue) for red in _STEPS for green in _STEPS for blue in _STEPS]
    return np.array([*cube, *((grey, grey, grey) for grey in range(8, 248, 10))], np.float32)


def _nearest(colours: Grey) -> Cells:
    """The index of the terminal's nearest colour to each of (..., 3)."""
    steps = np.array(_STEPS, np.float32)
    levels = np.searchsorted((steps[1:] + steps[:-1]) / 2, colours)
    cube = levels @ np.array([36, 6, 1])
    ramp = 216 + np.clip(np.rint((colours.mean(-1) - 8) / 10), 0, 23).astype(np.int64)
    known = terminal_colours()
    closer = ((known[ramp] - colours) ** 2).sum(-1) < ((known[cube] - colours) ** 2).sum(-1)
    nearest: Cells = np.where(closer, ramp, cube)
    return nearest


@cache
def _close(tolerance: int) -> Close:
    """`close[a][b]` for the terminal's colours: at most `tolerance` apart in every channel."""
    known = terminal_colours()
    near = np.abs(known[:, None] - known).max(-1) <= tolerance
    return tuple(tuple(row) for row in near.tolist())


def _cost(line: list[Run]) -> int:
    """About how many bytes a line takes."""
    return sum(15 + sum(3 if pattern else 1 for pattern in run.patterns) for run in line)


def _segment(run: Run, glyphs: Glyphs, paper: Paper) -> Segment:
    text = "".join([glyphs.characters[pattern] for pattern in run.patterns])
    return Segment(text, _style(paper, run.back if run.front is None else run.front, run.back))


@lru_cache(maxsize=8192)
def _style(paper: Paper, front: int, back: int) -> Style:
    return paper.style(_name(front), background=_name(back))


@cache
def _name(colour: int) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in terminal_colours()[colour])
