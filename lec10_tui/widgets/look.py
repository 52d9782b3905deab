"""How things are drawn: pictures' glyphs, plain ASCII or not, linear or logarithmic, as one frozen value."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

GREEK = "alpha beta gamma delta epsilon eta theta lambda mu nu pi rho sigma tau phi psi omega"
SIGNS = "- - - - * x / || <- -> up down r o > < + x ... <= >= ~ inf +- sqrt grad sum d d"

WORDS = {
    **dict(zip("αβγδεηθλμνπρστφψω", GREEK.split(), strict=True)),
    **dict(zip("−–—·•×÷‖←→↑↓↻◦▸◂✓✗…≤≥≈∞±√∇ΣΔ∂", SIGNS.split(), strict=True)),
    **dict.fromkeys("“”", '"'),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("\u2009\u00a0", " "),
    "\u0302": "^",
}
"""What stands for a sign that ASCII does not have."""


@dataclass(frozen=True)
class Look:
    """How a screen draws: `glyphs` names how pictures are made, `available` lists what `i` walks through."""

    glyphs: str = "half"
    available: tuple[str, ...] = ("half", "quadrant", "sextant", "octant", "braille")
    ascii: bool = False
    logarithmic: bool = False

    def text(self, unicode: str, ascii: str) -> str:
        """The one of the two that this look can show."""
        return ascii if self.ascii else unicode

    def say(self, text: str) -> str:
        """Words as this look can show them: as they are, or spelled out in ASCII, "?" for what has no spelling."""
        if not self.ascii or text.isascii():
            return text
        spelled = "".join(WORDS.get(sign, sign) for sign in text)
        plain = unicodedata.normalize("NFKD", spelled)
        plain = "".join(WORDS.get(sign, sign) for sign in plain if not unicodedata.combining(sign) or sign in WORDS)
        return plain.encode("ascii", "replace").decode()

    def next_glyphs(self) -> Look:
        """The same look with pictures drawn in the next way."""
        if not self.available:
            return self
        index = self.available.index(self.glyphs) + 1 if self.glyphs in self.available else 0
        return replace(self, glyphs=self.available[index % len(self.available)])
