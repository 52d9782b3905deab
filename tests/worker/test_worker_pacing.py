"""Pacing, the metronome and the meters: plain functions of times."""

import pytest
from worker_fakes import Clock

from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.worker.meters import Slope, Stopwatch, seconds_left
from lec10_tui.worker.pacing import Metronome, Pacing


@pytest.mark.parametrize(
    ("build", "paint", "interval"),
    [
        (0.0, 0.0, 0.1),
        (0.003, 0.0, 0.1),
        (0.006, 0.006, 0.2),
        (0.015, 0.015, 0.5),
        (0.5, 0.5, 2.0),
        (-1.0, 0.012, 0.2),
    ],
)
def test_building_and_painting_take_their_share_within_bounds(build, paint, interval):
    assert Pacing().interval(build, paint) == pytest.approx(interval)


def test_share_is_kept_between_the_bounds():
    pacing = Pacing(share=0.05, shortest=0.0, longest=100.0)
    for cost in (0.001, 0.02, 0.3):
        assert cost / pacing.interval(cost / 2, cost / 2) == pytest.approx(0.05)


def test_full_speed_never_waits():
    metronome = Metronome()
    metronome.start(5.0)
    metronome.beat(5.0)
    assert metronome.wait(5.0) == 0.0


def test_slow_motion_keeps_even_beats_though_each_is_met_late():
    metronome = Metronome()
    metronome.set(4.0, 0.0)
    metronome.start(0.0)
    now, beats = 0.0, []
    for _ in range(9):
        now += metronome.wait(now) + 0.01
        beats.append(now)
        metronome.beat(now)
    assert beats[-1] - beats[0] == pytest.approx(8 / 4.0)


def test_missed_beats_are_not_made_up_for():
    metronome = Metronome()
    metronome.set(10.0, 0.0)
    metronome.start(0.0)
    metronome.beat(3.0)
    metronome.beat(3.0)
    assert metronome.wait(3.0) == pytest.approx(0.1)


def test_a_faster_speed_shortens_the_wait_that_is_going_on():
    metronome = Metronome()
    metronome.set(0.1, 0.0)
    metronome.start(0.0)
    metronome.beat(0.0)
    metronome.set(2.0, 1.0)
    assert metronome.wait(1.0) == pytest.approx(0.5)
    metronome.set(None, 1.0)
    assert metronome.wait(1.0) == 0.0


@pytest.mark.parametrize("speed", [0.0, -1.0, float("inf"), float("nan")])
def test_a_speed_that_is_none_is_refused(speed):
    with pytest.raises(BadValue, match="positive"):
        Metronome().set(speed, 0.0)


def test_stopwatch_counts_only_while_it_goes():
    clock = Clock()
    watch = Stopwatch(clock, 10.0)
    clock.pass_(3)
    assert watch.seconds == 10.0
    watch.go(True)
    clock.pass_(2)
    watch.go(True)
    clock.pass_(1)
    assert watch.seconds == 13.0
    watch.go(False)
    clock.pass_(50)
    watch.go(False)
    assert watch.seconds == 13.0


def test_slope_forgets_what_left_the_window():
    slope = Slope(2.0)
    assert slope.slope is None
    for tick in range(1001):
        at = tick / 100
        slope.add(at, 100 * at if at < 5 else 500 + 30 * (at - 5))
    assert slope.slope == pytest.approx(30)
    slope.clear()
    assert slope.slope is None


def test_slope_holds_few_marks_however_often_it_is_fed():
    slope = Slope(2.0, marks=50)
    for tick in range(20_000):
        slope.add(tick / 1000, float(tick))
    assert len(slope._marks) <= 53
    assert slope.slope == pytest.approx(1000)


def test_slope_of_rare_marks_reaches_back_over_the_window():
    slope = Slope(2.0)
    for at, value in ((0.0, 0.0), (5.0, 10.0), (10.0, 40.0)):
        slope.add(at, value)
    assert slope.slope == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("progress", "slope", "elapsed", "left"),
    [
        (None, 0.1, 5.0, None),
        (1.2, 0.1, 5.0, 0.0),
        (0.5, 0.1, 5.0, 5.0),
        (0.25, None, 10.0, 30.0),
        (0.25, 0.0, 10.0, 30.0),
        (0.0, None, 10.0, None),
        (0.0, None, 0.0, None),
    ],
)
def test_seconds_left(progress, slope, elapsed, left):
    assert seconds_left(progress, slope, elapsed) == (None if left is None else pytest.approx(left))
