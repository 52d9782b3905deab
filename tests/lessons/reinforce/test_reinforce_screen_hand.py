"""The episode in hand, its playing, and the equation's line, without a screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reinforce_reports import acted, credit, episode, parts, report, updated
from rich.cells import cell_len

from lec10_tui.lessons.reinforce.screen.equation import update_equation, update_rows
from lec10_tui.lessons.reinforce.screen.hand import Hand
from lec10_tui.lessons.reinforce.screen.play import LINGER, SPEEDS, Play
from lec10_tui.lessons.reinforce.screen.words import action_words, at, reward
from lec10_tui.vocabulary.frames import Frame, Part
from lec10_tui.widgets.look import Look

FORTY_ONE = episode()
LOOKS = st.sampled_from([Look(), Look(ascii=True)])


def frame(given: dict[str, Part]) -> Frame:
    made = report(given).frame
    assert made is not None
    return made


def test_an_empty_hand_is_over_and_stays_empty() -> None:
    hand = Hand()
    assert hand.steps == 0 and hand.over and hand.credit is None
    assert not hand.take(frame({}), False) and not hand.go(3)


def test_another_episode_begins_at_its_start_and_an_earlier_one_at_its_end() -> None:
    hand = Hand()
    assert hand.take(frame(parts(FORTY_ONE)), False) and hand.time == 0
    assert hand.go(17) and not hand.take(frame(parts(FORTY_ONE)), False) and hand.time == 17
    hand.awaited = -1
    assert hand.take(frame(parts(episode(12, 4, number=2))), False) and hand.time == 12 and hand.awaited == 0
    # The same number with another seed is of another run.
    assert hand.take(frame(parts(episode(30, 5, number=2))), False) and hand.time == 0


def test_an_episode_whose_future_was_cut_stays_where_it_is_as_far_as_it_goes() -> None:
    hand = Hand()
    hand.take(frame(parts(FORTY_ONE)), False)
    hand.go(10)
    assert not hand.take(frame(parts(acted(FORTY_ONE, 9, 1.0))), False) and hand.time == 10
    hand.go(40)
    shorter = replace(acted(FORTY_ONE, 9, 1.0), rewards=FORTY_ONE.rewards[:20])
    assert not hand.take(frame(parts(shorter, credit(FORTY_ONE))), False) and hand.time == 20
    assert hand.over and hand.credit is None


def test_while_training_the_last_action_is_in_sight() -> None:
    hand = Hand()
    hand.take(frame(parts(FORTY_ONE)), True)
    assert hand.time == 40 and not hand.over
    hand.go(3)
    hand.take(frame(parts(episode(9, 2, number=7))), True)
    assert hand.time == 8


@given(st.lists(st.integers(-600, 600), max_size=20))
def test_the_cursor_never_leaves_the_episode(steps: list[int]) -> None:
    hand = Hand()
    hand.take(frame(parts(FORTY_ONE)), False)
    for by in steps:
        before = hand.time
        assert hand.go(hand.time + by) is (hand.time != before)
        assert 0 <= hand.time <= 41 and hand.over is (hand.time == 41)


class FakeTimer:
    """A timer that goes off when a test says so."""

    def __init__(self, interval: float, call: Callable[[], None]) -> None:
        self.interval, self.call, self.stopped = interval, call, False

    def stop(self) -> None:
        self.stopped = True


def played(length: int) -> tuple[Play, list[FakeTimer], list[int], list[str]]:
    """A play over an episode of `length` steps, its timers, the steps taken, what was asked for."""
    timers: list[FakeTimer] = []
    taken: list[int] = []
    asked: list[str] = []

    def every(interval: float, call: Callable[[], None]) -> Any:
        timers.append(FakeTimer(interval, call))
        return timers[-1]

    def ahead(steps: int) -> bool:
        over = sum(taken) >= length
        taken.append(0 if over else steps)
        return over

    return Play(every, ahead, lambda: asked.append("next")), timers, taken, asked


def test_it_plays_at_every_speed_that_there_is() -> None:
    play, timers, taken, _ = played(10_000)
    assert play.speed == 10.0 and not play.going
    play.start()
    for direction in (-1, -1, -1, -1, 1, 1, 1, 1, 1, 1):
        play.turn(direction)
        assert all(timer.stopped for timer in timers[:-1]) and not timers[-1].stopped
        timers[-1].call()
        assert taken[-1] / timers[-1].interval == pytest.approx(play.speed)
    assert play.speed == SPEEDS[-1] and play.going
    play.stop()
    assert timers[-1].stopped and not play.going
    play.turn(-1)
    assert not play.going


def test_the_end_stays_in_sight_for_a_moment_before_the_next_is_asked_for() -> None:
    play, timers, _, asked = played(3)
    play.start()
    ticks = 0
    while not asked:
        timers[-1].call()
        ticks += 1
    assert ticks >= 3 + LINGER * play.speed and ticks <= 5 + LINGER * play.speed


@given(st.integers(60, 220), st.integers(0, 41), st.booleans(), st.booleans(), st.booleans(), LOOKS)
def test_the_lines_of_the_strip_are_as_wide_as_it_and_whole(
    width: int, time: int, baseline: bool, full: bool, moved: bool, look: Look
) -> None:
    weighed = credit(FORTY_ONE, "full-return" if full else "reward-to-go", "mean" if baseline else "none")
    weighed = updated(weighed) if moved else weighed
    equation = update_equation(FORTY_ONE, weighed, time)
    symbols, numbers = ("".join(text for text, _ in row) for row in update_rows(equation, width, look))
    assert cell_len(symbols) == cell_len(numbers) == width
    if width >= 80:
        for term in equation.terms:
            assert look.text(term.symbol, term.ascii) in symbols
        assert look.text("r(τ)", "r(tau)") in symbols
        assert look.ascii or "Σ log π" in symbols
    if width >= 120:
        assert look.ascii or "‖w ∇ log π‖" in symbols
        assert (f"{weighed.more_likely} of 41" in numbers) is moved
    assert not look.ascii or (symbols + numbers).isascii()


def test_the_rate_is_written_with_the_decimals_it_has() -> None:
    for rate, text in ((0.01, "0.01"), (0.003, "0.003"), (0.0125, "0.0125"), (1e-5, "0.00001"), (2.0, "2.00")):
        equation = update_equation(FORTY_ONE, replace(credit(FORTY_ONE), learning_rate=rate), 0)
        assert text in "".join(piece for piece, _ in update_rows(equation, 120, Look())[1]).split()


def test_names_and_numbers() -> None:
    assert at("s", 170, Look()) == "s₁₇₀" and at("s", 17, Look(ascii=True)) == "s_17"
    assert [reward(value) for value in (1.0, -1.0, 0.0, 2.5, 0.0312)] == ["+1", "−1", "+0", "+2.50", "+0.031"]
    assert action_words(None, FORTY_ONE, 0) == (str(int(FORTY_ONE.actions[0, 0])),)
