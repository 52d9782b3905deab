"""The knobs panel: turning, typing, refusing, waiting."""

from __future__ import annotations

import pytest
from shell_fakes import PLAIN, ToyApp, report, text_of

from lec10_tui.vocabulary.commands import Open, SetKnob
from lec10_tui.vocabulary.reports import Failure
from lec10_tui.widgets.messages import Leave


async def test_live_and_view_knobs_are_sent_restart_knobs_wait_for_r():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=0))
        panel = app.lesson_screen.knobs_panel
        await pilot.press("right")
        assert app.link.sent == [] and panel.setting.pending == {"size": 5}
        text = text_of(app)
        assert "5▸↻" in text and "16,16 ↻" in text and "r starts a run with" in text
        await pilot.press("j", "j", "j", "l")
        assert app.link.sent == [SetKnob("beta", 4.0)]
        await pilot.press("end", "h")
        assert app.link.sent == [SetKnob("beta", 4.0)]
        await pilot.press("right")
        assert app.link.sent[1:] == [SetKnob("axis", 2)]
        await app.feed(pilot, report(step=0, knobs={"beta": 4.0, "axis": 2}))
        await pilot.press("r")
        assert app.link.sent[2:] == [Open(given={"size": 5, "beta": 4.0, "axis": 2}, running=True)]
        await app.feed(pilot, report(step=0, knobs={"size": 5, "beta": 4.0, "axis": 2}))
        assert panel.setting.pending == {} and "↻" not in text_of(app)


@pytest.mark.parametrize("refused", [False, True])
async def test_what_waited_is_over_once_it_runs_however_the_run_calls_it(refused):
    """A short name or a path becomes a long one in the run."""
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=5, state="paused"))
        await pilot.press("right", "r", "y")
        assert app.link.sent == [Open(given={"size": 5}, running=True)]
        await app.feed(pilot, report(step=5, state="loading"))
        failure = Failure("no such size", "choose another") if refused else None
        await app.feed(pilot, report(step=0, state="paused", knobs={"size": 6}, failure=failure))
        assert app.lesson_screen.knobs_panel.setting.pending == ({"size": 5} if refused else {})


async def test_space_starts_what_waits_when_the_run_has_not_begun():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=0, state="paused"))
        await pilot.press("right", "space")
        assert app.link.sent == [Open(given={"size": 5}, running=True)]


async def test_a_value_is_typed_in_place_and_letters_are_text():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=9))
        await pilot.press("down", "down", "down", "enter", "backspace", "q", "z", "9", "?", "enter")
        assert app.link.sent == [] and app.news == []
        assert "beta: 'qz9?' is not" in text_of(app)
        assert app.lesson_screen.knobs_panel.line.text == "qz9?"
        await pilot.press("ctrl+u", "2", ".", "5", "enter")
        assert app.link.sent == [SetKnob("beta", 2.5)] and app.lesson_screen.knobs_panel.line is None
        await pilot.press("enter", "8", "escape")
        assert app.link.sent == [SetKnob("beta", 2.5)] and app.news == []
        await pilot.press("escape")
        assert [type(message) for message in app.news] == [Leave]


async def test_knobs_that_do_not_fit_together_are_refused_where_they_are_turned():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=0))
        await pilot.press("end", "right", "right")
        assert app.link.sent == [SetKnob("axis", 2)]
        assert "axis: 3 is not a" in text_of(app)
        await pilot.press("up")
        assert "axis: 3 is not a" not in text_of(app)


async def test_a_report_that_was_on_its_way_does_not_turn_a_knob_back():
    app = ToyApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(step=1))
        panel = app.lesson_screen.knobs_panel
        await pilot.press("down", "down", "down", "right")
        await app.feed(pilot, report(step=2))
        assert panel.setting.in_force["beta"] == 4.0
        await app.feed(pilot, report(step=3, knobs={"beta": 4.0}))
        await app.feed(pilot, report(step=4, knobs={"beta": 1.0}))
        assert panel.setting.in_force["beta"] == 1.0
        await pilot.press("right")
        for step in range(5, 10):
            await app.feed(pilot, report(step=step))
        assert panel.setting.in_force["beta"] == 1.0


async def test_it_scrolls_to_the_chosen_knob_and_copies_as_text():
    app = ToyApp()
    async with app.run_test(size=(80, 8)) as pilot:
        await app.feed(pilot, report(step=1))
        panel = app.lesson_screen.knobs_panel
        assert "axis" not in text_of(app)
        await pilot.press("end")
        await pilot.pause()
        assert "▸ axis" in text_of(app)
        assert panel.as_text().splitlines()[0].split() == ["size", "2"]
        await pilot.press("pageup", "home")
        await pilot.pause()
        assert "▸ K" in text_of(app)


async def test_what_was_given_before_anything_is_open_is_shown():
    app = ToyApp(given={"size": 20}, look=PLAIN)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        text = text_of(app)
        assert "<20>" in text and "16,16" in text and text.isascii()
