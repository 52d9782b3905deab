"""How the lesson's numbers and names are written, and how its parts are found in a report."""

from __future__ import annotations

from typing import TypeVar

from lec10_tui.drawing.numbers import MINUS, fixed, signed
from lec10_tui.lessons.bound.frame import Floats
from lec10_tui.vocabulary.frames import Part
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.look import Look

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

P = TypeVar("P", bound=Part)


def part_of(report: Report | None, name: str, kind: type[P]) -> P | None:
    """The part of this name in a report's frame, if it is there."""
    part = report.frame.parts.get(name) if report is not None and report.frame is not None else None
    return part if isinstance(part, kind) else None


def indexed(symbol: str, number: int, look: Look) -> str:
    """A symbol with a subscript: z₁, or z_1."""
    return f"{look.say(symbol)}_{number}" if look.ascii else symbol + str(number).translate(_SUBSCRIPTS)


def number(value: float, decimals: int = 2) -> str:
    """A number without blanks around it."""
    return fixed(value, 16, decimals).strip()


def means(values: Floats, decimals: int = 3) -> str:
    """The entries of μ, each in the same width."""
    return " ".join(signed(float(value), 3 + decimals, decimals) for value in values)


def scales(values: Floats) -> str:
    """The entries of σ, each in the same width however small it gets."""
    return " ".join(scale(float(value)) for value in values)


def scale(value: float) -> str:
    """A σ in five cells: 0.231, and 2e−07 where decimals would say nothing."""
    return fixed(value, 5, 3) if value >= 0.01 or value == 0 else f"{value:.0e}".replace("-", MINUS)
