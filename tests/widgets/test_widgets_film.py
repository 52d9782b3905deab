"""FilmView shows frames and pictures, repaints the lines that changed, and says what it shows as text."""

from typing import Any

import numpy as np
from textual.app import App, ComposeResult
from textual.geometry import Region

from lec10_tui.vocabulary.film import Disc, Film, Stroke
from lec10_tui.widgets.film import FilmView

GROUND = Stroke(np.array([[0.0, 0.05], [10.0, 0.05]]), "ground")
FILM = Film(3, (0.0, 0.0, 10.0, 4.0), (GROUND,), (Disc(np.array([[2.0, 3.0], [2.0, 3.0], [8.0, 3.0]]), 0.5, "agent"),))


class Watched(FilmView):
    """A film that notes what it repaints."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.repainted: list[Region] = []

    def refresh(self, *regions: Region, **options: Any) -> "Watched":
        self.repainted += regions
        return super().refresh(*regions, **options)


class Stage(App[None]):
    """A film alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.options = options

    def compose(self) -> ComposeResult:
        yield Watched(**self.options)


async def test_only_lines_that_changed_are_painted_again() -> None:
    app = Stage()
    async with app.run_test(size=(40, 8)) as pilot:
        view = app.query_one(Watched)
        await pilot.pause()
        view.show(FILM, 0)
        first = view.as_text()
        assert "⣀" in first and "█" in first
        view.repainted.clear()
        view.show(FILM, 1)
        assert view.repainted == [] and view.as_text() == first
        view.show(FILM, 2)
        assert {region.height for region in view.repainted} == {1}
        rows = [
            line
            for line, (a, b) in enumerate(zip(first.split("\n"), view.as_text().split("\n"), strict=True))
            if a != b
        ]
        assert [region.y for region in view.repainted] == rows and len(rows) < 5
        view.show(None, 0)
        assert not view.as_text().strip()


async def test_pictures_and_ways_to_draw() -> None:
    app = Stage(glyphs="braille")
    async with app.run_test(size=(40, 8)) as pilot:
        view = app.query_one(Watched)
        await pilot.pause()
        view.show(FILM, 0)
        assert "█" not in view.as_text()
        view.set_glyphs("half")
        assert "█" in view.as_text()
        image = np.zeros((20, 20, 3), np.uint8)
        image[6:14] = (255, 0, 0)
        view.show_image(image)
        assert set(view.as_text()) & set("▀▄") and "⣀" not in view.as_text()
        view.show(FILM, 0)
        assert "⣀" in view.as_text()


async def test_plain_characters() -> None:
    app = Stage(ascii=True)
    async with app.run_test(size=(40, 8)) as pilot:
        view = app.query_one(Watched)
        await pilot.pause()
        view.show(FILM, 0)
        assert view.as_text().isascii() and "O" in view.as_text() and "_" in view.as_text()
