"""What the screen costs the training: the same experiment in the app and without it, in turn."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from lec10_tui.bench.figures import BenchError, Figure
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.processes import rate_without_screen
from lec10_tui.bench.training import opened, rates, train

TURNS = 3
WARM_SECONDS = 3.0


def measure(setup: Setup) -> Iterator[Figure]:
    """A B A B A B; both rates are the worker's own, over its sliding window."""
    pairs = [
        (_in_the_app(setup), rate_without_screen(["vae"], setup.seconds, WARM_SECONDS, setup.home))
        for _ in range(TURNS)
    ]
    yield Figure(
        "rate.app",
        100 * median(inside / outside for inside, outside in pairs),
        "%",
        "at least",
        85.0,
        "training in the app, against lec10 run vae",
        {
            "app_images_per_second": median(inside for inside, _ in pairs),
            "run_images_per_second": median(outside for _, outside in pairs),
            "pairs": TURNS,
        },
    )


def _in_the_app(setup: Setup) -> float:
    """Images a second, as the title line says."""
    with opened(setup) as terminal:
        train(terminal, WARM_SECONDS)
        seen = rates(terminal.drawn(setup.seconds))
    if not seen:
        raise BenchError("lec10 vae drew no rate while it trained; more --seconds would show one")
    return sum(seen) / len(seen)
