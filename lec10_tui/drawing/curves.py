"""Curves made ready for a plot: finite runs, at most two points a column, cut off at the edges."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.series import Series

Floats = NDArray[np.float64]
Line = tuple[Floats, Floats]
"""x and y of a polygon line, in columns and in places 0 … 1."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve: at each x its lowest, highest and last value, all (n,); `label` stands at its end.

    `colour` is a meaning or a name of the palette; `dotted` marks what is held out (training is solid).
    """

    name: str
    label: str
    x: Floats
    low: Floats
    high: Floats
    last: Floats
    colour: str = "elbo"
    dotted: bool = False

    @classmethod
    def line(cls, name: str, label: str, x: Floats, y: Floats, colour: str = "elbo", dotted: bool = False) -> Curve:
        """A curve of one value at each x."""
        return cls(name, label, x, y, y, y, colour, dotted)

    @classmethod
    def of(cls, series: Series, label: str, colour: str = "", dotted: bool = False) -> Curve:
        """The curve of a series; its colour is by default what its name means."""
        x = series.steps.astype(np.float64)
        return cls(series.name, label, x, series.minimum, series.maximum, series.last, colour or series.name, dotted)


@dataclass(frozen=True, eq=False)
class Columns:
    """A curve by the columns of a plot, in order, all (m,) and finite; `run` counts the stretches without a break."""

    column: NDArray[np.int64]
    low: Floats
    high: Floats
    last: Floats
    run: NDArray[np.int64]

    def stretches(self) -> list[Columns]:
        """One for each run."""
        return [
            Columns(*(array[self.run == number] for array in (self.column, self.low, self.high, self.last, self.run)))
            for number in np.unique(self.run)
        ]


def decimate(places: Floats, low: Floats, high: Floats, last: Floats, columns: int) -> Columns:
    """At most one entry a column, whose lowest and highest value keep every extreme; `places` in 0 … 1 along x.

    Values that are not finite are left out and break the curve after their column.
    """
    within = np.isfinite(places) & (places >= 0) & (places <= 1)
    order = np.flatnonzero(within)[np.argsort(places[within], kind="stable")]
    column = np.minimum((places[order] * columns).astype(np.int64), columns - 1)
    low, high, last = low[order], high[order], last[order]
    finite = np.isfinite(low) & np.isfinite(high) & np.isfinite(last)
    breaks = np.unique(column[~finite])
    column, low, high, last = column[finite], low[finite], high[finite], last[finite]
    if not len(column):
        return Columns(column, low, high, last, column)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    ends = np.append(starts[1:], len(column)) - 1
    return Columns(
        column[starts],
        np.minimum.reduceat(np.minimum(low, high), starts),
        np.maximum.reduceat(np.maximum(low, high), starts),
        last[ends],
        np.searchsorted(breaks, column[starts], side="left").astype(np.int64),
    )


def is_band(columns: Columns) -> bool:
    """Whether most columns hold several values: then a curve is a band around its middle."""
    return len(columns.column) > 2 and bool(np.mean(columns.low < columns.high) > 0.5)


def middle(columns: Columns) -> Floats:
    """The value of the line in each column of one run: the last, or in a band the smoothed middle of low and high.

    Smoothed with the weights 1 4 6 4 1 over neighbouring columns, over fewer near the ends so that they stay in place.
    """
    if not is_band(columns):
        return columns.last
    half = columns.low / 2 + columns.high / 2
    count = len(half)
    smooth = half.copy()
    for reach, weights in ((1, (1, 2, 1)), (2, (1, 4, 6, 4, 1))):
        if count > 2 * reach:
            share = np.array(weights) / sum(weights)
            smooth[reach : count - reach] = np.convolve(half, share, mode="valid")
    return smooth


def clipped(line: Line) -> list[Line]:
    """The parts of a line with 0 ≤ y ≤ 1, cut exactly at the edges."""
    x, y = line
    if len(x) == 1:
        return [line] if 0 <= y[0] <= 1 else []
    if len(y) and y.min() >= 0 and y.max() <= 1:
        return [line]
    pieces: list[list[tuple[float, float]]] = []
    for start, end in pairwise(zip(x.tolist(), y.tolist(), strict=True)):
        if max(start[1], end[1]) < 0 or min(start[1], end[1]) > 1:
            continue
        first, second = _edge(start, end), _edge(end, start)
        if not pieces or pieces[-1][-1] != first:
            pieces.append([first])
        pieces[-1].append(second)
    return [(np.array([point[0] for point in piece]), np.array([point[1] for point in piece])) for piece in pieces]


def _edge(point: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """`point`, or where the way from it towards the other enters 0 ≤ y ≤ 1."""
    (x, y), (other_x, other_y) = point, towards
    edge = min(max(y, 0.0), 1.0)
    return point if y == edge else (x + (other_x - x) * ((edge - y) / (other_y - y)), edge)
