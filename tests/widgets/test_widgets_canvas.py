"""Canvases repaint only what changed, follow the theme and the size, and never send a cell without a style."""

from collections.abc import Sequence
from typing import Any

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region

from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.palette import Paper
from lec10_tui.widgets.canvas import Canvas, changed_cells


class Words(Canvas):
    """A canvas that draws its lines of text, counts its drawings, and notes what it repaints."""

    def __init__(self, *words: str) -> None:
        super().__init__()
        self.words = words
        self.drawings = 0
        self.repainted: list[tuple[Region, ...]] = []

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        self.drawings += 1
        return [[Segment(word, paper.blank)] for word in self.words]

    def refresh(self, *regions: Region, **options: Any) -> "Words":
        self.repainted.append(regions)
        return super().refresh(*regions, **options)

    def change(self, *words: str) -> Sequence[tuple[Region, ...]]:
        """The regions repainted for these words."""
        self.words = words
        self.repainted.clear()
        self.redraw()
        return self.repainted


class Stage(App[None]):
    """One canvas with a border round it."""

    CSS = "Words { border: round; padding: 0 1; background: #102030; color: #f0f0f0; }"

    def compose(self) -> ComposeResult:
        yield Words("one", "two", "three")


def test_how_much_of_a_line_must_be_sent() -> None:
    red, blue = Style(color="red"), Style(color="blue")
    line = [Segment("abc", red), Segment("def", blue)]
    assert changed_cells(line, [Segment("abc", red), Segment("def", blue)]) == 0
    assert changed_cells(line, [Segment("aXc", red), Segment("def", blue)]) == 2
    assert changed_cells(line, [Segment("abc", red), Segment("deX", blue)]) == 6
    assert changed_cells(line, [Segment("abc", blue), Segment("def", blue)]) == 3
    assert changed_cells([], line) == 6


async def test_only_changed_lines_are_repainted() -> None:
    app = Stage()
    async with app.run_test(size=(30, 10)) as pilot:
        words = app.query_one(Words)
        await pilot.pause()
        assert words.as_text().split("\n")[:4] == ["one", "two", "three", ""]
        assert words.change("one", "twX", "three") == [(Region(0, 1, 3, 1),)]
        assert words.change("one", "twX", "three") == []
        assert words.change("Xne", "twX", "three", "four") == [(Region(0, 0, 1, 1), Region(0, 3, 4, 1))]
        await pilot.pause()
        assert "".join(segment.text for segment in words.render_line(3)).rstrip() == "four"


async def test_the_screen_shows_what_was_drawn() -> None:
    app = Stage()
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        words = app.query_one(Words)
        words.change("one", "CHANGED")
        await pilot.pause()
        rows = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
        assert "one" in rows[1] and "CHANGED" in rows[2] and "three" not in rows[3]


async def test_a_new_theme_and_a_new_size_draw_again() -> None:
    app = Stage()
    async with app.run_test(size=(30, 10)) as pilot:
        words = app.query_one(Words)
        await pilot.pause()
        assert words.paper.background == "#102030"
        assert words.paper.dark
        before = words.drawings
        app.theme = "textual-light"
        await pilot.pause()
        assert words.drawings > before
        assert not words.paper.dark
        before = words.drawings
        await pilot.resize_terminal(50, 20)
        await pilot.pause()
        assert words.drawings > before
        assert len(words.as_text().split("\n")) == words.content_size.height


async def test_off_the_screen_nothing_is_drawn_until_it_shows() -> None:
    app = Stage()
    async with app.run_test(size=(30, 10)) as pilot:
        words = app.query_one(Words)
        await pilot.pause()
        words.display = False
        await pilot.pause()
        before = words.drawings
        words.change("later")
        assert words.drawings == before
        words.display = True
        await pilot.pause()
        assert words.as_text().split("\n")[0] == "later"


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
@pytest.mark.parametrize("no_color", [False, True])
async def test_every_theme_with_and_without_colour(theme: str, no_color: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    app = Stage()
    async with app.run_test(size=(30, 10)) as pilot:
        app.theme = theme
        await pilot.pause()
        words = app.query_one(Words)
        assert words.paper.colour is not no_color
        assert words.paper.terminal or not theme.startswith("ansi")
        assert words.paper.dark is theme.endswith("dark")
        for strip in app.screen._compositor.render_strips():
            assert all(segment.style is not None for segment in strip if segment.text.strip())
