"""The weights of a model among the arrays of a snapshot."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.vae import VAE, open_model

Arrays = Mapping[str, NDArray[np.generic]]

MODEL = "model/"
"""What the names of a model's weights begin with."""


def stored_model(architecture: Architecture, arrays: Arrays) -> VAE:
    """The model whose weights stand in the arrays of a snapshot; raises ValueError with one line."""
    return open_model(architecture, within(arrays, MODEL))


def within(arrays: Arrays, head: str) -> dict[str, NDArray[np.generic]]:
    """The arrays whose names begin with `head`, without it."""
    return {name.removeprefix(head): array for name, array in arrays.items() if name.startswith(head)}
