"""The desk: every lesson that was opened, with its screen and its worker, for as long as the app lives."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lec10_tui.lessons import Lesson
from lec10_tui.runs.errors import RunError
from lec10_tui.shell import log
from lec10_tui.vocabulary.commands import Command, Open, Pause, Save
from lec10_tui.vocabulary.knobs import named
from lec10_tui.widgets.look import Look

if TYPE_CHECKING:
    from lec10_tui.runs.keeper import DiskKeeper
    from lec10_tui.vocabulary.experiments import Places
    from lec10_tui.vocabulary.frames import Request
    from lec10_tui.vocabulary.reports import Link, Report
    from lec10_tui.widgets.lesson import LessonScreen

STOPPING_SECONDS = 3.0
KEEPING_SECONDS = 10.0
RECORD = "frame.npz"
"""The recorded frame in the folder of a model that ships, or of a lesson: what its new runs begin with."""
Cover = tuple[Lesson, Path]
"""A recorded model: the lesson it is of, and its folder."""
PAINTING_SECONDS = 0.05
"""Some of Textual's repaint intervals (1/60 s): what was shown before is painted when this is over."""


class Running(Protocol):
    """A worker, as the desk needs it: a link that begins and ends."""

    def send(self, command: Command) -> None:
        """Hand over a command."""

    def ask(self, request: Request) -> None:
        """Ask for one more report."""

    def start(self) -> None:
        """Begin."""

    def stop(self, timeout: float = 0.1) -> bool:
        """Save and end within `timeout` seconds; whether it has ended."""


class Workers(Protocol):
    """Makes the workers of the app, and closes what they share."""

    def open(self, lesson: Lesson, first: Open, publish: Callable[[Report], None]) -> Running:
        """A worker of `lesson` that is not started yet and opens `first`."""

    def start(self, worker: Running) -> None:
        """Let a worker begin."""

    def close(self, timeout: float) -> str | None:
        """Wait until everything is kept; in one line what was not."""


class RealWorkers:
    """Workers that train, and a keeper that writes to the disk, made when the first is needed."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._keeper: DiskKeeper | None = None

    def open(self, lesson: Lesson, first: Open, publish: Callable[[Report], None]) -> Running:
        """A worker of `lesson` that is not started yet and opens `first`."""
        from lec10_tui.opening import opener
        from lec10_tui.runs.keeper import DiskKeeper
        from lec10_tui.worker.thread import Worker

        if self._keeper is None:
            self._keeper = DiskKeeper()
        return Worker(opener(lesson, self._places), publish, self._keeper, first)

    def start(self, worker: Running) -> None:
        """Let a worker begin, and whatever it imports start processes.

        A process can't be spawned while Textual has standard error, unless the tracker of multiprocessing is running.
        """
        from multiprocessing import resource_tracker

        with contextlib.redirect_stderr(sys.__stderr__):
            resource_tracker.ensure_running()
        worker.start()

    def close(self, timeout: float) -> str | None:
        """Wait until everything is kept; in one line what was not."""
        if self._keeper is None or self._keeper.close(timeout):
            return None
        kept = self._keeper.kept
        return kept.error if kept and kept.error else f"a run is not saved: the disk took longer than {timeout:g} s"


@dataclass
class Seat:
    """One lesson that was opened: its screen, its worker, what to show before that says anything."""

    lesson: Lesson
    screen: LessonScreen
    worker: Running
    workers: Workers
    recorded: Report | None = None
    trouble: str = ""
    started: bool = False

    def begin(self) -> None:
        """Show what is recorded; once that is painted let the worker begin, whose imports hold up painting."""
        from lec10_tui.widgets.messages import Arrived

        if self.started:
            return
        if self.recorded is not None:
            self.screen.post_message(Arrived(self.recorded))
        if self.trouble:
            self.screen.tell(self.trouble, wrong=True)
        self.screen.set_timer(PAINTING_SECONDS, self._start)

    def _start(self) -> None:
        if not self.started:
            self.started = True
            self.workers.start(self.worker)

    @property
    def training(self) -> bool:
        """Whether its run is going, by the last report."""
        report = self.screen.report
        return report is not None and report.status.state == "running"

    @property
    def folder(self) -> Path | None:
        """Where its run is kept."""
        report = self.screen.report
        return report.status.folder if report is not None else None


@dataclass
class Desk:
    """Opens lessons, and closes them all."""

    workers: Workers
    places: Places
    seats: dict[str, Seat] = field(default_factory=dict)

    def seat(self, lesson: Lesson, look: Look, given: Mapping[str, Any], run: str | None) -> Seat:
        """The lesson's seat as it was left; a new one shows its first shipped model, or what `given` and `run` ask for.

        A new seat's worker is not started: its owner starts it once the screen is painted.
        """
        from lec10_tui.shell.recorded import recorded
        from lec10_tui.widgets.messages import Arrived

        if lesson.name in self.seats:
            seat = self.seats[lesson.name]
            if run is not None:
                seat.worker.send(Open(run=run))
            return seat
        shipped = self._shipped(lesson) if run is None and _looks_only(lesson, given) else None
        first = Open(given=dict(given), run=run or shipped)

        logged = ""

        def publish(report: Report) -> None:
            nonlocal logged
            failure = report.failure
            if failure is not None and failure.detail and failure.detail != logged:
                logged = failure.detail
                log.record(self.places.home, f"{lesson.name}: {failure.what}", failure.detail)
            screen.post_message(Arrived(report))

        worker = self.workers.open(lesson, first, publish)
        screen = _screen_of(lesson, worker, look, given)
        seat = self.seats[lesson.name] = Seat(lesson, screen, worker, self.workers)
        try:
            if shipped:
                seat.recorded = recorded(lesson, self.places.checkpoints / shipped)
            elif run is None and not given:
                seat.recorded = recorded(lesson, self.places.checkpoints / lesson.name, "new")
        except RunError as error:
            seat.trouble = str(error)
        return seat

    def leave(self, seat: Seat) -> None:
        """Hold the lesson's run, which saves it."""
        seat.worker.send(Pause())

    def keep(self, seat: Seat) -> None:
        """Save the lesson's run, if it is one of a person's own."""
        report = seat.screen.report
        if report is not None and report.status.origin != "shipped" and report.status.folder is not None:
            seat.worker.send(Save())

    def training(self) -> tuple[Seat, ...]:
        """The lessons whose runs are going."""
        return tuple(seat for seat in self.seats.values() if seat.training)

    def folders(self) -> frozenset[Path]:
        """The run folders that lessons have open."""
        return frozenset(seat.folder for seat in self.seats.values() if seat.folder is not None)

    def close(self) -> str | None:
        """Stop every worker and wait for the disk, within bounds; in one line what could not be saved."""
        until = time.monotonic() + STOPPING_SECONDS
        late = []
        for seat in self.seats.values():
            if seat.started and not seat.worker.stop(0.0):
                late.append(seat)
        late = [seat for seat in late if not seat.worker.stop(max(until - time.monotonic(), 0.0))]
        stuck = [seat.lesson.name for seat in late if seat.folder is not None]
        unkept = self.workers.close(KEEPING_SECONDS)
        if stuck:
            return f"{', '.join(stuck)}: did not stop in {STOPPING_SECONDS:g} s; its run is as it was last saved"
        return unkept

    def covers(self, lessons: Iterable[Lesson]) -> Mapping[str, Cover]:
        """A recorded model for each lesson, by the lesson's name: the first of its own.

        One with which none ships studies what another lesson trains: it has that of the lesson before it in its half.
        """
        found: dict[str, Cover] = {}
        before: dict[int, Cover] = {}
        for lesson in lessons:
            folders = (self.places.checkpoints / name for name in lesson.shipped)
            own = ((lesson, folder) for folder in folders if (folder / RECORD).is_file())
            cover = next(own, None if lesson.shipped else before.get(lesson.half))
            if cover is not None:
                found[lesson.name] = before[lesson.half] = cover
        return found

    def _shipped(self, lesson: Lesson) -> str | None:
        names = (name for name in lesson.shipped if (self.places.checkpoints / name).is_dir())
        return next(names, None)


def _looks_only(lesson: Lesson, given: Mapping[str, Any]) -> bool:
    """Whether `given` turns nothing but the view, which a shipped model has too."""
    if not given:
        return True
    knobs = getattr(import_module(lesson.frame_module), lesson.knobs)
    return all(named(knobs, name).kind == "view" for name in given)


def _screen_of(lesson: Lesson, link: Link, look: Look, given: Mapping[str, Any]) -> LessonScreen:
    module = import_module(lesson.screen_module)
    scenes = Path(str(import_module(lesson.package).__file__)).with_name("scenes.md")
    screen_class: type[LessonScreen] = getattr(module, lesson.screen)
    text = scenes.read_text(encoding="utf-8") if scenes.is_file() else ""
    return screen_class(lesson, link, look=look, given=dict(given), scenes=text)
