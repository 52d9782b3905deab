"""The log file: where a traceback goes, so that a person reads one line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

FILE = "lec10.log"
LIMIT = 1_000_000


def record(home: Path, what: str, detail: str) -> Path | None:
    """Append `what` and `detail` to the log under `home`; the file, or None where nothing can be written.

    Past LIMIT bytes the log starts anew, so that it never fills a disk.
    """
    path = home / FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        mode = "w" if path.exists() and path.stat().st_size > LIMIT else "a"
        with path.open(mode, encoding="utf-8") as file:
            file.write(f"{datetime.now().isoformat(timespec='seconds')}  {what}\n{detail.rstrip()}\n\n")
    except OSError:
        return None  # The line on the screen is then all there is, and it says no file.
    return path
