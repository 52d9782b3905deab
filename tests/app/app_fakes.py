"""Fakes of the app's workers: what was sent is a list, what is reported is what the test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from textual.pilot import Pilot
from toy_lesson.frame import BigNumber, ToyKnobs

from lec10_tui.lessons import Lesson
from lec10_tui.vocabulary.commands import Command, Open
from lec10_tui.vocabulary.frames import Frame, Request
from lec10_tui.vocabulary.reports import Report, Status

ROOT = Path(__file__).resolve().parents[2]

TOY = Lesson(
    number=2,
    name="toy",
    title="Look at a number",
    summary="one number",
    slides=("Numbers", "More numbers"),
    opening="Opens on a number; space makes another.",
    package="toy_lesson",
    knobs="ToyKnobs",
    screen="ToyScreen",
    headline=("number", "number"),
    shipped=("toy-model",),
)


PAUSED = Status("paused", "new")


def number_report(number: float, status: Status, step: int = 3) -> Report:
    """A report of the toy lesson."""
    part = BigNumber(np.array([number]))
    frame = Frame(
        "toy",
        step,
        1.0,
        {"step": step, "number": number},
        ToyKnobs().plain(),
        {"big_number": part},
        {"big_number": (number, step)},
    )
    return Report(frame, status)


@dataclass
class FakeWorker:
    """Takes everything, does nothing; `publish` is the screen's."""

    lesson: Lesson
    first: Open
    publish: Callable[[Report], None]
    sent: list[Command] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    started: int = 0
    stopped: int = 0
    stops: bool = True

    def start(self) -> None:
        self.started += 1

    def send(self, command: Command) -> None:
        self.sent.append(command)

    def ask(self, request: Request) -> None:
        self.asked.append(request)

    def stop(self, timeout: float = 0.1) -> bool:
        self.stopped += 1
        return self.stops


@dataclass
class FakeWorkers:
    """Makes fake workers and remembers them."""

    made: list[FakeWorker] = field(default_factory=list)
    unkept: str | None = None
    closed: bool = False

    def open(self, lesson: Lesson, first: Open, publish: Callable[[Report], None]) -> FakeWorker:
        self.made.append(FakeWorker(lesson, first, publish))
        return self.made[-1]

    def start(self, worker: FakeWorker) -> None:
        worker.start()

    def close(self, timeout: float) -> str | None:
        self.closed = True
        return self.unkept


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Let the app go on until the condition holds; fails after five seconds."""
    for _ in range(100):
        if condition():
            return
        await pilot.pause(0.05)
    raise AssertionError("waited five seconds in vain")
