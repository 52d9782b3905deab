"""StepTable: an episode step by step; moving the cursor repaints the lines that change and no others."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from textual.reactive import reactive

from lec10_tui.drawing.lines import Lines, text_of
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.table import Layout, StepRows, header, layout, row
from lec10_tui.widgets.canvas import Canvas
from lec10_tui.widgets.terminal_lines import move_lines, whole_lines

EDGE = 1
"""How near to the first or last line in sight the cursor comes before the table moves, by half of what is in sight."""


class StepTable(Canvas):
    """The table of `show(rows)`: a line of titles that stays, and a row for every time step.

    `cursor` is the time step in hand, 0 … rows.count − 1: what comes after it stands back. `scrolled` n ≥ 1 shows the
    columns from the n-th on where not all of them fit; see `drawing.table.layout`.
    """

    cursor: reactive[int] = reactive(0, repaint=False)
    scrolled: reactive[int] = reactive(0, repaint=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.rows: StepRows | None = None
        self.top = 0
        self._top_before = 0
        self._layout: Layout | None = None
        self._rows_on: tuple[Layout, Paper] | None = None
        self._rows: dict[tuple[int, int], list[Segment]] = {}

    def show(self, rows: StepRows, cursor: int | None = None) -> None:
        """Show these rows instead of the ones before, with the cursor at `cursor`, by default where it was."""
        self.rows, self._layout = rows, None
        self.set_reactive(StepTable.cursor, self._within(self.cursor if cursor is None else cursor))
        self.redraw()

    def validate_cursor(self, cursor: int) -> int:
        """The nearest row there is."""
        return self._within(cursor)

    def watch_cursor(self) -> None:
        """Two lines change, or all of them when the table moves."""
        self.redraw()

    def validate_scrolled(self, scrolled: int) -> int:
        """The nearest offset that still shows something new."""
        placed = self.placed
        return max(scrolled, 0) if placed is None else min(max(scrolled, 0), placed.last_offset)

    def watch_scrolled(self) -> None:
        """Other columns are in sight."""
        self._layout = None
        self.redraw()

    @property
    def page(self) -> int:
        """How many rows are in sight."""
        return max(self.content_size.height - 1, 1)

    @property
    def placed(self) -> Layout | None:
        """Which columns are shown, and where; None before there are rows."""
        width = self.content_size.width
        if self.rows is None:
            return None
        if self._layout is None or (self._layout.width, self._layout.ascii) != (width, self.ascii):
            self._layout = layout(self.rows, width, self.ascii, self.scrolled)
        return self._layout

    @property
    def hidden(self) -> tuple[str, ...]:
        """The titles of the columns that do not fit."""
        return self.placed.hidden if self.placed else ()

    def home(self) -> None:
        """The cursor to the first row."""
        self.cursor = 0

    def end(self) -> None:
        """The cursor to the last row."""
        self.cursor = self.rows.count - 1 if self.rows else 0

    def page_up(self) -> None:
        """The cursor as many rows up as are in sight."""
        self.cursor -= self.page

    def page_down(self) -> None:
        """The cursor as many rows down as are in sight."""
        self.cursor += self.page

    def scroll_columns(self, by: int) -> bool:
        """Show columns further right, or left where `by` is negative; whether there were any."""
        placed = self.placed
        if placed is None:
            return False
        self.scrolled = placed.offset + by
        return self.scrolled != placed.offset

    def redraw(self) -> None:
        """Draw again; where the terminal can move the rows by itself, only those that come in are sent."""
        self._top_before = self.top
        super().redraw()

    def carried(self, before: Lines) -> Lines:
        """The lines before, moved by the terminal as far as the table has moved."""
        by = self.top - self._top_before
        if not by or abs(by) >= self.page - 1 or len(before) != self.page + 1 or not whole_lines(self):
            return before
        self._strips.clear()
        come = set(range(self.page + 1 - by, self.page + 1) if by > 0 else range(1, 1 - by))
        # what is not painted yet has moved as well, as it was
        come |= {y - by for y in self._owed if y and 1 <= y - by <= self.page}
        move_lines(self, 1, self.page, by, come)
        return [before[0], *([] if y in come else before[y + by] for y in range(1, self.page + 1))]

    def as_text(self) -> str:
        """The whole table as plain text, with the columns that are in sight."""
        placed = self.placed
        if placed is None:
            return ""
        rows = [row(placed, t, self.cursor, self.paper) for t in range(placed.rows.count)]
        return text_of([header(placed, self.paper), *rows])

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        placed = self.placed
        if placed is None:
            return []
        if self._rows_on != (placed, paper):
            self._rows_on = (placed, paper)
            self._rows.clear()
        self.top = settled(self.top, self.cursor, self.page, placed.rows.count, smooth=whole_lines(self))
        shown = range(self.top, min(self.top + self.page, placed.rows.count))
        return [self._row(placed, t, paper) for t in (-1, *shown)]

    def _row(self, placed: Layout, t: int, paper: Paper) -> list[Segment]:
        """A row as it was drawn before, if only the cursor has moved elsewhere; −1 is the line of titles."""
        key = (t, (t > self.cursor) - (t < self.cursor))
        if key not in self._rows:
            self._rows[key] = row(placed, t, self.cursor, paper) if t >= 0 else header(placed, paper)
        return self._rows[key]

    def _within(self, cursor: int) -> int:
        return max(min(cursor, self.rows.count - 1 if self.rows else 0), 0)


def settled(top: int, cursor: int, page: int, count: int, smooth: bool = False) -> int:
    """The first row in sight, from `top`, so that the cursor is.

    It is moved by half a page at least, or not at all, since every row is sent again; `smooth`, where that costs
    nothing, it follows the cursor row by row and keeps it in the middle third.
    """
    last = max(count - page, 0)
    top = max(min(top, last), 0)
    if smooth:
        edge = (page - 1) // 3
        return max(min(max(top, cursor - (page - 1) + edge), cursor - edge, last), 0)
    edge = min(EDGE, (page - 1) // 2)
    above = cursor < top + edge and top > 0
    below = cursor > top + page - 1 - edge and top < last
    if not (above or below):
        return top
    half = max(page // 2, 1)
    moved = top - half if above else top + half
    if not moved + edge <= cursor <= moved + page - 1 - edge:
        moved = cursor - page // 2
    return max(min(moved, last), 0)
