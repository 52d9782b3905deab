"""Bars show what they are given, and mark the cursor."""

from textual.app import App, ComposeResult

from lec10_tui.drawing.bars import Bar
from lec10_tui.widgets.bars import Bars


class Board(App[None]):
    """One set of bars over the whole screen."""

    def compose(self) -> ComposeResult:
        yield Bars(sort=True)


async def test_bars() -> None:
    app = Board()
    async with app.run_test(size=(30, 4)) as pilot:
        bars = app.query_one(Bars)
        bars.show([Bar(f"z{number}", float(number), number > 2) for number in range(8)], largest=14.0, cursor=7)
        await pilot.pause()
        lines = bars.as_text().split("\n")
        assert [line.split()[0] for line in lines] == ["z7", "z6", "z5", "+"]
        assert lines[0] == "z7 " + "█" * 11 + " " * 12 + "7.00"
        assert lines[-1] == "+ 5 more, all < 5"
        first = next(iter(bars.render_line(0)))
        assert first.style == bars.paper.focus
