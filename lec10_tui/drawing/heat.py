"""Heat maps: a density over a window of the plane as shades, under ellipses, paths and marks that stay readable."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from lec10_tui.drawing.axes import Axis
from lec10_tui.drawing.glyphs import ASCII_RAMP, HALF, QUADRANT, Glyphs
from lec10_tui.drawing.lines import Lines, Sheet, beside, blank
from lec10_tui.drawing.merging import Close, Run, merge
from lec10_tui.drawing.mosaic import Cells, Grey, cell_parts, two_shades
from lec10_tui.drawing.numbers import ascii_form
from lec10_tui.drawing.overlay import NONE, Overlay, Window
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.pictures import drawable

Floats = NDArray[np.float64]

LEVELS = 24
"""How many shades there are: few, so that neighbouring cells are equal and few bytes change."""
NATS = 12.0
"""How far below the highest density a logarithmic map reaches."""
RAMP = (
    (5 / 23, "#2e353c"),
    (6 / 23, "#1c4a7a"),
    (0.42, "#005f87"),
    (0.63, "#0087af"),
    (0.82, "#00afd7"),
    (1.0, "#5fd7ff"),
)
"""Where its shades stand on dark paper: blue, which nothing that lies over it is, and as it comes in 256 colours."""
RAMP_ON_LIGHT = ((0.2, "#e4ecf2"), (0.4, "#afd7ff"), (0.6, "#87afd7"), (0.8, "#5f87af"), (1.0, "#005f87"))
"""The same on light paper."""
CONTRAST = 3.0
"""Letters must differ from what is under them by this much (WCAG 2's ratio), or the shade stands back there."""
LABELS = 5
"""Cells of the labels at the left and the gap beside them."""
FEWEST = (30, 6)
"""Cells from which the axes have labels."""
DRAWN = 256
"""Patterns from here on are code points."""
_BAYER = (np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) + 0.5) / 16


@dataclass(frozen=True, eq=False)
class Heat:
    """A density (rows, columns) ≥ 0, top row highest, over the window from `low` (2,) to `high` (2,).

    Its shades grow with its square root, so that tails are seen, or logarithmically down to NATS below its highest
    value. What is not a number or below 0 counts as 0.
    """

    density: Floats
    low: tuple[float, float]
    high: tuple[float, float]
    overlay: Overlay = field(default_factory=Overlay)
    x_label: str = ""
    y_label: str = ""
    logarithmic: bool = False

    def __post_init__(self) -> None:
        if self.density.ndim != 2 or not self.density.size:
            raise ValueError(f"heat map: a density is (rows, columns), not {self.density.shape}")
        if not all(np.isfinite(edge) for edge in (*self.low, *self.high)) or not (
            self.low[0] < self.high[0] and self.low[1] < self.high[1]
        ):
            raise ValueError(f"heat map: {self.low} … {self.high} is not a window: low < high on both axes would be")


def plot_area(width: int, height: int) -> tuple[int, int, int]:
    """(labels, columns, rows): of `width` × `height` cells those of the labels at the left, and those of the map."""
    if width >= FEWEST[0] and height >= FEWEST[1]:
        return LABELS, width - LABELS, height - 1
    return 0, max(width, 0), max(height, 0)


def draw_heat(heat: Heat, width: int, height: int, glyphs: Glyphs, paper: Paper) -> Lines:
    """The map in exactly `width` × `height` cells, with equal measures across and up where its window allows.

    Where there are no exact colours, shades are dots, or signs in ASCII, and what lies over them takes their place.
    """
    labels, columns, rows = plot_area(width, height)
    if columns < 1 or rows < 1:
        return blank(width, height, paper.blank)
    columns, rows = fitted(heat, columns, rows)
    drawn = _cells(heat, columns, rows, drawable(glyphs, paper), paper)
    if not labels:
        return drawn
    sheet = Sheet(labels, rows, paper.blank)
    for place, label in Axis(heat.low[1], heat.high[1]).ticks(max(2, rows // 6)):
        row = min(int((1 - place) * rows), rows - 1)
        if len(label) < labels and (row or not heat.y_label):
            sheet.put(0, row, _text(label, paper).rjust(labels - 1), paper.faint)
    sheet.put(0, 0, heat.y_label, paper.faint)
    return [*beside([sheet.lines(), drawn], 0, paper.blank), _foot(heat, labels, columns, paper)]


def fitted(heat: Heat, columns: int, rows: int) -> tuple[int, int]:
    """(columns, rows) of those given in which circles are round, unless that would cost more than half of them."""
    ratio = (heat.high[0] - heat.low[0]) / (heat.high[1] - heat.low[1])
    wide, tall = min(columns, round(2 * rows * ratio)), min(rows, round(columns / ratio / 2))
    if 2 * wide * tall < columns * rows or wide < 1 or tall < 1:
        return columns, rows
    return wide, tall


def levels(density: Floats, rows: int, columns: int, logarithmic: bool) -> Grey:
    """(rows, columns) shades 0 … 255 of a density: averaged where there are fewer of them, else interpolated."""
    values = np.nan_to_num(np.maximum(density, 0.0), nan=0.0, posinf=0.0)
    values = _weights(len(values), rows) @ values @ _weights(values.shape[1], columns).T
    highest = values.max()
    if not highest > 0:
        return np.zeros((rows, columns), np.float32)
    share = values / highest
    if logarithmic:
        with np.errstate(divide="ignore"):
            share = np.clip(1 + np.log(share) / NATS, 0, 1)
    else:
        share = np.sqrt(share)
    grey: Grey = (255 * share).astype(np.float32)
    return grey


@lru_cache(maxsize=64)
def _weights(pixels: int, parts: int) -> Floats:
    """(parts, pixels): what each of `parts` takes of each pixel; rows sum to 1."""
    if parts < pixels:
        edges = np.arange(parts + 1) * (pixels / parts)
        starts = np.arange(pixels)
        shares = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    else:
        middles = np.clip((np.arange(parts) + 0.5) * (pixels / parts) - 0.5, 0, pixels - 1)
        shares = 1 - np.abs(middles[:, None] - np.arange(pixels))
    shares = np.clip(shares, 0, None)
    weights: Floats = shares / shares.sum(1, keepdims=True)
    return weights


def _cells(heat: Heat, columns: int, rows: int, glyphs: Glyphs, paper: Paper) -> Lines:
    grey = levels(heat.density, rows * glyphs.down, columns * glyphs.across, heat.logarithmic)
    looks = _looks(heat.overlay.inks, glyphs.two_colours, paper)
    if glyphs.two_colours:
        parts = cell_parts(grey, glyphs)
        patterns, fronts, backs = two_shades(parts, LEVELS)
        under = np.rint(parts.mean(-1) * ((LEVELS - 1) / 255)).astype(np.int64)
        full = len(glyphs.characters) - 1
    else:
        patterns, full = _ink(grey, glyphs), 0
        fronts = backs = under = np.zeros_like(patterns)
    window = Window(heat.low, heat.high, columns, rows, QUADRANT if glyphs is HALF else glyphs)
    over, inks = heat.overlay.cells(window)
    covered = over != NONE
    patterns = np.where(covered, DRAWN + over, patterns)
    fronts = np.where(covered, looks.fronts[inks, under], fronts)
    backs = np.where(covered, looks.backs[inks, under], backs)
    return [
        [_segment(run, glyphs, looks.styles) for run in merge(*row, looks.close, full)]
        for row in zip(patterns.tolist(), fronts.tolist(), backs.tolist(), strict=True)
    ]


def _ink(grey: Grey, glyphs: Glyphs) -> Cells:
    """Shades as dots in an order that never flickers, or as signs."""
    if glyphs.across * glyphs.down == 1:
        signs: Cells = np.rint(grey * ((len(ASCII_RAMP) - 1) / 255)).astype(np.int64)
        return signs
    repeats = (-(-grey.shape[0] // 4), -(-grey.shape[1] // 4))
    threshold = np.tile(_BAYER, repeats)[: grey.shape[0], : grey.shape[1]]
    lit = cell_parts((grey / 255 > threshold).astype(np.float32), glyphs).astype(np.int64)
    patterns: Cells = (lit << np.arange(lit.shape[-1])).sum(-1)
    return patterns


@dataclass(frozen=True, eq=False)
class _Looks:
    """How cells are coloured: `fronts` and `backs` (inks, LEVELS) say which colours a covered cell has.

    `styles[back][front]` are those of the numbers of colours; `close` is for merging: each is only like itself.
    """

    fronts: Cells
    backs: Cells
    styles: tuple[tuple[Style, ...], ...]
    close: Close


@lru_cache(maxsize=32)
def _looks(inks: tuple[str, ...], shaded: bool, paper: Paper) -> _Looks:
    shape = (2 * len(inks), LEVELS)
    if not shaded:
        drawn = [paper.ink(ink, bold=not paper.colour) for ink in inks]
        fronts = np.broadcast_to(np.arange(1, shape[0] + 1)[:, None], shape)
        return _Looks(fronts, np.zeros(shape, np.int64), ((paper.faint, *drawn, *drawn),), _identity(shape[0] + 1))
    colours = list(ramp(paper))
    fronts, backs = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for number, ink in enumerate(inks):
        fronts[[number, len(inks) + number]] = _place(paper.resolve(ink), colours)
        backs[number] = range(LEVELS)
        backs[len(inks) + number] = [
            _place(standing_back(colours[level], paper.resolve(ink), paper), colours) for level in range(LEVELS)
        ]
    styles = tuple(tuple(paper.style(front, background=back) for front in colours) for back in colours)
    return _Looks(fronts, backs, styles, _identity(len(colours)))


@cache
def _identity(count: int) -> Close:
    return tuple(tuple(a == b for b in range(count)) for a in range(count))


def _place(colour: str, colours: list[str]) -> int:
    """The number of a colour among those there are, added where it is missing."""
    if colour not in colours:
        colours.append(colour)
    return colours.index(colour)


@cache
def ramp(paper: Paper) -> tuple[str, ...]:
    """The shades from paper to the highest value."""
    places, names = zip((0.0, paper.background), *(RAMP if paper.dark else RAMP_ON_LIGHT), strict=True)
    at = np.linspace(0, 1, LEVELS)
    channels = np.stack([np.interp(at, places, channel) for channel in np.stack([_rgb(name) for name in names]).T], -1)
    return (paper.background, *(_hex(colour) for colour in channels[1:]))


def standing_back(shade: str, ink: str, paper: Paper) -> str:
    """As much of a shade as letters in `ink` can be read on."""
    drawn, behind, ground = _rgb(ink), _rgb(shade), _rgb(paper.background)
    for share in np.linspace(0, 1, 11).tolist():
        back = behind + (ground - behind) * share
        if contrast(drawn, back) >= CONTRAST:
            return _hex(back) if share else shade
    return paper.background


def contrast(first: Floats, second: Floats) -> float:
    """How far apart two colours (3,) 0 … 255 are in lightness, 1 … 21 (WCAG 2)."""
    light, dark = sorted((_lightness(first), _lightness(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _lightness(colour: Floats) -> float:
    share = colour / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def _rgb(name: str) -> Floats:
    """A colour by rich's name as (3,) 0 … 255."""
    return np.array(Color.parse(name).get_truecolor(), np.float64)


def _hex(colour: Floats) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in colour.tolist())


def _segment(run: Run, glyphs: Glyphs, styles: tuple[tuple[Style, ...], ...]) -> Segment:
    shades = glyphs.characters
    text = "".join([shades[pattern] if pattern < DRAWN else chr(pattern - DRAWN) for pattern in run.patterns])
    return Segment(text, styles[run.back][run.back if run.front is None else run.front])


def _foot(heat: Heat, left: int, columns: int, paper: Paper) -> list[Segment]:
    """The labels under the map."""
    sheet = Sheet(left + columns, 1, paper.blank)
    end = left + columns - (cell_len(heat.x_label) + 1 if heat.x_label else 0)
    free = left
    for place, label in Axis(heat.low[0], heat.high[0]).ticks(max(2, columns // 16)):
        start = max(left, left + int(place * columns) - len(label) // 2)
        if start >= free and start + len(label) <= end:
            sheet.put(start, 0, _text(label, paper), paper.faint)
            free = start + len(label) + 2
    sheet.put(end + 1, 0, heat.x_label, paper.faint)
    return sheet.lines()[0]


def _text(text: str, paper: Paper) -> str:
    return ascii_form(text) if paper.ascii else text
