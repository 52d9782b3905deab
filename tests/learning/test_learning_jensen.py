"""Oracle 7: the gap of Jensen's inequality for a lognormal is s²/2."""

from __future__ import annotations

import math

import pytest
import torch

from lec10_tui.learning.jensen import closed, lognormal, sides
from lec10_tui.learning.random import generator
from lec10_tui.learning.truths import lognormal as truth

SPREADS = (0.0, 0.1, 0.25, 0.5, 1.0)


@pytest.mark.parametrize("spread", SPREADS)
def test_the_gap_of_many_draws_is_half_the_squared_spread(spread: float) -> None:
    values = lognormal(200_000, spread, generator(0, 0, "jensen"))
    left, right = sides(values)
    expected_left, expected_right = closed(spread)
    assert expected_right - expected_left == spread**2 / 2
    assert abs(left - expected_left) <= 4 * float(values.log().std()) / 200_000**0.5
    # The log of a mean moves by the mean's relative error.
    assert abs(right - expected_right) <= 4 * float(values.std() / values.mean()) / 200_000**0.5


@pytest.mark.parametrize("spread", [*SPREADS, 3.0, 5.0])
def test_closed_forms_are_the_integrals(spread: float) -> None:
    assert closed(spread) == pytest.approx(truth.sides(spread), abs=1e-10)


@pytest.mark.parametrize("spread", [0.0, 1e-12, 1e-8, 1e-3, 1.0, 5.0])
@pytest.mark.parametrize("points", [2, 3, 20, 1000])
def test_left_is_never_above_right(points: int, spread: float) -> None:
    for seed in range(20):
        values = lognormal(points, spread, generator(seed, 0, "jensen"))
        assert values.shape == (points,) and bool((values.diff() >= 0).all()) and bool((values > 0).all())
        left, right = sides(values)
        assert left <= right
        assert left == pytest.approx(math.fsum(value.log().item() for value in values) / points, abs=1e-12)
        assert right == pytest.approx(math.log(math.fsum(values.tolist()) / points), abs=1e-12)


def test_values_that_are_alike_have_no_gap() -> None:
    assert sides(torch.full((7,), 2.5)) == pytest.approx((math.log(2.5), math.log(2.5)), abs=1e-15)


def test_a_seed_draws_the_same_values_whatever_the_spread() -> None:
    narrow, wide = (lognormal(9, spread, generator(4, 0, "jensen")) for spread in (0.5, 2.0))
    torch.testing.assert_close(4 * narrow.log(), wide.log(), rtol=0, atol=1e-12)
