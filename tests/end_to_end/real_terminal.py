"""A real terminal for tests: a pty whose other end runs lec10, an emulator that reads it; and what a command leaves."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyte

LEC10 = (sys.executable, "-m", "lec10_tui")
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds until a test gives up; long, because nothing is asserted about time by it."""

KEYS: Mapping[str, bytes] = {
    "space": b" ",
    "enter": b"\r",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "esc": b"\x1b",
    "backspace": b"\x7f",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "ctrl+c": b"\x03",
    "ctrl+u": b"\x15",
}
ALTERNATE_SCREEN, CURSOR, MOUSE = 1049 << 5, 25 << 5, 1000 << 5
"""Private modes as the emulator keeps them."""

Seen = str | Callable[[str], object]


class Glass(pyte.Screen):
    """What the emulator shows; it answers what a program asks of a terminal."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None]) -> None:
        self._answer = answer
        super().__init__(columns, rows)

    def write_process_input(self, data: str) -> None:
        """Answer a query of the program."""
        self._answer(data)


class Terminal:
    """One program in one terminal of `size` columns × rows; `env` is laid over the plainest SSH session's."""

    def __init__(
        self, *words: object, size: tuple[int, int] = (120, 40), home: Path, cwd: Path | None = None, **env: str
    ) -> None:
        self._own, other = pty.openpty()
        self._open = True
        self._set_size(*size)
        self.before = termios.tcgetattr(other)
        self._other = other
        self.screen = Glass(*size, lambda text: self._write(text.encode()))
        self._stream = pyte.ByteStream(self.screen)
        plain = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(home)}
        self.process = subprocess.Popen(
            [*LEC10, *map(str, words)],
            env={**plain, "LEC10_HOME": str(home), "PYTHONPATH": str(ROOT), **env},
            cwd=cwd or home.parent,
            preexec_fn=lambda: os.login_tty(other),
        )

    # What a person does.

    def press(self, *keys: str) -> None:
        """Press keys one after the other: a name of KEYS, or what is typed."""
        for key in keys:
            self._write(KEYS.get(key, key.encode()))
            # An escape that arrives together with the next key would be another key.
            self.look(0.12 if key == "esc" else 0.01)

    def resize(self, columns: int, rows: int) -> None:
        """Drag the window's corner."""
        self.screen.resize(rows, columns)
        self.screen.erase_in_display(2)
        self._set_size(columns, rows)

    def look(self, seconds: float) -> bool:
        """Read what the program writes, for so long; False once it has closed its end."""
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            if not select.select([self._own], [], [], max(left, 0.0))[0]:
                return True
            try:
                data = os.read(self._own, 1 << 16)
            except OSError:
                return False
            if not data:
                return False
            # The emulator would print the end of these two, which turn Kitty's keyboard off and on.
            self._stream.feed(data.replace(b"\x1b[<u", b"").replace(b"\x1b[>1u", b""))
            if left <= 0:
                return True

    def wait(self, seen: Seen, patience: float = PATIENCE) -> str:
        """Look until the text is on the screen, or a predicate of the screen's text holds; the text that was seen."""
        until = time.monotonic() + patience
        while True:
            text = self.text
            if seen in text if isinstance(seen, str) else seen(text):
                return text
            assert self.process.poll() is None, f"lec10 left with {self.process.returncode}:\n{text}"
            assert time.monotonic() < until, f"{seen!r} never came:\n{text}"
            self.look(0.05)

    def focus(self, title: str) -> None:
        """Press tab until the panel of this title has the line round it."""
        for _ in range(12):
            if f"╭ {title}" in self.text:
                return
            before = self.focused
            self.press("tab")
            self.wait(lambda text, before=before: self.focused not in (None, before))
        raise AssertionError(f"no panel is called {title!r}:\n{self.text}")

    def choose(self, label: str) -> None:
        """Move the keys to a knob of the knobs panel, which has the focus."""
        self.press("home")
        self.wait("▸ preset ")
        for _ in range(40):
            if f"▸ {label} " in self.text:
                return
            before = self.chosen
            self.press("down")
            self.wait(lambda text, before=before: self.chosen not in ("", before))
        raise AssertionError(f"no knob is called {label!r}:\n{self.text}")

    def left(self, patience: float = PATIENCE) -> int:
        """Look until the program has left; its exit status (128 + the signal that killed it)."""
        until = time.monotonic() + patience
        while self.process.poll() is None:
            assert time.monotonic() < until, f"lec10 did not leave:\n{self.text}"
            self.look(0.02)
        self.look(0.1)
        code = self.process.returncode
        return code if code >= 0 else 128 - code

    def hang_up(self) -> None:
        """Drop the line: the terminal is gone."""
        os.close(self._other)
        os.close(self._own)
        self._open = False

    # What a person sees.

    @property
    def lines(self) -> list[str]:
        """The screen, line by line; thin spaces are spaces."""
        return [line.replace("\u2009", " ").rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def focused(self) -> tuple[int, int, str] | None:
        """Where the panel with the line round it begins, and the first word of its title; None while it moves."""
        corners = [(row, *found.span()) for row, line in enumerate(self.lines) for found in re.finditer("╭ ", line)]
        if len(corners) != 1:
            return None
        ((row, column, after),) = corners
        return row, column, re.split(r"[ ─]", self.lines[row][after:], maxsplit=1)[0]

    @property
    def chosen(self) -> str:
        """The knob that the keys are on, "" while it can't be seen."""
        found = re.search(r"▸ (\S+(?: \S+)*)  ", self.text)
        return found[1] if found else ""

    @property
    def restored(self) -> bool:
        """Whether the terminal is as it was: normal screen, cursor on, mouse off, lines and echo as before."""
        modes = self.screen.mode
        as_before = termios.tcgetattr(self._other)[:4] == self.before[:4]
        return as_before and CURSOR in modes and ALTERNATE_SCREEN not in modes and MOUSE not in modes

    @property
    def on_alternate_screen(self) -> bool:
        """Whether the program has taken the screen."""
        return ALTERNATE_SCREEN in self.screen.mode

    def colours(self) -> set[str]:
        """Every colour, of ink and paper, that is on the screen."""
        cells = (self.screen.buffer[y][x] for y in range(self.screen.lines) for x in range(self.screen.columns))
        return {colour for cell in cells for colour in (cell.fg, cell.bg)}

    # The end.

    def close(self) -> None:
        """End the program, if it is still there, and close the pty."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        if self._open:
            self.hang_up()

    def _write(self, data: bytes) -> None:
        os.write(self._own, data)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._own, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Done]
