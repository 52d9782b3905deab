"""Shapes into dots: lines, polygons and circles as the places they ink on a grid of square dots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
"""Places on a grid, row · columns + column; each of them once or more."""

THINNEST = 1.2
"""How many dots wide a line has to be to have a width."""
SMALL = 8.0
"""Discs of a smaller radius, in dots, are drawn on whole dots."""
NOWHERE: Places = np.zeros(0, np.intp)


@dataclass(frozen=True)
class Grid:
    """A grid of `rows` × `columns` square dots, and where the plane lies on it: `scale` dots a unit.

    The point (left, top) of the plane is the upper left corner of the first dot.
    """

    rows: int
    columns: int
    scale: float
    left: float
    top: float

    def at(self, points: Floats) -> Floats:
        """Points (n, 2) of the plane as (column, row), in dots; the middle of the first dot is (0.5, 0.5)."""
        placed = np.empty_like(points)
        placed[:, 0] = (points[:, 0] - self.left) * self.scale
        placed[:, 1] = (self.top - points[:, 1]) * self.scale
        return placed

    def line(self, points: Floats, width: float) -> Places:
        """The places of a line of `width` units through points (n, 2); points that are not finite part it.

        What would be narrower than THINNEST dots is one dot wide.
        """
        return self.stretches(points[:-1], points[1:], width)

    def stretches(self, starts: Floats, ends: Floats, width: float) -> Places:
        """The same for lines between starts (n, 2) and ends (n, 2), each by itself."""
        starts, ends = self.at(starts), self.at(ends)
        finite = np.all(np.isfinite(starts) & np.isfinite(ends), axis=1)
        starts, ends = starts[finite], ends[finite]
        if not len(starts):
            return NOWHERE
        if width * self.scale < THINNEST:
            return self._thin(starts, ends)
        radius = max(width * self.scale / 2, 0.8)
        return np.concatenate([self._thick(*stretch, radius) for stretch in zip(starts, ends, strict=True)])

    def polygon(self, points: Floats) -> Places:
        """The places inside a polygon, or its outline where it is too thin to have any; none where one is hidden."""
        placed = self.at(points)
        if not np.isfinite(placed).all():
            return NOWHERE
        rows, columns = self._window(placed.min(0), placed.max(0))
        inside = np.zeros((len(rows), len(columns)), np.bool_)
        middle = rows + 0.5
        for (x, y), (to_x, to_y) in zip(placed, np.roll(placed, -1, 0), strict=True):
            if y == to_y:
                continue
            spans = (y <= middle) != (to_y <= middle)
            crossing = x + (middle[spans] - y) * ((to_x - x) / (to_y - y))
            inside[spans] ^= columns + 0.5 >= crossing[:, None]
        return self._of(inside, rows, columns) if inside.any() else self.line(np.vstack([points, points[:1]]), 0.0)

    def disc(self, centre: Floats, radius: float, filled: bool) -> Places:
        """The places of a disc, or of a circle one dot wide, around `centre` (2,); a disc has at least one dot."""
        placed = self.at(centre[None])
        size = radius * self.scale
        if not np.isfinite(placed).all():
            return NOWHERE
        if filled or size < 1:
            return self._dots(placed[0], size)
        rows, columns = self._window(placed[0] - size - 1, placed[0] + size + 1)
        distance = np.hypot(columns + 0.5 - placed[0, 0], (rows + 0.5 - placed[0, 1])[:, None])
        return self._of(np.abs(distance - size + 0.5) <= 0.55, rows, columns)

    def _dots(self, centre: Floats, radius: float) -> Places:
        """A disc; a small one is as many whole dots wide wherever it is, so that it keeps its shape as it moves."""
        if radius < SMALL:
            wide = max(round(2 * radius), 1)
            centre = np.floor(centre) + 0.5 if wide % 2 else np.rint(centre)
            radius = wide / 2
        rows, columns = self._window(centre - radius, centre + radius)
        inside = (columns + 0.5 - centre[0]) ** 2 + ((rows + 0.5 - centre[1]) ** 2)[:, None] <= radius**2
        return self._of(inside, rows, columns)

    def _thin(self, starts: Floats, ends: Floats) -> Places:
        """Lines one dot wide: a dot in every column, or row, of those that each of them crosses more of."""
        far = 4.0 * max(self.columns, self.rows)
        starts, ends = np.clip(starts, -far, far), np.clip(ends, -far, far)
        count = np.abs(ends - starts).max(1).astype(np.intp) + 2
        stretch = np.repeat(np.arange(len(count)), count)
        step = np.arange(len(stretch)) - np.repeat(np.cumsum(count) - count, count)
        share = (step / (count - 1)[stretch])[:, None]
        dots = np.floor(starts[stretch] + (ends - starts)[stretch] * share).astype(np.intp)
        columns, rows = dots[:, 0], dots[:, 1]
        seen = (rows >= 0) & (rows < self.rows) & (columns >= 0) & (columns < self.columns)
        places: Places = rows[seen] * self.columns + columns[seen]
        return places

    def _thick(self, start: Floats, end: Floats, radius: float) -> Places:
        """All dots at most `radius` from the stretch between two points."""
        rows, columns = self._window(np.minimum(start, end) - radius, np.maximum(start, end) + radius)
        x, y = columns + 0.5 - start[0], (rows + 0.5 - start[1])[:, None]
        (along_x, along_y), length = end - start, float(((end - start) ** 2).sum())
        share = np.clip((x * along_x + y * along_y) / length, 0, 1) if length else np.zeros((len(rows), len(columns)))
        inside = (x - share * along_x) ** 2 + (y - share * along_y) ** 2 <= radius**2
        return self._of(inside, rows, columns)

    def _window(self, low: Floats, high: Floats) -> tuple[Places, Places]:
        """The rows and columns of the dots that a box from `low` to `high` touches."""
        first = np.clip(np.floor(low), 0, (self.columns, self.rows)).astype(np.intp)
        last = np.clip(np.floor(high) + 1, 0, (self.columns, self.rows)).astype(np.intp)
        return np.arange(first[1], last[1]), np.arange(first[0], last[0])

    def _of(self, inside: NDArray[np.bool_], rows: Places, columns: Places) -> Places:
        row, column = np.nonzero(inside)
        places: Places = rows[row] * self.columns + columns[column] if len(row) else NOWHERE
        return places
