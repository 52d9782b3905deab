"""The toy world: log p(x) by quadrature against closed forms, and oracle 5: how it collapses as η → 0."""

from __future__ import annotations

import math

import pytest
import torch
from linear_decoder import draw

from lec10_tui.learning.toy_curve import LINE_DIRECTION, LINE_OFFSET, NAMES, ToyCurve, limit_slopes
from lec10_tui.learning.truths import toy_truths
from lec10_tui.learning.truths.ppca import PPCA

VARIANCES = (1.0, 0.05, 1e-3, 1e-5)
SMALL = torch.logspace(-3, -5, 5, dtype=torch.float64)


def one(value: float) -> torch.Tensor:
    return torch.tensor([value], dtype=torch.float64)


def off(curve: ToyCurve, z: float, distance: float) -> torch.Tensor:
    """The point (1, 2) beside G(z), at a right angle to the curve."""
    tangent = curve.tangent(one(z))[0]
    normal = torch.stack([-tangent[1], tangent[0]]) / tangent.norm()
    return curve.points(one(z)) + distance * normal


@pytest.mark.parametrize("name", NAMES)
def test_tangent_and_bend_are_derivatives(name: str) -> None:
    curve, z, width = ToyCurve(name), torch.linspace(-5, 5, 101, dtype=torch.float64), 1e-5
    slopes = (curve.points(z + width) - curve.points(z - width)) / (2 * width)
    bends = (curve.tangent(z + width) - curve.tangent(z - width)) / (2 * width)
    torch.testing.assert_close(curve.tangent(z), slopes, rtol=0, atol=1e-8)
    torch.testing.assert_close(curve.bend(z), bends, rtol=0, atol=1e-8)
    assert curve.tangent(z).norm(dim=-1).min() > 0.2  # nowhere does the curve stand still


@pytest.mark.parametrize("variance", VARIANCES)
def test_along_a_line_p_is_a_gaussian(variance: float) -> None:
    curve = ToyCurve("line")
    direction, offset = (torch.tensor(pair, dtype=torch.float64) for pair in (LINE_DIRECTION, LINE_OFFSET))
    truth = PPCA(direction[:, None], offset, variance)
    x = curve.points(draw(40, purpose="z") * 2) + variance**0.5 * 2 * draw(40, 2, purpose="x")
    torch.testing.assert_close(curve.log_density(x, variance), truth.log_likelihood(x), rtol=0, atol=1e-6)
    far = 3 * draw(40, 2, purpose="far")  # thousands of nats below: there the closed form itself has fewer digits
    torch.testing.assert_close(curve.log_density(far, variance), truth.log_likelihood(far), rtol=1e-10, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variance", VARIANCES)
def test_it_agrees_with_the_plainest_rule(name: str, variance: float) -> None:
    curve = ToyCurve(name)
    x = torch.cat([curve.points(one(0.4)), off(curve, -0.8, 0.3), off(curve, 1.1, -0.5), 3 * draw(2, 2, purpose="x")])
    found, slopes = curve.log_density(x, variance), curve.slope(x, variance)
    for point, log_density, slope in zip(x, found, slopes, strict=True):
        truth = toy_truths.log_density(curve.points, point, variance)
        assert float(log_density) == pytest.approx(truth, rel=1e-10, abs=1e-6)
        assert float(slope) == pytest.approx(toy_truths.slope(curve.points, point, variance), rel=1e-7, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_many_points_are_the_points_one_by_one(name: str) -> None:
    curve, x = ToyCurve(name), 2 * draw(25, 2, purpose="x")
    together = curve.log_density(x, 1e-3)
    alone = torch.cat([curve.log_density(point[None], 1e-3) for point in x])
    torch.testing.assert_close(together, alone, rtol=1e-11, atol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_on_the_curve_the_slope_comes_to_minus_a_half(name: str) -> None:
    curve = ToyCurve(name)
    x = curve.points(one(0.7))
    assert curve.nearest(x[0])[2] == pytest.approx(0.0, abs=1e-12)
    limits = limit_slopes(0.0, SMALL)
    assert torch.equal(limits, torch.full_like(SMALL, -0.5))
    errors = torch.tensor([float(curve.slope(x, float(variance))) for variance in SMALL]) - limits
    # What the limit leaves out is of the order of η.
    assert bool((errors.abs() <= 2 * SMALL).all())
    log_densities = [float(curve.log_density(x, float(variance))) for variance in SMALL]
    assert log_densities == sorted(log_densities)
    assert (log_densities[-1] - log_densities[0]) / math.log(100) == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("aside", [0.1, -0.25])
def test_off_the_curve_log_p_falls_without_end(name: str, aside: float) -> None:
    curve = ToyCurve(name)
    x = off(curve, 0.7, aside)
    distance = curve.nearest(x[0])[2]
    assert distance == pytest.approx(abs(aside), abs=1e-9)
    limits = limit_slopes(distance, SMALL)
    torch.testing.assert_close(limits, distance**2 / (2 * SMALL) - 0.5, rtol=1e-12, atol=0)
    errors = torch.tensor([float(curve.slope(x, float(variance))) for variance in SMALL]) - limits
    assert bool((errors.abs() <= 5 * SMALL).all())
    log_densities = [float(curve.log_density(x, float(variance))) for variance in SMALL]
    assert log_densities == sorted(log_densities, reverse=True) and log_densities[-1] < -400


def test_at_the_centre_of_curvature_the_limit_is_another() -> None:
    curve = ToyCurve("arc")  # of radius 2 around (0, −1): there, every place of the arc is as near as any other
    x = torch.tensor([[0.0, -1.0]], dtype=torch.float64)
    for variance in (1e-2, 1e-4):
        # x − G(z) has the length 2 for every z: p(x) is N(2; 0, η) of the plane, exactly.
        assert float(curve.log_density(x, variance)) == pytest.approx(
            -4 / (2 * variance) - math.log(2 * math.pi * variance), rel=1e-12
        )
        assert float(curve.slope(x, variance)) == pytest.approx(4 / (2 * variance) - 1.0, rel=1e-12)
        assert float(curve.slope(x, variance)) == pytest.approx(
            float(limit_slopes(2.0, one(variance))) - 0.5, rel=1e-12
        )


@pytest.mark.parametrize("name", NAMES)
def test_the_nearest_place_is_nearest(name: str) -> None:
    curve, table = ToyCurve(name), torch.linspace(-6, 6, 120_001, dtype=torch.float64)
    for x in 1.5 * draw(20, 2, purpose="x"):
        z, point, distance = curve.nearest(x)
        distances = (curve.points(table) - x).norm(dim=-1)
        assert float(distances.min()) - 1e-6 <= distance <= float(distances.min())  # the table's codes are 1e-4 apart
        torch.testing.assert_close(point, curve.points(one(z))[0], rtol=0, atol=0)
        if abs(z) < 6:
            assert float((x - point) @ curve.tangent(one(z))[0]) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variance", [0.3, 0.01, 1e-4])
def test_a_raster_holds_all_there_is_top_row_first(name: str, variance: float) -> None:
    curve = ToyCurve(name)
    drawn = curve.points(torch.linspace(-6, 6, 500, dtype=torch.float64))
    margin = 8 * variance**0.5
    low, high = drawn.amin(0) - margin, drawn.amax(0) + margin
    found = curve.raster(low, high, 90, 60, variance)
    pixel = (high - low) / torch.tensor([90, 60])
    assert found.shape == (60, 90) and float(found.sum() * pixel.prod()) == pytest.approx(1.0, abs=1e-8)
    # One quarter of it alone is that quarter of the whole.
    middle = low + (high - low) / 2
    quarter = curve.raster(torch.stack([low[0], middle[1]]), torch.stack([middle[0], high[1]]), 45, 30, variance)
    torch.testing.assert_close(quarter, found[:30, :45], rtol=0, atol=1e-9 * float(found.max()))


def test_a_raster_of_a_wide_density_is_the_density() -> None:
    curve = ToyCurve("wave")
    low, high = torch.tensor([-3.0, -2.0]).double(), torch.tensor([3.0, 2.0]).double()
    found = curve.raster(low, high, 300, 200, 0.3)
    for row, column in ((0, 0), (70, 120), (199, 299)):
        x = torch.stack([low[0] + (column + 0.5) * 0.02, high[1] - (row + 0.5) * 0.02])
        assert float(found[row, column]) == pytest.approx(float(curve.log_density(x[None], 0.3).exp()), rel=1e-3)


def test_another_curve_is_refused() -> None:
    with pytest.raises(ValueError, match="'circle' is not one of wave, arc, spiral, line"):
        ToyCurve("circle")
