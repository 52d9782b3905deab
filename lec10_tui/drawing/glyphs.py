"""The ways pictures are drawn: how one cell is divided, and the character for every pattern of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

REFERENCE = 28
"""The image height that legible footprints are measured for: an MNIST digit."""

ASCII_RAMP = " .:-=+*#%@"


@dataclass(frozen=True)
class Glyphs:
    """One way to draw pictures: a cell is `across` × `down` parts; bit i of a pattern is part i in reading order.

    `characters[pattern]` shows it. `two_colours`: lit parts in the foreground, the others in the background colour;
    otherwise the cell has ink or none. `legible` is how many rows of cells an image of 28 rows needs to be read.
    """

    name: str
    across: int
    down: int
    characters: tuple[str, ...]
    two_colours: bool
    legible: int

    def footprint(self, image_shape: tuple[int, int]) -> tuple[int, int]:
        """(columns, rows) of cells in which an image of (height, width) pixels is legible; see the function."""
        return footprint(self, image_shape)


def footprint(glyphs: Glyphs, image_shape: tuple[int, int]) -> tuple[int, int]:
    """(columns, rows) of cells in which an image of (height, width) pixels is legible.

    28 × 28: half 14×7, quadrant 10×5, sextant, octant and braille 8×4. Small images get at least a part for each of
    their first 8 pixels; beyond 64 pixels the footprint no longer grows. Cells count as twice as tall as wide.
    """
    height, width = max(1, image_shape[0]), max(1, image_shape[1])
    rows = max(
        ceil(glyphs.legible * min(height, 64) / REFERENCE - 0.25),
        ceil(min(height, 8) / glyphs.down),
        1,
    )
    return columns_for(rows, (height, width)), rows


def columns_for(rows: int, image_shape: tuple[int, int]) -> int:
    """How many columns of cells keep the aspect of an image of (height, width) pixels that is `rows` cells tall."""
    return max(1, round(2 * rows * max(1, image_shape[1]) / max(1, image_shape[0])))


def _quadrants() -> tuple[str, ...]:
    return tuple(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")


def _sextants() -> tuple[str, ...]:
    """U+1FB00 … 1FB3B in order of the pattern, without the four that other blocks have."""
    elsewhere = {0: " ", 0b010101: "▌", 0b101010: "▐", 0b111111: "█"}
    return _in_order(64, 0x1FB00, elsewhere)


def _octants() -> tuple[str, ...]:
    """U+1CD00 … 1CDE5 (Unicode 16) in order of the pattern, without the 26 that other blocks have."""
    elsewhere = {
        sum(0b0101 << shift for part, shift in enumerate((0, 1, 4, 5)) if pattern >> part & 1): character
        for pattern, character in enumerate(_quadrants())
    }
    quarters = {1: 0x1CEA8, 2: 0x1CEAB, 64: 0x1CEA3, 128: 0x1CEA0, 0b010100: 0x1FBE6, 0b101000: 0x1FBE7}
    rows = {0b11: 0x1FB82, 0b111111: 0x1FB85, 0b11000000: 0x2582, 0b11111100: 0x2586}
    elsewhere |= {pattern: chr(code) for pattern, code in (quarters | rows).items()}
    return _in_order(256, 0x1CD00, elsewhere)


def _in_order(patterns: int, first: int, elsewhere: dict[int, str]) -> tuple[str, ...]:
    characters, code = [], first
    for pattern in range(patterns):
        if pattern in elsewhere:
            characters.append(elsewhere[pattern])
        else:
            characters.append(chr(code))
            code += 1
    return tuple(characters)


def _braille() -> tuple[str, ...]:
    """U+2800 … 28FF by pattern in reading order; the empty one is a space, so that it joins what is blank."""
    dots = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)
    codes = [sum(dot for part, dot in enumerate(dots) if pattern >> part & 1) for pattern in range(256)]
    return (" ", *(chr(0x2800 + code) for code in codes[1:]))


HALF = Glyphs("half", 1, 2, tuple(" ▀▄█"), two_colours=True, legible=7)
QUADRANT = Glyphs("quadrant", 2, 2, _quadrants(), two_colours=True, legible=5)
SEXTANT = Glyphs("sextant", 2, 3, _sextants(), two_colours=True, legible=4)
OCTANT = Glyphs("octant", 2, 4, _octants(), two_colours=True, legible=4)
BRAILLE = Glyphs("braille", 2, 4, _braille(), two_colours=False, legible=4)
ASCII = Glyphs("ascii", 1, 1, tuple(ASCII_RAMP), two_colours=False, legible=8)

GLYPHS = {glyphs.name: glyphs for glyphs in (HALF, QUADRANT, SEXTANT, OCTANT, BRAILLE, ASCII)}
"""Every way to draw pictures by name, in the order in which `i` walks through them."""


def glyphs_named(name: str) -> Glyphs:
    """The way called `name`; raises ValueError with one line when there is none."""
    if name not in GLYPHS:
        raise ValueError(f"pictures: {name!r} is not a way to draw them; use {', '.join(GLYPHS)}")
    return GLYPHS[name]
