"""Runs the command line as a shell would: inside the test's process, or as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from lec10_tui.cli import main

LEC10 = [sys.executable, "-m", "lec10_tui"]
SMALL = ("--hidden", "16", "--batch-size", "64")


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines, which hold no NaN and no Infinity."""
        return [json.loads(line, parse_constant=_refuse) for line in self.out.splitlines()]

    @property
    def line(self) -> str:
        """Standard error, which must be one line of lec10's."""
        assert self.err.startswith("lec10: ") and self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err.removeprefix("lec10: ").rstrip("\n")


class Shell:
    """Gives commands in this process; `capture` reads what they write."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *words: object) -> Done:
        self._capture.readouterr()
        with pytest.raises(SystemExit) as leaving:
            main([str(word) for word in words])
        out, err = self._capture.readouterr()
        return Done(leaving.value.code if isinstance(leaving.value.code, int) else -1, out, err)


def process(*words: object, **options: Any) -> subprocess.Popen[str]:
    """The command as a process with both outputs piped."""
    words_and_pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
    return subprocess.Popen([*LEC10, *map(str, words)], stdin=subprocess.DEVNULL, **words_and_pipes)
