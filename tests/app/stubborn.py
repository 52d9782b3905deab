"""A program for the tests of signals: the app over fakes, in a real terminal.

Arguments: the home, and `calm` or `busy` (repaints all the time, so that a terminal that stops reading blocks it).
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from app_fakes import ROOT, TOY, FakeWorkers

from lec10_tui.app import Lec10App
from lec10_tui.shell.rows_view import RowsView
from lec10_tui.shell.running import run_until_left
from lec10_tui.vocabulary.experiments import Places


class Witness(FakeWorkers):
    """Leaves a file when it is closed, as a keeper would."""

    def close(self, timeout: float) -> str | None:
        (home / "kept").write_text("all")
        return None


class Busy(Lec10App):
    """Repaints the whole screen all the time."""

    def on_ready(self) -> None:
        view = self.screen_stack[0].query_one(RowsView)
        letters = itertools.cycle("abcdefghijklmnopqrstuvwxyz")
        view.render_line = lambda y: view.strip([(next(letters) * view.size.width, "")], view.size.width)
        self.set_interval(0.005, view.refresh)


home, mood = Path(sys.argv[1]), sys.argv[2]
home.mkdir(parents=True, exist_ok=True)
places = Places(ROOT / "assets", home / "checkpoints", home)
app = (Busy if mood == "busy" else Lec10App)(places, lessons=(TOY,), workers=Witness())
sys.exit(run_until_left(app, patience=0.7))
