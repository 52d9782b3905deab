"""Axes: limits that hold still, round ticks, and the way from values to places along an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lec10_tui.drawing.numbers import MINUS, compact

Floats = NDArray[np.float64]
LARGEST = 1e300
"""Values beyond this are drawn at it: their differences would overflow."""
FARTHEST = 1e6
"""How many lengths of the axis beyond its end a value can be placed."""


def scaled(values: Floats, log: bool) -> Floats:
    """Values as the axis measures them: log10 on a logarithmic axis; NaN for what has no place on it."""
    values = np.asarray(values, np.float64)
    with np.errstate(all="ignore"):
        if log:
            return np.where((values > 0) & np.isfinite(values), np.log10(values), np.nan)
        return np.where(np.isfinite(values), np.clip(values, -LARGEST, LARGEST), np.nan)


@dataclass(frozen=True)
class Axis:
    """One axis from `low` to `high` in its own measure (log10 if `log`); low < high."""

    low: float
    high: float
    log: bool = False

    def place(self, measured: Floats) -> Floats:
        """0 at the low end, 1 at the high end; what lies very far beyond them is drawn in."""
        with np.errstate(over="ignore"):
            return np.clip((measured - self.low) / (self.high - self.low), -FARTHEST, FARTHEST)

    def ticks(self, most: int) -> tuple[tuple[float, str], ...]:
        """At most `most` (place in 0 … 1, label) at round values; the labels line up at the point."""
        values = _log_ticks(self.low, self.high, most) if self.log else _linear_ticks(self.low, self.high, most)
        measured = [math.log10(value) if self.log else value for value in values]
        span = self.high - self.low
        return tuple(((at - self.low) / span, label) for at, label in zip(measured, aligned(values), strict=True))


def aligned(values: Sequence[float]) -> list[str]:
    """Labels with equally many decimals where all are of moderate size; else each in its compact form."""
    if all(value == 0 or 1e-4 <= abs(value) < 1000 for value in values):
        for decimals in range(6):
            if all(abs(value - round(value, decimals)) <= 1e-9 * max(1e-3, abs(value)) for value in values):
                return [f"{value:z.{decimals}f}".replace("-", MINUS) for value in values]
    return [compact(value) for value in values]


def step_for(span: float, most: int) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ that divides `span` into at most `most` parts; 0 when there is none."""
    rough = span / max(1, most)
    if not (math.isfinite(rough) and rough > 1e-300):
        return 0.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next((unit * power for unit in (1.0, 2.0, 5.0) if unit * power >= rough * (1 - 1e-9)), 10 * power)


def _linear_ticks(low: float, high: float, most: int) -> list[float]:
    """Multiples of a round step: at most `most`, or the fewest that are at least two."""
    chosen: list[float] = []
    for parts in range(2 * most, 0, -1):
        step = step_for(high - low, parts)
        if not step or max(abs(low), abs(high)) / step > 1e9:
            break
        ticks = [number * step for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
        if len(ticks) < 2:
            break
        chosen = ticks
        if len(ticks) <= most:
            break
    return chosen or [low, high]


def _log_ticks(low: float, high: float, most: int) -> list[float]:
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    powers = last - first + 1
    if powers >= 2 or (powers == 1 and most < 3):
        stride = max(1, math.ceil(powers / max(1, most)))
        decades = [number for number in range(first, last + 1) if number % stride == 0]
        return [10.0**number for number in decades if -308 < number < 308][:most]
    candidates = [
        unit * 10.0**number for number in range(first - 1, last + 2) if -300 < number < 300 for unit in (1, 2, 5)
    ]
    within = [value for value in candidates if low - 1e-9 <= math.log10(value) <= high + 1e-9]
    if 2 <= len(within) <= most:
        return within
    return [value for value in _linear_ticks(10.0**low, 10.0**high, most) if value > 0] if high < 300 else []


def y_axis(
    columns: Sequence[tuple[Floats, Floats, Floats]], log: bool, limits: tuple[float, float] | None = None
) -> Axis:
    """The y axis for curves given as (place in 0 … 1, low, high) a column, in the axis's measure, all finite.

    Robust: the range is that of the 2nd to 98th percentile of the columns in the last 90 % of the x range, and of
    every curve's end, so that an early transient (an ELBO of −550 at the first steps) does not flatten what follows;
    what lies beyond it runs out of the picture. An end of the whole range that is less than 0.6 of this range away is
    shown. The ends are rounded outwards, so that they hold still while a run goes on. `limits` (low, high in values)
    overrides all this.
    """
    if limits is not None:
        low, high = scaled(np.asarray(limits, np.float64), log)
        if np.isfinite(low) and np.isfinite(high):
            return axis_between(float(min(low, high)), float(max(low, high)), log, rounded=False)
    lows, highs, all_lows, all_highs = [], [], [], []
    for places, low_values, high_values in columns:
        if not len(places):
            continue
        late = places >= 0.1
        late = late if late.any() else np.ones_like(late)
        lows += [float(np.percentile(low_values[late], 2)), float(low_values[-1])]
        highs += [float(np.percentile(high_values[late], 98)), float(high_values[-1])]
        all_lows.append(float(low_values.min()))
        all_highs.append(float(high_values.max()))
    if not lows:
        return Axis(0.0, 1.0, log)
    low, high = min(lows), max(highs)
    spare = 0.6 * (high - low)
    low = min(all_lows) if low - min(all_lows) <= spare else low
    high = max(all_highs) if max(all_highs) - high <= spare else high
    return axis_between(low, high, log)


def x_axis(low: float, high: float, log: bool) -> Axis:
    """The x axis of measured values from `low` (or 0, if near) to `high`, rounded up: curves grow into its room."""
    if not log and high == low >= 0:
        return axis_between(0.0, max(1.0, high), log, rounded=False)
    if log or not high > low:
        return axis_between(low, high, log, rounded=False)
    low = 0.0 if 0 < low < 0.1 * high else low
    span = high - low
    step = step_for(span, 8)
    end = low + math.ceil(span / step - 1e-9) * step if step else high
    return axis_between(low, end, log, rounded=False)


def axis_between(low: float, high: float, log: bool, rounded: bool = True) -> Axis:
    """An axis of at least a visible length around `low` … `high`, its ends rounded outwards to a fine step."""
    smallest = 1e-9 * max(abs(low), abs(high)) or (1.0 if log else 1e-300)
    if not high - low > smallest:
        spare = 0.5 if log else (0.05 * max(abs(low), abs(high)) or 0.5)
        low, high = low - spare, high + spare
    step = step_for(high - low, 12) if rounded else 0.0
    if step and max(abs(low), abs(high)) / step < 1e9:
        low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Axis(low, high, log)
