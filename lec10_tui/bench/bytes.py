"""What goes over the line: bytes to the terminal while training, and while nothing happens."""

from __future__ import annotations

from collections.abc import Iterator

from lec10_tui.bench.figures import Figure
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.training import opened, train

WARM_SECONDS = 3.0
SETTLING_SECONDS = 2.0
IDLE_SECONDS = 3.0


def measure(setup: Setup) -> Iterator[Figure]:
    """Idle on the shipped model, then training, then idle on the run that was held."""
    with opened(setup) as terminal:
        terminal.pump(SETTLING_SECONDS)
        on_the_model = terminal.pump(IDLE_SECONDS)
        train(terminal, WARM_SECONDS)
        training = terminal.pump(setup.seconds)
        terminal.press(b" ")
        terminal.pump(SETTLING_SECONDS)
        on_the_run = terminal.pump(IDLE_SECONDS)
    yield Figure(
        "bytes.training",
        training / setup.seconds / 1000,
        "kB/s",
        "at most",
        40.0,
        "to the terminal while training, 120×40, 256 colours",
        {"bytes": training, "seconds": setup.seconds},
    )
    yield Figure(
        "bytes.idle",
        max(on_the_model, on_the_run),
        "bytes",
        "at most",
        0.0,
        f"to the terminal in {IDLE_SECONDS:g} s of idleness",
        {"shipped_model": on_the_model, "held_run": on_the_run},
    )
