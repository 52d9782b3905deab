"""Running the app to its end: signals, workers, the disk and the terminal, whatever happens."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from lec10_tui.shell.signals import PATIENCE, Terminal, leaving

if TYPE_CHECKING:
    from lec10_tui.app import Lec10App


def run_until_left(app: Lec10App, patience: float = PATIENCE) -> int:
    """Run the app; stop its workers and wait for the disk within bounds. The exit code: 0, or 1 after a failure.

    `patience` is how many seconds after a signal the app may take before it is left without its event loop.
    """
    terminal = Terminal()

    def last_resort() -> None:
        unsaved = app.desk.close()
        terminal.restore()
        os._exit(1 if unsaved else 0)

    with leaving(app.leave_soon, last_resort, patience):
        try:
            app.run()
        finally:
            unsaved = app.desk.close()
    if unsaved:
        print(f"lec10: {unsaved}", file=sys.stderr)
        return 1
    return app.return_code or 0
