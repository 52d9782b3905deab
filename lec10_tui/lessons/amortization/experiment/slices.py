"""Work in slices: done at once where there is no hurry, or handed over to be done while there is none else."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import Any, TypeVar

from lec10_tui.vocabulary.frames import Part

T = TypeVar("T")

SLICE_SECONDS = 0.02
"""How long small slices are put together for."""


def at_once(slices: Generator[None, None, T]) -> T:
    """What `slices` come to, all of them done now."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            found: T = end.value
            return found


def unseen(slices: Generator[None, None, Any]) -> Iterator[Part | None]:
    """Work on what is not a part itself, its small slices put together to larger ones."""
    began = time.perf_counter()
    for _ in slices:
        if time.perf_counter() >= began + SLICE_SECONDS:
            yield None
            began = time.perf_counter()
