"""The bound screen over a fake worker: what its panels say of the parts, and what its keys send."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from bound_reports import (
    PANELS,
    about,
    ascent,
    importance,
    jensen,
    one_code,
    parts,
    posterior,
    report,
    terms,
    toy,
)
from lesson_app import LessonApp
from textual.pilot import Pilot

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.bound.frame import Move, MovePoint, PutPoint, Snap, Stretch
from lec10_tui.lessons.bound.screen import FACTOR, SPEED, STEPS, BoundScreen
from lec10_tui.vocabulary.commands import Pause, Run, SetKnob, SetSpeed, Step
from lec10_tui.vocabulary.frames import Part
from lec10_tui.widgets import keys
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.look import Look

LESSON = lesson_named("bound")
SIZES = [(80, 24), (100, 30), (120, 40), (200, 50)]
PLAIN = Look(glyphs="ascii", available=("ascii",), ascii=True)
EXACT = ("posterior", "bar", "pictures", "ascent", "knobs")


class ScreenApp(LessonApp):
    """Shows the bound screen and nothing else."""

    def __init__(self, look: Look | None = None, **options: Any) -> None:
        super().__init__(BoundScreen, LESSON, look=look, **options)

    async def open(self, pilot: Pilot[None], given: dict[str, Part] | None = None, **status: Any) -> None:
        """Hand over the first report, and forget what was sent before."""
        await self.feed(pilot, report(given, **status))
        self.link.took()


def written(value: float, decimals: int = 2) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")


def numbers(text: str) -> list[float]:
    """The numbers with a decimal point that a text shows."""
    return [float(number.replace("−", "-")) for number in re.findall(r"−?\d+\.\d+", text)]


# What is on the screen.


@pytest.mark.parametrize("size", SIZES)
async def test_it_opens_on_the_exact_picture_and_no_panel_is_cramped(size: tuple[int, int]) -> None:
    app = ScreenApp()
    async with app.run_test(size=size) as pilot:
        await app.open(pilot)
        body = app.shown.body
        assert body.page == "exact" and body.active == "posterior"
        assert set(body.panels) == set(PANELS)
        for name in PANELS:
            await app.bring(pilot, name)
            assert not any(panel.cramped for panel in body.shown), [panel.NAME for panel in body.shown if panel.cramped]
            assert app.panel_text(name).strip()
            assert len(app.lines) == size[1] and all(len(line) >= size[0] - 1 for line in app.lines)


async def test_before_the_model_is_there_every_panel_says_so() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.settle(pilot)
        for name in EXACT[:-1]:
            assert "being opened" in " ".join(app.panel_text(name).split()), name


@pytest.mark.parametrize("size", SIZES)
async def test_the_strip_carries_the_terms_each_under_its_own_symbol(size: tuple[int, int]) -> None:
    app, of = ScreenApp(), terms()
    async with app.run_test(size=size) as pilot:
        await app.open(pilot)
        symbols, values = app.equation
        names = ("log p(x)", "E_q[log p(x|z)]", "KL(q ‖ p)", "KL(q ‖ p(z|x))")
        shown = (of.log_likelihood, of.reconstruction, of.kl, of.gap)
        assert [round(value, 2) for value in shown] == numbers(values)[:4]
        for name, value in zip(names, shown, strict=True):
            at, text = symbols.index(name), written(value)
            assert abs(values.index(text) + len(text) / 2 - at - len(name) / 2) <= 3, name
        if size[0] >= 120:
            assert written(of.elbo) in values and written(of.gap - of.posterior_kl, 4) in values


async def test_each_page_has_its_slides_equation() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        await pilot.press("2")
        await app.settle(pilot)
        assert "E[log X]" in app.equation[0] and "≤" in app.equation[0]
        assert written(jensen().left, 3) in app.equation[1] and "−130.58 ≤ −128.33 ≤ −127.29" in app.equation[1]
        await pilot.press("3")
        await app.settle(pilot)
        assert "∫ p(z) N(x; G(z), ηI) dz" in app.equation[0] and "−3.412" in app.equation[1]
        await pilot.press("1")
        await app.settle(pilot)
        assert "KL(q ‖ p(z|x))" in app.equation[0]


async def test_both_computations_of_the_gap_stand_beside_their_difference_and_their_error() -> None:
    app, of = ScreenApp(), terms(posterior_kl=3.2871, error=0.0031)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(terms=of))
        text = app.panel_text("bar")
        for words in (written(of.gap, 4), "3.2871", written(of.gap - 3.2871, 4), "quadrature error 0.0031", "4 900"):
            assert words in text, words
        assert "refining" not in app.text
        await app.feed(pilot, report(parts(terms=terms(refined=False, error=0.4123))))
        assert "refining… error 0.4123" in app.panel_text("bar") and "refining…" in app.equation[1]


async def test_q_is_told_in_the_title_however_narrow_it_gets() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        assert "μ −0.31 −1.10  σ 0.210 0.131" in app.lines[1]
        column = app.lines[1].index("σ")
        narrow = posterior(sigma=np.array([2.1e-7, 0.1312]), coarse=True)
        await app.feed(pilot, report(parts(posterior=narrow)))
        assert "σ 2e−07 0.131" in app.lines[1] and app.lines[1].index("σ") == column
        assert "refining…" in app.lines[1]


async def test_the_encoder_is_named_where_it_is_not_q() -> None:
    app, away = ScreenApp(), posterior()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        assert "encoder" in app.panel_text("posterior") and "2σ" in app.panel_text("posterior")
        at = posterior(mu=away.encoder_mu, sigma=away.encoder_sigma)
        await app.feed(pilot, report(parts(posterior=at)))
        assert "encoder" not in app.panel_text("posterior")


async def test_the_title_says_on_what_and_what_goes_on() -> None:
    app = ScreenApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.open(pilot, state="running", step=12, rate=9.8, progress=0.12, seconds_left=9.0)
        for words in ("vae-k2-bernoulli", "image 3 · class 0", "Bernoulli", "● ascending", "step  12"):
            assert words in app.lines[0], words
        await app.feed(pilot, report(parts(about=about(model="vae-k2-gaussian", variance=0.05))))
        assert "η 0.05" in app.lines[0] and "ready" in app.lines[0]


async def test_the_ascent_says_what_makes_it_grow_and_shows_the_gap_on_its_second_page() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(ascent=ascent(0)))
        assert "space ascends" in app.panel_text("ascent")
        await app.feed(pilot, report(step=40))
        assert "ELBO" in app.panel_text("ascent") and "space ascends" not in app.panel_text("ascent")
        await app.bring(pilot, "ascent")
        await pilot.press("right")
        await app.settle(pilot)
        assert "gap, KL(q ‖ p)" in app.panel_text("ascent")
        assert "2 of 2" in app.panel_text("ascent")


async def test_the_cross_of_a_narrow_q_stands_apart_from_what_its_ellipse_is_called() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        for sigma in (0.3, 0.01, 1e-4):
            narrow = posterior(mu=np.array([0.4, -0.7]), sigma=np.array([sigma, 0.2]))
            await app.open(pilot, parts(posterior=narrow))
            text = app.panel_text("posterior")
            assert "2σ" in text and "+" in text and "+2σ" not in text, sigma


async def test_a_model_of_one_code_has_a_plot_for_its_posterior() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(posterior=one_code(), about=about(latent_dim=1)))
        text = app.panel_text("posterior")
        assert "p(z|x)" in text and "q(z)" in text and "μ +0.25  σ 0.500" in text
        assert "4 900 + 32 nodes" in app.panel_text("bar").replace("\u2009", " ")
        await pilot.press("left", "up", "}")
        assert app.link.took() == [Move(0, -6.0 / STEPS)]
        assert "one code" in app.lines[-1]


async def test_jensens_sides_stand_over_their_closed_forms() -> None:
    app, of = ScreenApp(), jensen(points=7, spread=1.5)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(jensen=of))
        await app.bring(pilot, "jensen")
        text = app.panel_text("jensen")
        for words in (written(of.left, 3), written(of.right, 3), written(of.right - of.left, 3), "1.125", "s = 1.50"):
            assert words in text, words
        assert text.count("●") in range(3, 8) and text.count("◆") == 2 and "E[log X]" in text


async def test_the_importance_bound_says_how_much_is_drawn() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(importance=importance(0.25)))
        await app.bring(pilot, "importance")
        assert "drawing, 25%" in app.panel_text("importance")
        await app.feed(pilot, report())
        text = app.panel_text("importance")
        assert "drawing" not in text and "S = 10" in text and "−128.33 ± 0.16" in text


async def test_the_collapse_has_its_slopes_beside_their_closed_forms() -> None:
    app, of = ScreenApp(), toy()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        await app.bring(pilot, "collapse")
        on, off = (next(line for line in app.panel_text("collapse").splitlines() if line.strip().startswith(name))
                   for name in ("on the curve", "at x"))  # fmt: skip
        assert numbers(on)[:3] == [round(-0.5 * np.log(0.05) - 1.8, 3), -0.5, -0.5]
        assert numbers(off)[:3] == [of.log_density, of.slope, round(0.563**2 / 0.1 - 0.5, 3)]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_without_unicode_everything_is_ascii(size: tuple[int, int]) -> None:
    app = ScreenApp(PLAIN)
    async with app.run_test(size=size) as pilot:
        await app.open(pilot)
        for name in PANELS:
            await app.bring(pilot, name, zoomed=True)
            assert app.text.isascii(), (name, sorted({sign for sign in app.text if not sign.isascii()}))


# What its keys do.


async def test_own_keys_take_no_key_of_the_house() -> None:
    house = {name for key in keys.TABLE for name in map(keys.plain_name, key.keys)}
    ids = {key.id for key in keys.TABLE}
    for key in BoundScreen.KEYS:
        if key.id in ids:
            of = keys.named(key.id)
            assert (key.keys, key.action) == (of.keys, of.action), key.id
        else:
            assert not house & set(map(keys.plain_name, key.keys)), key.id


async def test_the_footer_calls_keys_by_what_they_do_on_the_page() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        exact = app.lines[-1]
        assert "a encoder" in exact and "0 prior" in exact and "< > σ₁" in exact
        await pilot.press("3")
        await pilot.pause()
        toy_world = app.lines[-1]
        assert "a x on curve" in toy_world and "< > η" in toy_world and "prior" not in toy_world
        await pilot.press("1")
        await pilot.pause()
        assert app.lines[-1] == exact


async def test_arrows_move_the_mean_by_a_share_of_the_window_and_add_up() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        await pilot.press("left", "left", "l", "up", "j")
        step = 2.0 / STEPS
        assert app.link.took() == [Move(0, -step), Move(0, -step), Move(0, step), Move(1, step), Move(1, -step)]
        await app.bring(pilot, "bar")
        await pilot.press("right")
        assert app.link.took() == [Move(0, step)]


@pytest.mark.parametrize("panel", ["knobs", "importance"])
async def test_the_signs_stretch_q_wherever_the_focus_is(panel: str) -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        await app.bring(pilot, panel)
        await pilot.press("<", ">", "{", "}", "a", "0")
        narrower = 1 / FACTOR
        assert app.link.took() == [
            Stretch(0, narrower), Stretch(0, FACTOR), Stretch(1, narrower), Stretch(1, FACTOR), Snap("encoder"),
            Snap("prior"),
        ]  # fmt: skip


async def test_in_the_toy_world_the_keys_move_the_point_and_its_noise() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        await pilot.press("3")
        await app.settle(pilot)
        await pilot.press("up", "left", "a", "<", "<", ">")
        assert app.link.took() == [
            MovePoint(0.0, 4.0 / STEPS), MovePoint(-6.0 / STEPS, 0.0), PutPoint(), SetKnob("toy_variance", 0.02),
            SetKnob("toy_variance", 0.01), SetKnob("toy_variance", 0.02),
        ]  # fmt: skip
        for key in ("{", "0"):
            await pilot.press(key)
            assert "no q" in app.lines[-1] and app.link.took() == []
            await pilot.press("shift+tab", "tab")


async def test_arrows_turn_what_a_drawing_is_made_of() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        for panel, pressed, knob, value in (
            ("jensen", "left", "points", 10),
            ("jensen", "up", "spread", 1.5),
            ("importance", "right", "samples", 20),
            ("collapse", "left", "toy_variance", 0.02),
            ("pictures", "right", "image", 1),
        ):
            await app.bring(pilot, panel)
            await pilot.press(pressed)
            assert app.link.took() == [SetKnob(knob, value)], panel


async def test_space_ascends_and_pauses_the_point_steps_and_the_comma_says_there_is_no_way_back() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.settle(pilot)
        assert SetSpeed(SPEED, shown=True) in app.link.took()
        await app.open(pilot)
        await pilot.press("space", ".")
        assert app.link.took() == [Run(), Step()]
        await pilot.press("comma")
        assert "no step back" in app.lines[-1] and app.link.took() == []
        await app.feed(pilot, report(state="running"))
        await pilot.press("space")
        assert app.link.took() == [Pause()]


async def test_another_image_is_a_page_away() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, image=0)
        await pilot.press("pageup", "pagedown", "pagedown")
        assert app.link.took() == [SetKnob("image", 1), SetKnob("image", 2)]


async def test_tab_goes_round_the_page_and_asks_for_what_it_shows() -> None:
    wants = {
        "exact": {"posterior", "terms", "pictures", "ascent"},
        "jensen": {"jensen", "importance", "terms"},
        "toy": {"toy", "collapse", "terms"},
    }
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot)
        for digit, (page, parts_wanted) in zip("123", wants.items(), strict=True):
            await pilot.press(digit)
            await app.settle(pilot)
            assert app.shown.body.page == page and app.link.wanted == parts_wanted | {"about"}
            first = app.shown.body.active
            for _ in app.shown.body.page_panels:
                await pilot.press("tab")
            assert app.shown.body.active == first
        assert app.link.sent == []


async def test_the_command_makes_the_same_or_says_what_it_cannot() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(about=about(given=("model=vae-k2-gaussian",), changes=("0:image=3",))), image=3)
        assert app.shown.command_line() == "lec10 run bound --model vae-k2-gaussian --image 3 --steps 0"
        turned = about(given=("seed=4", "length=50 steps"), changes=("0:image=3", "20:learning_rate=0.1"), by_hand=2)
        await app.feed(pilot, report(parts(about=turned), step=40, start="prior"))
        command, note = app.shown.command_line().splitlines()
        assert command == (
            "lec10 run bound --model vae-k2-bernoulli --image 3 --seed 4 --at 20:learning_rate=0.1 --steps 40"
        )
        assert note.startswith("#") and "by hand 2 times" in note and "the prior" in note


async def test_every_panel_can_be_copied_and_exported() -> None:
    exported = {
        "posterior": ExportedPicture, "bar": ExportedCurves, "pictures": ExportedPicture, "ascent": ExportedCurves,
        "jensen": ExportedCurves, "importance": ExportedCurves, "toy": ExportedPicture, "collapse": ExportedCurves,
    }  # fmt: skip
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, step=40)
        for name in PANELS:
            await app.bring(pilot, name)
            panel = app.shown.body.panels[name]
            assert panel.as_text().strip(), name
            if name in exported:
                assert panel.exports() and all(isinstance(item, exported[name]) for item in panel.exports()), name


async def test_what_is_exported_is_what_is_there() -> None:
    app, of = ScreenApp(), terms()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, parts(terms=of), step=40)
        (item,) = app.shown.body.panels["bar"].exports()
        assert isinstance(item, ExportedCurves)
        values = {series.name: (int(series.steps[0]), float(series.last[0])) for series in item.series}
        assert values["gap"] == (40, of.gap) and values["error"] == (40, of.error)
        (picture,) = app.shown.body.panels["posterior"].exports()
        assert isinstance(picture, ExportedPicture)
        density = posterior().density
        assert picture.image.shape == density.shape and picture.image.argmax() == density.argmax()
        assert picture.image.max() == 255 and len(app.shown.body.panels["pictures"].exports()) == 4
