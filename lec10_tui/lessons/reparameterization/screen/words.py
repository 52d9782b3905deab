"""How the lesson's estimators and numbers are written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from lec10_tui.drawing.numbers import MINUS, NOTHING, THIN, fixed, grouped, signed
from lec10_tui.lessons.reparameterization.frame import Sample
from lec10_tui.vocabulary.frames import Frame
from lec10_tui.widgets.look import Look

LABELS = {"pathwise": "pathwise", "score": "score", "score_baseline": "score−b"}
"""What each estimator is called where people read; its name is the ink it is drawn in."""

INVITE = ". draws one batch of samples, space draws on"

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
BOUND = "\u00a0"
"""A blank where a line is not broken."""

_PLAIN = (1e-3, 1e6)
"""Sizes between which numbers are written without a power of ten."""


def drawn(frame: Frame) -> int:
    """How many samples were drawn by the frame's step; the last batch may be a part of one."""
    part = frame.parts.get("sample")
    return part.number if isinstance(part, Sample) else int(frame.readings.get("samples", 0))


def formula(text: str, look: Look) -> str:
    """f as people write it, or in ASCII: z^2."""
    return look.say(look.text(text, text.replace("²", "^2")))


def subscript(number: int, ascii: bool) -> str:
    """`number` as a subscript."""
    return str(number) if ascii else str(number).translate(_SUBSCRIPTS)


def number(value: float, decimals: int = 3, *, width: int = 9, sign: bool = False) -> str:
    """A number without blanks around it, in at most `width` cells."""
    return (signed if sign else fixed)(value, width, decimals).strip()


def alike(values: Iterable[float], digits: int = 4, *, sign: bool = False) -> list[str]:
    """Numbers of one kind written alike, so that they line up: equally many decimals, or powers of ten throughout.

    The smallest of them keeps `digits` digits, or as many as leave room for the largest; not finite ones are "—", "∞".
    """
    given = list(values)
    sizes = [abs(value) for value in given if math.isfinite(value) and value]
    plus = "+" if sign else ""
    if not sizes:
        decimals = digits - 1
    else:
        before, first = _magnitude(max(sizes)), _magnitude(min(sizes))
        decimals = min(max(digits - 1 - first, 0), 8 - max(before, 0))
        if min(sizes) < _PLAIN[0] or max(sizes) >= _PLAIN[1] or decimals + 1 + first < min(digits, 3):
            return _level([_power(value, max(digits - 2, 1), plus) for value in given])
    return _level([f"{value:{plus}z,.{decimals}f}" if math.isfinite(value) else _odd(value, plus) for value in given])


def times(ratio: float) -> str:
    """How many times as much, to two or three digits, in one unbroken word: 0.85 ×, 29 ×, 6 200 ×, 1.2e9 ×."""
    if not math.isfinite(ratio):
        return f"{_odd(ratio, '')}{BOUND}×"
    if ratio < 10:
        return f"{fixed(ratio, 8, 2 if ratio < 1 else 1).strip()}{BOUND}×"
    if ratio >= _PLAIN[1]:
        return f"{_power(ratio, 1, '')}{BOUND}×"
    return f"{grouped(round(ratio, 2 - _magnitude(ratio)) if ratio >= 1000 else ratio)}{BOUND}×"


def _magnitude(size: float) -> int:
    return math.floor(math.log10(size))


def _power(value: float, places: int, plus: str) -> str:
    if not math.isfinite(value):
        return _odd(value, plus)
    mantissa, exponent = f"{value:{plus}.{places}e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS)


def _odd(value: float, plus: str) -> str:
    return NOTHING if math.isnan(value) else f"{MINUS if value < 0 else plus}∞"


def _level(texts: Sequence[str]) -> list[str]:
    """Texts made equally long at their right ends: what follows the point lines up, or what precedes the e does."""
    texts = [text.replace("-", MINUS).replace(",", THIN) for text in texts]
    tail = max((len(text) - text.index("e") for text in texts if "e" in text), default=0)
    texts = [text + " " * (tail - (len(text) - text.index("e"))) if "e" in text else text for text in texts]
    width = max((len(text) for text in texts), default=0)
    return [text.rjust(width) for text in texts]
