"""Random numbers keyed by (seed, step, purpose), so that a step draws the same whatever was drawn before it."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import torch

_LOW = 0xFFFFFFFF


def key(seed: int, step: int, purpose: str) -> int:
    """The 64-bit seed of the stream (seed, step, purpose), the same on every machine.

    The CPU's generator reads its low half alone, so the low half is a bijection of the step: within 2³² steps no two
    of one seed and purpose draw the same numbers.
    """
    digest = int.from_bytes(blake2b(f"{seed} {purpose}".encode(), digest_size=8).digest(), "little")
    low = (digest + step) & _LOW
    low = ((low ^ (low >> 16)) * 0x85EBCA6B) & _LOW
    low = ((low ^ (low >> 13)) * 0xC2B2AE35) & _LOW
    return (digest & ~_LOW) | (low ^ (low >> 16))


def generator(seed: int, step: int, purpose: str, device: torch.device | str = "cpu") -> torch.Generator:
    """A fresh generator on `device` for what `step` of the run with `seed` draws for `purpose`."""
    return torch.Generator(device).manual_seed(key(seed, step, purpose))


def array_generator(seed: int, step: int, purpose: str, block: int = 0) -> np.random.Generator:
    """numpy's `generator` for the `block`-th stretch of what is drawn: any stretch, without drawing those before it."""
    return np.random.Generator(np.random.Philox(key=key(seed, step, purpose), counter=block << 128))
