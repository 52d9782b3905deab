"""Grey pixels as chances: draw binary images (Salakhutdinov and Murray 2008)."""

from __future__ import annotations

import torch
from torch import Tensor


def binarise(x: Tensor, generator: torch.Generator) -> Tensor:
    """Images of 0 and 1, each pixel 1 with probability `x` in [0, 1]; the shape, type and device of `x`."""
    return torch.rand(x.shape, generator=generator, dtype=x.dtype, device=x.device).lt_(x)
