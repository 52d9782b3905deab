"""What the films are composed of: arrows, turned shapes, arcs, words; a NaN hides a shape in a frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lec10_tui.vocabulary.film import Stroke

Floats = NDArray[np.float64]

_BARB = np.deg2rad(32)
_ARC = 24


def points(x: ArrayLike, y: ArrayLike) -> Floats:
    """Points (…, 2) from their coordinates."""
    return np.stack(np.broadcast_arrays(x, y), axis=-1).astype(np.float64)


def upward(angle: Floats) -> Floats:
    """The unit vectors (…, 2) that lean by `angle` to the right of straight up."""
    return points(np.sin(angle), np.cos(angle))


def to_the_end(values: Floats) -> Floats:
    """What belongs to the T actions, (T, …), with NaN for the last state, where none is taken."""
    return np.concatenate([values, np.full((1, *values.shape[1:]), np.nan)])


def shown(values: Floats) -> Floats:
    """`values` with NaN in place of zeros."""
    return np.where(values == 0, np.nan, values)


def turned(shape: Floats, angle: Floats, to: Floats) -> Floats:
    """A shape (n, 2) turned counter-clockwise by `angle` (frames,) and carried `to` (frames, 2): (frames, n, 2)."""
    cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x, y = shape[:, 0], shape[:, 1]
    return points(cosine * x - sine * y, sine * x + cosine * y) + to[:, None]


def rectangle(left: float, bottom: float, right: float, top: float) -> Floats:
    """The four corners (4, 2)."""
    return np.array([[left, bottom], [right, bottom], [right, top], [left, top]])


def arrow(tail: Floats, tip: Floats, head: float, ink: str, width: float = 0.0) -> Stroke:
    """A line from `tail` to `tip` (frames, 2) with a head of two barbs, `head` long."""
    back = tail - tip
    with np.errstate(invalid="ignore"):
        angle = np.arctan2(back[:, 1], back[:, 0])
    left, right = (tip + head * points(np.cos(angle + turn), np.sin(angle + turn)) for turn in (_BARB, -_BARB))
    return Stroke(np.stack([tail, tip, left, tip, right], axis=1), ink, width)


def block_arrow(tail: Floats, tip: Floats, thickness: float, ink: str) -> Stroke:
    """An arrow of an area from `tail` to `tip` (frames, 2), its head twice as wide as its shaft."""
    along = tip - tail
    length = np.hypot(along[:, 0], along[:, 1])
    along = along / length[:, None]
    across = points(-along[:, 1], along[:, 0]) * thickness
    neck = tip - along * np.minimum(1.6 * thickness, 0.7 * length)[:, None]
    outline = [tail + across / 2, neck + across / 2, neck + across, tip, neck - across, neck - across / 2]
    return Stroke(np.stack([*outline, tail - across / 2], axis=1), ink, filled=True)


def arc_arrow(
    centre: Floats, radius: float, start: Floats, sweep: Floats, head: float, ink: str, width: float = 0.0
) -> Stroke:
    """An arrow bent around `centre` (frames, 2), from the angle `start` by `sweep` (frames,), + counter-clockwise."""
    angle = start[:, None] + sweep[:, None] * np.linspace(0, 1, _ARC)
    arc = centre[:, None] + radius * points(np.cos(angle), np.sin(angle))
    # A bent head looks straight on if it aims at where the arc was half a head ago.
    back = angle[:, -1] - np.sign(sweep) * (np.pi / 2 + 0.5 * head / radius)
    tip = arc[:, -1]
    left, right = (tip + head * points(np.cos(back + turn), np.sin(back + turn)) for turn in (_BARB, -_BARB))
    return Stroke(np.concatenate([arc, np.stack([left, tip, right], axis=1)], axis=1), ink, width)


def signed(value: float, decimals: int = 2, width: int = 0) -> str:
    """A number with its sign, a real minus, right-aligned in `width` cells."""
    return f"{value:+z.{decimals}f}".replace("-", "−").rjust(width)
