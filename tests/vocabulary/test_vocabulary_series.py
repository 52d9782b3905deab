"""Curves and rows of bounded size: nothing lost that matters, and nothing that depends on the clock."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lec10_tui.vocabulary.record import Record
from lec10_tui.vocabulary.series import Ladder


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=400), st.integers(2, 32))
def test_a_ladder_keeps_extremes_last_and_bounds(gaps: list[int], bins: int) -> None:
    steps = np.cumsum(gaps)
    values = np.sin(steps * 1.7)
    ladder = Ladder("x", bins=bins)
    for step, value in zip(steps, values, strict=True):
        ladder.add(int(step), float(value))
    series = ladder.series()
    assert len(series.steps) <= bins
    assert series.minimum.min() == values.min() and series.maximum.max() == values.max()
    assert series.last[-1] == values[-1]
    assert (np.diff(series.steps) >= series.stride).all() and not (series.steps % series.stride).any()
    for start, low, high, last in zip(series.steps, series.minimum, series.maximum, series.last, strict=True):
        inside = values[(steps >= start) & (steps < start + series.stride)]
        assert (low, high, last) == (inside.min(), inside.max(), inside[-1])


def test_a_ladder_goes_on_exactly_from_its_series() -> None:
    whole, first = Ladder("x", bins=16), Ladder("x", bins=16)
    for step in range(0, 3000, 7):
        whole.add(step, step**0.5)
    for step in range(0, 1400, 7):
        first.add(step, step**0.5)
    second = Ladder.of(first.series(), bins=16)
    for step in range(1400, 3000, 7):
        second.add(step, step**0.5)
    for one, other in zip(vars(whole.series()).values(), vars(second.series()).values(), strict=True):
        assert np.array_equal(one, other)


def readings(step: int) -> dict[str, float]:
    return {"step": float(step), "elbo": -(step**0.5)}


def test_a_record_is_bounded_and_goes_on_exactly_where_it_stopped() -> None:
    whole, first, second = (Record(50, ["elbo"], rows=64) for _ in range(3))
    steps = [step for step in range(30_000) if whole.due(step)]
    assert steps[:8] == [0, 10, 20, 30, 40, 50, 100, 150]
    for step in steps:
        whole.add(readings(step))
        if step <= 9_350:
            first.add(readings(step))
    second.restore(first.arrays(), first.rows)
    for step in steps:
        if step > 9_350:
            second.add(readings(step))
    assert len(whole.rows) <= 64
    assert whole.rows == second.rows and whole.last == readings(steps[-1])
    for one, other in zip(whole.arrays().values(), second.arrays().values(), strict=True):
        assert np.array_equal(one, other)


def test_readings_taken_twice_at_a_step_count_once() -> None:
    record = Record(50, ["elbo"])
    record.add(readings(50))
    record.add(readings(50))
    assert len(record.rows) == 1
