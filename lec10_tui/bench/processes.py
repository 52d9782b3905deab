"""Processes: lec10 as a person starts it, in a terminal or without one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lec10_tui.bench.figures import BenchError

PACKAGE = __name__.partition(".")[0]
ROOT = Path(__file__).resolve().parents[2]

_UNSET = (
    "COLORTERM",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "LINES",
    "TERM_PROGRAM",
    "TMUX",
    "STY",
    "TEXTUAL_ANIMATIONS",
)


def python(module: str, *arguments: str) -> list[str]:
    """The command line of a module of lec10, by this interpreter; -P: of this very lec10, wherever one stands."""
    return [sys.executable, "-P", "-m", module, *arguments]


def lec10(*arguments: str) -> list[str]:
    """The command line of `lec10 ARGUMENTS`."""
    return python(PACKAGE, *arguments)


def spoken(command: Sequence[str]) -> str:
    """The command as an error names it."""
    return " ".join(command[3:]) if command[1:3] == ["-P", "-m"] else " ".join(command)


def environment(home: Path) -> dict[str, str]:
    """This environment with a home of its own, one thread, and the 256 colours of a plain SSH line."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNSET}
    path = os.pathsep.join(word for word in (str(ROOT), os.environ.get("PYTHONPATH")) if word)
    own = {"LEC10_HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": path}
    return {**kept, **own, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def cpu_seconds(command: Sequence[str], home: Path) -> float:
    """CPU time, user and system, that `command` takes; raises BenchError when it fails."""
    process = subprocess.Popen(
        command, env=environment(home), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BenchError(f"{spoken(command)} ended with exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def json_lines(command: Sequence[str], home: Path) -> Iterator[tuple[float, dict[str, Any]]]:
    """Each JSON line that `command` prints, with when it came; raises BenchError when the command fails."""
    process = subprocess.Popen(
        command,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        for line in process.stdout:
            yield time.perf_counter(), json.loads(line)
        trouble = process.stderr.read().strip()
        if process.wait():
            last = trouble.splitlines()[-1] if trouble else f"exit code {process.returncode}"
            raise BenchError(f"{spoken(command)}: {last}")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def finished(command: Sequence[str], home: Path) -> dict[str, Any]:
    """The last JSON line that `command` prints; raises BenchError when there is none."""
    events = [event for _, event in json_lines(command, home)]
    if not events:
        raise BenchError(f"{spoken(command)} printed nothing")
    return events[-1]


def rate_without_screen(arguments: Sequence[str], setup_seconds: float, warm: float, home: Path) -> float:
    """Examples a second of `lec10 run ARGUMENTS` over so many seconds, `warm` seconds after its first report."""
    rates: list[float] = []
    begun = 0.0
    command = lec10("run", *arguments, "--seconds", f"{warm + setup_seconds:g}", "--json")
    for at, event in json_lines(command, home):
        begun = begun or at
        if event["event"] == "progress" and at - begun >= warm:
            rates.append(float(event["examples_per_second"]))
    if not rates:
        raise BenchError(f"lec10 run {' '.join(arguments)} reported no rate; more --seconds would")
    return sum(rates) / len(rates)
