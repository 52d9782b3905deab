"""A stack of histograms shows what it is given, in heights as they are chosen."""

import numpy as np
from textual.app import App, ComposeResult

from lec10_tui.drawing.histograms import Histogram
from lec10_tui.widgets.histogram import HistogramStack


class Board(App[None]):
    """One stack over the whole screen."""

    def compose(self) -> ComposeResult:
        yield HistogramStack()


async def test_histograms_and_the_line_at_the_mark() -> None:
    app = Board()
    async with app.run_test(size=(40, 12)) as pilot:
        stack = app.query_one(HistogramStack)
        assert stack.as_text().strip() == ""
        counts = np.array([1, 1000, 10, 0])
        given = [Histogram("pathwise", counts, "pathwise"), Histogram("score", counts[::-1], "score")]
        stack.show(given, np.linspace(-2, 2, 5), mark=1.5, mark_label="exact 1.5")
        await pilot.pause()
        lines = stack.as_text().split("\n")
        assert lines[0] == "pathwise" and lines[5] == "score" and "▲" in lines[-1] and "exact 1.5" in lines[-1]
        assert sum("┊" in line for line in lines) == 7  # beside four rows of the one, over the low bar of the other
        flat = stack.as_text().count("█")
        stack.logarithmic = True
        stack.show(given, np.linspace(-2, 2, 5))
        await pilot.pause()
        assert stack.as_text().count("█") > flat and "┊" not in stack.as_text()
