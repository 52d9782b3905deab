"""The vae lesson, training in a terminal."""

from __future__ import annotations

import re

from lec10_tui.bench.figures import BenchError
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.processes import environment, lec10
from lec10_tui.bench.terminal import Terminal

OPENING_SECONDS = 60.0
RATE = re.compile(r"(\d[\d\s]*) img/s")


def opened(setup: Setup) -> Terminal:
    """The lesson at 120×40, with the shipped model on the screen."""
    terminal = Terminal(lec10("vae"), environment(setup.home))
    try:
        terminal.wait_for("‖ trained", OPENING_SECONDS)
    except BenchError:
        terminal.close()
        raise
    return terminal


def train(terminal: Terminal, warm: float) -> None:
    """Start a new run, and let it go for so many seconds."""
    terminal.press(b" ")
    terminal.wait_for("● training", OPENING_SECONDS)
    terminal.pump(warm)


def rates(text: str) -> list[float]:
    """Every rate that was drawn, in images a second."""
    return [float(re.sub(r"\s", "", found)) for found in RATE.findall(text)]
