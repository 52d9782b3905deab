"""Magnitudes as shades: grey, viridis, cividis, and blue–white–orange for signed values, in few levels."""

from __future__ import annotations

from functools import cache

from lec10_tui.drawing.palette import Paper

GREYS = 12
"""How many shades an image has: few, so that neighbouring cells are equal and few bytes change."""
MAGNITUDES = 25
"""How many shades a heat map has: odd, so that signed zero is one of them."""

_ANCHORS = {
    "grey": ("#000000", "#ffffff"),
    "viridis": ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"),
    "cividis": (
        *("#00224e", "#123570", "#3b496c", "#575d6d", "#707173"),
        *("#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"),
    ),
    "signed": ("#0072B2", "#56A8DC", "#f4f4f4", "#F2B84B", "#D55E00"),
}

PALETTES = tuple(_ANCHORS)
"""The names of the magnitude palettes; values run from 0 to 255, for signed ones 127.5 is zero."""


@cache
def shades(palette: str, paper: Paper) -> tuple[str, ...]:
    """The colours from the least to the greatest value; raises ValueError for an unknown palette.

    Grey is ink on paper: white on black on dark paper, black on white on light paper; its shades lie on the grey ramp
    of 256-colour terminals, so that both depths look the same.
    """
    if palette not in _ANCHORS:
        raise ValueError(f"palette: {palette!r} is not one; use {', '.join(PALETTES)}")
    if palette == "grey":
        greys = [round(10.2 * round(25 * level / (GREYS - 1))) for level in range(GREYS)]
        return tuple(f"#{grey:02x}{grey:02x}{grey:02x}" for grey in (greys if paper.dark else greys[::-1]))
    return _between(_ANCHORS[palette], MAGNITUDES)


def _between(anchors: tuple[str, ...], levels: int) -> tuple[str, ...]:
    points = [[int(anchor[place : place + 2], 16) for place in (1, 3, 5)] for anchor in anchors]
    colours = []
    for level in range(levels):
        at = level / (levels - 1) * (len(points) - 1)
        left = min(int(at), len(points) - 2)
        mixed = [round(a + (b - a) * (at - left)) for a, b in zip(points[left], points[left + 1], strict=True)]
        colours.append("#" + "".join(f"{part:02x}" for part in mixed))
    return tuple(colours)
