"""Figures: what was measured, beside what it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Literal


class BenchError(Exception):
    """Something could not be measured; its message is one line."""


@dataclass(frozen=True)
class Figure:
    """One measured `value` in `unit`, its `bound` and the good side of it; `detail` is what it was made from."""

    name: str
    value: float
    unit: str
    side: Literal["at most", "at least"]
    bound: float
    what: str
    detail: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the value is on the good side of the bound."""
        return self.value <= self.bound if self.side == "at most" else self.value >= self.bound

    @property
    def target(self) -> str:
        """The bound in words."""
        return f"{self.side} {self.bound:g} {self.unit}".strip().replace("-", "−")

    def plain(self) -> dict[str, Any]:
        """The figure as JSON values."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "target": self.target,
            "met": self.met,
            "detail": dict(self.detail),
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 … 1) of them do not exceed."""
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)]
