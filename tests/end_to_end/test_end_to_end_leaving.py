"""Leaving: by a signal, by a line that drops, by a terminal that was never there."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from real_terminal import Command, Terminal

SOON = 2.0
"""Seconds within which a run must be saved and the program gone, once a signal asked for it."""


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)], ids=["SIGTERM", "SIGHUP"]
)
def test_a_signal_saves_the_run_and_leaves_at_once(
    number: signal.Signals, terminal: Callable[..., Terminal], lec10: Command
) -> None:
    screen = terminal("vae", "--hidden", "64")
    screen.wait("ready")
    screen.press("space")
    screen.wait(lambda text: "● training" in text and re.search(r"epoch +[1-9]", text))
    screen.process.send_signal(number)
    asked = time.monotonic()
    assert screen.left() == 0
    assert time.monotonic() - asked < SOON
    assert screen.restored
    (run,) = lec10("runs", "--json").events
    assert run["epoch"] >= 1 and run["note"] == ""


def test_a_line_that_drops_saves_the_run(terminal: Callable[..., Terminal], own_home: Path) -> None:
    screen = terminal("vae", "--hidden", "64")
    screen.wait("ready")
    screen.press("space")
    screen.wait(lambda text: "● training" in text and re.search(r"epoch +[1-9]", text))
    screen.hang_up()
    assert screen.process.wait(timeout=30) in (0, 1)
    (folder,) = (own_home / "runs").iterdir()
    assert json.loads((folder / "config.json").read_text())["epoch"] >= 1


@pytest.mark.parametrize("words", [(), ("vae",), ("open", "vae-k2-bernoulli")])
def test_without_a_terminal_there_is_one_line(words: tuple[str, ...], lec10: Command) -> None:
    done = lec10(*words)
    assert done.code == 2 and done.out == ""
    assert done.err.startswith("lec10: ") and done.err.count("\n") == 1 and "lec10 run vae" in done.err


@pytest.mark.slow
def test_leaving_a_lesson_holds_its_run_and_coming_back_finds_it(terminal: Callable[..., Terminal]) -> None:
    screen = terminal("vae", "--hidden", "64")
    screen.wait("ready")
    screen.press("space")
    screen.wait(lambda text: re.search(r"● training.*epoch +[1-9]", text))
    screen.press("g")
    screen.wait("enter open")
    screen.press("enter")
    text = screen.wait(lambda text: "‖ paused" in text and re.search(r"epoch +[1-9]", text))
    screen.look(0.5)
    assert screen.lines[0] == text.splitlines()[0]
    screen.press("q")
    screen.wait("enter open")
    screen.press("q")
    assert screen.left() == 0 and screen.restored
