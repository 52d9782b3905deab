"""Leaving by a signal: in a unit, and in a real terminal that reads or stalls."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lec10_tui.shell.signals import leaving

PROGRAM = Path(__file__).with_name("stubborn.py")


def test_a_signal_asks_once_and_the_watchdog_waits():
    before = signal.getsignal(signal.SIGTERM)
    asked, last = [], threading.Event()
    with leaving(lambda: asked.append(1), last.set, patience=0.05):
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGHUP)
        assert last.wait(5)
    assert asked == [1]
    assert signal.getsignal(signal.SIGTERM) is before


def test_leaving_in_time_calls_the_watchdog_off():
    last = threading.Event()
    with leaving(lambda: None, last.set, patience=0.05):
        os.kill(os.getpid(), signal.SIGTERM)
    assert not last.wait(0.2)


class Shown:
    """The app in a terminal of its own."""

    def __init__(self, home: Path, mood: str) -> None:
        self.master, slave = pty.openpty()
        os.set_blocking(self.master, False)
        env = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(sys.path)}
        env.pop("NO_COLOR", None)
        command = [sys.executable, str(PROGRAM), str(home), mood]
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)
        self.output = b""

    def read_until(self, mark: bytes, seconds: float = 20.0) -> bool:
        until = time.monotonic() + seconds
        while mark not in self.output and time.monotonic() < until:
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.output += os.read(self.master, 1 << 16)
                except OSError:
                    break
        return mark in self.output

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.master >= 0:
            os.close(self.master)


@pytest.fixture
def show(tmp_path):
    made = []

    def make(mood):
        made.append(Shown(tmp_path / "home", mood))
        return made[-1]

    yield make
    for shown in made:
        shown.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_saves_and_gives_the_terminal_back(show, tmp_path, number):
    shown = show("calm")
    assert shown.read_until(b"Look at a number"), shown.output
    shown.process.send_signal(number)
    assert shown.read_until(b"\x1b[?1049l"), shown.output[-300:]
    assert shown.process.wait(10) == 0
    assert (tmp_path / "home" / "kept").read_text() == "all"


def test_a_line_that_drops_ends_the_program(show, tmp_path):
    shown = show("calm")
    assert shown.read_until(b"Look at a number"), shown.output
    os.close(shown.master)
    shown.master = -1
    shown.process.send_signal(signal.SIGHUP)
    shown.process.wait(10)
    assert (tmp_path / "home" / "kept").read_text() == "all"


def test_a_terminal_that_stopped_reading_is_left_all_the_same(show, tmp_path):
    shown = show("busy")
    assert shown.read_until(b"aaaa"), shown.output[-300:]
    time.sleep(1.0)
    shown.process.send_signal(signal.SIGTERM)
    assert shown.process.wait(10) == 0
    assert (tmp_path / "home" / "kept").read_text() == "all"


def test_q_quits_with_nothing_left_behind(show):
    shown = show("calm")
    assert shown.read_until(b"Look at a number"), shown.output
    os.write(shown.master, b"q")
    assert shown.read_until(b"\x1b[?1049l"), shown.output[-300:]
    assert shown.process.wait(10) == 0
    assert b"Traceback" not in shown.output
