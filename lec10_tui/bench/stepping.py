"""One step in the table: from `.` and `,` to the row that is painted, and what a step sends to the terminal."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from lec10_tui.bench.figures import BenchError, Figure, percentile
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.processes import environment, lec10
from lec10_tui.bench.terminal import Terminal

PRESSES = 160
FURTHEST = 60
"""The time step at which the walk turns back, if the episode is that long."""

PAUSES = (0.12, 0.24)
"""Seconds after a step was painted until the next key, all of whose bytes are the step's: nothing else draws."""

MOST_BYTES = 4000

OPENING_SECONDS = 90.0
SETTLING_SECONDS = 2.0
KEY_TIMEOUT = 5.0

STANDS = r"▸ *({}) "
"""The row of the table that the keys stand at; its first number is the time step."""

END, HOME = b"\x1b[F", b"\x1b[H"


def measure(setup: Setup) -> Iterator[Figure]:
    """Walk along the shipped run's episode and back at odd moments, with nothing else going on."""
    dice = random.Random(0)
    seconds: list[float] = []
    sent: list[int] = []
    with Terminal(lec10("reinforce"), environment(setup.home)) as terminal:
        length = _opened(terminal)
        for key, time in walk(length, PRESSES):
            before = terminal.received
            pressed = terminal.press(key)
            seconds.append(terminal.wait_for(STANDS.format(time), KEY_TIMEOUT) - pressed)
            terminal.pump(dice.uniform(*PAUSES))
            sent.append(terminal.received - before)
    yield from figures(seconds, sent, length)


def walk(length: int, presses: int) -> Iterator[tuple[bytes, int]]:
    """Keys, and the time step each leads to: from 0 on to a turning point inside the episode, back, and on again."""
    turn = min(length - 1, FURTHEST)
    if turn < 1:
        raise BenchError(f"lec10 reinforce: an episode of {length} steps is too short to walk in")
    time, direction = 0, 1
    for _ in range(presses):
        if not 0 <= time + direction <= turn:
            direction = -direction
        time += direction
        yield (b"." if direction > 0 else b","), time


def figures(seconds: Sequence[float], sent: Sequence[int], length: int) -> Iterator[Figure]:
    """The times of the keys, and the bytes of the steps."""
    every = [1000 * value for value in seconds]
    yield Figure(
        "stepping.p99",
        percentile(every, 0.99),
        "ms",
        "at most",
        30.0,
        "a step in the table, key to paint, 120×40, 99 of 100",
        {
            "presses": len(every),
            "episode_steps": length,
            "p50_ms": percentile(every, 0.5),
            "largest_ms": max(every),
        },
    )
    yield Figure(
        "stepping.bytes",
        percentile(sent, 0.99) / 1000,
        "kB",
        "at most",
        MOST_BYTES / 1000,
        "sent by a step in the table, 99 of 100, 256 colours",
        {
            "steps": len(sent),
            "mean_bytes": sum(sent) / len(sent),
            "p50_bytes": percentile(sent, 0.5),
            "largest_bytes": max(sent),
            "larger_than_wanted": sum(size > MOST_BYTES for size in sent),
        },
    )


def _opened(terminal: Terminal) -> int:
    """Wait until the shipped run's episode is there, and go to its end and back; how many steps it has."""
    anywhere = STANDS.format(r"\d+")
    terminal.wait_for(anywhere, OPENING_SECONDS)
    terminal.pump(SETTLING_SECONDS)
    terminal.press(END)
    ends = re.findall(anywhere, terminal.drawn(SETTLING_SECONDS))
    if not ends:
        raise BenchError("lec10 reinforce: end does not lead to the end of the episode's table")
    terminal.press(HOME)
    terminal.wait_for(STANDS.format(0), KEY_TIMEOUT)
    terminal.pump(SETTLING_SECONDS)
    return int(ends[-1])
