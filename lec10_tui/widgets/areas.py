"""Places panels by named areas, as CSS grids do, in the largest arrangement that the terminal has room for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement

if TYPE_CHECKING:
    from textual.widget import Widget

Track = int | str
"""How wide a column or tall a row is: whole cells, or a weight such as "2fr"."""

AIR = "."


@dataclass(frozen=True)
class Arrangement:
    """Where panels stand in a terminal of at least `min_width` × `min_height` cells.

    `areas` are rows of areas parted by blanks, "." is air; an area fills one rectangle and is the name of its panel, or
    the names of several that share it: "samples|walk". `columns` and `rows` are tracks. Raises ValueError with one line
    when they do not fit together.
    """

    min_width: int
    min_height: int
    areas: tuple[str, ...]
    columns: tuple[Track, ...]
    rows: tuple[Track, ...]

    def __post_init__(self) -> None:
        grid = self.grid
        if len(grid) != len(self.rows) or any(len(row) != len(self.columns) for row in grid):
            raise ValueError(f"areas {self.areas} need {len(self.rows)} rows of {len(self.columns)} names")
        for name in self.names:
            left, top, right, bottom = self.span(name)
            if any(grid[y][x] != name for y in range(top, bottom) for x in range(left, right)):
                raise ValueError(f"the area {name!r} is not a rectangle in {self.areas}")
        for track in (*self.columns, *self.rows):
            _weight(track)

    @property
    def grid(self) -> list[list[str]]:
        """The names, cell by cell."""
        return [row.split() for row in self.areas]

    @property
    def names(self) -> tuple[str, ...]:
        """Its areas in reading order."""
        return tuple(dict.fromkeys(name for row in self.grid for name in row if name != AIR))

    @property
    def panels(self) -> dict[str, tuple[str, ...]]:
        """The panels of each area."""
        return {name: tuple(name.split("|")) for name in self.names}

    def span(self, name: str) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) of a name, in columns and rows of the grid."""
        cells = [(x, y) for y, row in enumerate(self.grid) for x, cell in enumerate(row) if cell == name]
        columns, rows = [x for x, _ in cells], [y for _, y in cells]
        return min(columns), min(rows), max(columns) + 1, max(rows) + 1

    def regions(self, width: int, height: int) -> dict[str, Region]:
        """Where each area lies in `width` × `height` cells."""
        across, down = tracks(self.columns, width), tracks(self.rows, height)
        regions = {}
        for name in self.names:
            left, top, right, bottom = self.span(name)
            x, y = across[left], down[top]
            regions[name] = Region(x, y, across[right] - x, down[bottom] - y)
        return regions


def _weight(track: Track) -> float:
    """A track's weight, 0 for one of fixed cells; raises ValueError for what is neither."""
    if isinstance(track, int):
        if track < 0:
            raise ValueError(f"a track of {track} cells: 0 or more would be right")
        return 0.0
    try:
        weight = float(track.removesuffix("fr"))
    except ValueError:
        weight = -1.0
    if not track.endswith("fr") or not 0 < weight < 1e6:
        raise ValueError(f"the track {track!r} is neither a number of cells nor a weight such as '2fr'")
    return weight


def tracks(specs: Sequence[Track], total: int) -> list[int]:
    """Where each track begins, and where the last one ends: fixed cells first, the rest by weight, `total` at most."""
    total = max(total, 0)
    fixed = sum(spec for spec in specs if isinstance(spec, int))
    rest, weights = max(total - fixed, 0), sum(_weight(spec) for spec in specs)
    edges, given, shared = [0], 0, 0.0
    for spec in specs:
        if isinstance(spec, int):
            given += spec
        else:
            shared += _weight(spec)
        edges.append(min(given + (round(rest * shared / weights) if weights else 0), total))
    return edges


def choose(arrangements: Iterable[Arrangement], width: int, height: int) -> Arrangement | None:
    """The largest arrangement that a terminal of this size has room for, None when none fits."""
    fitting = [each for each in arrangements if each.min_width <= width and each.min_height <= height]
    return max(fitting, key=lambda each: each.min_width * each.min_height, default=None)


class Areas(Layout):
    """The layout of a body: `places` says in which area of `arrangement` a child stands; without one, it has all."""

    name = "areas"

    def __init__(self) -> None:
        self.arrangement: Arrangement | None = None
        self.places: Mapping[str, str] = {}

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Place each child that has a place."""
        regions = self.arrangement.regions(size.width, size.height) if self.arrangement else {}
        whole = Region(0, 0, size.width, size.height)
        return [
            WidgetPlacement(_apart(regions.get(self.places[child.id], whole)), NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id is not None and child.id in self.places
        ]


def _apart(region: Region) -> Region:
    """A column of air at each side of a panel, where it is wide enough to spare them."""
    return region.shrink(Spacing(0, 1, 0, 1)) if region.width > 2 else region
