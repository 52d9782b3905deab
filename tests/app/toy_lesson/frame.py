"""The toy lesson's words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.film import Film
from lec10_tui.vocabulary.frames import Part
from lec10_tui.vocabulary.knobs import Knobs, knob


@dataclass(frozen=True)
class ToyKnobs(Knobs):
    """Two knobs."""

    preset: str = knob("plain", "preset", "a set of values", kind="restart", sort="choice", choices=("plain", "wild"))
    rate: float = knob(0.5, "rate", "how fast", kind="live", sort="number", minimum=0, maximum=1, ladder=(0.25, 0.5))


@dataclass(frozen=True, eq=False)
class BigNumber(Part):
    """What the lesson shows."""

    values: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ToyGrid(Part):
    """Pictures, for the cover."""

    images: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class ToyWalk(Part):
    """What something did, for the cover."""

    film: Film | None
