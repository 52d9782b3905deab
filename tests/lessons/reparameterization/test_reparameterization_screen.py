"""The reparameterization screen over a fake worker: every panel says what the samples say, keys become commands."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from lesson_app import LessonApp
from reparameterization_reports import about, closed, parts, report, sample
from rich.cells import cell_len

from lec10_tui.drawing.graphs import draw_graph
from lec10_tui.drawing.lines import text_of
from lec10_tui.drawing.palette import Paper
from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, Dimensions, Running, Variances
from lec10_tui.lessons.reparameterization.screen import SLOW, ReparameterizationScreen
from lec10_tui.lessons.reparameterization.screen.forms import Coordinate, original, reparameterised
from lec10_tui.lessons.reparameterization.screen.variances import in_words, table
from lec10_tui.lessons.reparameterization.screen.words import INVITE
from lec10_tui.vocabulary.commands import Open, Pause, Run, SetSpeed, Step
from lec10_tui.widgets.exports import Curves
from lec10_tui.widgets.look import Look

LESSON = lesson_named("reparameterization")
SIZES = [(80, 24), (120, 40), (200, 50)]
PANELS = ("graphs", "running", "variances", "histograms", "dimensions", "knobs")
PLAIN = Look(glyphs="ascii", available=("ascii",), ascii=True)
UP, DOWN, STOP = "▲", "▼", "✗"


class ScreenApp(LessonApp):
    """Shows the reparameterization screen and nothing else."""

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(ReparameterizationScreen, LESSON, look=look)


def written(value: float, decimals: int = 3, ascii: bool = False) -> str:
    """A signed number as the screen writes it."""
    text = f"{value:+.{decimals}f}"
    return text if ascii else text.replace("-", "−")


def expected(name: str, look: Look, dimension: int) -> tuple[str, ...]:
    """Words and numbers without which the panel would not say what it is there for."""
    drawn = sample(dimension)
    if name == "graphs":
        values = (drawn.z[0], drawn.epsilon[0], drawn.z_bar[0], drawn.sigma_bar[0], drawn.f * drawn.score_mu[0])
        texts = (written(float(value), ascii=look.ascii) for value in values)
        return ("Original form", "Reparameterised form", f"{drawn.f:.3f}", look.text("∂log q/∂μ", "dlog q/dmu"), *texts)
    return {
        "running": ("pathwise", "score", look.text("score−b", "score-b"), "exact"),
        "variances": ("variance", "pathwise", look.text("± SE", "+- SE"), "ratio"),
        "histograms": ("pathwise", "score", look.text("▲ exact 2.000", "^ exact 2.000")),
        "dimensions": ("score", "100", "dim."),
        "knobs": ("dimension", "quadratic", look.text("σ", "sigma")),
    }[name]


@pytest.mark.parametrize(
    ("size", "look", "dimension"),
    [
        (SIZES[0], Look(), 1),
        (SIZES[0], PLAIN, 256),
        ((100, 30), Look(), 256),
        (SIZES[1], PLAIN, 1),
        (SIZES[1], Look(), 16),
        (SIZES[2], Look(), 256),
    ],
)
async def test_every_panel_says_what_it_is_there_for(size: tuple[int, int], look: Look, dimension: int) -> None:
    app = ScreenApp(look)
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report(parts(400, dimension)))
        assert tuple(app.shown.body.panels) == PANELS and app.shown.body.active == "graphs"
        for name in PANELS:
            await app.bring(pilot, name)
            text = app.panel_text(name)
            assert not app.shown.body.panels[name].cramped
            for words in expected(name, look, dimension):
                assert words in text, (name, words, text)
            if look.ascii:
                assert app.text.isascii(), (name, sorted({sign for sign in app.text if not sign.isascii()}))
            assert len(app.lines) == size[1]


@pytest.mark.parametrize(("size", "shown"), [((80, 24), 1), ((100, 30), 4), ((120, 40), 5), ((200, 50), 6)])
async def test_how_much_is_there_at_once(size: tuple[int, int], shown: int) -> None:
    app = ScreenApp()
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report())
        assert len(app.shown.body.shown) == shown
        assert not any(panel.cramped for panel in app.shown.body.shown)
        assert {"about", "sample"} <= app.link.wanted
        assert app.shown.body.panels["graphs"] in app.shown.body.shown


@pytest.mark.parametrize("size", [(38, 19), (44, 20), (60, 26)])
def test_the_gradient_stops_at_z_in_the_original_form_and_reaches_both_parameters_in_the_other(
    size: tuple[int, int],
) -> None:
    at = Coordinate(sample(), 0, "z²", Look())
    left, right = (text_of(draw_graph(form(at), *size, Paper())) for form in (original, reparameterised))
    assert left.count(UP) == 3 and DOWN not in left and f"{STOP} no path to μ, σ" in left
    assert right.count(UP) == 4 and right.count(DOWN) == 3 and STOP not in right
    assert left.count("╭") == 1 and left.count("┌") == 3  # z alone is random
    assert right.count("╭") == 1 and right.count("┌") == 4  # ε alone is
    assert "f·∂log q/∂μ" in left and "z̄·ε" in right and "log q" not in right


async def test_up_and_down_walk_through_the_coordinates_of_z() -> None:
    app, drawn = ScreenApp(), sample(256)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.feed(pilot, report(parts(400, 256)))
        for key, place in (
            ("down", 1), ("j", 2), ("up", 1), ("up", 0), ("up", 0), ("end", 255), ("down", 255), ("home", 0),
            ("pagedown", 10),
        ):  # fmt: skip
            await pilot.press(key)
            await app.settle(pilot)
            text = app.panel_text("graphs")
            assert f"dimension {place + 1} of 256" in text
            subscript = str(place + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
            value = written(float(drawn.z[place]), 3 if place < 99 else 2)
            assert f"z{subscript} = {value}" in text
            assert written(float(drawn.z_bar[place])) in text
        assert [command for command in app.link.sent if not isinstance(command, SetSpeed)] == []
        # A new run in one dimension: there is no eleventh coordinate.
        await app.feed(pilot, report(parts(400, 1)))
        assert "dimension" not in app.panel_text("graphs") and "z = +" in app.panel_text("graphs")


async def test_where_one_form_fits_the_arrows_go_to_the_other() -> None:
    app = ScreenApp()
    async with app.run_test(size=(60, 24)) as pilot:
        await app.feed(pilot, report())
        assert "Reparameterised" in app.text and "Original" not in app.text and "2 of 2" in app.text
        await pilot.press("left")
        await app.settle(pilot)
        assert "Original" in app.text and "Reparameterised" not in app.text and STOP in app.text
        text = app.shown.body.panels["graphs"].as_text()
        assert "Original form" in text and "Reparameterised" not in text
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.feed(pilot, report())
        before = app.panel_text("graphs")
        await pilot.press("left")
        await app.settle(pilot)
        assert app.panel_text("graphs") == before


@pytest.mark.parametrize("size", SIZES[:2])
async def test_before_a_sample_is_drawn_every_panel_says_what_will_draw_one(size: tuple[int, int]) -> None:
    app = ScreenApp()
    empty = parts(0)
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, report(empty, samples=0))
        for name in ("graphs", "running", "variances", "histograms"):
            await app.bring(pilot, name, zoomed=True)
            assert INVITE in re.sub(r"\s+", " ", app.panel_text(name)), name
        await app.bring(pilot, "graphs", zoomed=True)
        assert "μ +1.000" in app.text and "—" in app.panel_text("graphs")
        assert app.shown.body.panels["graphs"].exports() == ()
        assert app.shown.body.panels["variances"].as_text() == ""
        assert "2.000" in app.equation[1] and "—" in app.equation[1]
        # A draw of the pilot's is a sample to look at, not one that counts.
        await app.feed(pilot, report({**empty, "sample": sample(number=0)}, samples=0))
        assert INVITE in app.panel_text("graphs") and written(float(sample().z[0])) in app.panel_text("graphs")


async def test_loading_says_so_and_nothing_breaks() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.settle(pilot)
        assert "opening" in app.lines[0]
        await pilot.press("down", "right", "tab", "right", "tab", "down", "y")
        assert app.shown.command_line().startswith("lec10 run reparameterization")


@pytest.mark.parametrize("size", SIZES)
async def test_the_equation_carries_the_readings(size: tuple[int, int]) -> None:
    app, given = ScreenApp(), report()
    assert given.frame is not None
    readings = given.frame.readings
    async with app.run_test(size=size) as pilot:
        await app.feed(pilot, given)
        symbols, numbers = app.equation
        terms = ("∇_μ E_q[f]", "E_ε[f′(μ+σε)]", "E_q[f(z) ∂log q/∂μ]")
        for symbol, name in zip(terms, ("exact_gradient", "pathwise_mean", "score_mean"), strict=True):
            middle, text = symbols.index(symbol) + len(symbol) / 2, f"{readings[name]:.3f}"
            assert abs(numbers.index(text) + len(text) / 2 - middle) <= 3
        ratio = readings["score_variance"] / readings["pathwise_variance"]
        assert "score variance" in symbols and f"{ratio:.1f} ×" in numbers
        if size[0] >= 120:
            assert "samples" in symbols and "400" in numbers and "with baseline" in symbols
        await app.feed(pilot, report(parts(400, 16)))
        assert "∇_μ₁ E_q[f]" in app.equation[0] and "∂log q/∂μ₁" in app.equation[0]
        assert "score variance" in app.equation[0]


async def test_the_equation_has_the_numbers_of_a_first_batch_that_no_reading_has_yet() -> None:
    app, given = ScreenApp(), report(parts(10), samples=10)
    assert given.frame is not None
    part = given.frame.parts["variances"]
    assert isinstance(part, Variances)
    bare = replace(given, frame=replace(given.frame, readings={"step": 0, "exact_gradient": 2.0, "samples": 0}))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, bare)
        for mean in part.means[:2].tolist():
            assert f"{mean:.3f}".replace("-", "−") in app.equation[1]
        assert re.search(r" 10\b", app.equation[1]) and "2.000" in app.equation[1]
        text = " ".join(app.panel_text("variances").split())
        assert "needs" not in text and "fewer than 200 samples say little of a variance yet" in text


@pytest.mark.parametrize("width", [38, 60, 78])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_variances_of_any_size_stay_in_their_columns(width: int, scale: float) -> None:
    part = parts(400, 4)["variances"]
    assert isinstance(part, Variances)
    spread = np.array([1.0, 1e3, 30.0]) * scale
    part = replace(part, measured=spread, closed=spread * 1.01, ratios=spread / spread[0])
    rows = ["".join(text for text, _ in line) for line in table(part, width)]
    head = next(row for row in rows if "variance" in row)
    if "mean" in head:  # an estimator a line: numbers end under their title
        assert width == 78
        end = head.index("variance") + len("variance")
        for row in rows[1:]:
            assert row[end - 1] != " " or row[end - 2] != " ", row
            assert row[end : end + 1] == " "
    else:  # an estimator a column: all numbers end where its name does
        names = rows[0] + " "
        ends = [names.index(name) + len(name) for name in ("pathwise", "score ", "score−b")]
        for end in (ends[0], ends[1] - 1, ends[2]):
            assert head[end - 1] != " " and head[end : end + 1].strip() == "", (names, head)
    assert "#" not in "".join(rows) and all(cell_len(row) <= width for row in rows)
    said = " ".join("".join(text for text, _ in line) for line in in_words(part, None, width, 9, told=True))
    assert "needs 1 000 × as many samples" in re.sub(r"\s+", " ", said)


async def test_the_table_says_what_the_ratio_means_and_where_the_truth_is_from() -> None:
    app, given = ScreenApp(), parts(400, 256)
    part = given["variances"]
    assert isinstance(part, Variances)
    given["variances"] = replace(part, ratios=np.array([1.0, 6012.0, 17.3]), microseconds=np.array([2.0, 1.0, 1.0]))
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report(given))
        text = " ".join(app.panel_text("variances").split())
        assert "score needs 6 010 × as many samples as pathwise for the same error, 3 010 × the time" in text
        assert "score−b needs 17 × as many samples, 8.7 × the time" in text
        assert "exact gradient: closed form" in text and "b = 512.000, the mean of f over 1 000 samples apart" in text
        # Without a variance of its own there is nothing to be a ratio of.
        given["variances"] = replace(part, ratios=np.full(3, np.nan), closed_ratios=np.full(3, np.nan))
        await app.feed(pilot, report(given))
        text = app.panel_text("variances")
        assert (
            "needs" not in text and "ratio" not in text and text.count("closed") == 2
        )  # of the variances, of the truth


async def test_the_means_are_bands_around_their_lines_and_come_alone_on_request() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await app.bring(pilot, "running", zoomed=True)
        plot = app.shown.body.panels["running"].plot  # type: ignore[attr-defined]
        given = parts()["running"]
        held = {series.name: series for series in given.means}  # type: ignore[attr-defined]
        errors = {series.name: series for series in given.errors}  # type: ignore[attr-defined]
        assert [curve.name for curve in plot.curves] == ["score", "score_baseline", "pathwise", "exact"]
        for curve in plot.curves[:3]:
            assert curve.last.tolist() == held[curve.name].last.tolist()
            assert (curve.high - curve.low).tolist() == pytest.approx((2 * 1.96 * errors[curve.name].last).tolist())
        assert plot.curves[3].last.tolist() == [2.0, 2.0]
        for name in ESTIMATORS:
            await pilot.press("right")
            await app.settle(pilot)
            assert [curve.name for curve in plot.curves] == [name, "exact"] and "alone" in app.text
        await pilot.press("right", "left", "left")
        assert [curve.name for curve in plot.curves] == ["score", "exact"]
        await pilot.press("L")
        await app.settle(pilot)
        assert plot.x_log and plot.curves[-1].x[0] > 0


async def test_the_widest_band_lies_under_the_others_and_the_exact_value_is_said_where_it_fits() -> None:
    app, given = ScreenApp(), parts()
    part = given["running"]
    assert isinstance(part, Running)
    narrow, score, baseline = part.errors
    swapped = replace(score, name="pathwise"), replace(narrow, name="score"), baseline
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report({**given, "running": replace(part, errors=swapped)}))
        plot = app.shown.body.panels["running"].plot  # type: ignore[attr-defined]
        assert [curve.name for curve in plot.curves] == ["pathwise", "score_baseline", "score", "exact"]
        assert "exact 2.000" in app.panel_text("running")
        await app.feed(pilot, report({**given, "running": replace(part, exact=-1234.5)}))
        text = app.panel_text("running")
        assert re.search(r"exact *$", text, re.MULTILINE) and "−1234" not in text


async def test_the_ratio_by_dimension_has_lines_for_the_truth_and_dots_for_what_is_measured() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        await app.bring(pilot, "dimensions")
        ratio, variance = app.shown.body.panels["dimensions"].plots  # type: ignore[attr-defined]
        assert ratio.x_log and ratio.y_log and ratio.display and not variance.display
        truth, dots = ratio.curves[0], ratio.curves[1]
        exact = [float(closed(dimension)[1] / 4) for dimension in truth.x.astype(int)]
        assert truth.last.tolist() == pytest.approx(exact) and not truth.dotted and truth.colour == "foreground"
        assert dots.dotted and dots.colour == "score" and dots.last[::2].tolist() == pytest.approx(exact)
        assert np.isnan(dots.last[1::2]).all()
        await pilot.press("right")
        await app.settle(pilot)
        assert variance.display and not ratio.display and "Variance by dimension" in app.text
        assert {curve.colour for curve in variance.curves if curve.dotted} == set(ESTIMATORS)
        await pilot.press("z")
        await app.settle(pilot)
        assert variance.display and ratio.display


async def test_dimensions_that_are_measured_or_that_cannot_be_chosen_say_so() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        given = parts()
        part = given["dimensions"]
        assert isinstance(part, Dimensions)
        await app.feed(pilot, report({**given, "dimensions": replace(part, done=0.43)}))
        await app.bring(pilot, "dimensions")
        assert "measuring, 43%" in app.text
        only = Dimensions(np.array([2]), np.array([[2.0, 12_000.0, 30.0]]), np.full((1, 3), np.nan), 4000, 1.0)
        await app.feed(pilot, report({**given, "dimensions": only}))
        assert "K = 2 is the model's own dimension: there score has 6 000 × the pathwise variance" in re.sub(
            r"\s+", " ", app.text
        )


async def test_logarithmic_heights_show_the_few() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.feed(pilot, report(parts(4000)))
        await app.bring(pilot, "histograms")
        few = app.panel_text("histograms").count("█")
        await pilot.press("L")
        await app.settle(pilot)
        assert app.panel_text("histograms").count("█") > few and "log heights" in app.text
        assert "beyond" in app.panel_text("histograms")


async def test_keys_draw_pause_and_start_anew() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.feed(pilot, report())
        assert app.link.took() == [SetSpeed(SLOW)]
        await pilot.press(".", "space")
        assert app.link.took() == [Step(), Run()]
        await pilot.press(",")
        await app.settle(pilot)
        assert "the same seed draws the same ones" in app.text and app.link.took() == []
        await app.feed(
            pilot, report(state="running", rate=990.0, progress=0.25, seconds_left=7.0, steps_per_second=100.0)
        )
        assert "● sampling" in app.lines[0] and "100 steps/s" in app.lines[0]
        await pilot.press("space", "+")
        assert app.link.took() == [Pause(), SetSpeed(None)]
        await app.bring(pilot, "knobs")
        await pilot.press("down", "right")
        await app.settle(pilot)
        assert "↻" in app.panel_text("knobs") and app.link.took() == []
        await pilot.press("r", "y")
        (command,) = [command for command in app.link.took() if isinstance(command, Open)]
        assert command.given == {"dimension": 2} and command.running


async def test_the_command_draws_the_same_samples_again() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        given = about(16, given=("function=sine", "dimension=16", "length=5000 samples", "batch_size=10", "seed=3"))
        await app.feed(pilot, report({**parts(400, 16), "about": given}, knobs={"dimension": 16, "function": "sine"}))
        assert app.shown.command_line() == (
            "lec10 run reparameterization --function sine --dimension 16 --batch-size 10 --seed 3 --samples 400"
        )
        # The last batch may be a part of one: as many samples as there are, not as the batches would have.
        cut = report({**parts(400, 16), "about": given, "sample": sample(16, 395)}, knobs={"dimension": 16})
        await app.feed(pilot, cut)
        assert app.shown.command_line().endswith(" --samples 395")
        await app.feed(pilot, report({**parts(0, 16), "about": given}, samples=0, knobs={"dimension": 16}))
        assert app.shown.command_line() == "lec10 run reparameterization --dimension 16"


async def test_the_title_says_what_is_averaged() -> None:
    app = ScreenApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report(parts(400, 16), knobs={"dimension": 16, "sigma": 0.5}))
        assert "f = Σ z² · dimension 16 · μ 1 · σ 0.5" in app.lines[0]
        model = about(2, formula="log p(x|z)", model="vae-k2-bernoulli", image=7, label="3")
        await app.feed(pilot, report({**parts(400, 2), "about": model}))
        assert "vae-k2-bernoulli · K 2 · image 7 (3)" in app.lines[0]
        assert "f = log p(x|z) = " in app.panel_text("graphs")


async def test_every_panel_can_be_copied_and_exported() -> None:
    app = ScreenApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await app.feed(pilot, report(parts(400, 16)))
        await app.settle(pilot)
        written_to = set()
        for name in PANELS[:-1]:
            panel = app.shown.body.panels[name]
            assert len(panel.as_text().splitlines()) >= 4 and panel.ABOUT
            for item in panel.exports():
                assert isinstance(item, Curves) and item.series
                written_to.add(item.stem)
                names = [series.name for series in item.series]
                assert len(set(names)) == len(names)
        assert written_to == {
            f"reparameterization-{what}" for what in ("sample", "means", "variances", "histograms", "dimensions")
        }
        (coordinates,) = app.shown.body.panels["graphs"].exports()
        assert isinstance(coordinates, Curves)
        z = next(series for series in coordinates.series if series.name == "z")
        assert z.last.tolist() == sample(16).z.tolist() and z.steps.tolist() == list(range(1, 17))
