"""Runs a shell command in a pseudo-terminal, waits until a text is painted, presses a key, and wants exit code 0.

    first_paint.py --text TEXT [--key q] [--timeout SECONDS] COMMAND

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

ROWS, COLUMNS = 40, 120
ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b.", re.DOTALL)
TAIL = 4000


def main() -> int:
    """0 when the text was painted and the command left with 0 after the key; 1 and the last output otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", required=True)
    parser.add_argument("--key", default="q")
    parser.add_argument("--timeout", type=float, default=900.0)
    parser.add_argument("command")
    options = parser.parse_args()

    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8")
        os.execvp("bash", ["bash", "-c", options.command])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    started = time.monotonic()
    deadline = started + options.timeout
    seen = b""
    pressed = False
    while True:
        output = _read(terminal, deadline)
        if output is None:
            break
        seen += output
        if not pressed and options.text in plain(seen):
            print(f"painted after {time.monotonic() - started:.1f} s; pressing {options.key!r}", flush=True)
            os.write(terminal, options.key.encode())
            pressed = True
            deadline = time.monotonic() + 60.0
    return _verdict(child, seen, pressed, options.text, time.monotonic() >= deadline)


def _read(terminal: int, deadline: float) -> bytes | None:
    """What the command wrote; empty when nothing came yet, None when it has ended or the time is over."""
    ready, _, _ = select.select([terminal], [], [], max(0.0, min(1.0, deadline - time.monotonic())))
    if not ready:
        return None if time.monotonic() >= deadline else b""
    try:
        return os.read(terminal, 1 << 16) or None
    except OSError:  # Linux says EIO when the last process has closed the terminal.
        return None


def _verdict(child: int, seen: bytes, pressed: bool, text: str, late: bool) -> int:
    if late:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if pressed and code == 0:
        print("left with exit code 0")
        return 0
    print(plain(seen)[-TAIL:])
    what = f"{text!r} was never painted" if not pressed else "it did not leave"
    print(f"{what if late or not pressed else 'it left badly'}; exit code {code}", file=sys.stderr)
    return 1


def plain(output: bytes) -> str:
    """What was written, without the escapes."""
    return ESCAPES.sub(b"", output).decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
