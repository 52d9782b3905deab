"""The image in hand as its row of the table says it, and how the lesson's numbers and times are written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

from lec10_tui.drawing.numbers import fixed, grouped
from lec10_tui.lessons.amortization.frame import STARTS, About, Table
from lec10_tui.vocabulary.frames import Part
from lec10_tui.vocabulary.reports import Report

P = TypeVar("P", bound=Part)

START_INKS = dict(zip(STARTS, ("elbo", "prior"), strict=True))
"""What the colour of the ascent from each start means."""

UNITS = (("s", 1.0, 120.0), ("min", 60.0, 7200.0), ("h", 3600.0, 172_800.0), ("days", 86_400.0, math.inf))
"""Units of time: the name, how many seconds it has, and up to how many seconds it is used."""


def part_of(report: Report | None, name: str, kind: type[P]) -> P | None:
    """The part of this name in a report's frame, if it is there."""
    part = report.frame.parts.get(name) if report is not None and report.frame is not None else None
    return part if isinstance(part, kind) else None


@dataclass(frozen=True)
class InHand:
    """The row of the image in hand, in nats: log p(x) = amortized + amortization gap + approximation gap.

    What is not known yet is NaN, and so are the gaps beside it.
    """

    row: int
    log_likelihood: float
    error: float
    amortized: float
    optimized: float
    elbo_error: float

    @property
    def amortization_gap(self) -> float:
        """What the encoder leaves that an ascent of this image's own q wins back."""
        return self.optimized - self.amortized

    @property
    def approximation_gap(self) -> float:
        """What no diagonal Gaussian can win."""
        return self.log_likelihood - self.optimized


def in_hand(report: Report | None) -> InHand | None:
    """The row of the image that the report is about; None while the table has no such row, or knows nothing of it."""
    about, table = part_of(report, "about", About), part_of(report, "table", Table)
    if about is None or table is None:
        return None
    places = table.places.tolist()
    if about.image not in places:
        return None
    row = places.index(about.image)
    if math.isnan(table.amortized[row]):
        return None
    columns = (table.log_likelihood, table.error, table.amortized, table.optimized, table.elbo_error)
    return InHand(row, *(float(column[row]) for column in columns))


def image_words(about: About) -> str:
    """Which image is in hand: its place, and what it shows."""
    return f"image {about.image}, class {about.label}" if about.label else f"image {about.image}"


def number(value: float, decimals: int = 2) -> str:
    """A number without blanks around it."""
    return fixed(value, 16, decimals).strip()


def milliseconds(value: float) -> str:
    """A time for one image with its unit, to two or three digits."""
    return f"{_digits(value)} ms"


def span(seconds: float) -> str:
    """A length of time in the unit that fits it: 0.36 s, 24 min, 3.2 h."""
    unit, size, _ = next(unit for unit in UNITS if not seconds >= unit[2])
    return f"{_digits(seconds / size)} {unit}"


def ratio(value: float) -> str:
    """How many times more, to two digits: × 4 000."""
    if not math.isfinite(value) or value <= 0:
        return "× —"
    power = 10.0 ** (math.floor(math.log10(value)) - 1)
    rounded = round(value / power) * power
    return f"× {grouped(rounded, 0 if rounded >= 10 else 1)}"


def _digits(value: float) -> str:
    """Two digits at least, at most one behind the point from 10 on and none from 100 on."""
    if not math.isfinite(value) or value <= 0:
        return number(value, 0)
    decimals = max(1 - math.floor(math.log10(value)), 0) if value < 10 else 0 if value >= 100 else 1
    return grouped(value, decimals)
