"""A few lines of numbers inside a panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lec10_tui.drawing.lines import Lines, Sheet
from lec10_tui.drawing.palette import Paper
from lec10_tui.widgets.canvas import Canvas
from lec10_tui.widgets.inked import Pieces
from lec10_tui.widgets.look import Look


class Numbers(Canvas):
    """Lines of (text, ink): "dim", "strong", or what a series colour means; `rows` tall."""

    DEFAULT_CSS = """
    Numbers { width: 1fr; height: 1; }
    """

    def __init__(self, rows: int, **options: Any) -> None:
        super().__init__(**options)
        self.styles.height = rows
        self.look = Look()
        self.pieces: Sequence[Pieces] = ()

    def show(self, pieces: Sequence[Pieces], look: Look) -> None:
        """Show these lines."""
        self.pieces, self.look = tuple(pieces), look
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        sheet = Sheet(width, height, paper.blank)
        styles = {"dim": paper.faint, "strong": paper.strong, "": paper.blank}
        for row, line in enumerate(self.pieces):
            column = 1
            for text, ink in line:
                written = self.look.say(text)
                assert isinstance(ink, str), "a series' meaning, or a role"
                sheet.put(column, row, written, styles.get(ink) or paper.letters(ink))
                column += len(written)
        return sheet.lines()
