"""From a key to what it paints, measured outside the program, while it trains at full speed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from lec10_tui.bench.figures import BenchError, Figure, percentile
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.terminal import Terminal
from lec10_tui.bench.training import opened, train
from lec10_tui.lessons.vae.frame import VAEKnobs
from lec10_tui.vocabulary.knobs import table

ROUNDS = 40
PANELS = 20
PAUSES = (0.04, 0.16)
WARM_SECONDS = 4.0
KEY_TIMEOUT = 5.0

FOCUSED = "╭ Knobs"
_FIRST, _SECOND = (knob.label for knob in table(VAEKnobs)[:2])

KEYS = (
    ("j", b"j", rf"▸ {_SECOND}"),
    ("k", b"k", rf"▸ {_FIRST}"),
    ("tab", b"\t", r"╭ (?!Knobs)\S"),
    ("shift+tab", b"\x1b[Z", FOCUSED),
)
"""Keys that together lead back to where they began: the cursor of the knobs down and up, the focus on and back.

What each of them draws nothing else draws until it is pressed again, whatever the training repaints meanwhile.
"""


def measure(setup: Setup) -> Iterator[Figure]:
    """Press the keys in turn, at odd moments, and wait for what each draws."""
    dice = random.Random(0)
    seconds: dict[str, list[float]] = {name: [] for name, _, _ in KEYS}
    with opened(setup) as terminal:
        train(terminal, WARM_SECONDS)
        _to_the_knobs(terminal)
        for _ in range(ROUNDS):
            for name, key, drawn in KEYS:
                terminal.pump(dice.uniform(*PAUSES))
                pressed = terminal.press(key)
                seconds[name].append(terminal.wait_for(drawn, KEY_TIMEOUT) - pressed)
    every = [1000 * value for values in seconds.values() for value in values]
    detail: dict[str, float | int | str] = {
        "presses": len(every),
        "largest_ms": max(every),
        **{f"{name}_p50_ms": 1000 * percentile(values, 0.5) for name, values in seconds.items()},
    }
    what = "key to paint while training, 120×40"
    yield Figure("keys.p50", percentile(every, 0.5), "ms", "at most", 10.0, f"{what}, median", detail)
    yield Figure("keys.p99", percentile(every, 0.99), "ms", "at most", 40.0, f"{what}, 99 of 100", detail)


def _to_the_knobs(terminal: Terminal) -> None:
    for _ in range(PANELS):
        terminal.press(b"\t")
        if FOCUSED in terminal.drawn(0.5):
            return
    raise BenchError(f"lec10 vae: tab does not lead to a panel drawn as {FOCUSED!r}")
