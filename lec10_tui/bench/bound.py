"""The exact picture: from a key that moves q, or turns the image or η, to the numbers that are painted."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from lec10_tui.bench.figures import BenchError, Figure, percentile
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.processes import environment, lec10
from lec10_tui.bench.terminal import Terminal

MODEL = "vae-k2-gaussian"
"""The one that ships whose η is a knob."""
ROUNDS = 20
PAUSES = (0.05, 0.15)
"""Seconds of quiet until the next key: what is refined has been painted, and is not taken for an answer."""
QUIET_SECONDS = 0.3
REFINING_SECONDS = 20.0
OPENING_SECONDS = 90.0
KEY_TIMEOUT = 5.0
PANELS = 10

Q = r"μ [−+]?\d"
"""Where q stands, over the picture: no other key draws it."""
LOG_LIKELIHOOD = r"log p\(x\) {2,}[−\d]"
"""The true log p(x), which another image or another η changes."""

MOVES = (("right", b"\x1b[C"), (">", b">"), (".", b"."), ("a", b"a"))
"""Keys that change q, each from where the one before has left it."""
KNOBS = (("image", "image"), ("η", "η"))
"""Knobs that change p(z|x), and how their row begins."""
TURNS = (b"\x1b[C", b"\x1b[D")


def measure(setup: Setup) -> Iterator[Figure]:
    """Press the keys in turn, once nothing is being refined, and wait for the numbers they change."""
    dice = random.Random(0)
    seconds: dict[str, list[float]] = {}
    with Terminal(lec10("bound", "--model", MODEL), environment(setup.home)) as terminal:
        terminal.wait_for(LOG_LIKELIHOOD, OPENING_SECONDS)
        for _ in range(ROUNDS):
            for name, key in MOVES:
                seconds.setdefault(name, []).append(_answer(terminal, dice, key, Q))
        _to_the_knobs(terminal)
        for name, row in KNOBS:
            _to_the_row(terminal, row)
            for turn in range(ROUNDS):
                key = TURNS[turn % 2]
                seconds.setdefault(name, []).append(_answer(terminal, dice, key, LOG_LIKELIHOOD))
    yield from figures(seconds)


def figures(seconds: Mapping[str, Sequence[float]]) -> Iterator[Figure]:
    """The median and the 99th percentile of all keys, with those of each."""
    every = [1000 * value for values in seconds.values() for value in values]
    detail: dict[str, float | int | str] = {"presses": len(every), "largest_ms": max(every)}
    for name, values in seconds.items():
        detail |= {f"{name}_p50_ms": 1000 * percentile(values, 0.5), f"{name}_p99_ms": 1000 * percentile(values, 0.99)}
    what = "a key in bound's exact picture to its numbers, 120×40"
    yield Figure("bound.p50", percentile(every, 0.5), "ms", "at most", 50.0, f"{what}, median", detail)
    yield Figure("bound.p99", percentile(every, 0.99), "ms", "at most", 50.0, f"{what}, 99 of 100", detail)


def _answer(terminal: Terminal, dice: random.Random, key: bytes, drawn: str) -> float:
    """Seconds from the key to what it draws."""
    left = REFINING_SECONDS
    while terminal.pump(QUIET_SECONDS) and left > 0:
        left -= QUIET_SECONDS
    terminal.pump(dice.uniform(*PAUSES))
    pressed = terminal.press(key)
    return terminal.wait_for(drawn, KEY_TIMEOUT) - pressed


def _to_the_knobs(terminal: Terminal) -> None:
    for _ in range(PANELS):
        terminal.press(b"\t")
        if "╭ Knobs" in terminal.drawn(0.5):
            return
    raise BenchError("lec10 bound: tab does not lead to the knobs")


def _to_the_row(terminal: Terminal, row: str) -> None:
    """Move the cursor of the knobs down to a row; it stands above it."""
    for _ in range(PANELS):
        terminal.press(b"j")
        if f"▸ {row}" in terminal.drawn(0.5):
            return
    raise BenchError(f"lec10 bound: the knobs have no row {row!r}")
