"""A heat map shows what it is given, says how many pixels it wants, and repaints only what changed."""

from __future__ import annotations

import numpy as np
from textual.app import App, ComposeResult

from lec10_tui.widgets.heat import Ellipse, HeatMap, Mark

LOW, HIGH = (-2.0, -2.0), (2.0, 2.0)


class Board(App[None]):
    """One map over the whole screen."""

    def compose(self) -> ComposeResult:
        yield HeatMap(ascii=True)


async def test_it_is_empty_until_something_is_shown() -> None:
    app = Board()
    async with app.run_test(size=(45, 21)) as pilot:
        heat = app.query_one(HeatMap)
        await pilot.pause()
        assert heat.as_text().strip() == ""
        heat.show(np.ones((40, 40)), LOW, HIGH, marks=[Mark(0, 0, "q", "q")], x_label="z1", y_label="z2")
        await pilot.pause()
        rows = heat.as_text().split("\n")
        assert rows[10][25] == "q" and rows[0].startswith("z2") and rows[-1].endswith("z1")
        heat.set_glyphs("braille")
        await pilot.pause()
        assert heat.as_text().isascii()


async def test_it_says_how_many_square_pixels_it_wants() -> None:
    app = Board()
    async with app.run_test(size=(45, 21)):
        heat = app.query_one(HeatMap)
        assert heat.pixels(45, 21) == (40, 40)
        assert heat.pixels(20, 4) == (20, 8)
        assert heat.pixels(0, 0) == (0, 0)


async def test_only_the_lines_that_changed_are_painted_again() -> None:
    app = Board()
    async with app.run_test(size=(45, 21)) as pilot:
        heat = app.query_one(HeatMap)
        density = np.zeros((40, 40))
        heat.show(density, LOW, HIGH, ellipses=[Ellipse((0.0, 1.2), (0.3, 0.3), "q")])
        await pilot.pause()
        painted: list[int] = []
        whole = heat.render_line
        heat.render_line = lambda y: painted.append(y) or whole(y)  # type: ignore[method-assign, func-returns-value]
        heat.show(density, LOW, HIGH, ellipses=[Ellipse((0.1, 1.2), (0.3, 0.3), "q")])
        await pilot.pause()
        assert painted and max(painted) < 8
