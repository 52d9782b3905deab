"""Which columns of the step table are shown in a width, and where: the ones that matter most stay longest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lec10_tui.drawing.columns import (
    ACTION,
    MUST,
    PERSON,
    POLICY,
    REWARD,
    STATE,
    TIME,
    VELOCITY,
    Column,
    columns_of,
)
from lec10_tui.drawing.steps import StepRows

MARGIN = 2
"""Cells left of the first column: the cursor's mark."""
MORE = 3
"""Cells that say how many columns are hidden where not every action's probability fits: +14."""
SHORTEST_BAR, LONGEST_BAR = 5, 12


@dataclass(frozen=True, eq=False)
class Place:
    """A column from cell `left`, `width` wide, with `bar` cells of a bar at its right end; `wide` says all it can."""

    column: Column
    left: int
    width: int
    bar: int
    wide: bool

    @property
    def title(self) -> str:
        """What its header says."""
        return self.column.wide_title if self.wide else self.column.title


@dataclass(frozen=True, eq=False)
class Layout:
    """Which columns of `rows` are shown in `width` cells, and where.

    `hidden` are the titles of those that are not. `offset` is as asked for, at most `last_offset`.
    """

    rows: StepRows
    width: int
    ascii: bool
    places: tuple[Place, ...]
    hidden: tuple[str, ...]
    offset: int
    last_offset: int


def layout(rows: StepRows, width: int, ascii: bool, offset: int = 0) -> Layout:
    """The columns of `rows` that fit in `width` cells, each in a width that holds for the whole episode.

    With `offset` 0 those that matter most are shown: velocities leave first, then states, bars, the reward. An offset
    n ≥ 1 shows the columns in their order from the n-th after t on instead, up to `last_offset`, from which the last
    column is in sight: what ← → walk through.
    """
    columns = columns_of(rows, ascii)
    last = _last_offset(columns, width)
    offset = min(max(offset, 0), last)
    shown = _following(columns, offset, width) if offset else _important(columns, width)
    places = _placed(shown, width)
    hidden = tuple(column.title for column in columns if column not in shown and column.key != "by")
    return Layout(rows, width, ascii, places, hidden, offset, last)


def _gap(column: Column, gap: int) -> int:
    """Cells between a column and the one before it."""
    return 0 if column.priority == TIME else 1 if column.key == "by" else gap


def _length(columns: Sequence[Column], gap: int) -> int:
    return MARGIN + sum(_gap(column, gap) + column.width for column in columns)


def _important(columns: Sequence[Column], width: int) -> tuple[Column, ...]:
    """As many columns as fit, taken in order of their priority; bars come before states."""
    policy = [column for column in columns if column.priority == POLICY]
    least = [column for column in columns if column.priority < POLICY or column in policy[:2]]
    gap = 2 if _length(least, 2) <= width else 1
    if _length([*least, *policy[2:]], gap) > width:
        width -= gap + MORE
    kept: set[Column] = set()
    bars = 0
    for priority in (TIME, MUST, ACTION, POLICY, REWARD, PERSON, STATE, VELOCITY):
        for column in columns:
            room = width - bars - _length([column for column in columns if column in kept], gap)
            if column.priority != priority:
                continue
            if _gap(column, gap) + column.width <= room:
                kept.add(column)
            elif priority == POLICY:
                break
            elif priority >= STATE:
                return tuple(column for column in columns if column in kept)
        if priority == PERSON:
            widened = sum(_widening(column) for column in kept)
            bars = widened if _length(list(kept), gap) + widened <= width else 0
    return tuple(column for column in columns if column in kept)


def _following(columns: Sequence[Column], offset: int, width: int) -> tuple[Column, ...]:
    """t, and as many columns as fit from the one at `offset` on."""
    shown: list[Column] = []
    for column in (columns[0], *columns[offset:]):
        if _length([*shown, column], 2) > width:
            break
        shown.append(column)
    return tuple(shown)


def _last_offset(columns: Sequence[Column], width: int) -> int:
    """From which offset on the last column is in sight; 0 where all of them are at once."""
    if _length(columns, 2) <= width:
        return 0
    return next(at for at in range(1, len(columns)) if at == len(columns) - 1 or _reaches(columns, at, width))


def _reaches(columns: Sequence[Column], offset: int, width: int) -> bool:
    return _length([columns[0], *columns[offset:]], 2) <= width


def _widening(column: Column) -> int:
    """Cells that a column needs besides its width to show its shortest bar, or all it can say."""
    return SHORTEST_BAR + 1 if column.share else max(column.wide_width - column.width, 0)


def _placed(shown: Sequence[Column], width: int) -> tuple[Place, ...]:
    """The columns side by side; what is left over lengthens the bars, then widens the gaps."""
    gap = 2 if _length(shown, 2) <= width else 1
    spare = width - _length(shown, gap)
    widened = sum(_widening(column) for column in shown)
    wide = widened <= spare
    spare -= widened if wide else 0
    bars = sum(column.share is not None for column in shown) if wide else 0
    longer = min(spare // bars, LONGEST_BAR - SHORTEST_BAR) if bars else 0
    spare -= longer * bars
    gap += min(spare // max(len(shown), 1), 2)
    places, left = [], MARGIN
    for column in shown:
        left += _gap(column, gap)
        bar = SHORTEST_BAR + longer if wide and column.share else 0
        extra = bar + 1 if bar else _widening(column) if wide else 0
        places.append(Place(column, left, column.width + extra, bar, wide and column.wide is not None))
        left += column.width + extra
    return tuple(places)
