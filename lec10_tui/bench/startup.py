"""How soon it is there: the first paint, `--version`, and the first training step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median

from lec10_tui.bench.figures import Figure
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.minimal_app import WORDS
from lec10_tui.bench.processes import cpu_seconds, environment, lec10, python
from lec10_tui.bench.terminal import Terminal
from lec10_tui.lessons import CONTENTS

PAIRS = 9
VERSIONS = 9
STARTS = 3
PAINT_TIMEOUT = 30.0
STEP_TIMEOUT = 60.0


def measure(setup: Setup) -> Iterator[Figure]:
    """First paint against a minimal app's, in alternating pairs; CPU of --version; time to the first step."""
    ours, minimal = lec10(), python("lec10_tui.bench.minimal_app")
    pairs = [
        (_first_paint(ours, re.escape(CONTENTS[0].title), setup), _first_paint(minimal, WORDS, setup))
        for _ in range(PAIRS + 1)
    ][1:]  # the first pair warms the disk's cache and the bytecode
    yield Figure(
        "startup.first_paint",
        median(ours / minimal for ours, minimal in pairs),
        "×",
        "at most",
        2.2,
        "first paint, against a minimal Textual app",
        {
            "lec10_ms": 1000 * median(ours for ours, _ in pairs),
            "minimal_ms": 1000 * median(minimal for _, minimal in pairs),
            "pairs": PAIRS,
        },
    )
    versions = [1000 * cpu_seconds(lec10("--version"), setup.home) for _ in range(VERSIONS + 1)][1:]
    yield Figure(
        "startup.version",
        median(versions),
        "ms",
        "at most",
        150.0,
        "CPU time of lec10 --version",
        {"smallest": min(versions), "largest": max(versions), "times": VERSIONS},
    )
    starts = [_first_step(setup) for _ in range(STARTS)]
    yield Figure(
        "startup.first_step",
        median(starts),
        "s",
        "at most",
        3.5,
        "lec10 vae, space pressed at once, to the first training step",
        {"smallest": min(starts), "largest": max(starts), "times": STARTS},
    )


def _first_paint(command: Sequence[str], pattern: str, setup: Setup) -> float:
    """Seconds from the start until the text is drawn."""
    with Terminal(command, environment(setup.home)) as terminal:
        return terminal.wait_for(pattern, PAINT_TIMEOUT) - terminal.started


def _first_step(setup: Setup) -> float:
    """Seconds from the start until a report of a run that goes is drawn: there is none before the first step."""
    with Terminal(lec10("vae"), environment(setup.home)) as terminal:
        terminal.wait_for("Knobs", PAINT_TIMEOUT)
        terminal.press(b" ")
        return terminal.wait_for("● training", STEP_TIMEOUT) - terminal.started
