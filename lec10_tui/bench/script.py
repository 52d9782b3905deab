"""Training against the usual script: the same network, batch and binarisation, one thread each, in turn."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from lec10_tui.bench.figures import Figure
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.processes import finished, python, rate_without_screen
from lec10_tui.places import places

TURNS = 3
WARM_SECONDS = 2.0

SAME = ("--latent-dim", "20", "--hidden", "400", "--activation", "relu", "--batch-size", "128", "--threads", "1")
"""What makes `lec10 run vae` the script's network: 784-400-20, Bernoulli, binarised anew each time, Adam at 1e-3."""


def measure(setup: Setup) -> Iterator[Figure]:
    """A B A B A B."""
    ours = ["vae", *SAME, "--learning-rate", "1e-3", "--optimizer", "adam", "--device", "cpu"]
    pairs = [(rate_without_screen(ours, setup.seconds, WARM_SECONDS, setup.home), _usual(setup)) for _ in range(TURNS)]
    yield Figure(
        "script.ratio",
        median(own / usual for own, usual in pairs),
        "×",
        "at least",
        1.5,
        "training, against the usual DataLoader script",
        {
            "lec10_images_per_second": median(own for own, _ in pairs),
            "script_images_per_second": median(usual for _, usual in pairs),
            "pairs": TURNS,
        },
    )


def _usual(setup: Setup) -> float:
    timing = ("--seconds", f"{setup.seconds:g}", "--warm", f"{WARM_SECONDS:g}")
    command = python("lec10_tui.bench.usual_script", str(places().assets / "mnist-5000.npz"), *timing)
    return float(finished(command, setup.home)["images_per_second"])
