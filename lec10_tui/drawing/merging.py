"""Neighbouring cells that can share one style become one run: fewer segments, fewer bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

BLANK = -1
"""The level of cells outside every image."""

Close = tuple[tuple[bool, ...], ...]


@dataclass
class Run:
    """Cells side by side in one foreground and background level; `front` None while no cell needed one."""

    back: int
    front: int | None
    patterns: list[int]

    def take(self, pattern: int, front: int, back: int, close: Close, full: int) -> bool:
        """Add a cell if it looks the same, as it is or with its parts and its two levels exchanged."""
        if close[back][self.back] and (not pattern or self.front is None or close[front][self.front]):
            if pattern and self.front is None:
                self.front = front
            self.patterns.append(pattern)
            return True
        exchanged = front if pattern else self.back
        if not full or BLANK in (back, self.back):
            return False
        if close[exchanged][self.back] and (self.front is None or close[back][self.front]):
            if self.front is None:
                self.front = back
            self.patterns.append(full ^ pattern)
            return True
        return False


def merge(
    patterns: Sequence[int], fronts: Sequence[int], backs: Sequence[int], close: Close, full: int = 0
) -> list[Run]:
    """One line of cells as runs, from the left.

    A cell without pattern needs only its background. `close[a][b]` says whether level a may be drawn as level b; `full`
    is the pattern of all parts where foreground and background can be exchanged, else 0.
    """
    runs: list[Run] = []
    for pattern, front, back in zip(patterns, fronts, backs, strict=True):
        if not (runs and runs[-1].take(pattern, front, back, close, full)):
            runs.append(Run(back, front if pattern else None, [pattern]))
    return runs


@cache
def closeness(levels: int, ramps: int, tolerance: int) -> Close:
    """`close` for `ramps` ramps of `levels` levels one after another, and for BLANK, which is only like itself.

    Levels up to `tolerance` apart are close; the first of a ramp, paper, is only like itself.
    """
    count = levels * ramps

    def like(a: int, b: int) -> bool:
        near = max(a, b) < count and a // levels == b // levels and a % levels > 0 and b % levels > 0
        return a == b or (near and abs(a - b) <= tolerance)

    return tuple(tuple(like(a, b) for b in range(count + 1)) for a in range(count + 1))
