"""A few written lines inside a panel, each painted again only when it has changed."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip

from lec10_tui.widgets.inked import Inked, Pieces


class Written(Inked):
    """Lines of pieces; as tall as it is given room."""

    DEFAULT_CSS = """
    Written { width: 1fr; height: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Pieces] = ()

    def put(self, lines: Sequence[Pieces]) -> None:
        """Write these lines."""
        before, self._lines = self._lines, lines
        rows = range(max(len(before), len(lines)))
        changed = [row for row in rows if before[row : row + 1] != lines[row : row + 1]]
        if changed:
            self.refresh(*(Region(0, row, self.size.width, 1) for row in changed))

    def as_text(self) -> str:
        """The lines without their styles."""
        lines = ("".join(text for text, _ in line).rstrip() for line in self._lines)
        return self.look.say("\n".join(lines))

    def render_line(self, y: int) -> Strip:
        """One line."""
        line: Pieces = self._lines[y] if y < len(self._lines) else ()
        return self.strip([(" ", ""), *line], self.size.width)
