"""The amortization screen over a fake worker: every panel says what the parts are, and its keys become commands."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import numpy as np
import pytest
from amortization_reports import NO_RACE, about, ascent, parts, pictures, plane, race, readings, report, table
from lesson_app import LessonApp

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.amortization.frame import StartRace, StopRace, Table
from lec10_tui.lessons.amortization.screen import AmortizationScreen
from lec10_tui.lessons.amortization.screen.pictures import CAPTIONS
from lec10_tui.lessons.amortization.screen.plane import PlanePanel
from lec10_tui.lessons.amortization.screen.words import image_words, milliseconds, number, ratio, span
from lec10_tui.vocabulary.commands import Pause, Run, SetKnob, Step
from lec10_tui.vocabulary.reports import Report, Status
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.messages import Copy

LESSON = lesson_named("amortization")
SIZES = [(80, 24), (120, 40), (200, 50)]
PANELS = ("ascent", "plane", "pictures", "table", "cost", "race", "knobs")
PLAIN = Look(glyphs="ascii", available=("ascii",), ascii=True)
ROW = 3


class ScreenApp(LessonApp):
    """Shows the amortization screen and nothing else."""

    PAUSES = 3

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(AmortizationScreen, LESSON, look=look)
        self.copied: list[str] = []

    def on_copy(self, message: Copy) -> None:
        self.copied.append(message.text)


def plain(text: str) -> str:
    """Text with the minus sign of a keyboard, thin spaces as spaces."""
    return text.replace("−", "-").replace("\u2009", " ")


def expected(name: str) -> tuple[str, ...]:
    """Words and numbers without which the panel would not say what it is there for."""
    of, won = table(), ascent(table()).series
    if name == "ascent":
        gap, rest = of.optimized[ROW] - of.amortized[ROW], of.log_likelihood[ROW] - of.optimized[ROW]
        assert len(won) == 2
        return ("log p(x)", "from encoder", "from prior", "encoder's q", f"{gap:.2f}", f"{rest:.2f}", "step")
    if name == "table":
        row = (of.log_likelihood, of.amortized, of.optimized)
        return (*(f"{values[ROW]:.2f}" for values in row), *(f"{values.mean():.2f}" for values in row), "mean")
    if name == "cost":
        return ("0.0061 ms", "4.9 ms", "800", "40 steps", "60 000 images", "0.37 s", "4.9 min", "Each epoch")
    if name == "race":
        return ("amortized", "per example", "-181.4", "-199.3", "20 787 img/s", "1 894 img/s")
    if name == "pictures":
        return tuple(words for words, _ in CAPTIONS)
    if name == "knobs":
        return ("model", "image", "rate", "inner", "200 steps")
    return ("z",)


@pytest.mark.parametrize("look", [Look(glyphs="quadrant"), PLAIN], ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_panel_says_what_it_is_there_for(size: tuple[int, int], look: Look) -> None:
    app = ScreenApp(look)
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report(parts(race=race())))
        assert tuple(app.shown.body.panels) == PANELS
        for name in PANELS:
            await app.bring(pilot, name, zoomed=size[0] == 120)
            text = plain(app.panel_text(name))
            for words in expected(name):
                assert words in text, (name, words, text)
            if look.ascii:
                assert app.text.isascii(), (name, sorted({sign for sign in app.text if not sign.isascii()}), app.text)
            assert len(app.lines) == size[1] and all(len(line) >= size[0] - 1 for line in app.lines)


@pytest.mark.parametrize(("size", "shown"), [((80, 24), 1), ((120, 40), 5), ((200, 50), 7)])
async def test_how_much_is_there_at_once(size: tuple[int, int], shown: int) -> None:
    app = ScreenApp()
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report(parts(race=race())))
        assert len(app.shown.body.shown) == shown
        for panel in app.shown.body.shown:
            assert not panel.cramped, panel


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_equation_carries_the_readings_each_under_its_term(size: tuple[int, int]) -> None:
    app, of = ScreenApp(), table()
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report())
        symbols, numbers = app.equation
        names = ("log p(x)", "ELBO amortized", "amortization gap", "approximation gap")
        values = [
            float(text)
            for text in re.findall(r"-?\d+\.\d\d", plain(numbers)[: symbols.index(names[-1]) + len(names[-1])])
        ]
        read = readings(of, ROW)
        wanted = [read[name] for name in ("log_likelihood", "amortized_elbo", "amortization_gap", "approximation_gap")]
        assert values == pytest.approx(wanted, abs=6e-3)
        assert values[0] == pytest.approx(sum(values[1:]), abs=0.021)
        for symbol, value in zip(names, wanted, strict=True):
            text = f"{value:.2f}"
            assert abs(plain(numbers).index(text) + len(text) / 2 - symbols.index(symbol) - len(symbol) / 2) <= 2.5
        if size[0] >= 120:
            assert "ELBO optimized" in symbols and f"{of.optimized[ROW]:.2f}" in plain(numbers)
            assert "0.0061 ms" in numbers and "4.9 ms" in numbers


async def test_the_title_says_on_what() -> None:
    app = ScreenApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report(state="running", rate=31.0, progress=0.2, seconds_left=5.0))
        for words in (
            "vae-k2-bernoulli",
            "image 3, class 3",
            "K 2",
            "Bernoulli",
            "16 images",
            "● ascending",
            "steps/s",
        ):
            assert words in app.lines[0], app.lines[0]


async def test_what_is_not_known_yet_is_said_in_words() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, Report(None, Status("loading", "new")))
        assert "opening" in app.lines[0] and "log p(x)" in app.equation[0] and "—" in app.equation[1]
        for name, words in (
            ("ascent", "the encoder is being asked"),
            ("plane", "posterior is being computed"),
            ("pictures", "being decoded"),
            ("table", "rows appear"),
            ("cost", "being timed"),
            ("race", "t starts the race"),
        ):
            await app.bring(pilot, name, zoomed=True)
            assert words in " ".join(app.panel_text(name).split()), name
        for key in ("tab", "right", "down", "enter", "e", "y", "Y", "z", "z"):
            await pilot.press(key)


async def test_an_unknown_log_likelihood_is_an_ellipsis_and_leaves_the_rest_alone() -> None:
    of = table()
    unknown = of.log_likelihood.copy()
    unknown[[ROW, 5]] = np.nan
    of = replace(of, log_likelihood=unknown, done=0.875)
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        given = parts(of)
        given["ascent"] = replace(ascent(of), log_likelihood=np.nan)
        await app.feed(pilot, report(given))
        rows = app.panel_text("table").splitlines()
        assert [line.count("…") for line in rows[2 + ROW : 4 + ROW]] == [2, 0]
        assert "log p(x) known of 14 of 16" in rows[0] and "What log p(x) is made of" in rows[0]
        assert rows[-1].count("…") == 2  # what is not known of all has no mean
        for values in (of.amortized, of.optimized, of.optimized - of.amortized):
            assert f"{values.mean():.2f}" in plain(rows[-1]), rows[-1]
        text = app.panel_text("ascent")
        assert "log p(x) is being computed" in text and "approx" not in text and "amort" in text
        assert "—" in app.equation[1]


async def test_before_the_first_step_the_ascent_costs_nothing_and_no_gap_is_drawn() -> None:
    app, of = ScreenApp(), table(step=0)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(parts(of)))
        await app.bring(pilot, "cost")
        text = " ".join(app.panel_text("cost").split())
        assert "ascent —" in text and "space ascends" in text and "60 000" not in text.replace("\u2009", " ")
        assert "amort" not in app.panel_text("ascent") and "approx" in app.panel_text("ascent")
        assert plain(app.equation[1]).rstrip().endswith("—")


# The image in hand.


@pytest.mark.parametrize("panel", ["ascent", "plane"])
async def test_left_and_right_take_another_image_in_hand_faster_than_reports_come(panel: str) -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await app.bring(pilot, panel)
        await pilot.press("right", "l", "left", "h", "left", "left", "left", "left", "left")
        images = [command.value for command in app.link.sent if isinstance(command, SetKnob)]
        assert images == [4, 5, 4, 3, 2, 1, 0] and len(app.link.sent) == 7


async def test_up_and_down_take_the_image_of_the_next_row_in_the_order_in_sight() -> None:
    app, of = ScreenApp(), table()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await app.bring(pilot, "table")
        await pilot.press("down", "j", "up")
        assert app.link.took() == [SetKnob("image", 4), SetKnob("image", 5), SetKnob("image", 4)]
        marked = [line for line in app.panel_text("table").splitlines() if "▸" in line]
        assert len(marked) == 1 and marked[0].replace("▸", "").split()[0] == "4"
        # By the amortization gap, largest first: the cursor's neighbours are others now.
        await pilot.press("right", "right", "right", "right", "right", "enter")
        assert app.link.took() == []
        order = np.argsort(-(of.optimized - of.amortized), kind="stable").tolist()
        await pilot.press("end", "up", "home", "down")
        images = [command.value for command in app.link.took() if isinstance(command, SetKnob)]
        assert images == [order[-1], order[-2], order[0], order[1]]
        await app.settle(pilot)
        rows = [line.replace("▸", "").split()[0] for line in app.panel_text("table").splitlines()[2:-1]]
        assert [int(row) for row in rows if row.isdigit()] == order
        await pilot.press("enter", "home")
        assert app.link.took() == [SetKnob("image", order[-1])]


async def test_a_page_that_does_not_hold_the_image_yet_has_no_cursor() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        app.shown.put("image", 20)
        await app.feed(pilot, report(knobs={"image": 20}))
        assert not any("▸" in line for line in app.panel_text("table").splitlines())
        of = table(first=16)
        await app.feed(pilot, report(parts(of, about(first=16, image=20, label="0"))))
        marked = [line for line in app.panel_text("table").splitlines() if "▸" in line]
        assert len(marked) == 1 and marked[0].replace("▸", "").split()[0] == "20"


# What is drawn.


async def test_the_axis_is_that_of_the_gaps_and_the_prior_runs_in_from_below() -> None:
    app = ScreenApp()
    of = table(step=1)
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report(parts(of)))
        text = plain(app.panel_text("ascent"))
        ticks = [float(found) for found in re.findall(r"(-\d+) ┤", text)]
        assert ticks and min(ticks) > of.amortized[ROW] - 3 * (of.log_likelihood[ROW] - of.amortized[ROW])
        assert "from prior ↓" in text


@pytest.mark.parametrize(("dimensions", "words"), [(1, "p(z|x)"), (2, "z₁"), (20, "z₁, z₂ of 20")])
async def test_the_plane_is_a_line_a_map_or_ellipses_alone(dimensions: int, words: str) -> None:
    drawn = plane(dimensions=min(dimensions, 2))
    if dimensions > 2:
        drawn = replace(drawn, density=np.zeros((0, 0)))
    app = ScreenApp(Look(glyphs="quadrant"))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(parts(about_it=about(latent_dim=dimensions), plane=drawn)))
        await app.bring(pilot, "plane")
        assert words in app.panel_text("plane")
        panel = app.shown.body.panels["plane"]
        assert len([file for file in panel.exports() if isinstance(file, ExportedPicture)]) == (dimensions <= 2)
        copied = plain(panel.as_text()).splitlines()
        assert [line.split(":")[0] for line in copied[-3:]] == ["encoder", "from encoder", "from prior"]
        assert f"{drawn.mu[1, 0]:+.3f}" in copied[-1]


async def test_the_plane_is_asked_for_as_fine_as_it_is_shown() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        small = app.link.sizes["plane"]
        await app.bring(pilot, "plane", zoomed=True)
        for _ in range(20):
            if app.link.sizes["plane"] != small:
                break
            await pilot.pause()
        large = app.link.sizes["plane"]
        assert min(small) > 8 and large[0] > small[0] and large[1] > small[1]


async def test_the_map_has_three_ellipses_at_two_sigma_and_trails_that_end_at_them() -> None:
    app, drawn = ScreenApp(), plane()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(parts(plane=drawn)))
        panel = app.shown.body.panels["plane"]
        assert isinstance(panel, PlanePanel) and panel.heat.heat is not None
        overlay = panel.heat.heat.overlay
        by_ink = {ellipse.ink: ellipse for ellipse in overlay.ellipses}
        assert by_ink["encoder"].dotted and not by_ink["elbo"].dotted and not by_ink["prior"].dotted
        assert by_ink["encoder"].centre == tuple(drawn.encoder_mu)
        assert by_ink["prior"].radii == pytest.approx(tuple(2 * drawn.sigma[1]))
        for row, ink in enumerate(("elbo", "prior")):
            points = next(trail.points for trail in overlay.trails if trail.ink == ink)
            inside = (((drawn.trails[row] - drawn.mu[row]) / (2 * drawn.sigma[row])) ** 2).sum(1) <= 1
            assert len(points) == (~inside).sum() < len(drawn.trails[row])
            assert all(any(np.array_equal(point, at) for at in drawn.trails[row][~inside]) for point in points)


async def test_an_ascent_that_has_not_arrived_is_said_to_be_outside_with_an_arrow() -> None:
    app, drawn = ScreenApp(), plane()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(parts(plane=drawn)))
        assert "outside" not in app.panel_text("plane") and "◂" not in app.panel_text("plane")
        await app.feed(pilot, report(parts(plane=replace(drawn, mu=np.array([[0.8, 0.1], [-2.0, 0.0]])))))
        assert "p(z|x) and three q(z)" in app.panel_text("plane")
        assert "prior outside" in app.panel_text("plane") and "◂" in app.panel_text("plane")
        await app.feed(pilot, report(parts(plane=replace(drawn, mu=np.array([[0.8, 0.1], [-2.0, 0.0]]), coarse=True))))
        assert "refining" in app.panel_text("plane") and "outside" not in app.panel_text("plane")


async def test_rows_of_which_nothing_is_known_are_ellipses() -> None:
    of, nothing = table(), np.full(16, np.nan)
    of = replace(of, amortized=nothing, optimized=nothing, log_likelihood=nothing, error=nothing, elbo_error=nothing)
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        given = report(parts(ascent=ascent(table()), table=of))
        assert given.frame is not None  # whose readings are still those of the image before
        await app.feed(pilot, replace(given, frame=replace(given.frame, readings=readings(table(), 5))))
        rows = app.panel_text("table").splitlines()
        assert all(line.count("…") == 5 for line in rows[2:-1]) and "0.00" not in app.panel_text("table")
        await app.bring(pilot, "ascent", zoomed=True)
        assert "gap" not in app.panel_text("ascent") and "encoder's q" not in app.panel_text("ascent")
        assert app.equation[1].split().count("—") == 4


@pytest.mark.parametrize("size", [(20, 30), (60, 12), (80, 24), (120, 40)], ids=str)
async def test_each_picture_stands_under_its_own_caption(size: tuple[int, int]) -> None:
    # Four images, all white: where a caption begins is where its picture does.
    white = replace(pictures(), x=np.full((28, 28), 255, np.uint8), encoder=np.full((28, 28), 255, np.uint8))
    white = replace(white, ascended=np.full((2, 28, 28), 255, np.uint8))
    app = ScreenApp(PLAIN)
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report(parts(pictures=white)))
        await app.bring(pilot, "pictures", zoomed=True)
        lines = app.panel_text("pictures").splitlines()
        found = 0
        for words, _ in CAPTIONS:
            row = next((row for row, line in enumerate(lines) if words in re.split(r"\s{2,}", line.strip())), None)
            if row is None:
                continue
            found += 1
            start = re.search(rf"(?:^|\s){re.escape(words)}(?:\s|$)", lines[row])
            assert start is not None
            middle = lines[row].index(words, start.start()) + len(words) / 2
            left = int(middle)
            below = lines[row + 1]
            assert below[left] == "@"
            first, last = below.rfind(" ", 0, left) + 1, below.find(" ", left)
            assert abs((first + (last if last > 0 else len(below))) / 2 - middle) <= 1
        # Where not all of them can be read, the first ones are there.
        assert found == 4 or (found and size[0] < 80)


# The race.


async def test_t_starts_the_race_shows_it_and_holds_it() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        assert "race" in app.link.wanted
        await pilot.press("t")
        await app.settle(pilot)
        assert app.link.took() == [StartRace()] and app.shown.body.active == "race"
        assert "t starts the race" in " ".join(app.panel_text("race").split())
        assert "10 steps of ascent" in " ".join(app.panel_text("race").split())
        await app.feed(pilot, report(parts(race=race())))
        assert "racing" in app.lines[0] and "held-out ELBO, 100 images" in app.panel_text("race")
        await app.bring(pilot, "table")
        await pilot.press("t")
        assert app.link.took() == [StopRace()] and app.shown.body.active == "race"
        await app.feed(pilot, report(parts(race=race(going=False))))
        assert "t goes on" in app.panel_text("race") and "racing" not in app.lines[0]
        await pilot.press("enter")
        assert app.link.took() == [StartRace()]


async def test_what_races_is_said_where_the_plot_keeps_its_room() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(parts(race=race())))
        await app.bring(pilot, "race")
        small = app.panel_text("race")
        await app.bring(pilot, "race", zoomed=True)
        assert "784-256-2 tanh and back" in app.panel_text("race") and "812 updates" in app.panel_text("race")
        assert "812 updates" not in small or "img/s" in small
        await pilot.resize_terminal(80, 16)
        await app.settle(pilot)
        assert "784-256-2" not in app.panel_text("race") and "per example" in app.panel_text("race")


async def test_a_race_that_has_no_reading_yet_is_drawn_empty() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.feed(pilot, report(parts(race=replace(NO_RACE, going=True))))
        await app.bring(pilot, "race")
        assert app.panel_text("race").count("—") >= 2


# Keys of every lesson.


async def test_space_ascends_a_step_is_one_and_none_leads_back() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await pilot.press("space", ".")
        assert app.link.took() == [Run(), Step()]
        await pilot.press("comma")
        await app.settle(pilot)
        assert app.link.took() == [] and "no step back" in app.lines[-1]
        await app.feed(pilot, report(state="running"))
        await pilot.press("space")
        assert app.link.took() == [Pause()]


async def test_the_command_makes_this_run_again() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        it = about(
            given=("model=my digits", "image=3", "length=500 steps"),
            changes=("10:learning_rate=0.1", "20:length=endless", "30:image=5"),
        )
        await app.feed(pilot, report(parts(about_it=it)))
        await pilot.press("Y")
        await app.settle(pilot)
        assert app.copied == [
            "lec10 run amortization --model 'my digits' --image 3 --at 10:learning_rate=0.1 --at 30:image=5 --steps 40"
        ]


async def test_before_the_first_step_the_command_is_that_of_the_knobs() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(parts(table(step=0)), knobs={"images": 8}))
        await pilot.press("Y")
        await app.settle(pilot)
        assert app.copied == ["lec10 run amortization --image 3 --images 8"]


async def test_what_is_exported_is_what_is_shown() -> None:
    app, of = ScreenApp(), table()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report(parts(of, race=race())))
        panels = app.shown.body.panels
        (ascents,) = panels["ascent"].exports()
        assert isinstance(ascents, ExportedCurves) and [each.name for each in ascents.series] == ["encoder", "prior"]
        (rows,) = panels["table"].exports()
        assert isinstance(rows, ExportedCurves)
        columns = {each.name: each for each in rows.series}
        assert np.array_equal(columns["amortized_elbo"].last, of.amortized)
        assert np.array_equal(columns["approximation_gap"].steps, of.places)
        (images,) = panels["pictures"].exports()
        assert isinstance(images, ExportedPicture) and images.image.shape == (28, 4 * 28)
        assert np.array_equal(images.image[:, 28:56], pictures().encoder)
        (races,) = panels["race"].exports()
        assert isinstance(races, ExportedCurves) and races.series[0].steps[-1] == 5000
        assert panels["cost"].exports() == ()


async def test_what_is_copied_is_text() -> None:
    app = ScreenApp(PLAIN)
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report(parts(race=race())))
        for name in PANELS[:-1]:
            await app.bring(pilot, name)
            await pilot.press("y")
            await app.settle(pilot)
        assert len(app.copied) == len(PANELS) - 1 and all(text.isascii() and len(text) > 40 for text in app.copied)


def test_the_tables_rows_add_up() -> None:
    of = table()
    assert isinstance(of, Table)
    found = of.amortized + (of.optimized - of.amortized) + (of.log_likelihood - of.optimized)
    assert np.allclose(found, of.log_likelihood)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (milliseconds(0.00612), "0.0061 ms"),
        (milliseconds(0.98), "0.98 ms"),
        (milliseconds(4.94), "4.9 ms"),
        (milliseconds(24.31), "24.3 ms"),
        (milliseconds(1234.5), "1 234 ms"),
        (milliseconds(0.0), "0 ms"),
        (span(0.366), "0.37 s"),
        (span(61.0), "61.0 s"),
        (span(292.8), "4.9 min"),
        (span(7500.0), "2.1 h"),
        (span(1_000_000.0), "11.6 days"),
        (ratio(3967.0), "× 4 000"),
        (ratio(7.94), "× 7.9"),
        (ratio(float("nan")), "× —"),
        (number(-3.14159), "−3.14"),
        (image_words(about(label="")), "image 3"),
    ],
)
def test_how_numbers_are_written(written: str, text: str) -> None:
    assert written.replace("\u2009", " ") == text


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "nord"])
async def test_every_theme_shows_every_panel(theme: str) -> None:
    app = ScreenApp(Look(glyphs="quadrant"))
    async with app.run_test(size=(120, 40)) as pilot:
        app.theme = theme
        await app.feed(pilot, report(parts(race=race())))
        for name in PANELS:
            await app.bring(pilot, name)
        assert "−137.76" in app.text


async def test_without_colour_every_cell_has_a_style_and_nothing_is_told_by_colour_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ScreenApp(Look(glyphs="braille"))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report(parts(race=race())))
        for name in PANELS:
            await app.bring(pilot, name)
            assert not app.tints, name


async def test_it_survives_every_size_and_is_whole_again_afterwards() -> None:
    app, dice = ScreenApp(), random.Random(10)
    sizes = [(1, 1), (1, 30), (150, 1), *((dice.randint(1, 200), dice.randint(1, 60)) for _ in range(2))]
    async with app.run_test(size=(120, 40)) as pilot:
        for number_, size in enumerate(sizes):
            await pilot.resize_terminal(*size)
            await app.feed(pilot, report(parts(table(step=number_ * 7), race=race(points=number_))))
            await pilot.press("tab", ".", "right", "down", "enter", "z", "t")
            assert len(app.lines) == size[1]
        await pilot.resize_terminal(120, 40)
        app.shown.body.zoom(False)
        await app.bring(pilot, "ascent")
        await app.feed(pilot, report())
        assert "ELBO against step" in app.text and "−137.76" in app.text
