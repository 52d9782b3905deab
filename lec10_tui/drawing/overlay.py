"""What lies over a heat map: ellipses, paths and marks in the units of its plane, as dots and letters in its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from lec10_tui.drawing.glyphs import ASCII, Glyphs
from lec10_tui.drawing.numbers import ascii_form
from lec10_tui.drawing.raster import Grid
from lec10_tui.drawing.spelling import spelled

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

CORNERS = 128
"""How many corners an ellipse has."""
DASH = 2.0
"""Dots of a dash of a dotted ellipse, and between two."""
LINE = "o"
"""What lines are in ASCII: a sign that no shade has."""
NONE = -1
EDGES = {(-1, 0): ("◂", "<"), (1, 0): ("▸", ">"), (0, -1): ("▾", "v"), (0, 1): ("▴", "^")}
"""Which way a mark lies that is not in the picture."""


@dataclass(frozen=True)
class Ellipse:
    """The outline of an ellipse with axes along the plane's; `label` is written at its right end."""

    centre: tuple[float, float]
    radii: tuple[float, float]
    ink: str
    label: str = ""
    dotted: bool = False


@dataclass(frozen=True)
class Mark:
    """A word or a sign whose first character stands at (x, y); outside the picture an arrow at its edge says where."""

    x: float
    y: float
    text: str
    ink: str


@dataclass(frozen=True, eq=False)
class Trail:
    """A path through points (n, 2), the oldest first."""

    points: Floats
    ink: str


@dataclass(frozen=True)
class Window:
    """The part of the plane that is drawn, from `low` to `high`, in `width` × `height` cells of `glyphs`' parts."""

    low: tuple[float, float]
    high: tuple[float, float]
    width: int
    height: int
    glyphs: Glyphs

    @property
    def dots(self) -> Grid:
        """The grid of dots that lines are drawn on."""
        return Grid(self.height * self.glyphs.down, self.width * self.glyphs.across, 1.0, 0.0, 0.0)

    def places(self, points: Floats) -> Floats:
        """Points (n, 2) of the plane as (right, down), 0 … 1 inside."""
        low, high = np.array(self.low), np.array(self.high)
        share: Floats = (np.asarray(points, np.float64).reshape(-1, 2) - low) / (high - low)
        share[:, 1] = 1 - share[:, 1]
        return share

    def on_dots(self, points: Floats) -> Floats:
        """Points (n, 2) of the plane on the grid of dots: (columns, minus rows), as it takes them."""
        placed: Floats = self.places(points) * np.array([self.dots.columns, -self.dots.rows])
        return placed


@dataclass(frozen=True)
class Overlay:
    """What lies over a heat map, from the lowest to the highest: `curve` (m, 2), ellipses, trails, marks."""

    ellipses: Sequence[Ellipse] = ()
    marks: Sequence[Mark] = ()
    curve: Floats | None = None
    trails: Sequence[Trail] = ()

    @property
    def inks(self) -> tuple[str, ...]:
        """The colours it is drawn in, each once."""
        every = [each.ink for group in (self.trails, self.ellipses, self.marks) for each in group]
        return tuple(dict.fromkeys(["foreground", *every]))

    def cells(self, window: Window) -> tuple[Numbers, Numbers]:
        """(code points, inks) of the cells (height, width), NONE where nothing lies.

        An ink is the number of its colour; for letters the number of colours more.
        """
        grid, inks = window.dots, self.inks
        dots = np.full((grid.rows, grid.columns), NONE)
        if self.curve is not None:
            dots.flat[grid.line(window.on_dots(self.curve), 0.0)] = inks.index("foreground")
        for ellipse in self.ellipses:
            dots.flat[grid.stretches(*_stretches(ellipse, window), 0.0)] = inks.index(ellipse.ink)
        for trail in self.trails:
            points = window.on_dots(trail.points)
            dots.flat[grid.stretches(points, points, 0.0)] = inks.index(trail.ink)
        parts = _parts(dots, window.glyphs)
        signs = np.array([ord(sign) for sign in window.glyphs.characters])
        patterns = ((parts != NONE) << np.arange(parts.shape[-1])).sum(-1)
        codes = np.where(patterns > 0, ord(LINE) if window.glyphs is ASCII else signs[patterns], NONE)
        colours = parts.max(-1)
        for mark in (*_labels(self.ellipses), *self.marks):
            _write(mark, window, codes, colours, len(inks) + inks.index(mark.ink))
        return codes, colours


def _parts(dots: Numbers, glyphs: Glyphs) -> Numbers:
    """The dots of each cell in reading order: (rows, columns, dots)."""
    rows, columns = dots.shape[0] // glyphs.down, dots.shape[1] // glyphs.across
    return dots.reshape(rows, glyphs.down, columns, glyphs.across).swapaxes(1, 2).reshape(rows, columns, -1)


def _stretches(ellipse: Ellipse, window: Window) -> tuple[Floats, Floats]:
    """The lines an ellipse is made of, on the grid of dots; of a dotted one every other."""
    count = CORNERS
    if ellipse.dotted:
        radii = np.abs(window.on_dots(np.array([ellipse.radii])) - window.on_dots(np.zeros((1, 2))))
        count = int(np.clip(np.pi * radii.sum() / DASH, 24, 512)) // 2 * 2
    angles = np.linspace(0, 2 * np.pi, count + 1)
    points = np.array(ellipse.centre) + np.array(ellipse.radii) * np.stack([np.cos(angles), np.sin(angles)], -1)
    corners = window.on_dots(points)
    every = 2 if ellipse.dotted else 1
    return corners[:-1:every], corners[1::every]


def _labels(ellipses: Sequence[Ellipse]) -> list[Mark]:
    return [
        Mark(each.centre[0] + each.radii[0], each.centre[1], f" {each.label}", each.ink)
        for each in ellipses
        if each.label
    ]


def _write(mark: Mark, window: Window, codes: Numbers, colours: Numbers, ink: int) -> None:
    """A mark in its cells, pushed in where it would be cut; a label of an ellipse that is outside is left out."""
    right, down = window.places(np.array([[mark.x, mark.y]]))[0].tolist()
    if not (np.isfinite(right) and np.isfinite(down)):
        return
    ascii = window.glyphs is ASCII
    text = spelled(ascii_form(mark.text), ascii) if ascii else mark.text
    ways = [(int(right > 1) - int(right < 0), 0), (0, int(down < 0) - int(down > 1))]
    outside = [EDGES[way][ascii] for way in ways if way != (0, 0)]
    if outside and text.startswith(" "):
        return
    text = outside[0] if outside else text
    column = min(max(int(right * window.width), 0), max(window.width - cell_len(text), 0))
    row = min(max(int(down * window.height), 0), window.height - 1)
    for place, character in enumerate(text[: window.width], column):
        if character != " ":
            codes[row, place], colours[row, place] = ord(character), ink
