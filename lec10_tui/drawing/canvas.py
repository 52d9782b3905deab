"""The plotext canvas: lines between points as braille (or ASCII), read back as characters and the curve of each cell.

plotext keeps one global figure: call this from the one thread that draws.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import plotext
from numpy.typing import NDArray

from lec10_tui.drawing.axes import Axis
from lec10_tui.drawing.curves import Columns, Floats, Line

_SGR = re.compile(r"\x1b\[([0-9;]*)m")
ROWS = (0x09, 0x12, 0x24, 0xC0)
"""The braille dots of each row of a cell."""
SPARSE_ROWS = (0x01, 0x10, 0x04, 0x80)
"""Every other of them."""

MARKERS = {False: ("braille", 2, 4), True: ("*", 1, 1)}
"""plotext's marker and how it divides a cell (across, down), by whether to keep to ASCII."""

Cell = tuple[str, int]
"""A character and the number of the curve that drew it, −1 for none."""


def draw_lines(lines: Sequence[tuple[int, Line]], width: int, height: int, ascii: bool) -> list[list[Cell]]:
    """(number of the curve < 200, its line: x in columns, y in 0 … 1) → `height` rows of `width` cells from the top.

    Braille lines go there and, a dot lower, back: one dot is lost from the last row of a lecture hall.
    """
    if width < 1 or height < 1:
        return [[] for _ in range(height)]
    marker, across, down = MARKERS[ascii]
    plotext.clear_figure()
    plotext.limitsize(False, False)
    plotext.plotsize(width, height)
    plotext.theme("clear")
    plotext.xaxes(False, False)
    plotext.yaxes(False, False)
    plotext.xticks([])
    plotext.yticks([])
    plotext.xlim(0, max(1, width * across - 1))
    plotext.ylim(0, max(1, height * down - 1))
    for number, (x, y) in lines:
        columns = [min(int(at * across), width * across - 1) for at in x.tolist()]
        heights = [round(at * (height * down - 1)) for at in y.tolist()]
        if down > 1:
            columns += columns[::-1]
            heights += [max(0, at - 1) for at in reversed(heights)]
        plotext.plot(columns, heights, marker=marker, color=number + 16)
    rows = [_cells(row) for row in plotext.build().split("\n")[:height]]
    plotext.clear_figure()
    empty: Cell = (" ", -1)
    rows += [[] for _ in range(height - len(rows))]
    return [row[:width] + [empty] * (width - len(row)) for row in rows]


def _cells(row: str) -> list[Cell]:
    """One row of plotext's output: characters between SGR sequences."""
    cells: list[Cell] = []
    number = -1
    for place, piece in enumerate(_SGR.split(row)):
        if place % 2:
            codes = piece.split(";")
            number = int(codes[2]) - 16 if codes[:2] == ["38", "5"] else -1
        else:
            cells += [(character, number if character != " " else -1) for character in piece]
    return cells


THINNEST_BAND = 2.0
"""Dots between the lowest and the highest value of a column that a line is told apart from."""


def draw_band(columns: Columns, axis: Axis, height: int, sparse: bool) -> dict[tuple[int, int], str]:
    """The spread of a curve between its lowest and highest values as cells {(column, row): braille}.

    `sparse` inks every other dot, where a pale colour is not to be had. What is thinner than THINNEST_BAND is left out.
    """
    lit = _lit(columns.low, columns.high, axis, height).reshape(len(columns.column), height, 4)
    bits = (lit * np.array(SPARSE_ROWS if sparse else ROWS)).sum(-1)
    return {
        (int(columns.column[at]), row): chr(0x2800 + int(bits[at, row]))
        for at, row in zip(*np.nonzero(bits), strict=True)
    }


def band_halves(columns: Columns, axis: Axis, height: int) -> dict[tuple[int, int], tuple[bool, bool]]:
    """The same as an area without gaps: whether the upper and the lower half of a cell are in it, where one is."""
    first, last = int(columns.column[0]), int(columns.column[-1])
    across = np.arange(first, last + 1)
    low, high = (np.interp(across, columns.column, edge) for edge in (columns.low, columns.high))
    halves: NDArray[np.bool_] = _lit(low, high, axis, height).reshape(len(across), height, 2, 2).max(-1)
    return {
        (first + int(at), int(row)): (bool(halves[at, row, 0]), bool(halves[at, row, 1]))
        for at, row in zip(*np.nonzero(halves.any(-1)), strict=True)
    }


def _lit(low: Floats, high: Floats, axis: Axis, height: int) -> NDArray[np.bool_]:
    """Which of the dots above each other, four a cell, from the top, are between `low` and `high` (n,) of a column."""
    parts = height * 4
    with np.errstate(over="ignore"):
        lows = np.clip(axis.place(low), -1, 2) * (parts - 1)
        highs = np.clip(axis.place(high), -1, 2) * (parts - 1)
    rows = np.arange(parts)[::-1]
    lit = (rows >= np.rint(lows)[:, None]) & (rows <= np.rint(highs)[:, None])
    thick: NDArray[np.bool_] = (highs - lows >= THINNEST_BAND)[:, None]
    return lit & thick
