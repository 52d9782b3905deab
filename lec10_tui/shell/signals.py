"""Leaving when the line drops: signals that save and exit, and a watchdog for when the event loop is stuck.

A terminal that stops reading blocks the event loop itself, so a handler of the loop would never run. A plain signal
handler does: it asks the loop to leave, and starts a timer on another thread that saves and leaves without it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from types import FrameType

LEAVING = ("SIGHUP", "SIGTERM", "SIGINT")
PATIENCE = 4.0
RESTORE = b"\x1b[<u\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1049l\x1b[?25h\x1b[0m"
"""Kitty keys, bracketed paste and mouse off, the normal screen back, the cursor on, colours off."""


@contextlib.contextmanager
def leaving(leave: Callable[[], None], last_resort: Callable[[], None], patience: float = PATIENCE) -> Iterator[None]:
    """While inside, a signal that means "leave" calls `leave` once; still here `patience` seconds on, `last_resort`.

    `leave` runs on the main thread, at any point of it, so it must only schedule. `last_resort` runs on a thread of
    its own and is not expected to return.
    """
    watchdog: threading.Timer | None = None

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal watchdog
        if watchdog is None:
            watchdog = threading.Timer(patience, last_resort)
            watchdog.daemon = True
            watchdog.start()
            leave()

    numbers = [getattr(signal, name) for name in LEAVING if hasattr(signal, name)]
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        if watchdog is not None:
            watchdog.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


class Terminal:
    """The terminal as it was before the app took it, to be given back by a thread that must not block."""

    def __init__(self) -> None:
        self._input = _descriptor(sys.__stdin__)
        self._output = _descriptor(sys.__stderr__)
        self._attributes = None
        if self._input is not None:
            with contextlib.suppress(termios.error):
                self._attributes = termios.tcgetattr(self._input)

    def restore(self) -> None:
        """Put the terminal's modes back; what a stalled terminal does not take at once is dropped."""
        if self._input is not None and self._attributes is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._input, termios.TCSANOW, self._attributes)
        if self._output is not None:
            with contextlib.suppress(OSError):
                os.set_blocking(self._output, False)
                try:
                    os.write(self._output, RESTORE)
                finally:
                    os.set_blocking(self._output, True)


def _descriptor(stream: object) -> int | None:
    """The descriptor of a terminal stream; None for anything else."""
    try:
        number: int = stream.fileno()  # type: ignore[attr-defined]
        return number if os.isatty(number) else None
    except (AttributeError, OSError, ValueError):
        return None
