"""Film: what an environment looks like over an episode, as strokes, discs and words in its own coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

INKS = ("ground", "body", "limb", "joint", "agent", "force", "goal", "danger", "faint")
"""What a shape is, from which its colour follows."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """A line through `points` (n, 2), or (frames, n, 2) where it moves; a NaN in a frame's points hides it there.

    `width` is in the film's units, 0 as thin as can be seen; `filled` inks the inside of the polygon.
    """

    points: Floats
    ink: str
    width: float = 0.0
    filled: bool = False


@dataclass(frozen=True, eq=False)
class Disc:
    """A circle around `centre` (2,), or (frames, 2) where it moves; NaN hides it."""

    centre: Floats
    radius: float
    ink: str
    filled: bool = True


@dataclass(frozen=True, eq=False)
class Tag:
    """A few characters centred `at` (2,), or (frames, 2); `texts` has one for every frame, or one for all."""

    at: Floats
    texts: tuple[str, ...]
    ink: str


@dataclass(frozen=True, eq=False)
class Film:
    """An episode's pictures: one a state, so one more than there are actions.

    `bounds` (left, bottom, right, top) is what has to be seen, in units that are equally long across and up. Later
    shapes cover earlier ones: strokes, then discs, then tags. `captions` (frames,) say the state in words.
    """

    frames: int
    bounds: tuple[float, float, float, float]
    strokes: tuple[Stroke, ...]
    discs: tuple[Disc, ...] = ()
    tags: tuple[Tag, ...] = ()
    captions: tuple[str, ...] = ()
