"""The pictures that environments draw of themselves."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray


def picture(environment: gymnasium.Env[Any, Any]) -> NDArray[np.uint8]:
    """What an environment made with rgb_array draws now, (height, width, 3); raises ValueError for anything else."""
    drawn = np.asarray(environment.render())
    if drawn.ndim != 3 or drawn.shape[2] != 3 or not drawn.size:
        raise ValueError(f"drew an array of shape {drawn.shape}; (height, width, 3) is needed")
    return drawn.astype(np.uint8)
