"""The contents screen: where the program starts, and comes back to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    # It brings numpy, which the contents do without: it is imported once they are painted.
    from lec10_tui.shell.desk import Cover
    from lec10_tui.widgets.canvas import Canvas

COVERED_FROM = 110
"""Columns from which a picture fits beside the contents."""


class ContentsScreen(PlainScreen):
    """The lessons of the lecture, the chosen one in a few words, and the run that was kept last."""

    TITLE = "contents"
    KEYS = CONTENTS_KEYS
    BINDINGS = bindings(CONTENTS_KEYS)

    def __init__(
        self, lessons: tuple[Lesson, ...], last_run: Callable[[], str], models: Mapping[str, Cover], look: Look
    ) -> None:
        """`last_run` answers the words for the last run, "" without one; `models` are recorded ones by lesson's name.

        Both are looked at once the screen is painted.
        """
        super().__init__(look)
        self._last_run = last_run
        self._models = models
        self._covers: dict[Cover, Canvas] = {}
        self.contents = Contents(lessons, lessons[0].number, ascii=look.ascii)

    def compose(self) -> ComposeResult:
        """The contents, a picture beside them where there is room, over the footer."""
        with Horizontal():
            yield RowsView(self._drawing, id="contents")
            yield Container(id="cover")
        yield self.foot

    def on_resize(self, event: events.Resize) -> None:
        """Keep room for the picture from the first paint on, so that nothing moves when it comes."""
        covered = bool(self._models) and event.size.width >= COVERED_FROM
        self.set_class(covered, "-covered")
        if covered:
            self.call_after_refresh(self._show_cover)

    def on_screen_resume(self) -> None:
        """The screen is there, or back: the last run may be another."""
        self.call_after_refresh(self._find_last_run)

    def choose(self, number: int) -> None:
        """Put the cursor on the lesson of that number."""
        self._show(replace(self.contents, selected=number))
        self.call_after_refresh(self._show_cover)

    def _find_last_run(self) -> None:
        self._show(replace(self.contents, last_run=self._last_run()))

    def _show_cover(self) -> None:
        """Show the picture of the lesson that is chosen, made when it is first."""
        from lec10_tui.runs.errors import RunError
        from lec10_tui.shell.cover import cover_of

        lesson = self.contents.lesson
        if not self.has_class("-covered"):
            return
        chosen = self._models.get(lesson.name)
        if chosen is not None and chosen not in self._covers:
            try:
                made = cover_of(*chosen, self.look)
            except RunError as error:
                self.tell(str(error), wrong=True)
            else:
                if made is not None:
                    self._covers[chosen] = made
                    self.query_one("#cover", Container).mount(made)
        for model, cover in self._covers.items():
            cover.display = model == chosen

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

    def action_half(self, half: int) -> None:
        """The lesson that stands beside this one in the other half of the lecture."""
        here = self.contents.lesson
        column = [lesson.number for lesson in self.contents.lessons if lesson.half == here.half]
        beside = [lesson.number for lesson in self.contents.lessons if lesson.half == half]
        if half != here.half and beside:
            self.choose(beside[min(column.index(here.number), len(beside) - 1)])

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
