"""A lesson with pages: digits turn them, each has its panels, its focus and its tabs; scenes' focus turns them too."""

from __future__ import annotations

import pytest
from shell_fakes import Curves, Grid, Samples, Toy, ToyApp, ToyKnobs, ToyScreen, Walk, report, text_of

from lec10_tui.widgets.areas import Arrangement
from lec10_tui.widgets.body import Body
from lec10_tui.widgets.help import HelpScreen
from lec10_tui.widgets.keys import find
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.pages import Page, page_keys
from lec10_tui.widgets.title import Heading, title_pieces


def stands(*rows: str) -> tuple[Arrangement, ...]:
    return (Arrangement(100, 20, rows, tuple("1fr" for _ in rows[0].split()), tuple("1fr" for _ in rows)),)


SCENES = """# Scenes

## Turn

```lec10
focus samples
```
"""


class PagedScreen(ToyScreen):
    """Two pages; the knobs stand on both."""

    PAGES = (
        Page("exact", "exact", stands("knobs curves", "knobs grid"), "curves"),
        Page("toy", "toy curve", stands("walk samples", "walk knobs")),
    )

    def panels(self):
        return (KnobsPanel(ToyKnobs), Curves(), Grid(), Walk(), Samples())


def paged() -> ToyApp:
    app = ToyApp()
    app.lesson_screen = PagedScreen(Toy(), app.link, scenes=SCENES)
    return app


def shown(app: ToyApp) -> list[str]:
    return [panel.NAME for panel in app.lesson_screen.body.shown]


async def test_digits_turn_pages_and_each_page_remembers_its_focus() -> None:
    app = paged()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        body = app.lesson_screen.body
        assert (body.page, body.active, shown(app)) == ("exact", "curves", ["knobs", "curves", "grid"])
        assert app.link.wanted == {"curves", "grid"}
        await pilot.press("tab", "2")
        await pilot.pause()
        assert (body.page, body.active, shown(app)) == ("toy", "knobs", ["walk", "samples", "knobs"])
        assert app.link.wanted == {"walk", "samples"} and app.focused is body.panels["knobs"]
        await pilot.press("tab")
        assert body.active == "walk"
        await pilot.press("1")
        assert (body.page, body.active) == ("exact", "grid")
        await pilot.press("2", "2", "3")
        assert (body.page, body.active) == ("toy", "walk")


async def test_tab_goes_round_the_panels_of_the_page() -> None:
    app = paged()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        body = app.lesson_screen.body
        seen = []
        for _ in range(4):
            seen.append(body.active)
            await pilot.press("tab")
        assert seen == ["curves", "grid", "knobs", "curves"] and body.page == "exact"
        await pilot.press("2", "shift+tab")
        assert body.active == "samples"


async def test_a_page_is_turned_over_a_zoom_and_over_the_verdicts() -> None:
    app = paged()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await pilot.press("z", "2")
        assert shown(app) == ["walk", "samples", "knobs"]
        await pilot.press("v", "1")
        assert shown(app) == ["knobs", "curves", "grid"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_title_and_the_footer_say_the_pages(size: tuple[int, int]) -> None:
    app = paged()
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report(state="paused"))
        await pilot.press("2")
        await pilot.pause()
        title, *_, foot = text_of(app).splitlines()
        assert "1-2 page" in foot and "tab panel" in foot
        if size[0] == 80:
            assert title.startswith(" toy 2 toy curve ▸knobs step samples")
            assert "curves" not in title
        else:
            assert " 1 exact ▸2 toy curve" in title


async def test_a_scene_s_focus_turns_the_page_and_the_help_lists_the_pages() -> None:
    app = paged()
    async with app.run_test(size=(120, 60)) as pilot:
        await app.feed(pilot, report())
        await pilot.press("d")
        await pilot.pause()
        body = app.lesson_screen.body
        assert (body.page, body.active) == ("toy", "samples")
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        assert "the page toy curve" in text_of(app)


async def test_a_lesson_without_pages_has_no_digits() -> None:
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        assert find(app.lesson_screen.all_keys, "1") is None
        assert len(app.lesson_screen.body.page_panels) == len(app.lesson_screen.body.panels)
        assert "page" not in text_of(app)


def test_keys_of_pages() -> None:
    keys = page_keys(PagedScreen.PAGES)
    assert [(key.keys, key.action) for key in keys] == [(("1",), "page('exact')"), (("2",), "page('toy')")]
    assert page_keys(()) == ()


def test_a_panel_on_no_page_and_a_page_of_no_panel_are_refused() -> None:
    with pytest.raises(ValueError, match="'walk' stands on no page"):
        Body((Curves(), Walk()), (), (), (Page("one", "one", stands("curves")),))
    with pytest.raises(ValueError, match="names the panel 'grid'"):
        Body((Curves(),), (), (), (Page("one", "one", stands("curves grid")),))
    with pytest.raises(ValueError, match="names the panel 'walk'"):
        Body((Curves(),), (), (), (Page("one", "one", stands("curves"), "walk"),))


def test_where_there_is_no_room_for_the_page_s_label_its_number_stays() -> None:
    heading = Heading("bound", pages=("exact", "toy"), page=1, tabs=("density", "collapse"), tab=1, word="running")
    app = ToyApp()
    line = "".join(text for text, _ in title_pieces(heading, 40, app.lesson_screen.look))
    assert line.startswith(" bound 2  density▸") and len(line) == 40
