"""Drive: the same worker without a screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from queue import SimpleQueue

from lec10_tui.vocabulary.commands import Open, Run
from lec10_tui.vocabulary.experiments import Opener
from lec10_tui.vocabulary.frames import Request
from lec10_tui.vocabulary.reports import Keeper, Report, State
from lec10_tui.worker.pacing import Pacing
from lec10_tui.worker.thread import Worker

GOING: frozenset[State] = frozenset({"loading", "running"})
OPENED: frozenset[State] = frozenset({"paused", "finished"})


def drive(
    open: Opener,
    keeper: Keeper | None,
    first: Open,
    every: float = 0.5,
    stop_timeout: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Report]:
    """Let a run go and give its reports, one every `every` seconds, until one says that it is not going any more.

    The first says loading, the next how the run was opened, before its first step. Closing the generator (or an
    interrupt inside it) stops the worker, which saves the run first; so hold it in `contextlib.closing`, and flush the
    keeper afterwards.
    """
    inbox: SimpleQueue[Report] = SimpleQueue()
    pacing = Pacing(shortest=every, longest=every, quiet=every)
    worker = Worker(open, inbox.put, keeper, replace(first, running=False), clock, pacing=pacing)
    started = False
    worker.ask(Request())
    worker.start()
    try:
        while True:
            report = inbox.get()
            yield report
            if report.status.state in OPENED and not started:
                started = True
                worker.send(Run())
            elif report.status.state not in GOING:
                return
            worker.ask(Request())
    finally:
        worker.stop(stop_timeout)
