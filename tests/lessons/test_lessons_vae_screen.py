"""The vae screen over a fake worker: every panel says what the recorded models are, and its keys become commands."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from lesson_app import LessonApp

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.vae.frame import Likelihood, MeasureLikelihood, StopLikelihood, Walk
from lec10_tui.lessons.vae.screen import VAEScreen
from lec10_tui.lessons.vae.screen.walk import STAGES
from lec10_tui.places import places
from lec10_tui.shell.recorded import recorded
from lec10_tui.vocabulary.commands import SetKnob
from lec10_tui.vocabulary.frames import Frame, Part
from lec10_tui.vocabulary.reports import Report, Status
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.look import Look

LESSON = lesson_named("vae")
TWO, GAUSSIAN, TWENTY = LESSON.shipped
SIZES = [(80, 24), (120, 40), (200, 50)]
PLAIN = Look(glyphs="ascii", available=("ascii",), ascii=True)
PANELS = ("grid", "curves", "use", "pictures", "means", "walk", "likelihood", "knobs")
ESTIMATE = Likelihood(
    step=4320,
    images=100,
    samples=np.array([1, 2, 5, 10, 50, 100, 500]),
    bounds=np.array([-146.2, -145.0, -143.9, -143.1, -141.9, -141.4, -140.75]),
    standard_error=1.23,
    elbo=-146.31,
    done=1.0,
)


class ScreenApp(LessonApp):
    """Shows the vae screen and nothing else."""

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(VAEScreen, LESSON, look=look)


@cache
def recorded_frame(name: str) -> Frame:
    """The recorded frame of a model that ships."""
    report = recorded(LESSON, places().checkpoints / name)
    assert report is not None and report.frame is not None
    return report.frame


def report(
    name: str = TWO,
    state: str = "paused",
    knobs: Mapping[str, object] | None = None,
    parts: Mapping[str, Part] | None = None,
    **status: Any,
) -> Report:
    """A report of a shipped model, as a run of one's own."""
    frame = recorded_frame(name)
    stamps = {**frame.stamps, **{part: id(value) for part, value in (parts or {}).items()}}
    frame = replace(
        frame, knobs={**frame.knobs, **(knobs or {})}, parts={**frame.parts, **(parts or {})}, stamps=stamps
    )
    return Report(frame, Status(state, "new", **status))  # type: ignore[arg-type]


def said(value: float, decimals: int = 2, ascii: bool = False) -> str:
    """A number as the screen writes it."""
    text = f"{value:.{decimals}f}"
    return text if ascii else text.replace("-", "−")


def drawn(text: str, look: Look) -> int:
    """How many cells of a text are part of a picture."""
    blocks = ("\u2580", "\u259f"), ("\U0001fb00", "\U0001fb3b")
    if look.ascii:
        return sum(sign in "@%#*+=-:.oO" for sign in text)
    return sum(first <= sign <= last for sign in text for first, last in blocks)


def expected(name: str, frame: Frame, look: Look) -> tuple[str, ...]:
    """Words and numbers without which the panel would not say what it is there for."""
    ascii, parts = look.ascii, frame.parts
    if name == "curves":
        return ("elbo", "held-out", "kl", said(-140, 0, ascii) if frame.knobs["latent_dim"] == 2 else "0")
    if name == "use":
        kl = parts["latent_use"].kl  # type: ignore[attr-defined]
        return (said(float(kl.max()), 2, ascii), f"of {len(kl)}")
    if name == "walk":
        walk = parts["walk"]
        assert isinstance(walk, Walk)
        return (said(walk.kl, 3, ascii), said(walk.loss, 3, ascii), said(abs(float(walk.mu[0])), 3, ascii))
    if name == "likelihood":
        return ("m estimates log p(x)",)
    if name == "knobs":
        return ("K", "mnist", str(frame.knobs["latent_dim"]), "beta" if ascii else "β")
    return ()


@pytest.mark.parametrize(
    ("size", "look", "model"),
    [
        ((80, 24), Look(glyphs="quadrant"), TWENTY),
        ((80, 24), PLAIN, TWO),
        ((120, 40), Look(glyphs="sextant"), TWO),
        ((120, 40), PLAIN, TWENTY),
        ((200, 50), Look(glyphs="half"), TWO),
    ],
)
async def test_every_panel_says_what_it_is_there_for(size: tuple[int, int], look: Look, model: str) -> None:
    app, frame = ScreenApp(look), recorded_frame(model)
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report(model))
        assert tuple(app.shown.body.panels) == PANELS
        for name in PANELS:
            await app.bring(pilot, name, zoomed=size[0] < 200)
            if name == "walk":
                await pilot.press("end")
            text = app.panel_text(name)
            for words in expected(name, frame, look):
                assert words in text, (name, words, text)
            if name in ("grid", "pictures"):
                assert drawn(text, look) > 60, text
            if name == "means":
                assert len(set(text) & set("0123456789")) >= 9, text
            if look.ascii:
                assert app.text.isascii(), (name, sorted({sign for sign in app.text if not sign.isascii()}), app.text)
            assert len(app.lines) == size[1] and all(len(line) >= size[0] - 1 for line in app.lines)


@pytest.mark.parametrize(
    ("size", "model"),
    [(SIZES[0], GAUSSIAN), (SIZES[0], TWENTY), (SIZES[1], TWO), (SIZES[1], GAUSSIAN), (SIZES[2], TWENTY)],
)
async def test_the_equation_carries_the_readings(size: tuple[int, int], model: str) -> None:
    app, readings = ScreenApp(), recorded_frame(model).readings
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report(model))
        region = app.shown.equation_strip.region
        symbols, numbers = app.lines[region.bottom - 2 : region.bottom]
        values = [float(text.replace("−", "-")) for text in re.findall(r"−?\d+\.\d\d", numbers)]
        wanted = [round(readings[name], 2) for name in ("elbo", "reconstruction", "kl")]
        assert values[:3] == pytest.approx(wanted)
        assert symbols.index("ELBO") < symbols.index("E_q[log p(x|z)]") < symbols.index("KL(q ‖ p)")
        # Each number stands under its own term.
        for symbol, value in zip(("ELBO", "E_q[log p(x|z)]", "KL(q ‖ p)"), wanted, strict=True):
            middle = symbols.index(symbol) + len(symbol) / 2
            text = said(value)
            assert abs(numbers.index(text) + len(text) / 2 - middle) <= 2
        if size[0] >= 120:
            assert said(readings["held_out_elbo"]) in numbers and "active" in symbols
            assert ("a density" if model == GAUSSIAN else "binary pixels") in numbers


async def test_what_is_trained_is_said_when_beta_is_not_one() -> None:
    app, readings = ScreenApp(), recorded_frame(TWO).readings
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report(TWO, knobs={"beta": 4.0}))
        assert "β·KL" in app.text and said(readings["objective"]) in app.equation[1]
        assert "objective" in app.panel_text("curves")


async def test_the_title_says_on_what() -> None:
    app = ScreenApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report(GAUSSIAN, state="running", rate=20_940.0, progress=0.5, seconds_left=41.0))
        for words in (
            "mnist 4 500",
            "K 2",
            "Gaussian",
            "cpu 1",
            "● training",
            "20 940 img/s",
            "epoch 120",
            "0:41 left",
        ):
            assert words in app.lines[0]


@pytest.mark.parametrize(("size", "shown"), [((80, 24), 1), ((120, 40), 6), ((200, 50), 8)])
async def test_how_much_is_there_at_once(size: tuple[int, int], shown: int) -> None:
    app = ScreenApp()
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report())
        assert len(app.shown.body.shown) == shown
        for panel in app.shown.body.shown:
            assert not panel.cramped, panel


@pytest.mark.parametrize("size", SIZES[:2])
async def test_tab_gives_every_panel_the_focus_and_asks_for_what_it_shows(size: tuple[int, int]) -> None:
    parts = {
        "grid": "latent_grid", "curves": "curves", "use": "latent_use", "pictures": "reconstructions",
        "means": "means", "walk": "walk", "likelihood": "likelihood",
    }  # fmt: skip
    app = ScreenApp()
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report())
        for name in (*PANELS, PANELS[0]):
            panel = app.shown.body.panels[name]
            assert app.focused is panel and panel in app.shown.body.shown
            assert parts.get(name, "about") in app.link.wanted
            await pilot.press("tab")
            await pilot.pause()
        await pilot.press("shift+tab")
        assert app.shown.body.active == PANELS[0]
        assert app.link.sent == []


async def test_more_room_means_more_images_never_smaller_ones() -> None:
    wanted = []
    for size in SIZES:
        app = ScreenApp(Look(glyphs="quadrant"))
        async with app.run_test(size=size) as pilot:
            await app.feed(pilot, report())
            await app.bring(pilot, "grid", zoomed=True)
            region = app.shown.body.panels["grid"].region
            for _ in range(50):
                columns, rows = app.link.sizes["latent_grid"]
                # A digit of 28 × 28 is read in no fewer than 10 × 5 cells as quadrants.
                if region.width - 12 < columns * 10 <= region.width and region.height - 6 < rows * 5 <= region.height:
                    break
                await pilot.pause()
            else:
                raise AssertionError((columns, rows, region))
            wanted.append(columns * rows)
    assert wanted == sorted(set(wanted))


async def test_the_arrows_choose_two_of_twenty_dimensions_and_none_of_two() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(TWENTY))
        # Faster than any report comes back: no key is lost.
        await pilot.press("right", "l", "up", "k", "down")
        assert app.link.sent == [
            SetKnob("grid_x", 2), SetKnob("grid_x", 3), SetKnob("grid_y", 3), SetKnob("grid_y", 4), SetKnob("grid_y", 3)
        ]  # fmt: skip
        await app.feed(pilot, report(TWENTY, knobs={"grid_x": 3, "grid_y": 3}))
        app.link.sent.clear()
        await pilot.press("left", "left", "left", "right")
        assert [command.value for command in app.link.sent if isinstance(command, SetKnob)] == [2, 1, 20, 1]
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(TWO))
        await pilot.press("right", "up")
        assert app.link.sent == []


async def test_a_step_in_the_walk_brings_one_line_and_leaves_the_run_alone() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(state="running"))
        await pilot.press("w", "z")
        await pilot.pause()
        panel = app.shown.body.panels["walk"]
        assert app.focused is panel
        for number, stage in enumerate(STAGES):
            lines = panel.as_text().splitlines()
            assert len(lines) == number + 1 and stage.symbol in lines[-1]
            await pilot.press(".")
        assert app.link.sent == [SetKnob("image", 1)]
        assert len(panel.as_text().splitlines()) == 1
        app.link.sent.clear()
        await pilot.press("end", "comma", "comma")
        assert len(panel.as_text().splitlines()) == len(STAGES) - 2
        await pilot.press("home", "right")
        assert len(panel.as_text().splitlines()) == 1 and app.link.sent == [SetKnob("image", 2)]


async def test_what_is_copied_of_the_walk_is_whole_where_the_panel_is_not() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 14)) as pilot:
        await app.feed(pilot, report())
        await pilot.press("w", "end")
        await pilot.pause()
        panel = app.shown.body.panels["walk"]
        assert panel.room.height < len(STAGES)
        lines = panel.as_text().splitlines()
        assert len(lines) == len(STAGES) and lines[0].startswith("an image")


async def test_the_walks_numbers_are_the_slides() -> None:
    app = ScreenApp()
    walk = recorded_frame(TWO).parts["walk"]
    assert isinstance(walk, Walk)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await app.bring(pilot, "walk", zoomed=True)
        await pilot.press("end")
        lines = app.shown.body.panels["walk"].as_text().splitlines()
    read = []
    for stage, line in zip(STAGES, lines, strict=False):
        numbers = line.partition(stage.symbol)[2].replace("−", "-")
        read.append(np.array([float(text) for text in re.findall(r"[+-]?\d+\.\d{3}", numbers)]))
        value = stage.value(walk)
        if value is not None:
            assert read[-1] == pytest.approx(np.atleast_1d(value), abs=6e-4), line
    # As the slide has them, from the numbers on the screen alone.
    mu, log_sigma, epsilon, z, loss, z_bar, mu_bar, sigma_bar, mu_total, sigma_total = (
        read[index] for index in (1, 2, 3, 4, 8, 9, 10, 11, 12, 13)
    )
    sigma = np.exp(log_sigma)
    assert z == pytest.approx(mu + sigma * epsilon, abs=5e-3)
    assert loss == pytest.approx(read[6] + walk.beta * read[7], abs=2e-3)
    assert np.array_equal(mu_bar, z_bar)
    assert sigma_bar == pytest.approx(z_bar * epsilon, abs=0.05)
    assert mu_total == pytest.approx(mu_bar + walk.beta * mu, abs=5e-3)
    assert sigma_total == pytest.approx(sigma_bar + walk.beta * (sigma - 1 / sigma), abs=0.05)


async def test_m_estimates_log_p_stops_and_shows_the_gap() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await pilot.press("m", "z")
        await pilot.pause()
        assert app.shown.body.active == "likelihood" and app.link.sent == [MeasureLikelihood(500, 100)]
        await app.feed(pilot, report(parts={"likelihood": replace(ESTIMATE, done=0.4)}))
        text = app.panel_text("likelihood")
        for words in ("−140.75", "± 1.23", "−146.31", said(-140.75 + 146.31), "40%", "step 4320"):
            assert words in text, text
        await pilot.press("m")
        assert app.link.sent[1:] == [StopLikelihood()]
        await app.feed(pilot, report(parts={"likelihood": ESTIMATE}))
        assert "S = 500" in app.panel_text("likelihood")
        await pilot.press("right", "right", "right", "right", "enter", "left", "m")
        assert app.link.sent[2:] == [MeasureLikelihood(5000, 100), MeasureLikelihood(1000, 100)]


async def test_one_class_of_the_means_can_be_picked_out() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await app.bring(pilot, "means", zoomed=True)
        marks = recorded_frame(TWO).parts["means"].marks  # type: ignore[attr-defined]
        await pilot.press("down", "down")
        await pilot.pause()
        assert f"{marks.count('1')} of class 1" in app.text
        await pilot.press("up", "up", "up")
        await pilot.pause()
        assert f"{marks.count('9')} of class 9" in app.text
        assert app.link.sent == []


async def test_where_the_curves_have_no_room_for_both_the_arrows_turn_the_page() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 14)) as pilot:
        await app.feed(pilot, report())
        await app.bring(pilot, "curves")
        text = app.panel_text("curves")
        assert "1 of 2" in text and "elbo" in text and "kl" not in text
        await pilot.press("right")
        await pilot.pause()
        text = app.panel_text("curves")
        assert "2 of 2" in text and "kl" in text and "elbo" not in text
        await pilot.resize_terminal(80, 40)
        await app.settle(pilot)
        text = app.panel_text("curves")
        assert "elbo" in text and "kl" in text and "of 2" not in text


async def test_pictures_turn_to_other_images_by_the_rowful() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await app.bring(pilot, "pictures")
        across = app.link.sizes["reconstructions"][0]
        await pilot.press("right", "left")
        assert app.link.sent == [SetKnob("image", across), SetKnob("image", 0)]


async def test_what_is_exported_is_what_was_computed() -> None:
    app, frame = ScreenApp(), recorded_frame(TWO)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        for name in ("walk", "means"):
            await app.bring(pilot, name)
        exports = {name: panel.exports() for name, panel in app.shown.body.panels.items()}
        (grid,) = exports["grid"]
        assert isinstance(grid, ExportedPicture)
        images = frame.parts["latent_grid"].images  # type: ignore[attr-defined]
        assert grid.image.shape == (images.shape[0] * 28, images.shape[1] * 28)
        assert np.array_equal(grid.image[28:56, 56:84], images[1, 2])
        (curves,) = exports["curves"]
        assert isinstance(curves, ExportedCurves)
        assert {"elbo", "kl", "held_out_elbo"} <= {series.name for series in curves.series}
        assert all(isinstance(item, ExportedPicture) for item in (*exports["pictures"], *exports["walk"]))
        assert len(exports["pictures"]) == len(exports["walk"]) == 2
        for name in ("grid", "curves", "use", "pictures", "means", "walk", "knobs"):
            assert app.shown.body.panels[name].as_text().strip(), name


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "textual-light"])
async def test_themes_of_sixteen_colours_and_of_light(theme: str) -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        app.theme = theme
        await app.feed(pilot, report())
        for name in PANELS:
            await app.bring(pilot, name)
        assert said(recorded_frame(TWO).readings["elbo"]) in app.text and "Latent grid" in app.text


async def test_without_colour_every_cell_has_a_style_and_nothing_is_told_by_colour_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ScreenApp(Look(glyphs="braille"))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        for name in PANELS:
            await app.bring(pilot, name)
            assert not app.tints, name
        assert "elbo" in app.panel_text("curves") and "held-out" in app.panel_text("curves")


async def test_it_survives_every_size_and_is_whole_again_afterwards() -> None:
    app, dice = ScreenApp(), random.Random(10)
    sizes = [(1, 1), (300, 100), (1, 30), (150, 1), *((dice.randint(1, 200), dice.randint(1, 60)) for _ in range(4))]
    async with app.run_test(size=(120, 40)) as pilot:
        for number, size in enumerate(sizes):
            await pilot.resize_terminal(*size)
            await app.feed(pilot, report((TWO, TWENTY)[number % 2], parts={"likelihood": ESTIMATE}))
            await pilot.press("w", ".", "right", "z", "m")
            assert len(app.lines) == size[1]
        await pilot.resize_terminal(120, 40)
        app.shown.body.zoom(False)
        await app.bring(pilot, "grid")
        await app.feed(pilot, report())
        assert "Latent grid" in app.text and said(recorded_frame(TWO).readings["elbo"]) in app.text


async def test_before_anything_is_known_it_says_what_will_appear() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, Report(None, Status("loading", "new")))
        assert "opening" in app.lines[0] and "ELBO" in app.text
        for key in ("tab", "right", ".", "w", ".", "down", "e", "y", "z", "z"):
            await pilot.press(key)
        assert "—" in app.equation[1]
