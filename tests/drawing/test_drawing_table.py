"""The step table to the character: what is shown, what leaves first, and what the colours mean."""

from typing import Any

import numpy as np
import pytest

from lec10_tui.drawing.columns import columns_of, format_of
from lec10_tui.drawing.lines import text_of, width_of
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.spelling import spelled
from lec10_tui.drawing.table import Layout, StepRows, header, layout, row

PAPER = Paper()


def cart_pole(steps: int = 41, **changes: Any) -> StepRows:
    """An episode of cart-pole, made up but consistent."""
    time = np.arange(steps + 1.0)
    left = 1 / (1 + np.exp(2 * np.sin(time[:steps] / 2.3)))
    actions = (np.arange(steps) * 7 % 3 > 0).astype(np.float64)
    to_go = np.arange(steps, 0.0, -1)
    by_person = np.zeros(steps, np.bool_)
    by_person[steps // 2] = True
    pushes = np.zeros(steps)
    pushes[steps // 3] = -1
    values: dict[str, Any] = {
        "state_labels": ("x", "ẋ", "pole", "pole˙"),
        "states": np.stack([np.sin(time / 9), -np.cos(time / 9), 0.1 * np.sin(time), np.cos(time)], 1),
        "action_labels": ("←", "→"),
        "probabilities": np.stack([left, 1 - left], 1),
        "mean": np.zeros((steps, 0)),
        "scale": np.zeros((steps, 0)),
        "actions": actions[:, None],
        "log_prob": np.log(np.where(actions == 0, left, 1 - left)),
        "rewards": np.ones(steps),
        "reward_to_go": to_go,
        "weight": to_go - 20.25,
        "gradient_norm": to_go / 10,
        "delta_log_prob": 0.1 * np.sin(time[:steps]),
        "by_person": by_person,
        "pushes": pushes,
        "estimator": "reward-to-go",
        "baseline": "mean",
        "ending": "terminated: the pole fell",
    }
    return StepRows(**values | changes)


def swimmer(steps: int = 20) -> StepRows:
    """An episode with four continuous actions."""
    rng = np.random.default_rng(0)
    mean = rng.normal(size=(steps, 4))
    return cart_pole(
        steps,
        action_labels=("u₁", "u₂", "u₃", "u₄"),
        probabilities=np.zeros((steps, 0)),
        mean=mean,
        scale=np.full((steps, 4), 0.5),
        actions=mean + 0.5 * rng.normal(size=(steps, 4)),
        log_prob=rng.normal(size=steps),
    )


def breakout(steps: int = 30) -> StepRows:
    """An episode with eighteen actions."""
    rng = np.random.default_rng(0)
    return cart_pole(
        steps,
        action_labels=tuple(f"act{number}" for number in range(18)),
        probabilities=rng.dirichlet(np.ones(18), steps),
        actions=rng.integers(0, 18, (steps, 1)).astype(np.float64),
    )


def keys(placed: Layout) -> list[str]:
    return [place.column.key for place in placed.places]


def line(placed: Layout, t: int, cursor: int = 0, paper: Paper = PAPER) -> str:
    return text_of([row(placed, t, cursor, paper)])


def test_a_row_says_everything_in_its_place() -> None:
    rows = cart_pole(
        3,
        probabilities=np.array([[0.25, 0.75], [0.5, 0.5], [1.0, 0.0]]),
        actions=np.array([[1.0], [0.0], [0.0]]),
        log_prob=np.log([0.75, 0.5, 1.0]),
        weight=np.array([-1.5, 2.0, 0.0]),
        gradient_norm=np.array([0.5, 12.25, 0.0]),
        delta_log_prob=np.array([-0.125, 0.0625, 0.0]),
        pushes=np.array([0.0, 2.0, 0.0]),
    )
    placed = layout(rows, 80, ascii=False)
    assert text_of([header(placed, PAPER), *(row(placed, t, 1, PAPER) for t in range(4))]).split("\n") == [
        "  t  π(←)          π(→)          a      log π  r  Σ r_k  weight    ‖∇‖   Δ log π",
        "  0  0.25 █▊       0.75 █████▎   →      −0.29  1   3.00   −1.50   0.50  −0.125 ▼",
        "▸ 1» 0.50 ███▌     0.50 ███▌     ← you  −0.69  1   2.00   +2.00  12.25  +0.062 ▲",
        "  2  1.00 ███████  0.00          ←      +0.00  1   1.00   +0.00   0.00  +0.000",
        "  3  terminated: the pole fell",
    ]


@pytest.mark.parametrize("width", [1, 5, 20, 40, 60, 79, 80, 100, 120, 200, 300])
@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("rows", [cart_pole(), cart_pole(delta_log_prob=np.zeros(0)), swimmer(), breakout()])
def test_every_line_is_as_wide_as_asked_for(width: int, ascii: bool, rows: StepRows) -> None:
    for offset in (0, 1, 3, 99):
        placed = layout(rows, width, ascii, offset)
        drawn = [
            header(placed, Paper(ascii=ascii)),
            *(row(placed, t, 3, Paper(ascii=ascii)) for t in (-1, 0, 3, 9, 20, 41, 99)),
        ]
        assert {width_of(each) for each in drawn} == {width}
        assert all(segment.style is not None and segment.text for each in drawn for segment in each)
        if ascii:
            assert text_of(drawn).isascii()
        ends = [place.left + place.width for place in placed.places]
        assert all(place.left > end for place, end in zip(placed.places[1:], ends, strict=False)), "columns overlap"
        assert all(end <= width for end in ends)


def test_what_leaves_first() -> None:
    credit = ["log_prob", "reward", "reward_to_go", "weight", "gradient_norm", "delta_log_prob"]
    policy = ["p0", "p1", "a", "by"]
    states = ["s0", "s1", "s2", "s3"]
    wide, middle, narrow = (layout(cart_pole(), width, ascii=False) for width in (120, 80, 67))
    assert keys(wide) == ["t", *states, *policy, *credit] and not wide.hidden
    assert all(place.bar >= 5 for place in wide.places if place.column.share)
    assert keys(middle) == ["t", *policy, *credit] and middle.hidden == ("x", "ẋ", "pole", "pole˙")
    assert all(place.bar >= 5 for place in middle.places if place.column.share)
    assert keys(narrow) == ["t", *policy, *credit]
    assert not any(place.bar for place in narrow.places)
    kept = [[key for key in keys(layout(cart_pole(), width, ascii=False)) if key in states] for width in range(80, 121)]
    assert [list(shown) for shown in dict.fromkeys(map(tuple, kept))] == [
        [], ["s0"], ["s0", "s2"], ["s0", "s1", "s2"], states
    ]  # fmt: skip


def test_a_persons_actions_are_marked_even_where_there_is_little_room() -> None:
    by_nobody = cart_pole(by_person=np.zeros(41, np.bool_))
    assert "by" in keys(layout(cart_pole(), 60, ascii=False))
    assert "by" not in keys(layout(by_nobody, 60, ascii=False))
    assert "by" in keys(layout(by_nobody, 80, ascii=False))


def test_bars_take_the_room_that_is_left() -> None:
    def bar(width: int) -> int:
        return next(place.bar for place in layout(cart_pole(), width, ascii=False).places if place.bar)

    assert bar(80) < bar(150) <= bar(200) == 12


def test_the_means_of_many_actions_leave_room_for_the_state() -> None:
    placed = layout(swimmer(), 118, ascii=False)
    assert "s0" in keys(placed)
    assert [place.column.write(0) for place in placed.places if place.column.key == "p0"] == ["+0.1"]
    wide = layout(swimmer(), 240, ascii=False)
    assert [place.column.wide(0) for place in wide.places if place.column.key == "p0"] == ["+0.13 ± 0.50"]


def test_without_colours_the_cursors_mark_alone_is_reversed() -> None:
    placed = layout(cart_pole(), 100, ascii=False)
    reversed_ = [part.text for part in row(placed, 3, 3, Paper(colour=False)) if part.style and part.style.reverse]
    assert reversed_ == ["▸"]


def test_many_actions_show_as_many_as_fit_and_say_how_many_more() -> None:
    placed = layout(breakout(), 120, ascii=False)
    shown = [key for key in keys(placed) if key.startswith("p")]
    assert 3 <= len(shown) < 18
    assert shown == [f"p{number}" for number in range(len(shown))]
    assert text_of([header(placed, PAPER)]).endswith(f"+{len(placed.hidden)}")
    assert {"t", "a", "log_prob", "reward_to_go", "weight", "gradient_norm"} <= set(keys(placed))


def test_an_offset_walks_through_the_columns() -> None:
    rows = breakout()
    first = layout(rows, 80, ascii=False, offset=1)
    assert keys(first)[:3] == ["t", "s0", "s1"]
    assert keys(layout(rows, 80, ascii=False, offset=6))[:3] == ["t", "p1", "p2"]
    last = layout(rows, 80, ascii=False, offset=99)
    assert last.offset == last.last_offset == first.last_offset
    assert keys(last)[-1] == "delta_log_prob"
    every = [place.column.key for at in range(1, last.offset + 1) for place in layout(rows, 80, False, at).places]
    assert set(every) == {column.key for column in columns_of(rows, False)}
    assert layout(rows, 1000, ascii=False, offset=5).offset == 0


def test_continuous_actions_have_a_mean_and_a_scale() -> None:
    rows = swimmer()
    wide, narrow = layout(rows, 200, ascii=False), layout(rows, 100, ascii=False)
    titles = text_of([header(wide, PAPER)])
    assert "μ ± σ u₁" in titles and "a u₄" in titles
    mean, action = rows.mean[2, 0], rows.actions[2, 0]
    assert f"{mean:+.2f} ± 0.50".replace("-", "−") in line(wide, 2)
    assert f"{action:+.2f}".replace("-", "−") in line(narrow, 2)
    assert "±" not in text_of([header(narrow, PAPER)]) and "μ u₁" in text_of([header(narrow, PAPER)])


def test_one_continuous_action_needs_no_name() -> None:
    rows = cart_pole(
        2,
        action_labels=("torque",),
        probabilities=np.zeros((2, 0)),
        mean=np.array([[0.5], [-1.0]]),
        scale=np.array([[0.25], [0.25]]),
        actions=np.array([[0.75], [-3.0]]),
    )
    text = text_of([header(layout(rows, 120, False), PAPER)])
    assert "μ ± σ" in text and " a " in text and "torque" not in text
    assert "−1.00 ± 0.25" in line(layout(rows, 120, False), 1)
    assert "-1.00 +- 0.25" in line(layout(rows, 120, True), 1, paper=Paper(ascii=True))


def test_nothing_jumps_from_row_to_row() -> None:
    rows = cart_pole(500, gradient_norm=np.geomspace(0.01, 999.0, 500), weight=np.linspace(-250, 250, 500))
    placed = layout(rows, 200, ascii=False)
    for key in ("gradient_norm", "weight", "log_prob", "s0", "reward_to_go"):
        place = next(place for place in placed.places if place.column.key == key)
        texts = [line(placed, t)[place.left : place.left + place.width] for t in range(500)]
        assert len({text.index(".") for text in texts}) == 1
        assert not any("#" in text or "e" in text for text in texts)


def test_the_cursors_row_stands_out_and_later_rows_stand_back() -> None:
    placed = layout(cart_pole(), 120, ascii=False)
    before, here, after = (row(placed, t, 5, PAPER) for t in (4, 5, 6))
    assert text_of([here]).startswith("▸") and here[0].style == PAPER.style(
        PAPER.accent, background=PAPER.raised, bold=True
    )
    raised = PAPER.style(background=PAPER.raised).bgcolor
    assert all(segment.style and segment.style.bold and segment.style.bgcolor == raised for segment in here)
    assert {segment.style for segment in after} == {PAPER.faint, PAPER.film("faint")}
    assert PAPER.letters("baseline") in {segment.style for segment in before}
    accent = PAPER.focus.color
    assert not any(segment.style is None or segment.style.color == accent for segment in (*before, *after))


@pytest.mark.parametrize(
    ("estimator", "baseline", "meaning"),
    [
        ("full-return", "none", "return"),
        ("reward-to-go", "none", "reward_to_go"),
        ("full-return", "mean", "baseline"),
        ("reward-to-go", "value", "baseline"),
    ],
)
def test_weights_have_the_colour_of_their_estimator(estimator: str, baseline: str, meaning: str) -> None:
    placed = layout(cart_pole(estimator=estimator, baseline=baseline), 120, ascii=False)
    colours = {segment.text.strip(): segment.style for segment in row(placed, 3, 10, PAPER)}
    weight = next(place.column.write(3).strip() for place in placed.places if place.column.key == "weight")
    found = next(style for text, style in colours.items() if text.endswith(weight))
    assert found == PAPER.letters(meaning)


def test_a_rise_and_a_fall_differ_in_sign_arrow_and_colour() -> None:
    placed = layout(cart_pole(3, delta_log_prob=np.array([0.25, -0.25, 0.0])), 120, ascii=False)
    rise, fall, still = (row(placed, t, 2, PAPER)[-1] for t in range(3))
    assert rise.text.split() == ["+0.250", "▲"] and rise.style == PAPER.ink("orange")
    assert fall.text.split() == ["−0.250", "▼"] and fall.style == PAPER.ink("sky blue")
    assert "▲" not in still.text and "▼" not in still.text


def test_without_colours_marks_still_tell() -> None:
    plain, few = Paper(colour=False), Paper(shades=False, terminal=True)
    placed = layout(cart_pole(), 120, ascii=False)
    for paper in (plain, few):
        here = row(placed, 5, 5, paper)
        assert text_of([here]).startswith("▸")
        assert {segment.style.bgcolor for segment in here if segment.style} == {paper.blank.bgcolor}
    assert row(placed, 6, 5, plain)[0].style == plain.faint


def test_hostile_numbers_are_written() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 1e30, -1e-30])
    rows = cart_pole(
        5,
        log_prob=values,
        reward_to_go=values,
        weight=values,
        gradient_norm=np.full(5, np.nan),
        delta_log_prob=values,
        probabilities=np.stack([values, values], 1),
        states=np.full((6, 4), np.nan),
    )
    for width in (60, 80, 120, 200):
        placed = layout(rows, width, ascii=False)
        assert {width_of(row(placed, t, 2, PAPER)) for t in range(6)} == {width}
    assert "—" in line(placed, 0)


def test_formats() -> None:
    assert format_of(np.array([0.0, 3.0])) == (form := format_of(np.array([1.0, 2.0]))) and form.decimals == 0
    assert format_of(np.array([-1.0, 2.0])).write(2.0) == "+2"
    assert format_of(np.array([0.5, 0.25])).write(0.5) == "0.500"
    assert format_of(np.array([10.5, -2.0])).write(-2.0) == " −2.00"
    assert format_of(np.array([1000.5, -2.0])).write(-2.0) == "   −2"


def test_labels_are_spelled_out_in_ascii() -> None:
    assert spelled("θ̇₁", ascii=True) == "theta'1"
    assert spelled("pole˙", ascii=True) == "pole'"
    assert spelled("ẋ", ascii=True) == "x'"
    assert spelled("←", ascii=True) == "<"
    assert spelled("世", ascii=True) == "?"
    assert spelled("θ̇₁", ascii=False) == "θ̇₁"


def test_rows_outside_are_empty() -> None:
    placed = layout(cart_pole(3, ending=""), 40, ascii=False)
    assert placed.rows.count == 3
    assert line(placed, 3) == line(placed, -1) == ""


def test_a_move_too_small_for_its_decimals_still_says_which_way_it_went() -> None:
    from lec10_tui.drawing.columns import _moved

    column = _moved(np.array([-1e-5, 0.123, 1e-5]), "Δ log π", "▲▼", False)
    assert [column.write(t).strip() for t in range(3)] == ["−0.000 ▼", "+0.123 ▲", "+0.000 ▲"]
