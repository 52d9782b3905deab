"""Worker: the one background thread that drives one experiment."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable

from lec10_tui.vocabulary.commands import Command, Open
from lec10_tui.vocabulary.experiments import Opener
from lec10_tui.vocabulary.frames import Request
from lec10_tui.vocabulary.reports import Failure, Keeper, Report
from lec10_tui.worker.driver import Driver
from lec10_tui.worker.mailbox import Mailbox
from lec10_tui.worker.pacing import Pacing
from lec10_tui.worker.reporter import Reporter

UNEXPECTED_SECONDS = 0.1


def settle() -> None:
    """Spare everything that is loaded by now from garbage collection: it holds up every thread, keys included."""
    gc.collect()
    gc.freeze()


class Worker:
    """Drives what `open` opens, `first` first; publishes one report for each request, and one when it starts loading.

    `send`, `ask` and `stop` may be called from any thread; `publish` is called on the worker's. It is a
    `vocabulary.reports.Link`. What `open` or the experiment raises becomes a failure in a report, and the thread lives
    on. While nothing changes nothing is published, and the thread sleeps.
    """

    def __init__(
        self,
        open: Opener,
        publish: Callable[[Report], None],
        keeper: Keeper | None,
        first: Open,
        clock: Callable[[], float] = time.monotonic,
        prepare: Callable[[], None] | None = None,
        pacing: Pacing | None = None,
    ) -> None:
        self._mailbox = Mailbox()
        self._reporter = Reporter(publish, self._mailbox, clock, pacing or Pacing())
        self._driver = Driver(open, keeper, self._mailbox, self._reporter, clock, prepare or settle)
        self._thread = threading.Thread(target=self._live, name="lec10 worker", daemon=True)
        self._mailbox.send(first)

    def start(self) -> None:
        """Begin, with opening what is first."""
        self._thread.start()

    def send(self, command: Command) -> None:
        """Hand over a command; it is taken at the next step boundary and makes the next frame urgent."""
        self._mailbox.send(command)

    def ask(self, request: Request) -> None:
        """Ask for one more report; the latest request wins. It comes when it is due and something has changed."""
        self._mailbox.ask(request)

    def stop(self, timeout: float = 0.1) -> bool:
        """Ask the thread to save and end, wait at most `timeout` seconds; returns whether it has ended."""
        self._mailbox.stop()
        if self._thread.ident is None:
            return True
        if self._thread is not threading.current_thread():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether the thread is going."""
        return self._thread.is_alive()

    @property
    def publish_failure(self) -> Failure | None:
        """The last error that `publish` raised, for the log."""
        return self._reporter.publish_failure

    def _live(self) -> None:
        while not self._mailbox.stopping:
            try:
                seconds = self._driver.turn()
            except Exception as error:
                self._driver.fail(error)
                seconds = UNEXPECTED_SECONDS
            self._mailbox.wait(seconds)
        self._driver.close()
