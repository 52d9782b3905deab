"""The app: contents, lessons, runs; it wires screens to workers and holds no mathematics."""

from __future__ import annotations

import asyncio
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.command import Provider
from textual.driver import Driver
from textual.screen import Screen
from textual.widgets import Input

from lec10_tui.lessons import CONTENTS, Lesson
from lec10_tui.shell import log, settings, terminal, themes
from lec10_tui.shell.contents import ContentsScreen
from lec10_tui.shell.desk import Desk, RealWorkers, Seat, Workers
from lec10_tui.shell.lean_driver import leaner
from lec10_tui.shell.messages import LessonChosen
from lec10_tui.shell.settings import Settings
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.widgets.footer import FootLine

if TYPE_CHECKING:
    # These bring numpy, which the contents do without: it is imported once they are painted.
    from lec10_tui.vocabulary.experiments import Places
    from lec10_tui.widgets.messages import Copy, Export, Leave, LookChanged, Turn, Visit


def _palette() -> type[Provider]:
    from lec10_tui.shell.palette import Everything

    return Everything


class Lec10App(App[None]):
    """One lecture in a terminal."""

    TITLE = "lec10"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}

    def __init__(
        self,
        places: Places,
        *,
        lesson: str | None = None,
        given: Mapping[str, Any] | None = None,
        run: str | None = None,
        ascii: bool = False,
        theme: str | None = None,
        lessons: tuple[Lesson, ...] = CONTENTS,
        workers: Workers | None = None,
        env: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`lesson` is opened at once, with the knobs `given` or the `run`; raises BadValue for an unknown theme."""
        super().__init__()
        self.places = places
        self.lessons = lessons
        self.clock = clock
        self.desk = Desk(workers or RealWorkers(places), places)
        self.settings = settings.load(places.home)
        self.look = terminal.look(env, self.settings.glyphs, ascii or self.settings.ascii)
        self._first = (lesson, dict(given or {}), run)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leaving = False
        for own in themes.load(places.assets):
            self.register_theme(own)
        if theme is not None and theme not in self.available_themes:
            raise BadValue(f"theme: {theme!r} is none of {', '.join(sorted(self.available_themes))}")
        self.theme = themes.chosen(self.available_themes, theme, self.settings.theme)

    def get_driver_class(self) -> type[Driver]:
        """The terminal's driver, with leaner output."""
        return leaner(super().get_driver_class())

    def get_default_screen(self) -> Screen[None]:
        """The contents, under everything else."""
        return ContentsScreen(self.lessons, self._last_run, self.desk.covers(self.lessons), self.look)

    def on_mount(self) -> None:
        """Open what was asked for; from now on themes are remembered."""
        self._loop = asyncio.get_running_loop()
        if self._leaving:
            self.exit()
        self.theme_changed_signal.subscribe(
            self, lambda theme: self._remember(replace(self.settings, theme=theme.name))
        )
        name, given, run = self._first
        if name is not None:
            self.open_lesson(self._lesson(name), given, run)

    # lessons

    def open_lesson(
        self, lesson: Lesson, given: Mapping[str, Any] | None = None, run: str | None = None, demo: bool = False
    ) -> None:
        """Show a lesson as it was left, or new; its worker begins once the screen is painted."""
        seat = self.desk.seat(lesson, self.look, given or {}, run)
        if not self.is_screen_installed(lesson.name):
            self.install_screen(seat.screen, lesson.name)
        if self.screen is not seat.screen:
            self._to_contents()
            self.push_screen(seat.screen)
        seat.screen.call_after_refresh(seat.begin)
        if demo:
            seat.screen.call_after_refresh(seat.screen.run_action, "scenes")

    def _lesson(self, name: str) -> Lesson:
        return next(lesson for lesson in self.lessons if lesson.name == name)

    def _to_contents(self) -> None:
        """Leave everything that lies over the contents; a lesson's run is held and saved."""
        while len(self.screen_stack) > 1:
            self._leave_top()

    def _leave_top(self) -> None:
        seat = self._seat()
        contents = self.screen_stack[0]
        if seat is not None and seat.screen is self.screen:
            self.desk.leave(seat)
            if isinstance(contents, ContentsScreen):
                contents.choose(seat.lesson.number)
        self.pop_screen()

    def _seat(self) -> Seat | None:
        """The lesson that is open, if any."""
        return next((seat for seat in self.desk.seats.values() if seat.screen in self.screen_stack), None)

    def on_lesson_chosen(self, message: LessonChosen) -> None:
        """A lesson was chosen in the contents, the runs or the palette."""
        names = [lesson.name for lesson in self.lessons]
        if message.name in names:
            self.open_lesson(self._lesson(message.name), run=message.run, demo=message.demo)
        else:
            self.tell(f"{message.name or 'this run'}: no lesson of that name is here: {', '.join(names)}")

    def on_turn(self, message: Turn) -> None:
        """The previous or the next lesson."""
        seat = self._seat()
        index = self.lessons.index(seat.lesson) + message.direction if seat else 0
        if 0 <= index < len(self.lessons):
            self.open_lesson(self.lessons[index])
        else:
            self.tell("this is the last lesson" if message.direction > 0 else "this is the first lesson")

    def on_visit(self, message: Visit) -> None:
        """Another place of the program."""
        self.action_visit(message.place)

    def action_visit(self, place: str) -> None:
        """Another place of the program: contents, palette or runs."""
        if place == "contents":
            self._to_contents()
        elif place == "palette":
            self.action_command_palette()
            self.call_after_refresh(self._steady)
        else:
            from lec10_tui.shell.runs import RunsScreen

            if seat := self._seat():
                self.desk.keep(seat)
            self.push_screen(RunsScreen(self.places.home, self.desk.folders, self.look, self.clock, self.lessons))

    def _steady(self) -> None:
        """Nothing blinks: not the palette's cursor either."""
        for line in self.screen.query(Input):
            line.cursor_blink = False

    def _last_run(self) -> str:
        from lec10_tui.runs.errors import RunError
        from lec10_tui.runs.folders import listing
        from lec10_tui.shell.runs_drawing import last_run

        try:
            return last_run(listing(self.places.home), self.clock(), self.lessons)
        except RunError as error:
            return str(error)

    # leaving

    def on_lesson_leave(self, message: Leave) -> None:
        """Back, or out."""
        if message.quit:
            self.action_leave()
        else:
            self._back()

    async def action_back(self) -> None:
        """Back to what lies under this screen."""
        self._back()

    def _back(self) -> None:
        if len(self.screen_stack) > 1:
            self._leave_top()

    def action_leave(self) -> None:
        """Quit, after asking when a run is training."""
        going = ", ".join(f"{seat.lesson.name} is {seat.screen.RUNNING}" for seat in self.desk.training())
        if not going:
            self.exit()
            return
        while self._foot is None:
            self.pop_screen()
        self._foot.ask(f"{going}; save it and quit?", lambda yes: self.exit() if yes else None)

    async def action_quit(self) -> None:
        """Textual's own ctrl+q."""
        self.action_leave()

    def action_help_quit(self) -> None:
        """ctrl+c where no screen takes it: Textual would explain ctrl+q."""
        self.action_leave()

    def leave_soon(self) -> None:
        """Leave without asking; may be called at any point of the main thread, by a signal handler too."""
        self._leaving = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.exit)

    # what is remembered

    def on_next_theme(self) -> None:
        """The next theme."""
        self.action_theme()

    def action_theme(self) -> None:
        """The next theme."""
        self.theme = themes.after(self.theme, self.available_themes)
        self.tell(f"theme: {self.theme}")

    def on_look_changed(self, message: LookChanged) -> None:
        """Pictures are drawn another way, here and in the lessons that are opened later."""
        self.look = message.look
        if not self.look.ascii:
            self._remember(replace(self.settings, glyphs=self.look.glyphs))

    def _remember(self, changed: Settings) -> None:
        if changed != self.settings:
            self.settings = changed
            trouble = settings.save(changed, self.places.home)
            if trouble:
                self.tell(trouble)

    # what leaves the program

    def on_copy(self, message: Copy) -> None:
        """Put a text on the clipboard (OSC 52), and into a file for terminals that drop it."""
        from lec10_tui.runs.errors import RunError
        from lec10_tui.shell.exporting import write_copy

        self.copy_to_clipboard(message.text)
        try:
            self.tell(f"{message.what} copied, and in {write_copy(message.text, self.places.home)}")
        except RunError as error:
            self.tell(f"{message.what} copied; {error}")

    def on_export(self, message: Export) -> None:
        """Write the panel's files and a picture of the screen, off the event loop."""
        seat = self._seat()
        stem = f"{seat.lesson.name}-screen" if seat else "screen"
        self.run_worker(self._export(message, self.export_screenshot(title=message.title), stem), group="export")

    async def _export(self, message: Export, screen: str, stem: str) -> None:
        from lec10_tui.runs.errors import RunError
        from lec10_tui.shell.exporting import named_files, write_exports

        try:
            files = await asyncio.to_thread(write_exports, message.exports, screen, stem, self.places.home)
            self.tell(f"written: {named_files(files)}")
        except RunError as error:
            self.tell(str(error))

    def tell(self, text: str) -> None:
        """Say one line at the foot of the screen."""
        if self._foot is not None:
            self._foot.tell(text)

    @property
    def _foot(self) -> FootLine | None:
        """The footer of the screen; the palette and the `?` page have none."""
        foot = getattr(self.screen, "foot", None)
        return foot if isinstance(foot, FootLine) else None

    # what nobody foresaw

    def _fatal_error(self) -> None:
        """Textual's hook for an exception nobody caught: one line for the person, the traceback into the log."""
        error = self._exception
        what = " ".join(f"{type(error).__name__}: {error}".split())
        path = log.record(self.places.home, what, traceback.format_exc())
        if not self._exit_renderables:
            where = f"details in {path}" if path else "no log can be written"
            self._exit_renderables.append(f"lec10: {what} ({where})")
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Textual's hook for what is said at the end: as it is, where rich would break a long path in two."""
        for words in self._exit_renderables[:1]:
            print(words, file=sys.stderr)
        self._exit_renderables.clear()


def run_app(
    *,
    lesson: str | None,
    given: Mapping[str, Any],
    run: str | None,
    places: Places,
    ascii: bool,
    theme: str | None,
) -> int:
    """Run the app until it is left, with everything saved; the exit code: 0, or 1 after a failure.

    A `run` without a `lesson` is opened in the lesson it belongs to. Raises BadValue, RunError.
    """
    from lec10_tui.shell.running import run_until_left

    if run is not None and lesson is None:
        lesson = _lesson_of(run, places)
    app = Lec10App(places, lesson=lesson, given=given, run=run, ascii=ascii, theme=theme)
    return run_until_left(app)


def _lesson_of(run: str, places: Places) -> str:
    from lec10_tui.runs.errors import RunError
    from lec10_tui.runs.folders import find, info

    folder = find(run, places)
    found = info(folder)
    if found.lesson not in [lesson.name for lesson in CONTENTS]:
        raise RunError(
            found.note or f"{folder}: is a run of {found.lesson or 'no lesson'}, which this lec10 does not have"
        )
    return found.lesson
