"""The reinforce screen over a fake worker: it walks an episode by itself, and asks a run by commands."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from lesson_app import LessonApp
from reinforce_reports import (
    about,
    acted,
    credit,
    curves,
    episode,
    parts,
    renders,
    report,
    updated,
)
from textual.pilot import Pilot

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.reinforce.frame import Act, ApplyUpdate, Credit, Episode, NextEpisode, PreviousEpisode, Push
from lec10_tui.lessons.reinforce.screen import SLOW, ReinforceScreen
from lec10_tui.vocabulary.commands import Open, Pause, Run, Save, SetKnob, SetSpeed
from lec10_tui.vocabulary.frames import Part
from lec10_tui.vocabulary.reports import Report, Status
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.step_table import StepTable

LESSON = lesson_named("reinforce")
SIZES = [(80, 24), (120, 40), (200, 50)]
PANELS = ("table", "picture", "curves", "loop", "update", "knobs")
PLAIN = Look(glyphs="ascii", available=("ascii",), ascii=True)
FORTY_ONE = episode()


class ScreenApp(LessonApp):
    """Shows the reinforce screen and nothing else."""

    def __init__(self, look: Look | None = None, **options: Any) -> None:
        super().__init__(ReinforceScreen, LESSON, look=look, **options)

    async def open(self, pilot: Pilot[None], given: dict[str, Part] | None = None, **status: Any) -> None:
        """Hand over the first report, and forget what was sent before."""
        await self.feed(pilot, report(given, **status))
        self.link.took()

    @property
    def time(self) -> int:
        return self.shown.hand.time


def written(value: float, decimals: int = 2) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")


def continuous() -> dict[str, Part]:
    """An episode of two torques, without probabilities."""
    steps, dice = 6, np.random.default_rng(1)
    actions = dice.normal(size=(steps, 2))
    of = replace(
        episode(steps),
        probabilities=np.zeros((steps, 0)),
        actions=actions,
        mean=np.full((steps, 2), 0.25),
        scale=np.full((steps, 2), 1.5),
        rewards=np.full(steps, 0.003),
        log_prob=np.linspace(0.1, 1.2, steps),
        film=None,
        ending="horizon",
    )
    made = about(
        environment="lec10/Swimmer-v0", discrete=False, action_labels=("u₁", "u₂"), arrows=(), pushed="", drawn="none"
    )
    return parts(of, about=made)


@pytest.mark.parametrize(
    ("size", "look"), [(SIZES[0], PLAIN), (SIZES[1], Look()), (SIZES[1], PLAIN), (SIZES[2], Look(glyphs="sextant"))]
)
async def test_every_panel_says_what_it_is_there_for(size: tuple[int, int], look: Look) -> None:
    app, of = ScreenApp(look), FORTY_ONE
    async with app.run_test(size=size) as pilot:
        await app.open(pilot, parts(of, updated(credit(of))))
        await pilot.press(".", ".")
        assert tuple(app.shown.body.panels) == PANELS and app.shown.body.active == "table"
        for name in PANELS:
            app.shown.body.activate(name)
            app.shown.body.zoom(size[0] < 200)
            await app.settle(pilot)
            text = app.panel_text(name)
            expected = {
                "table": ("weight", look.text("‖∇‖", "|grad|"), f"{of.probabilities[2, 0]:.2f}"),
                "picture": ("action", "cart"),
                "curves": ("mean of 100", "solved 475"),
                "loop": ("agent", "environment", "CartPole-v1", f"{of.probabilities[2, 1]:.2f}"),
                "update": ("of 41 actions became more likely", "weight"),
                "knobs": ("environment", "reward-to-go"),
            }[name]
            for words in expected:
                assert words in text, (name, words, text)
            if look.ascii:
                assert app.text.isascii(), (name, sorted({sign for sign in app.text if not sign.isascii()}))
            assert len(app.lines) == size[1] and not app.shown.body.panels[name].cramped


@pytest.mark.parametrize(("size", "shown"), [((80, 24), 1), ((120, 40), 4), ((200, 50), 6)])
async def test_how_much_is_there_at_once(size: tuple[int, int], shown: int) -> None:
    app = ScreenApp()
    async with app.run_test(size=size) as pilot:
        await app.open(pilot)
        assert len(app.shown.body.shown) == shown
        assert not any(panel.cramped for panel in app.shown.body.shown)
        assert {"about", "episode", "credit"} <= app.link.wanted
        # On a small screen the table has a picture over it, and still ten rows.
        panel = app.shown.body.panels["table"]
        rows = re.findall(r"^\W*\d+ +[−+]0\.\d+", app.panel_text("table"), re.MULTILINE)
        assert len(rows) >= 10 and panel.has_class("-filmed") is (size[0] == 80)


async def test_keys_walk_the_episode_and_ask_nobody() -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(of))
        page = app.shown.body.panels["table"].table.page  # type: ignore[attr-defined]
        for key, time in (
            (".", 1), (".", 2), ("comma", 1), ("down", 2), ("j", 3), ("up", 2), ("k", 1), ("comma", 0), ("up", 0),
            ("end", 41), ("down", 41), ("home", 0), ("pagedown", page), ("pageup", 0),
        ):  # fmt: skip
            await pilot.press(key)
            assert app.time == time, key
            await app.settle(pilot)
            assert f"paused at t = {time:>2} of 41" in app.lines[0]
            assert f"t = {time}" in app.panel_text("picture")
            marked = [line for line in app.panel_text("table").splitlines() if "▸" in line]
            assert len(marked) == 1 and int(marked[0].split()[1]) == time
            if time < 41:
                assert written(of.log_prob[time]) in app.equation[1]
                assert "action " + ("→" if of.actions[time, 0] else "←") in app.panel_text("picture")
        assert app.link.sent == []


async def test_a_step_paints_only_what_follows_it() -> None:
    app = ScreenApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.open(pilot)
        painted: list[str] = []
        for panel in app.shown.body.shown:
            panel.show = lambda given, panel=panel, show=panel.show: (painted.append(panel.NAME), show(given))  # type: ignore[method-assign, misc]
        await pilot.press(".")
        assert sorted(painted) == ["loop", "picture", "table"]


async def test_past_the_end_comes_the_next_episode_and_before_the_start_the_previous_one() -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(of))
        await pilot.press("comma")
        assert app.link.sent == [] and "first step" in app.lines[-1]
        await pilot.press("end")
        await app.settle(pilot)
        assert "terminated: a final state" in app.panel_text("picture") and "samples the next" in app.text
        assert "—" in app.equation[1] and written(credit(of).total_return) in app.equation[1]
        # However long the key is held, one episode is asked for.
        await pilot.press(".", ".", ".")
        assert app.link.took() == [NextEpisode()] and app.time == 41
        await app.settle(pilot)
        assert "is being sampled" in app.panel_text("picture")
        following = episode(30, 8, number=2, earlier=True)
        await app.feed(pilot, report(parts(following)))
        assert app.time == 0 and "t =  0 of 30" in app.lines[0]
        await pilot.press("comma")
        assert app.link.took() == [PreviousEpisode()]
        await app.feed(pilot, report(parts(of)))
        assert app.time == 41
        await pilot.press("comma")
        assert app.time == 40 and app.link.sent == []


async def test_what_is_refused_can_be_asked_for_again() -> None:
    from lec10_tui.vocabulary.reports import Failure

    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        await pilot.press("end", ".")
        await app.feed(pilot, replace(report(), failure=Failure("it broke", "try again")))
        await pilot.press(".")
        assert app.link.took() == [NextEpisode(), NextEpisode()]


async def test_one_to_six_weigh_the_same_episode_anew() -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=(200, 50)) as pilot:
        await app.open(pilot, parts(of))
        await pilot.press(".", "1", "3", "2", "4", "5", "6")
        assert app.link.took() == [
            SetKnob("estimator", "full-return"),
            SetKnob("baseline", "constant"),
            SetKnob("estimator", "reward-to-go"), SetKnob("baseline", "none"),
            SetKnob("baseline", "mean"), SetKnob("baseline", "time-dependent"), SetKnob("baseline", "value"),
        ]  # fmt: skip
        for estimator, baseline, symbol, value in (
            ("full-return", "none", "r(τ)", 41.0),
            ("reward-to-go", "none", "r_t(τ)", 40.0),
            ("reward-to-go", "mean", "[r_t(τ)", 40.0),
        ):
            given = credit(of, estimator, baseline)
            await app.feed(pilot, report(parts(of, given), knobs={"estimator": estimator, "baseline": baseline}))
            symbols, numbers = app.equation
            place = symbols.index(symbol)
            assert written(value) in numbers[place - 3 : place + len(symbol) + 3]
            assert ("b_t]" in symbols) is (baseline == "mean")
            assert f"baseline {baseline}" in app.lines[0] and app.time == 1
            weights = written(float(given.weight.max()), 2 if abs(given.weight).max() < 100 else 1)
            assert f"+{weights}" in app.panel_text("update"), app.panel_text("update")
        assert app.link.sent == []


async def test_the_strip_is_the_update_at_the_cursor() -> None:
    of = FORTY_ONE
    given = updated(credit(of, "reward-to-go", "mean", spread=12.5))
    for width, height in SIZES:
        app = ScreenApp()
        async with app.run_test(size=(width, height)) as pilot:
            await app.open(pilot, parts(of, given))
            await pilot.press("pagedown")
            await app.settle(pilot)
            time, (symbols, numbers) = app.time, app.equation
            for symbol, number in (
                ("α", "0.01"),
                ("[r_t(τ)", written(given.reward_to_go[time])),
                ("b_t]", "20.00"),
                ("σ", "12.50"),
                ("log π_θ(a_t|s_t)", written(of.log_prob[time])),
                ("r(τ)", "41.00"),
            ):
                # Each number stands under its own term.
                middles = [found.start() + len(symbol) / 2 for found in re.finditer(re.escape(symbol), symbols)]
                places = [found.start() + len(number) / 2 for found in re.finditer(re.escape(number), numbers)]
                assert any(abs(one - other) <= 4 for one in middles for other in places), (symbol, symbols, numbers)
            assert width < 100 or ("Σ log π" in symbols and f"{given.more_likely} of 41" in numbers)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_u_updates_and_the_table_says_what_became_more_likely(size: tuple[int, int]) -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=size) as pilot:
        await app.open(pilot, parts(of))
        await pilot.press(".", "u")
        assert app.link.took() == [ApplyUpdate()]
        given = updated(credit(of))
        await app.feed(pilot, report(parts(of, given), step=13))
        table = app.panel_text("table")
        assert "Δ log π" in table and "▲" in table and "▼" in table
        assert app.time == 1 and (f"{given.more_likely} of 41" in app.equation[1] or size[0] < 100)
        assert app.lines[-1].strip() == f"{given.more_likely} of 41 actions became more likely"
        await pilot.press(".")
        await app.feed(pilot, report(parts(of, given), step=13))
        assert "more likely" not in app.lines[-1]


async def test_t_trains_in_slow_motion_and_plus_goes_up_to_full_speed() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(origin="shipped"))
        await pilot.press("t")
        assert app.link.took() == [SetSpeed(SLOW, shown=True), Run()]
        of = episode(37, 5, number=4, trained=True, update=13)
        await app.feed(
            pilot, report(parts(of, updated(credit(of))), state="running", steps_per_second=SLOW, progress=0.1)
        )
        assert app.time == 36 and "● training" in app.lines[0] and "5 updates/s" in app.lines[0]
        assert "space pause" in app.lines[-1]
        await pilot.press("+", "+", "+", "+", "+", "-")
        assert app.link.took() == [
            SetSpeed(10.0, shown=True), SetSpeed(30.0), SetSpeed(100.0),
            SetSpeed(None), SetSpeed(None), SetSpeed(100.0),
        ]  # fmt: skip
        # Every update brings another episode, whose last action is in sight.
        later = episode(20, 6, number=5, trained=True, update=14)
        await app.feed(pilot, report(parts(later), state="running"))
        assert app.time == 19
        await pilot.press("t")
        assert app.link.took() == [Pause()]
        await app.feed(pilot, report(parts(later)))
        assert app.time == 0 and "paused at t =  0 of 20" in app.lines[0]


@pytest.mark.parametrize("key", ["space", ".", "comma", "home"])
async def test_keys_of_the_episode_hold_the_training_and_step_inside(key: str) -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        of = episode(20, 6, number=5, trained=True, update=14)
        await app.open(pilot, parts(of), state="running")
        assert app.time == 19
        await pilot.press(key)
        assert app.link.took() == [Pause()] and app.time == 0 and not app.shown.play.going
        # A report that was on its way changes nothing.
        await app.feed(pilot, report(parts(of), state="running"))
        assert app.time == 0
        await app.feed(pilot, report(parts(of)))
        await pilot.press(".")
        assert app.time == 1 and app.link.sent == []


async def test_space_plays_and_pauses_and_the_speed_is_the_plays() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        await pilot.press("+", "+", "+", "+", "space")
        assert app.shown.play.speed == 50.0 and app.shown.play.going
        await app.settle(pilot)
        assert "playing" in app.lines[0] and "50 steps/s" in app.lines[0] and app.lines[-1].startswith(" space pause")
        for _ in range(200):
            if app.time:
                break
            await pilot.pause(0.02)
        await pilot.press("space")
        stands = app.time
        assert stands > 0 and not app.shown.play.going
        await pilot.pause(0.1)
        assert app.time == stands and app.link.sent == []
        await pilot.press("-")
        assert "25 steps a second" in app.lines[-1]


async def test_play_goes_on_with_the_next_episode() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(episode(3)))
        await pilot.press("+", "+", "space")
        for _ in range(300):
            if app.link.sent:
                break
            await pilot.pause(0.02)
        assert app.link.took() == [NextEpisode()] and app.time == 3
        await app.feed(pilot, report(parts(episode(400, 8, number=2))))
        assert app.shown.play.going and app.time < 100
        await pilot.press("comma")
        assert not app.shown.play.going


async def test_a_person_acts_in_place_of_the_policy_and_the_cursor_goes_on() -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(of))
        await pilot.press("tab", ".", ".", "left", "l", "up")
        assert app.shown.body.active == "picture"
        assert app.link.took() == [Act(2, (0.0,)), Act(3, (1.0,))] and app.time == 3
        await app.feed(pilot, report(parts(acted(of, 2, 0.0))))
        assert app.time == 3
        assert "you" in app.panel_text("table")
        await pilot.press("comma")
        await app.settle(pilot)
        assert "you" in app.panel_text("picture")
        await pilot.press("end", "right")
        assert app.link.sent == [] and "episode is over" in app.lines[-1]


async def test_the_cart_is_pushed_where_the_environment_can_be() -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(of))
        await pilot.press(".", ">", "<")
        assert app.link.took() == [Push(1, 1.0), Push(1, -1.0)] and app.time == 1
        pushes = np.zeros(41)
        pushes[1] = -1.0
        await app.feed(pilot, report(parts(replace(of, pushes=pushes))))
        assert "pushed «" in app.panel_text("picture") and "«" in app.panel_text("table")
        await app.feed(pilot, report(continuous()))
        await pilot.press(">")
        assert app.link.sent == [] and "lec10/Swimmer-v0 has nothing to push" in app.lines[-1]


async def test_acting_holds_the_training_first() -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(of), state="running")
        await pilot.press(">", "u")
        assert app.link.took() == [Pause(), Push(0, 1.0), ApplyUpdate()]


async def test_continuous_actions_a_horizon_and_no_picture() -> None:
    app = ScreenApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.open(pilot, continuous())
        loop = app.panel_text("loop")
        assert "N(+0.25, 1.50²)" in loop and "u₁" in loop and "u₂" in loop and "lec10/Swimmer-v0" in loop
        assert "no picture" in app.panel_text("picture") and "u₁" in app.panel_text("picture")
        assert "0.0180" in app.equation[1] and "0.10" in app.equation[1]
        await pilot.press("end")
        await app.settle(pilot)
        assert "cut off at the horizon T" in app.panel_text("loop")


async def test_an_environments_own_pictures_are_shown_as_they_come() -> None:
    app, of = ScreenApp(), replace(FORTY_ONE, film=None)
    given = parts(of, about=about(drawn="rgb"))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, given)
        assert "renders" in app.link.wanted
        panel = app.shown.body.panels["picture"]
        assert "drawing 0%" in app.panel_text("picture") and panel.exports() == ()
        await app.feed(pilot, report({**given, "renders": renders(5, 42)}))
        text = app.panel_text("picture")
        assert "drawing" not in text and any(sign in text for sign in "▀▄█▌")
        (exported,) = panel.exports()
        assert isinstance(exported, ExportedPicture) and exported.image.shape == (40, 60, 3)
        await pilot.press("pagedown")
        await app.settle(pilot)
        assert "drawing 12%" in app.panel_text("picture")


async def test_numbers_of_another_episode_are_not_shown_beside_this_one() -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(of, credit(episode(12))))
        assert "—" in app.panel_text("table") and written(of.log_prob[0]) in app.panel_text("table")
        await app.feed(pilot, report(parts(of)))
        assert "+41.0" in app.panel_text("table")


async def test_the_title_says_what_is_walked_and_what_goes() -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, Report(None, Status("loading", "shipped")))
        assert "opening" in app.lines[0]
        await app.open(pilot, parts(of), origin="shipped", progress=0.5)
        for words in (
            "Step through an episode",
            "CartPole-v1",
            "reward-to-go, baseline none",
            "‖ paused at t =  0 of 41",
        ):
            assert words in app.lines[0]
        assert "left" not in app.lines[0]
        await app.feed(pilot, report(parts(of), state="finished"))
        assert "✓ finished · t =  0 of 41" in app.lines[0]
        await app.feed(pilot, report(parts(of), state="running", rate=93_210.0, progress=0.5, seconds_left=41.0))
        assert "93 210 steps/s" in app.lines[0] and "0:41 left" in app.lines[0]


async def test_a_run_that_has_ended_says_so_however_long_the_episode() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.open(pilot, parts(episode(500)), state="finished")
        assert "✓ finished · t =   0 of 500" in app.lines[0]
        await app.feed(pilot, report(parts(episode(500)), state="failed"))
        assert "✗ failed · t =   0 of 500" in app.lines[0]


async def test_what_an_update_did_is_whole_in_the_smallest_panel_beside_others() -> None:
    app, of = ScreenApp(), episode(148)
    async with app.run_test(size=(120, 40)) as pilot:
        moved = replace(credit(of), delta_log_prob=np.full(148, 0.01), applied=113, batch=1, update_kl=0.00052)
        await app.open(pilot, parts(of, moved))
        await pilot.press("tab", "tab", "tab", "tab")
        await app.settle(pilot)
        assert "update 113 from this episode   KL 0.0005" in app.panel_text("update")


async def test_the_equation_is_as_light_as_the_columns_it_sums() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        of_table = app.shown.body.panels["table"].query_one(StepTable).paper.letters("reward_to_go").color
        assert app.shown.equation_strip.ink("reward_to_go").color == of_table


async def test_the_shipped_run_goes_on_and_is_not_saved_twice() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, origin="shipped")
        await pilot.press("s")
        assert app.link.sent == [] and "t trains on" in app.lines[-1]
        await pilot.press("u", "t")
        assert app.link.took() == [ApplyUpdate(), Run()]
        await pilot.press("t")
        assert app.link.took() == [Pause()]
        await app.feed(pilot, report(step=13))
        await pilot.press("s", "r", "y")
        assert app.link.took() == [Save(), Open(given={}, running=False)]


async def test_with_knobs_that_wait_and_no_update_yet_t_starts_the_run_they_ask_for() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, step=0)
        app.shown.put("environment", "Acrobot-v1")
        await pilot.press("t")
        assert app.link.took() == [Open(given={"environment": "Acrobot-v1"}, running=True)]


async def test_the_command_makes_the_run_again_and_owns_up_to_updates_by_hand() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        assert app.shown.command_line() == "lec10 run reinforce"
        made = about(given=("seed=3", "length=50 updates"), changes=("4:baseline=mean", "9:length=80 updates"))
        await app.open(pilot, parts(about=made), step=17)
        line = "lec10 run reinforce --seed 3 --at 4:baseline=mean --updates 17"
        assert app.shown.command_line() == line
        await app.feed(pilot, report(parts(about=replace(made, by_hand=(13, 16))), step=17))
        first, second = app.shown.command_line().splitlines()
        assert first == line and second.startswith("#") and "13, 16" in second and "by hand" in second


async def test_curves_turn_their_pages_and_are_exported() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        app.shown.body.activate("curves")
        await app.settle(pilot)
        for title, label in (
            ("Return r(τ)", "mean of 100"), ("Entropy of π", "entropy"), ("Gradient norm", "‖∇‖"), ("KL of each", "KL"),
            ("Return r(τ)", "solved 475"),
        ):  # fmt: skip
            text = app.panel_text("curves")
            assert title in text and label in text, text
            await pilot.press("right")
            await app.settle(pilot)
        (exported,) = app.shown.body.panels["curves"].exports()
        assert isinstance(exported, ExportedCurves) and len(exported.series) == 5
        await app.feed(pilot, report(parts(curves=curves(0))))
        assert "t trains" in app.panel_text("curves")


async def test_what_is_copied_of_the_table_is_all_of_it() -> None:
    app, of = ScreenApp(), FORTY_ONE
    async with app.run_test(size=(80, 24)) as pilot:
        await app.open(pilot, parts(of))
        lines = app.shown.body.panels["table"].as_text().splitlines()
        assert len(lines) == 1 + 41 + 1 + 1
        assert "r(τ) = 41" in lines[-1] and f"{of.log_prob.sum():.4f}" in lines[-1]
        for name in PANELS[1:]:
            app.shown.body.activate(name)
            await app.settle(pilot)
            assert app.shown.body.panels[name].as_text().strip(), name


async def test_before_anything_is_known_no_key_does_harm_and_none_is_lost() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        assert app.link.took() == [SetSpeed(SLOW, shown=True)]
        await pilot.press(".", "comma", "home", "end", "left", ">", "+", "tab", "right", "y", "e")
        assert app.link.sent == [] and "opening" in app.lines[0]
        await pilot.press("1", "u", "t")
        assert app.link.took() == [SetKnob("estimator", "full-return"), ApplyUpdate(), Run()]
        assert "θ ← θ" in app.equation[0] and "sampled" in app.text


async def test_it_survives_every_size_and_is_whole_again_afterwards() -> None:
    app, dice = ScreenApp(), random.Random(4)
    sizes = [(1, 1), (240, 70), (1, 30), (150, 1), *((dice.randint(1, 160), dice.randint(1, 45)) for _ in range(3))]
    made = (parts(), continuous(), parts(episode(1)))
    async with app.run_test(size=(120, 40)) as pilot:
        for number, size in enumerate(sizes):
            await pilot.resize_terminal(*size)
            await app.feed(pilot, report(made[number % 3]))
            await pilot.press(".", "tab", "right", "z", "end", "comma", "u", "L")
            assert len(app.lines) == size[1]
        await pilot.resize_terminal(120, 40)
        app.shown.body.zoom(False)
        app.shown.body.activate("table")
        await app.feed(pilot, report())
        assert "CartPole-v1" in app.text and "log π" in app.panel_text("table")


async def test_it_is_drawn_without_colour_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ScreenApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.open(pilot, parts(FORTY_ONE, updated(credit(FORTY_ONE))))
        segments = [segment for strip in app.screen._compositor.render_strips() for segment in strip]
        assert all(segment.style is not None for segment in segments)
        assert "▲" in app.text


def test_credit_and_episode_of_the_fakes_go_together() -> None:
    given: Credit = credit(FORTY_ONE)
    of: Episode = FORTY_ONE
    assert given.reward_to_go[0] == of.rewards.sum() and len(of.states) == len(of.rewards) + 1


async def test_keys_that_are_faster_than_the_worker_mean_what_a_person_means() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        await pilot.press("t", "+", "+", "t", "+")
        assert app.link.took() == [Run(), SetSpeed(10.0, shown=True), SetSpeed(30.0), Pause()]
        assert app.shown.play.speed == 25.0
        # A run that has ended does not go, whatever was asked.
        await pilot.press("t")
        await app.feed(pilot, report(state="finished"))
        await pilot.press(".")
        assert app.link.took() == [Run()] and app.time == 1


async def test_the_help_page_stops_the_play_and_lets_the_training_go_on() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        await pilot.press("space", "?")
        await app.settle(pilot)
        assert not app.shown.play.going
        await pilot.press("escape")
        await app.feed(pilot, report(state="running"))
        await pilot.press("?")
        await app.settle(pilot)
        assert app.link.sent == [] and app.shown.training


async def test_under_tabs_the_table_says_what_the_title_has_no_room_for() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.open(pilot)
        assert "CartPole-v1 · reward-to-go, baseline none" in app.lines[1]
