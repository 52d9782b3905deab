"""A lesson's screen with a fake worker: asks for what is visible, shows what arrives, turns keys into commands."""

from __future__ import annotations

import pytest
from fake_link import FakeLink
from shell_fakes import KEPT, PLAIN, Toy, ToyApp, ToyScreen, report, text_of

from lec10_tui.vocabulary.commands import Open, Pause, Run, Save, SetKnob, SetSpeed, Step, Verify
from lec10_tui.vocabulary.frames import Verdict, Verdicts
from lec10_tui.vocabulary.reports import Failure, Kept, Report, Status
from lec10_tui.widgets.areas import Arrangement
from lec10_tui.widgets.help import HelpScreen
from lec10_tui.widgets.keys import Key
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.messages import Copy, Export, Leave, LookChanged, NextTheme, Turn, Visit

SIZES = [(80, 24), (120, 40), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
async def test_it_shows_a_report_and_asks_for_what_is_visible(size):
    app = ToyApp()
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report(step=1234, rate=20940.0, progress=0.5, seconds_left=41.0))
        screen = app.lesson_screen
        shown = {panel.NAME for panel in screen.body.shown}
        expected = {
            80: {"knobs"},
            120: {"knobs", "curves", "walk"},
            200: {"knobs", "curves", "grid", "walk", "samples"},
        }
        assert shown == expected[size[0]]
        assert app.link.wanted == shown - {"knobs"}
        text = text_of(app)
        assert "−151.32" in text and "ELBO" in text and "space pause" in text and "● training" in text
        assert len(text.splitlines()) == size[1]
        if size[0] >= 120:
            assert "curves at step 1234" in text and "20 940 img/s" in text and "0:41 left" in text


async def test_the_next_request_goes_out_after_the_painting_and_says_what_it_cost():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        before = len(app.link.asked)
        assert app.link.asked[-1].paint_seconds == 0.0
        await app.feed(pilot, report(step=1))
        assert len(app.link.asked) == before + 1
        assert app.link.asked[-1].paint_seconds == 1.0


async def test_a_panel_is_painted_only_when_its_part_changed():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        curves = app.lesson_screen.body.panels["curves"]
        await app.feed(pilot, report(step=1, stamps={"curves": 1, "walk": 1}))
        painted = curves.painted
        await app.feed(pilot, report(step=2, stamps={"curves": 1, "walk": 2}))
        assert curves.painted == painted
        await app.feed(pilot, report(step=3, stamps={"curves": 3, "walk": 2}))
        assert curves.painted == painted + 1
        assert app.lesson_screen.body.panels["grid"].painted == 0


async def test_below_a_hundred_columns_tab_walks_through_the_panels_one_at_a_time():
    app = ToyApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.feed(pilot, report(step=5))
        seen = []
        for _ in range(5):
            (panel,) = app.lesson_screen.body.shown
            seen.append(panel.NAME)
            assert app.focused is panel
            assert f"▸{panel.tab}" in text_of(app).splitlines()[0]
            assert panel.region.height == 20
            await pilot.press("tab")
            await pilot.pause()
        assert seen == ["knobs", "curves", "grid", "walk", "samples"]
        await pilot.press("shift+tab")
        await pilot.pause()
        assert app.lesson_screen.body.shown[0].NAME == "samples"
        assert app.link.wanted == {"samples"}


async def test_panels_that_share_an_area_take_turns_and_one_without_an_area_stands_alone():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        body = app.lesson_screen.body
        assert " One step samples" in text_of(app)
        await pilot.press("tab", "tab")
        assert body.active == "grid" and [panel.NAME for panel in body.shown] == ["grid"]
        await pilot.press("tab")
        assert [panel.NAME for panel in body.shown] == ["knobs", "curves", "walk"]
        await pilot.press("tab")
        assert [panel.NAME for panel in body.shown] == ["knobs", "curves", "samples"]


async def test_zoom_gives_the_focused_panel_the_body_and_back():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await pilot.press("tab", "z")
        await pilot.pause()
        (panel,) = app.lesson_screen.body.shown
        assert panel.NAME == "curves" and panel.region.width == 118
        assert app.link.wanted == {"curves"}
        assert app.link.asked[-1].wanted[0].columns == 118
        await pilot.press("z")
        await pilot.pause()
        assert len(app.lesson_screen.body.shown) == 3 and app.focused is panel


async def test_any_size_is_survived_and_it_comes_back_when_it_grows():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        for size in [(1, 1), (1, 30), (3, 3), (20, 4), (100, 5), (300, 3)]:
            await pilot.resize_terminal(*size)
            await app.feed(pilot, report(step=1, failure=Failure("it failed", "do less")))
            await app.feed(pilot, report(step=2))
            await pilot.press("tab", "v", "escape", "r", "n")
            assert len(text_of(app).splitlines()) == size[1]
        await pilot.press("z", "?", "escape", "d", "n", "escape")
        await pilot.resize_terminal(120, 40)
        app.lesson_screen.body.zoom(False)
        app.lesson_screen.body.activate("curves")
        await app.feed(pilot, report(step=3, stamps={"curves": 3}))
        assert "curves at step 3" in text_of(app)


async def test_a_panel_without_room_says_so_and_wants_nothing():
    app = ToyApp()
    async with app.run_test(size=(80, 7)) as pilot:
        await app.feed(pilot, report())
        app.lesson_screen.body.activate("grid")
        await pilot.pause()
        await pilot.pause()
        assert "Latent grid needs 20 × 5 cells here" in text_of(app)
        assert app.link.wanted == set()
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        await app.feed(pilot, report(step=9, stamps={"grid": 9}))
        assert "grid at step 9" in text_of(app) and app.link.wanted == {"grid"}


async def test_space_runs_pauses_and_leaves_a_shipped_model_for_a_new_run():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=100, state="paused", origin="shipped", knobs={"size": 20}))
        assert "‖ trained" in text_of(app)
        await pilot.press("space")
        assert app.link.sent == [Open(given={"size": 20}, running=True)]
        await app.feed(pilot, report(step=1, state="running", knobs={"size": 20}))
        await pilot.press("space")
        await app.feed(pilot, report(step=1, state="paused", knobs={"size": 20}))
        await pilot.press("space")
        assert app.link.sent[1:] == [Pause(), Run()]


async def test_a_step_is_the_focused_panels_own_or_else_the_runs():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(state="paused"))
        panel = app.lesson_screen.body.panels["walk"]
        app.lesson_screen.body.activate("walk")
        panel.takes_steps = True
        await pilot.press(".", "comma")
        assert panel.steps == [1, -1] and app.link.sent == []
        panel.takes_steps = False
        await pilot.press(".", "comma")
        assert app.link.sent == [Step()] and "no step back" in text_of(app)


async def test_speed_walks_the_ladder_between_slow_motion_and_full_speed():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await pilot.press("+", "-", "-", "minus", "+")
        assert app.link.sent == [SetSpeed(None), SetSpeed(100.0), SetSpeed(30.0), SetSpeed(10.0), SetSpeed(30.0)]
        await app.feed(pilot, report(steps_per_second=1.0))
        await pilot.press("-")
        assert app.link.sent[-1] == SetSpeed(1.0)
        assert "1 steps/s" in text_of(app)


async def test_restart_asks_while_a_run_would_be_lost():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=0))
        await pilot.press("r")
        assert app.link.sent == [Open(given={}, running=True)]
        await app.feed(pilot, report(step=500))
        await pilot.press("r")
        assert "Leave this run at step 500 and start again?" in text_of(app)
        await pilot.press("z", "n")
        assert len(app.link.sent) == 1 and not app.lesson_screen.body.zoomed
        await pilot.press("r", "y")
        assert app.link.sent[1:] == [Open(given={}, running=True)]
        assert app.focused is app.lesson_screen.body.focused_panel


async def test_while_it_waits_the_question_counts_on():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=500))
        await pilot.press("r")
        await app.feed(pilot, report(step=512))
        assert "Leave this run at step 512 and start again?" in text_of(app)
        await pilot.press("n")
        await app.feed(pilot, report(step=513))
        assert "Leave this run" not in text_of(app)
        app.lesson_screen.foot.ask("Sure?", lambda yes: None)
        await app.feed(pilot, report(step=514))
        assert "Sure?" in text_of(app)


async def test_save_says_where_and_an_error_is_said_in_one_line():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=7, kept=None))
        await pilot.press("s")
        assert app.link.sent == [Save()]
        await app.feed(pilot, report(step=8, kept=KEPT))
        assert f"saved at step 7 as {KEPT.folder.name} in {KEPT.folder.parent}" in text_of(app)
        await pilot.press("down")
        assert "saved at" not in text_of(app)
        await app.feed(pilot, report(step=9, kept=Kept(KEPT.folder, 8, 1.0, "the disk is full")))
        assert "not saved: the disk is full" in text_of(app)


async def test_a_shipped_model_is_not_saved_stepped_or_lost():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=100, state="paused", origin="shipped"))
        await pilot.press("s", ".")
        assert app.link.sent == []
        await pilot.press("r")
        assert app.link.sent == [Open(given={}, running=True)]


class WholeScreen(ToyScreen):
    """A lesson whose shipped run goes on, and which calls things by its own names."""

    CONTINUES, SHIPPED, SHOWN, UNIT = True, "half-trained", True, "steps/s"
    SHIPPED_SAVE = "it is kept already"
    KEYS = (Key("run", ("space",), "space", "toggle_run", "train", "train", "Run", 1, running="hold"),)

    def pace(self, report):
        return "update 100"


async def test_a_whole_run_that_ships_goes_on():
    link = FakeLink()
    app = ToyApp(WholeScreen(Toy(), link))
    async with app.run_test(size=(160, 40)) as pilot:
        await app.feed(pilot, report(step=100, state="paused", origin="shipped", progress=0.54))
        assert "‖ half-trained" in text_of(app) and "space train" in text_of(app) and "━╸" in text_of(app)
        await pilot.press("space", ".", "s")
        assert link.sent == [Run(), Step()] and "it is kept already" in text_of(app)
        await pilot.press("down")
        await app.feed(pilot, report(step=101, state="running", origin="new", rate=5e4))
        assert "50 000 steps/s · update 100" in text_of(app) and "space hold" in text_of(app)
        await pilot.press("-", "+")
        assert link.sent[2:] == [SetSpeed(100.0, shown=True), SetSpeed(None)]


async def test_verify_opens_a_panel_that_wants_the_verdicts_and_closes_again():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=3))
        await pilot.press("v")
        await pilot.pause()
        assert app.link.sent == [Verify()] and app.link.wanted == {"verdicts"}
        part = Verdicts(3, (Verdict("kl", 5.4, 5.5, 1e-3), Verdict("elbo", -9.0, None, 0.0, "one sample")), 2)
        await app.feed(pilot, report(step=3, parts={"verdicts": part}, stamps={"verdicts": 1}))
        text = text_of(app)
        assert "✗ kl" in text and "5.40000" in text and "1.0e−01" in text and "2 more" in text and "at step 3" in text
        assert any("elbo" in line and line.rstrip().endswith("one sample") for line in text.splitlines())
        await pilot.press("escape")
        await pilot.pause()
        assert app.lesson_screen.body.opened is None and app.link.wanted == {"curves", "walk"} and not app.news


async def test_a_failure_is_said_with_what_to_change_and_leaves_with_it():
    app = ToyApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.feed(pilot, report(step=3, state="failed", failure=Failure("the loss is NaN", "lower the rate")))
        lines = text_of(app).splitlines()
        at = next(row for row, line in enumerate(lines) if "the loss is NaN" in line)
        assert "lower the rate" in lines[at + 1] and "ELBO" in lines[at + 2]
        assert "✗ failed" in lines[0]
        await pilot.press("tab")
        assert app.lesson_screen.body.active == "curves"
        await app.feed(pilot, report(step=4))
        assert "NaN" not in text_of(app)


async def test_the_keys_of_the_whole_program_reach_the_app():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=12, knobs={"beta": 4.0, "axis": 2}))
        await pilot.press("[", "]", "g", "o", ":", "T", "e", "y", "Y", "q", "escape", "ctrl+c")
        kinds = [type(message) for message in app.news]
        assert kinds == [Turn, Turn, Visit, Visit, Visit, NextTheme, Export, Copy, Copy, Leave, Leave, Leave]
        assert [message.direction for message in app.news[:2]] == [-1, 1]
        assert [message.place for message in app.news[2:5]] == ["contents", "runs", "palette"]
        assert app.news[6].panel == "knobs" and app.news[6].exports == ()
        assert "beta" in app.news[7].text
        assert app.news[8].text == "lec10 run toy --beta 4 --steps 12"
        assert [message.quit for message in app.news[9:]] == [False, False, True]


async def test_the_look_changes_everywhere_and_is_told():
    app = ToyApp(look=Look("half", ("half", "braille")))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        curves = app.lesson_screen.body.panels["curves"]
        painted = curves.painted
        await pilot.press("i", "L")
        assert curves.look == Look("braille", ("half", "braille"), logarithmic=True) == app.lesson_screen.look
        assert curves.painted > painted
        assert [type(message) for message in app.news] == [LookChanged, LookChanged]
        await pilot.press("i")
        assert app.news[-1].look.glyphs == "half"


async def test_a_lesson_adds_keys_to_footer_and_help():
    app = ToyApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report())
        assert "m log p(x)" in text_of(app)
        await pilot.press("m", "tab", "?")
        await pilot.pause()
        assert app.lesson_screen.measured == 1 and isinstance(app.screen, HelpScreen)
        text = text_of(app)
        assert "measure log p(x)" in text and "The curves: curves bend" in text and "Slides: Toys" in text
        asked = len(app.link.asked)
        await app.feed(pilot, report(step=77))
        assert len(app.link.asked) == asked
        await pilot.press("escape")
        await pilot.pause()
        await pilot.pause()
        assert len(app.link.asked) > asked and "curves at step 77" in text_of(app)


async def test_nothing_is_painted_from_a_report_without_a_frame():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, Report(None, Status("loading", "shipped")))
        assert "○ opening" in text_of(app) and app.lesson_screen.body.panels["curves"].painted == 0


async def test_scenes_set_knobs_press_keys_and_wait():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=3))
        await pilot.press("d")
        await pilot.pause()
        assert app.link.sent == [SetKnob("beta", 4.0)]
        assert app.lesson_screen.body.active == "curves" and app.lesson_screen.body.zoomed
        text = text_of(app)
        assert "1 of 2" in text and "Say *this* and that." in text and "And then this." in text
        await pilot.press("p", "n")
        await pilot.pause()
        assert "2 of 2" in text_of(app)
        assert app.link.sent[1:] == [Open(given={"size": 20, "beta": 4.0}, running=True)]
        await pilot.press("escape")
        await pilot.pause()
        assert "2 of 2" not in text_of(app) and not app.news


async def test_with_no_color_and_plain_ascii_every_cell_is_styled_and_ascii(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = ToyApp(look=PLAIN)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=5, failure=Failure("μ is NaN", "lower η")))
        assert app.no_color
        text = text_of(app)
        assert text.isascii() and "mu is NaN" in text and "beta" in text
        await pilot.press("tab", "v", "escape", "d")
        await pilot.pause()
        assert text_of(app).isascii()
        strips = app.screen._compositor.render_strips()
        assert all(segment.style is not None for strip in strips for segment in strip)
        await pilot.press("escape", "?")
        await pilot.pause()
        assert text_of(app).isascii()


async def test_what_stands_over_a_panel_in_ascii_is_whole():
    app = ToyApp(look=PLAIN)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=3))
        panel = app.lesson_screen.body.panels["curves"]
        panel.title, panel.subtitle = "Return r(τ)", "1 of 4  ← →"
        await pilot.pause()
        assert "Return r(tau) " in text_of(app) and "1 of 4  <- -> " in text_of(app)


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "textual-light", "gruvbox"])
async def test_themes(theme):
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        app.theme = theme
        await app.feed(pilot, report(step=5))
        await pilot.press("tab", "r", "n", "s")
        assert "−151.32" in text_of(app)


async def test_a_click_gives_a_panel_the_focus():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await pilot.click("#walk", offset=(5, 5))
        await pilot.pause()
        assert app.lesson_screen.body.active == "walk" and app.focused.id == "walk"
        assert "╭ One step" in text_of(app) and "╭ Knobs" not in text_of(app)


async def test_a_line_of_text_is_asked_for_in_the_footer():
    app = ToyApp()
    read = []
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        app.lesson_screen.foot.read("name", "old", read.append)
        await pilot.press("backspace", "q", "space", "z", "enter")
        assert read == ["olq z"] and app.focused is app.lesson_screen.body.focused_panel
        app.lesson_screen.foot.read("name", "old", read.append)
        await pilot.press("x", "escape")
        assert len(read) == 1 and app.news == []


async def test_a_bad_scenes_file_is_said_in_one_line():
    app = ToyApp(ToyScreen(Toy(), FakeLink(), scenes="## A\n```lec10\nfly\n```"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("d")
        assert "scenes, line 3: 'fly' is nothing a scene does" in text_of(app)


async def test_what_a_scene_gets_wrong_is_said_with_its_line_and_the_rest_is_done():
    link = FakeLink()
    app = ToyApp(ToyScreen(Toy(), link, scenes="## A\n```lec10\nset beta 999\nfocus moon\npause\n```"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("d")
        assert "scenes, line 4: no panel is called 'moon'" in text_of(app) and link.sent == [Pause()]


def test_an_arrangement_of_unknown_panels_is_refused():
    class Lost(ToyScreen):
        ARRANGEMENTS = (Arrangement(100, 20, ("knobs moon",), ("1fr", "1fr"), ("1fr",)),)

    with pytest.raises(ValueError, match="names the panel 'moon'"):
        Lost(Toy(), FakeLink())


async def test_a_text_panel_paints_the_lines_that_changed_within_its_frame():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        app.lesson_screen.body.activate("curves")
        await app.feed(pilot, report(step=1, stamps={"curves": 1}))
        panel = app.lesson_screen.body.panels["curves"]
        await app.feed(pilot, report(step=22, stamps={"curves": 2}))
        panel.put([[("short", "strong")]])
        await pilot.pause()
        rows = [line[25:119] for line in text_of(app).splitlines()[1:19]]
        assert rows[0].startswith("╭ The curves ─") and rows[1].rstrip() == "short"
        assert not "".join(rows[2:]).strip()
        panel.put([[(f"line {n}", "")] for n in range(60)])
        await pilot.press("end", "k")
        await pilot.pause()
        assert panel.as_text().count("\n") == 59 and "line 58" in text_of(app) and "line 59" not in text_of(app)
