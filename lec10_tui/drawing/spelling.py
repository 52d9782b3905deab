"""Labels spelled out in ASCII."""

from __future__ import annotations

import unicodedata

_SIGNS = {
    "←": "<",
    "→": ">",
    "↑": "^",
    "↓": "v",
    "−": "-",
    "±": "+-",
    "·": ".",
    "∇": "grad",
    "Σ": "sum",
    "\u0307": "'",
    "°": "deg",
}


def spelled(text: str, ascii: bool) -> str:
    """A label as it is, or in ASCII: θ̇₁ is theta'1."""
    if not ascii or text.isascii():
        return text
    return "".join(_spelled(sign) for sign in unicodedata.normalize("NFKD", text.replace("˙", "'")))


def _spelled(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _SIGNS:
        return _SIGNS[sign]
    if unicodedata.combining(sign):
        return ""
    name = unicodedata.name(sign, "?").split()
    return name[-1].lower() if name[:1] == ["GREEK"] else "?"
