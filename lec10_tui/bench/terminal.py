"""Terminal: a program in a pseudo-terminal, its keys, and what it draws, with times."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from lec10_tui.bench.figures import BenchError
from lec10_tui.bench.processes import spoken

ESCAPES = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]"  # control sequences: colours, cursor, modes
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, pointer shapes, clipboard
    rb"|\x1b[()][0-9A-Z]|\x1b[=>78cDEHM]"
)

ANSWERS: Mapping[bytes, bytes] = {
    b"\x1b[5n": b"\x1b[0n",
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
}
"""What a terminal of today says to what programs ask of it: it is well, it can hold a frame back until it is whole."""

QUESTIONS = re.compile(b"|".join(map(re.escape, ANSWERS)))
LONGEST = max(map(len, ANSWERS))
CLOSING_SECONDS = 10.0


def plain(data: bytes) -> str:
    """What `data` draws, in the order it is drawn, without colours and positions."""
    return ESCAPES.sub(b"", data).decode("utf-8", "replace")


class Terminal:
    """Runs `command` in a pseudo-terminal of this size; as a context it ends the program on leaving.

    `started` and the times of `wait_for` and `press` are of `time.perf_counter`. All that the program draws is read by
    `pump` and `wait_for` alone: between them nothing is read, as on a stalled line.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str], columns: int = 120, rows: int = 40) -> None:
        self.command = command
        self.received = 0
        self._tail = b""
        self._mark = b""
        self._code: int | None = None
        self.started = time.perf_counter()
        self._pid, self._file = pty.fork()
        if self._pid == 0:  # pragma: no cover - the child becomes the program
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(command[0], list(command), dict(env))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def press(self, keys: bytes) -> float:
        """Send keys; what is drawn from now on is what `wait_for` looks at. Returns when."""
        self._mark = b""
        at = time.perf_counter()
        try:
            os.write(self._file, keys)
        except OSError:
            raise BenchError(self._words("is not there any more")) from None
        return at

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program is told."""
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def pump(self, seconds: float) -> int:
        """Read what is drawn for so many seconds; returns how many bytes came."""
        before, until = self.received, time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._read(left)
        return self.received - before

    def drawn(self, seconds: float) -> str:
        """What is drawn in so many seconds, as text."""
        self._mark = b""
        self.pump(seconds)
        return plain(self._mark)

    def wait_for(self, pattern: str, timeout: float) -> float:
        """Read until text that matches `pattern` was drawn since the last key; when. Raises BenchError if it is not."""
        wanted, until = re.compile(pattern), time.perf_counter() + timeout
        while not wanted.search(plain(self._mark)):
            left = until - time.perf_counter()
            if left <= 0:
                raise BenchError(self._words(f"did not draw {pattern!r} within {timeout:g} s"))
            self._read(left)
        return time.perf_counter()

    def _read(self, seconds: float) -> None:
        if not select.select([self._file], [], [], max(seconds, 0.0))[0]:
            return
        try:
            data = os.read(self._file, 1 << 16)
        except OSError:  # the program has closed its end
            data = b""
        if not data:
            raise BenchError(self._words("ended"))
        self.received += len(data)
        self._mark += data
        # a question may come in two pieces, and is answered once
        seen, end = self._tail + data, 0
        for question in QUESTIONS.finditer(seen):
            os.write(self._file, ANSWERS[question[0]])
            end = question.end()
        start = seen.rfind(b"\x1b", end)
        self._tail = seen[start:][:LONGEST] if start >= 0 else b""

    def _words(self, what: str) -> str:
        drawn = " ".join(plain(self._mark).split())
        return f"{spoken(self.command)} {what}; last drawn: {drawn[-120:]!r}"

    def close(self, patience: float = CLOSING_SECONDS) -> int:
        """End the program as a closing window does, at last by force, and see it gone; returns its exit code."""
        if self._code is None:
            self._signal(signal.SIGTERM)
            self._code = self._end(patience)
        if self._code is None:
            self._signal(signal.SIGKILL)
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        return self._code

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, number)

    def _end(self, patience: float) -> int | None:
        """The exit code, once the program has ended; what it draws meanwhile is read, or it could not end."""
        until = time.perf_counter() + patience
        while time.perf_counter() < until:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if select.select([self._file], [], [], 0.01)[0]:
                try:
                    os.read(self._file, 1 << 16)
                except OSError:  # it has closed the terminal and is about to end
                    time.sleep(0.01)
        return None
