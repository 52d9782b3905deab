"""Numbers as people read them: fixed widths, a real minus sign, thin groups, units once."""

from __future__ import annotations

import math

MINUS = "−"
THIN = "\u2009"
NOTHING = "—"

_ASCII = str.maketrans({MINUS: "-", THIN: " ", NOTHING: "-", "∞": "i", "…": "~", "×": "x", "±": "+"})


def ascii_form(text: str) -> str:
    """`text` with the signs of this module in ASCII, cell for cell."""
    return text.translate(_ASCII)


def fixed(value: float | None, width: int, decimals: int = 2) -> str:
    """`value` right-aligned in exactly `width` cells, so that nothing jumps: fixed(-151.32, 8) is " −151.32".

    What does not fit loses decimals, then is written as a power of ten, then shows as a row of "#". None and NaN are
    "—".
    """
    return _fixed(value, width, decimals, "")


def signed(value: float | None, width: int, decimals: int = 2) -> str:
    """`fixed` with a + before what is not negative."""
    return _fixed(value, width, decimals, "+")


def _fixed(value: float | None, width: int, decimals: int, plus: str) -> str:
    if value is None or math.isnan(value):
        return NOTHING.rjust(width)[:width]
    if math.isinf(value):
        return _rightmost([(MINUS if value < 0 else plus) + "∞"], width)
    tries = [f"{value:{plus}z.{places}f}" for places in range(decimals, -1, -1) if abs(value) < 1e16]
    tries += [_power(value, places, plus) for places in range(2, -1, -1)]
    return _rightmost([text.replace("-", MINUS) for text in tries], width)


def _rightmost(tries: list[str], width: int) -> str:
    return next((text.rjust(width) for text in tries if len(text) <= width), "#" * width)


def _power(value: float, places: int, plus: str) -> str:
    mantissa, exponent = f"{value:{plus}.{places}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def grouped(value: float, decimals: int = 0) -> str:
    """Thousands in thin groups and a real minus sign: grouped(12400) is "12 400" with a thin space."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return (MINUS if value < 0 else "") + "∞"
    return f"{value:z,.{decimals}f}".replace(",", THIN).replace("-", MINUS)


def compact(value: float) -> str:
    """The shortest exact form of a round number, for axes: 2k, 1.5M, −200, 0.05, 1e−5."""
    if not math.isfinite(value):
        return grouped(value)
    size = abs(value)
    for unit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if unit <= size < 1000 * unit and (letter != "k" or size >= 1000):
            return f"{value / unit:.6g}{letter}".replace("-", MINUS)
    if size and not 1e-4 <= size < 1e12:
        mantissa, exponent = f"{value:.6e}".split("e")
        return f"{float(mantissa):.6g}e{int(exponent)}".replace("-", MINUS)
    return f"{value:.10g}".replace("-", MINUS)


def duration(seconds: float | None) -> str:
    """A length of time as a clock shows it: 0:41, 12:05, 1:02:03; "—" when nobody knows."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    minutes, rest = divmod(round(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def ago(seconds: float) -> str:
    """How long ago something was, in one unit: just now, 3 min ago, 2 h ago, 5 days ago."""
    if not seconds >= 45:
        return "just now"
    if seconds < 3600:
        return f"{max(1, int(seconds / 60))} min ago"
    if seconds < 48 * 3600:
        return f"{int(seconds / 3600)} h ago"
    return f"{int(seconds / 86400)} days ago"
