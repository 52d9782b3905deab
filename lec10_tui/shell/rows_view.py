"""A widget that shows rows of words in the theme's colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Region, Size
from textual.strip import Strip

from lec10_tui.shell.rows import Row
from lec10_tui.widgets.inked import Inked


class RowsView(Inked):
    """Shows what `draw(width, height)` gives, from the top; a change redraws the lines that changed."""

    DEFAULT_CSS = "RowsView { height: 1fr; }"

    def __init__(self, draw: Callable[[int, int], Sequence[Row]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._drawn: tuple[Size, Sequence[Row]] = (Size(), ())

    def redraw(self) -> None:
        """What is to be drawn has changed."""
        size, before = self._drawn
        if size != self.size or not size:
            self._drawn = (Size(), ())
            self.refresh()
            return  # Nothing of this size was drawn yet: the next paint draws all of it.
        rows = self._draw(size.width, size.height)
        self._drawn = (size, rows)
        changed = [y for y in range(max(len(before), len(rows))) if _at(before, y) != _at(rows, y)]
        if changed:
            self.refresh(*(Region(0, y, size.width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        """One row as a strip of the widget's width."""
        size = self.size
        if self._drawn[0] != size:
            self._drawn = (size, self._draw(size.width, size.height))
        return self.strip(_at(self._drawn[1], y), size.width)


def _at(rows: Sequence[Row], y: int) -> Row:
    return rows[y] if y < len(rows) else ()
