"""What `e` writes for the focused panel, as frozen plain values: pictures become PNG, curves CSV."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.series import Series


@dataclass(frozen=True, eq=False)
class Exported:
    """Base of everything a panel can export; `stem` is the file's name without its suffix."""

    stem: str


@dataclass(frozen=True, eq=False)
class Picture(Exported):
    """One picture: uint8 (height, width) in grey or (height, width, 3) in colour."""

    image: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Curves(Exported):
    """Curves that share a table of steps."""

    series: tuple[Series, ...]
