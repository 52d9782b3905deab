"""The runs screen: what is kept, newest first; open, rename, delete."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from textual.app import ComposeResult

from lec10_tui.lessons import CONTENTS, Lesson
from lec10_tui.runs.errors import RunError
from lec10_tui.runs.folders import RunInfo, delete, listing, rename
from lec10_tui.shell.keys import RUNS_KEYS
from lec10_tui.shell.messages import LessonChosen
from lec10_tui.shell.plain_screen import PlainScreen
from lec10_tui.shell.rows import Row, cut, spread
from lec10_tui.shell.rows_view import RowsView
from lec10_tui.shell.runs_drawing import EMPTY, draw_run, heading
from lec10_tui.widgets.keys import bindings
from lec10_tui.widgets.look import Look

SAVED_WITHIN = 0.5
"""Seconds after which a run that is saved when the screen opens is there."""


class RunList(RowsView):
    """The runs, one a line; the chosen one is always in sight."""

    def __init__(self, lessons: tuple[Lesson, ...], *, ascii: bool, clock: Callable[[], float]) -> None:
        super().__init__(self._lines)
        self._lessons = lessons
        self._ascii = ascii
        self._clock = clock
        self._top = 0
        self.runs: tuple[RunInfo, ...] = ()
        self.chosen = 0

    def show(self, runs: tuple[RunInfo, ...], chosen: int) -> None:
        """Show these runs, the cursor on the one at `chosen`, or on the nearest there is."""
        self.runs = runs
        self.chosen = min(max(chosen, 0), max(len(runs) - 1, 0))
        self.redraw()

    def _lines(self, width: int, height: int) -> list[Row]:
        self._top = max(min(self._top, self.chosen, len(self.runs) - height), self.chosen - height + 1, 0)
        now = self._clock()
        shown = enumerate(self.runs[self._top : self._top + height], self._top)
        return [
            draw_run(run, index == self.chosen, width, now, self._lessons, ascii=self._ascii) for index, run in shown
        ]


class RunsScreen(PlainScreen):
    """Every run that is kept; the newest is chosen."""

    TITLE = "runs"
    KEYS = RUNS_KEYS
    BINDINGS = bindings(RUNS_KEYS)

    def __init__(
        self,
        home: Path,
        in_use: Callable[[], frozenset[Path]],
        look: Look,
        clock: Callable[[], float] = time.time,
        lessons: tuple[Lesson, ...] = CONTENTS,
    ) -> None:
        """`in_use` answers the folders that are open in a lesson: those are neither renamed nor deleted."""
        super().__init__(look)
        self._home = home
        self._in_use = in_use
        self._clock = clock
        self._lessons = lessons

    def compose(self) -> ComposeResult:
        """Where they lie and the columns' names, the runs, the footer."""
        yield RowsView(self._head, id="runs-head")
        yield RunList(self._lessons, ascii=self.look.ascii, clock=self._clock)
        yield self.foot

    def on_screen_resume(self) -> None:
        """The screen is there, or back: read what is kept now, and what is being saved."""
        self.call_after_refresh(self.read)
        self.set_timer(SAVED_WITHIN, self.read)

    def read(self) -> None:
        """Read the runs from the disk again, the cursor staying on its run."""
        runs = self.query_one(RunList)
        name = runs.runs[runs.chosen].name if runs.runs else ""
        try:
            found = listing(self._home)
        except RunError as error:
            found = ()
            self.tell(str(error), wrong=True)
        names = [run.name for run in found]
        runs.display = bool(found)
        self.query_one("#runs-head").set_class(not found, "-empty")
        self._show(found, names.index(name) if name in names else runs.chosen)

    def _show(self, found: tuple[RunInfo, ...], chosen: int) -> None:
        self.query_one(RunList).show(found, chosen)
        self.query_one("#runs-head", RowsView).redraw()

    def _choose(self, index: int) -> None:
        self._show(self.query_one(RunList).runs, index)

    def _head(self, width: int, height: int) -> list[Row]:
        runs, chosen = self.query_one(RunList).runs, self.query_one(RunList).chosen
        count = f"{chosen + 1} of {len(runs)}" if runs else ""
        ellipsis = "~" if self.look.ascii else "…"
        where = cut(str(self._home / "runs"), max(width - 30, 10), ellipsis)
        title = spread((("runs", "accent"), (f"   {count}", "dim")), ((where, "dim"),), width)
        words: list[Row] = [(), ((EMPTY[0], "strong"),), ((cut(EMPTY[1], width, ellipsis), "dim"),)]
        return [(), title, (), *([heading(width)] if runs else words)]

    @property
    def chosen(self) -> RunInfo | None:
        """The run under the cursor."""
        runs = self.query_one(RunList)
        return runs.runs[runs.chosen] if runs.runs else None

    def on_mouse_scroll_down(self) -> None:
        """The wheel turns."""
        self.action_select(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel turns."""
        self.action_select(-1)

    def action_select(self, direction: int) -> None:
        """The next run, or the previous one."""
        runs = self.query_one(RunList)
        self._choose(runs.chosen + direction)

    def action_page(self, direction: int) -> None:
        """A page of runs on, or back."""
        runs = self.query_one(RunList)
        self._choose(runs.chosen + direction * max(runs.size.height - 1, 1))

    def action_ends(self, direction: int) -> None:
        """The newest run, or the oldest."""
        runs = self.query_one(RunList)
        self._choose(0 if direction < 0 else len(runs.runs))

    def action_open(self) -> None:
        """Open the run in its lesson."""
        run = self.chosen
        if run is not None and run.note:
            self.tell(run.note)
        elif run is not None:
            self.post_message(LessonChosen(run.lesson, run=str(run.path)))

    def action_rename(self) -> None:
        """Ask for another name."""
        run = self._free("renamed")
        if run is not None:
            self.foot.read("new name", run.name, lambda name: self._rename(run, name))

    def _rename(self, run: RunInfo, name: str) -> None:
        if name.strip() == run.name:
            return
        try:
            path = rename(run.name, name.strip(), self._home)
        except RunError as error:
            self.tell(str(error), wrong=True)
            return
        runs = self.query_one(RunList)
        renamed = replace(run, name=path.name, path=path)
        self._show(tuple(renamed if other is run else other for other in runs.runs), runs.chosen)
        self.read()

    def action_delete(self) -> None:
        """Delete the run, after asking."""
        run = self._free("deleted")
        if run is not None:
            self.foot.ask(f"delete {run.name}?", lambda yes: self._delete(run) if yes else None)

    def _delete(self, run: RunInfo) -> None:
        try:
            delete(run.name, self._home)
        except RunError as error:
            self.tell(str(error), wrong=True)
        else:
            self.tell(f"{run.name} is deleted")
        self.read()

    def _free(self, done: str) -> RunInfo | None:
        """The run under the cursor unless a lesson has it open."""
        run = self.chosen
        if run is not None and run.path in self._in_use():
            self.tell(f"{run.name} is open in {run.lesson}: open another run there, then it can be {done}")
            return None
        return run
