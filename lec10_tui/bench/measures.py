"""Measures: what can be measured, by name; each module has `measure(setup)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from lec10_tui.bench.figures import Figure


@dataclass(frozen=True)
class Setup:
    """How to measure: `home` for the runs that are made, `seconds` for each stretch that is timed."""

    home: Path
    seconds: float = 6.0


@dataclass(frozen=True)
class Measure:
    """One group of figures and the module that takes them."""

    name: str
    what: str

    def figures(self, setup: Setup) -> Iterator[Figure]:
        """Take them; raises BenchError."""
        figures: Iterator[Figure] = import_module(f"{__package__}.{self.name}").measure(setup)
        return figures


MEASURES = (
    Measure("startup", "first paint, --version, and how soon the first training step is taken"),
    Measure("keys", "from a key to what it paints, while training at full speed"),
    Measure("rate", "training in the app against training without a screen"),
    Measure("script", "training against the usual script with a DataLoader"),
    Measure("bytes", "what goes to the terminal, while training and while idle"),
    Measure("elbo", "held-out ELBO after 20 seconds of training"),
    Measure("stepping", "one step in the table of an episode: key to paint, and bytes"),
    Measure("bound", "a key in the exact picture of bound to the numbers it changes"),
    Measure("cartpole", "cart-pole to a mean return of 475, and steps a second, against the usual script"),
    Measure("swimmer", "the swimmer's displacement after 10 seconds of training"),
)
