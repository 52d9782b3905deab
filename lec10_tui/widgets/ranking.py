"""RankingTable: a ranking with a cursor on one of its rows, in the order of the column that was chosen."""

from __future__ import annotations

from typing import Any

from lec10_tui.drawing.lines import Lines, text_of
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.ranking import Layout, Ranking, foot, header, layout, order, row
from lec10_tui.widgets.canvas import Canvas
from lec10_tui.widgets.step_table import settled

FIXED = 2
"""Lines that do not scroll: the titles above, what sums up below."""


class RankingTable(Canvas):
    """The ranking of `show`: titles, as many rows as fit around the cursor, and the foot.

    `cursor` is the number of the row in hand, as the ranking's arrays count them, None for none. The titles have a
    cursor of their own, `chosen`, which `choose` moves; `sort` puts the rows in that column's order, or turns it round.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.ranking = Ranking(())
        self.cursor: int | None = None
        self.chosen = ""
        self.sorted_by = ""
        self.descending = False
        self._top = 0

    def show(self, ranking: Ranking, cursor: int | None = None) -> None:
        """Show these rows instead of the ones before, in the order chosen before."""
        self.ranking, self.cursor = ranking, cursor
        keys = [measure.key for measure in ranking.measures]
        if self.sorted_by not in keys:
            self.sorted_by, self.descending = (keys or [""])[0], False
        if self.chosen not in keys:
            self.chosen = self.sorted_by
        self.redraw()

    @property
    def order(self) -> tuple[int, ...]:
        """The row numbers from the top."""
        return order(self.ranking, self.sorted_by, self.descending) if self.ranking.measures else ()

    @property
    def page(self) -> int:
        """How many rows are in sight."""
        return max(self.content_size.height - FIXED, 1)

    @property
    def placed(self) -> Layout:
        """Which columns are shown, and where."""
        return layout(self.ranking, self.content_size.width, self.ascii)

    def beside(self, lines: int) -> int | None:
        """The number of the row so many lines below the cursor's, the nearest there is; None without rows."""
        rows = self.order
        if not rows:
            return None
        at = rows.index(self.cursor) + lines if self.cursor in rows else 0
        return rows[min(max(at, 0), len(rows) - 1)]

    def choose(self, direction: int) -> None:
        """Go to the next title that is in sight, or to the previous one."""
        keys = [place.measure.key for place in self.placed.places]
        at = keys.index(self.chosen) + direction if self.chosen in keys else 0
        self.chosen = keys[min(max(at, 0), len(keys) - 1)] if keys else ""
        self.redraw()

    def sort(self) -> None:
        """Put the rows in the order of the chosen column, numbers from the largest down; once more: the other way."""
        if self.chosen == self.sorted_by:
            self.descending = not self.descending
        else:
            self.sorted_by = self.chosen
            values = next(measure.values for measure in self.ranking.measures if measure.key == self.chosen)
            self.descending = not isinstance(values, tuple)
        self.redraw()

    def as_text(self) -> str:
        """The whole table as plain text, with the columns that are in sight."""
        placed, paper = self.placed, self.paper
        rows = [row(placed, number, paper, number == self.cursor) for number in self.order]
        return text_of([header(placed, paper, "", self.sorted_by, self.descending), *rows, foot(placed, paper)])

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        placed, rows = layout(self.ranking, width, self.ascii), self.order
        if not rows:
            return []
        line = rows.index(self.cursor) if self.cursor in rows else 0
        self._top = settled(self._top, line, self.page, len(rows))
        shown = rows[self._top : self._top + self.page]
        titles = header(placed, paper, self.chosen, self.sorted_by, self.descending)
        return [titles, *(row(placed, number, paper, number == self.cursor) for number in shown), foot(placed, paper)]
