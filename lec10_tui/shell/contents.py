"""The contents screen: where the program starts, and comes back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal

from lec10_tui.lessons import Lesson
from lec10_tui.shell.contents_drawing import Contents, draw_contents
from lec10_tui.shell.keys import CONTENTS_KEYS
from lec10_tui.shell.messages import LessonChosen
from lec10_tui.shell.plain_screen import PlainScreen
from lec10_tui.shell.rows import Row
from lec10_tui.shell.rows_view import RowsView
from lec10_tui.widgets.keys import bindings
from lec10_tui.widgets.look import Look

COVERED_FROM = 110
"""Columns from which a picture fits beside the contents."""


class ContentsScreen(PlainScreen):
    """The lessons of the lecture, the chosen one in a few words, and the run that was kept last."""

    TITLE = "contents"
    KEYS = CONTENTS_KEYS
    BINDINGS = bindings(CONTENTS_KEYS)

    def __init__(
        self, lessons: tuple[Lesson, ...], last_run: Callable[[], str], cover: tuple[Lesson, Path] | None, look: Look
    ) -> None:
        """`last_run` answers the words for the last run, "" without one; `cover` names a lesson and its recorded model.

        Both are looked at once the screen is painted.
        """
        super().__init__(look)
        self._last_run = last_run
        self._model = cover
        self.contents = Contents(lessons, lessons[0].number, ascii=look.ascii)

    def compose(self) -> ComposeResult:
        """The contents, a picture beside them where there is room, over the footer."""
        with Horizontal():
            yield RowsView(self._drawing, id="contents")
            yield Container(id="cover")
        yield self.foot

    def on_resize(self, event: events.Resize) -> None:
        """Keep room for the picture from the first paint on, so that nothing moves when it comes."""
        covered = self._model is not None and event.size.width >= COVERED_FROM
        self.set_class(covered, "-covered")
        if covered:
            self.call_after_refresh(self._show_cover)

    def on_screen_resume(self) -> None:
        """The screen is there, or back: the last run may be another."""
        self.call_after_refresh(self._find_last_run)

    def choose(self, number: int) -> None:
        """Put the cursor on the lesson of that number."""
        self._show(replace(self.contents, selected=number))

    def _find_last_run(self) -> None:
        self._show(replace(self.contents, last_run=self._last_run()))

    def _show_cover(self) -> None:
        from lec10_tui.runs.errors import RunError
        from lec10_tui.shell.cover import Cover
        from lec10_tui.shell.recorded import pictures

        place = self.query_one("#cover", Container)
        if self._model is None or place.children:
            return
        try:
            images = pictures(*self._model)
        except RunError as error:
            self.tell(str(error), wrong=True)
        else:
            if images is not None:
                place.mount(Cover(images, self.look))

    def _show(self, contents: Contents) -> None:
        self.contents = contents
        self.query_one(RowsView).redraw()

    def _drawing(self, width: int, height: int) -> list[Row]:
        return draw_contents(self.contents, width, height)

    def action_select(self, direction: int) -> None:
        """The next lesson, or the previous one."""
        numbers = [lesson.number for lesson in self.contents.lessons]
        index = numbers.index(self.contents.selected) + direction
        self.choose(numbers[min(max(index, 0), len(numbers) - 1)])

    def action_number(self, digit: int) -> None:
        """A digit after the first digit of a longer number makes that number: 1 1 is lesson 11."""
        numbers = [lesson.number for lesson in self.contents.lessons]
        for number in (self.contents.selected * 10 + digit, digit):
            if number in numbers:
                self.choose(number)
                return

    def action_open(self, demo: bool) -> None:
        """Open the lesson, playing its scenes with `demo`."""
        self.post_message(LessonChosen(self.contents.lesson.name, demo=demo))
