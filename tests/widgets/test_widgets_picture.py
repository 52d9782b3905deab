"""Pictures show as many images as can be read, in the way that was chosen or that the terminal can."""

import numpy as np
import pytest
from textual.app import App, ComposeResult

from lec10_tui.drawing.glyphs import BRAILLE, GLYPHS
from lec10_tui.widgets.picture import Picture

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 9, 28, 28), np.uint8)


class Gallery(App[None]):
    """One picture over the whole screen."""

    def compose(self) -> ComposeResult:
        yield Picture(glyphs="sextant", largest=4)


@pytest.fixture(autouse=True)
def many_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


async def test_as_many_as_can_be_read() -> None:
    app = Gallery()
    async with app.run_test(size=(60, 24)) as pilot:
        picture = app.query_one(Picture)
        picture.show(IMAGES)
        await pilot.pause()
        assert picture.fits((28, 28)) == (7, 6)
        lines = picture.as_text().split("\n")
        assert len(lines) == 24 and max(map(len, lines)) <= 56


@pytest.mark.parametrize("name", list(GLYPHS))
async def test_every_way_fills_its_lines(name: str) -> None:
    app = Gallery()
    async with app.run_test(size=(60, 24)) as pilot:
        picture = app.query_one(Picture)
        picture.show(IMAGES, cursor=(0, 1))
        picture.set_glyphs(name)
        await pilot.pause()
        used = set(picture.as_text()) - {"\n", " "}
        characters = set(GLYPHS[name].characters)
        assert used and used <= characters
        assert [strip.cell_length for strip in picture.render_lines(picture.size.region)] == [60] * 24


async def test_few_images_grow() -> None:
    app = Gallery()
    async with app.run_test(size=(60, 24)) as pilot:
        picture = app.query_one(Picture)
        picture.set_glyphs("braille")
        picture.largest = None
        picture.show(np.full((1, 2, 28, 28), 255, np.uint8))
        await pilot.pause()
        lines = picture.as_text().split("\n")
        assert len(lines[0]) == 56 and len([line for line in lines if line]) == 14


async def test_too_small_a_place_says_what_it_needs() -> None:
    app = Gallery()
    async with app.run_test(size=(40, 3)) as pilot:
        picture = app.query_one(Picture)
        picture.show(IMAGES)
        await pilot.pause()
        assert picture.as_text().split("\n")[0] == "an image needs 8 by 4 cells"


async def test_without_colour_there_are_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Gallery()
    async with app.run_test(size=(60, 24)) as pilot:
        picture = app.query_one(Picture)
        picture.show(IMAGES)
        await pilot.pause()
        assert picture.used_glyphs is BRAILLE
        assert set(picture.as_text()) - {"\n"} <= set(BRAILLE.characters)


async def test_an_unknown_way_is_refused() -> None:
    app = Gallery()
    async with app.run_test(size=(60, 24)):
        with pytest.raises(ValueError, match="not a way to draw them"):
            app.query_one(Picture).set_glyphs("pixels")


async def test_before_the_first_image_there_is_only_paper() -> None:
    app = Gallery()
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        assert app.query_one(Picture).as_text().strip() == ""
