"""Plots: extremes kept, ticks round, labels apart, and no data that can break them."""

from dataclasses import replace

import numpy as np
import pytest
from rich.color import Color
from rich.segment import Segment

from lec10_tui.drawing.axes import Axis, x_axis, y_axis
from lec10_tui.drawing.curves import Curve, clipped, decimate, middle
from lec10_tui.drawing.lines import Lines, text_of, width_of
from lec10_tui.drawing.palette import OKABE_ITO, Paper
from lec10_tui.drawing.plots import draw_curves, spread
from lec10_tui.vocabulary.series import Ladder

PAPER = Paper()


def rising(n: int = 400) -> Curve:
    x = np.arange(n, dtype=np.float64)
    return Curve.line("elbo", "elbo", x, -150 - 400 * np.exp(-x / 10) - 30 * np.exp(-x / 100))


def drawn(*curves: Curve, columns: int = 60, rows: int = 16, paper: Paper = PAPER, **options: object) -> Lines:
    return draw_curves(curves, columns, rows, paper, **options)  # type: ignore[arg-type]


def coloured(lines: Lines, colour: str) -> list[tuple[int, str]]:
    """(row, text) of every segment in a colour."""
    name = PAPER.resolve(colour).lower()
    return [
        (row, segment.text)
        for row, line in enumerate(lines)
        for segment in line
        if segment.style and segment.style.color and segment.style.color.name == name and segment.text.strip()
    ]


def test_a_small_plot_to_the_character() -> None:
    curve = Curve.line("kl", "kl", np.arange(5.0), np.array([0.0, 1.0, 2.0, 3.0, 4.0]), "kl")
    assert text_of(drawn(curve, columns=30, rows=7, paper=Paper(ascii=True), x_label="step")).split("\n") == [
        "4 |                      * kl",
        "                    *****",
        "                 ***",
        "2 |           ***",
        "        ******",
        "0 |*****",
        "   0          2          4",
    ]


def test_decimation_keeps_every_extreme() -> None:
    random = np.random.default_rng(0)
    places = np.sort(random.random(5000))
    values = random.normal(size=5000)
    columns = decimate(places, values, values, values, 80)
    assert len(columns.column) <= 80
    for column, low, high in zip(columns.column, columns.low, columns.high, strict=True):
        inside = values[np.minimum((places * 80).astype(int), 79) == column]
        assert (low, high) == (inside.min(), inside.max())
    assert columns.low.min() == values.min() and columns.high.max() == values.max()


def test_what_is_not_finite_breaks_a_curve() -> None:
    values = np.array([1.0, 2.0, np.nan, 4.0, np.inf, np.nan, 7.0])
    columns = decimate(np.arange(7) / 7, values, values, values, 7)
    assert columns.column.tolist() == [0, 1, 3, 6]
    assert [stretch.last.tolist() for stretch in columns.stretches()] == [[1, 2], [4], [7]]


def test_a_band_is_drawn_from_its_lowest_to_its_highest_value() -> None:
    x = np.arange(40.0)
    middle_values = np.zeros(40)
    curve = Curve("elbo", "elbo", x, middle_values - 1, middle_values + 1, middle_values)
    lines = drawn(curve, y_limits=(-2.0, 2.0), rows=17)
    pale = PAPER.pale("elbo").color
    rows = {row for row, line in enumerate(lines) for part in line if part.style and part.style.color == pale}
    assert min(rows) == 4 and max(rows) == 11
    assert {row for row, _ in coloured(lines, "elbo")} <= {7, 8}


def test_the_middle_of_a_band_is_smooth_and_ends_in_place() -> None:
    places = (np.arange(50) + 0.5) / 50
    columns = decimate(places, places - 1, places + 1, places, 50)
    assert middle(columns) == pytest.approx(places)
    assert middle(decimate(places, places, places, places, 50)).tolist() == places.tolist()


def test_lines_are_cut_exactly_at_the_edges() -> None:
    ((x, y), (x_after, y_after)) = clipped((np.array([0.0, 2.0, 4.0]), np.array([0.5, 1.5, 0.5])))
    assert (x.tolist(), y.tolist()) == ([0, 1], [0.5, 1])
    assert (x_after.tolist(), y_after.tolist()) == ([3, 4], [1, 0.5])
    assert clipped((np.array([0.0, 1.0]), np.array([2.0, 3.0]))) == []
    ((x, y),) = clipped((np.array([0.0, 4.0]), np.array([-1.0, 3.0])))
    assert (x.tolist(), y.tolist()) == ([1, 2], [0, 1])


def test_an_early_transient_does_not_flatten_the_rest() -> None:
    curve = rising()
    places = curve.x / curve.x.max()
    axis = y_axis([(places, curve.low, curve.high)], log=False)
    assert -190 < axis.low < -170
    assert axis.high >= curve.last[-1]
    steady = np.linspace(-200.0, -150.0, 100)
    whole = y_axis([(np.linspace(0, 1, 100), steady, steady)], log=False)
    assert whole.low <= -200 and whole.high >= -150
    assert y_axis([(places, curve.low, curve.high)], log=False, limits=(-600.0, 0.0)) == Axis(-600.0, 0.0)


@pytest.mark.parametrize(
    ("axis", "labels"),
    [
        (Axis(0, 6000), ["0", "2k", "4k", "6k"]),
        (Axis(-200, -140), ["−200", "−180", "−160", "−140"]),
        (Axis(0, 1), ["0.0", "0.5", "1.0"]),
        (Axis(0, 4, log=True), ["1", "10", "100", "1k", "10k"]),
        (Axis(0, 39), ["0", "10", "20", "30"]),
        (Axis(0, 0.7, log=True), ["1", "2", "5"]),
    ],
)
def test_ticks_are_round(axis: Axis, labels: list[str]) -> None:
    assert [label for _, label in axis.ticks(5)] == labels
    places = [place for place, _ in axis.ticks(5)]
    assert places == sorted(places) and places[0] >= 0 and places[-1] <= 1


def test_the_x_axis_holds_still_while_a_run_goes_on() -> None:
    ends = {x_axis(0.0, float(step), log=False).high for step in range(2000, 4000, 10)}
    assert len(ends) < 20
    assert all(x_axis(0.0, float(step), log=False).high >= step for step in range(1, 4000, 7))


def test_growing_by_a_step_changes_little() -> None:
    ladder = Ladder("elbo")
    before: Lines = []
    changed = []
    for step in range(900):
        ladder.add(step, -150 - 30 * float(np.exp(-step / 300)))
        if step >= 600 and step % 10 == 0:
            after = drawn(Curve.of(ladder.series(), "elbo"))
            changed.append(sum(old != new for old, new in zip(before, after, strict=False)))
            before = after
    assert np.median(changed[1:]) <= 3


def test_labels_stand_at_the_ends_and_never_on_one_row() -> None:
    random = np.random.default_rng(1)
    for _ in range(300):
        height = int(random.integers(1, 12))
        wanted = random.integers(0, height, int(random.integers(1, 15))).tolist()
        rows = spread(wanted, height)
        used = [row for row in rows if row >= 0]
        assert len(set(used)) == len(used) == min(len(wanted), height)
        assert all(0 <= row < height for row in used)
    assert spread([5, 5, 5], 20) == [4, 5, 6]
    assert spread([9, 2, 9], 10) == [8, 2, 9]


def test_every_curve_has_its_label_in_its_colour() -> None:
    x = np.arange(50.0)
    curves = [
        Curve.line("elbo", "elbo", x, np.full(50, -150.0)),
        Curve.line("held_out_elbo", "held-out", x, np.full(50, -150.5), "elbo", dotted=True),
        Curve.line("reconstruction", "reconstruction", x, np.full(50, -150.2), "reconstruction"),
    ]
    lines = drawn(*curves)
    texts = [text for _, text in coloured(lines, "elbo") + coloured(lines, "reconstruction")]
    for label in ("elbo", "held-out", "reconstruction"):
        assert sum(text.strip().split()[-1] == label for text in texts) == 1


def test_an_end_beyond_the_axis_says_so() -> None:
    x = np.arange(50.0)
    lines = drawn(Curve.line("kl", "kl", x, x * 10, "kl"), y_limits=(0.0, 100.0))
    assert "kl ↑" in text_of(lines)


def test_held_out_is_dotted_and_training_solid() -> None:
    x = np.arange(200.0)
    curve = Curve.line("elbo", "", x, np.zeros(200))
    (solid,) = (text for _, text in coloured(drawn(curve), "elbo"))
    (dotted,) = (text for _, text in coloured(drawn(replace(curve, dotted=True)), "elbo"))
    assert set(solid.strip()[:-1]) == {"⠶"}
    assert set(dotted.strip()[::2]) == {"⠶"} and set(dotted.strip()[1::2]) == {" "}


def hostile(random: np.random.Generator, count: int) -> np.ndarray:
    special = np.array([np.nan, np.inf, -np.inf, 0, -0.0, 1e300, -1e300, 1.7e308, -1.7e308, 5e-324, 1e-310, 1, -1, 1e9])
    match int(random.integers(0, 5)):
        case 0:
            return random.choice(special, count)
        case 1:
            return np.full(count, random.choice(special))
        case 2:
            return np.arange(count, dtype=np.float64)
        case 3:
            values = random.normal(size=count)
            values[random.random(count) < 0.3] = random.choice(special)
            return values
        case _:
            return random.normal(size=count) * 10.0 ** float(random.integers(-320, 308))


@pytest.mark.filterwarnings("error")
def test_no_data_and_no_size_can_break_a_plot() -> None:
    random = np.random.default_rng(2)
    for _ in range(3000):
        curves = []
        for number in range(int(random.integers(0, 4))):
            count = int(random.choice([0, 1, 2, 3, 10, 60]))
            low = hostile(random, count)
            high = low if random.random() < 0.5 else hostile(random, count)
            x = np.arange(count, dtype=np.float64) if random.random() < 0.5 else hostile(random, count)
            curves.append(Curve("kl", f"label {number}", x, low, high, low, "kl", bool(random.random() < 0.4)))
        columns, rows = int(random.choice([1, 2, 3, 10, 24, 40, 60])), int(random.choice([1, 2, 3, 4, 5, 6, 12]))
        lines = draw_curves(
            curves,
            columns,
            rows,
            Paper(ascii=bool(random.random() < 0.2), colour=bool(random.random() < 0.7)),
            x_label="step",
            y_label="nats",
            x_log=bool(random.random() < 0.3),
            y_log=bool(random.random() < 0.3),
            x_limits=None if random.random() < 0.8 else tuple(random.normal(size=2)),
            y_limits=None if random.random() < 0.8 else tuple(hostile(random, 2)),
            areas=bool(random.random() < 0.5),
        )
        assert [width_of(line) for line in lines] == [columns] * rows
        assert all(isinstance(part, Segment) and part.style is not None for line in lines for part in line)


def test_ascii_paper_is_ascii() -> None:
    assert text_of(drawn(rising(), paper=Paper(ascii=True), x_label="step", y_label="nats")).isascii()


def test_values_that_differ_by_less_than_the_line_is_thick_have_no_spread() -> None:
    x = np.arange(150.0)
    falling = drawn(Curve.line("weight", "weight", x, 150.0 - x, "reward_to_go"), columns=40, rows=10)
    pale = PAPER.pale("reward_to_go").color
    assert not [part for line in falling for part in line if part.style and part.style.color == pale]
    noisy = drawn(Curve.line("weight", "weight", x, 40.0 * (x % 3), "reward_to_go"), columns=40, rows=10)
    assert [part for line in noisy for part in line if part.style and part.style.color == pale]


@pytest.mark.parametrize("rows", [5, 6, 12])
def test_a_plot_says_what_it_shows_even_where_it_is_low(rows: int) -> None:
    assert text_of(drawn(rising(), rows=rows, y_label="nats")).startswith("nats")


def test_without_curves_there_is_only_paper_and_axes() -> None:
    assert [width_of(line) for line in drawn(columns=40, rows=8)] == [40] * 8
    assert draw_curves([], 0, 0, PAPER) == []


def test_areas_lie_over_each_other_and_under_their_lines() -> None:
    x = np.arange(60.0)
    zero = np.zeros(60)
    wide, narrow = (Curve(name, name, x, zero - reach, zero + reach, zero, name) for name, reach in WIDTHS.items())
    lines = drawn(wide, narrow, y_limits=(-2.0, 2.0), rows=17, areas=True)
    column = [[part.style for part in line for _ in part.text][30] for line in lines]
    behind = [style.bgcolor.name if style and style.bgcolor else "" for style in column]
    shades = {name: PAPER.shade(name) for name in WIDTHS}
    assert behind[:3] == [PAPER.background] * 3 and behind[4:11] == [shades["pathwise"]] * 7
    assert behind[3] == behind[12] == shades["score"] != shades["pathwise"]
    signs = {style.color.name for style in column[7:9] if style and style.color}
    assert signs == {PAPER.letters("pathwise").color.name.lower()}  # type: ignore[union-attr]
    dots = drawn(wide, narrow, y_limits=(-2.0, 2.0), rows=17)
    for paper in (Paper(colour=False), Paper(terminal=True), Paper(ascii=True)):
        shaded = drawn(wide, narrow, y_limits=(-2.0, 2.0), rows=17, areas=True, paper=paper)
        assert shaded == drawn(wide, narrow, y_limits=(-2.0, 2.0), rows=17, paper=paper) != dots


WIDTHS = {"score": 1.2, "pathwise": 0.8}


def test_an_area_has_no_gaps_between_the_few_values_it_has() -> None:
    x, y = np.array([10.0, 20.0, 30.0]), np.zeros(3)
    lines = drawn(Curve("score", "", x, y - 1, y + 1, y, "score"), y_limits=(-2.0, 2.0), rows=9, areas=True)
    shaded = ["".join("#" * len(part.text) if _on_shade(part) else "." for part in line) for line in lines]
    ((start, end),) = {(row.find("#"), row.rfind("#")) for row in shaded if "#" in row}
    assert end - start > 40 and all("." not in row[start:end] for row in shaded if "#" in row)


def _on_shade(part: Segment) -> bool:
    style = part.style
    return style is not None and style.bgcolor is not None and style.bgcolor.name == PAPER.shade("score")


def test_labels_in_one_place_stand_as_high_as_their_curves_do() -> None:
    x = np.arange(10.0)
    low, high = (Curve.line(name, name, x, np.full(10, value), "kl") for name, value in (("low", 0.0), ("high", 0.01)))
    text = text_of(drawn(low, high, y_limits=(-5.0, 5.0), rows=9))
    assert text.index("high") < text.index("low")


def test_every_series_is_seen_on_dark_paper() -> None:
    # What stands back has to be told from a panel's ground by more than its hue.
    for name in OKABE_ITO:
        red, green, blue = Color.parse(PAPER.pale(name).color.name).get_truecolor()  # type: ignore[union-attr]
        assert 2 * red + 5 * green + blue > 160, name
