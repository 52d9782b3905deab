"""Reporter: answers requests with reports, when they are due and have something new to say."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from lec10_tui.vocabulary.experiments import Experiment
from lec10_tui.vocabulary.frames import Frame, Request
from lec10_tui.vocabulary.reports import Failure, Report, Status
from lec10_tui.worker.builder import Builder, key, stamp
from lec10_tui.worker.failures import describe
from lec10_tui.worker.mailbox import Mailbox
from lec10_tui.worker.pacing import Pacing


class Reporter:
    """Publishes one report for each request; it holds a request back while nothing has changed since the last one.

    While the run is busy, frames are paced; `urgent` makes the next one due at once, with every part as of now.
    `shown_step` is the step of the last frame that was taken.
    """

    def __init__(
        self, publish: Callable[[Report], None], mailbox: Mailbox, clock: Callable[[], float], pacing: Pacing
    ) -> None:
        self._publish = publish
        self._mailbox = mailbox
        self._clock = clock
        self._pacing = pacing
        self._builder = Builder(clock)
        self._frame: Frame | None = None
        self._shown: Hashable = None
        self._due = self._published_at = clock()
        self.urgent = False
        self.shown_step: int | None = None
        self.publish_failure: Failure | None = None

    def clear(self) -> None:
        """Another experiment is open: forget every part."""
        self._builder.clear()
        self._frame = self.shown_step = None

    def announce(self, status: Status, failure: Failure | None) -> None:
        """Publish a report with the last frame, asked for or not."""
        self._shown = None
        self._hand_over(Report(self._frame, status, failure))

    def answer(
        self, experiment: Experiment | None, status: Callable[[], Status], failure: Failure | None, busy: bool
    ) -> None:
        """Answer the request that waits, if one does, it is due, and there is something new."""
        request = self._mailbox.request
        if request is None:
            return
        now = self._clock()
        if busy and not self.urgent and now < self._due:
            return
        before = status()
        quiet = busy and not self.urgent and now >= self._published_at + self._pacing.quiet
        if not quiet and self._signature(experiment, request, before, failure) == self._shown:
            self.urgent = False
            return
        request = self._mailbox.take_request() or request
        aging, self.urgent = busy and not self.urgent, False
        shown = self._signature(experiment, request, before, failure)
        started = self._clock()
        failure = self._build(experiment, request, aging) or failure
        built = self._clock()
        taken = self._hand_over(Report(self._frame, status(), failure))
        self._shown = shown if taken and not self._builder.aged else None
        self._published_at = self._clock()
        self._due = self._published_at + self._pacing.interval(built - started, request.paint_seconds)

    def wait(self, busy: bool) -> float | None:
        """Seconds until the request that waits may be answered; None when only a change can answer it."""
        if not busy or self._mailbox.request is None:
            return None
        now = self._clock()
        return self._due - now if now < self._due else max(self._published_at + self._pacing.quiet - now, 0.001)

    def _build(self, experiment: Experiment | None, request: Request, aging: bool) -> Failure | None:
        if experiment is None:
            return None
        try:
            self._frame = self._builder.frame(experiment, request.wanted, aging)
        except Exception as error:
            return describe(error, experiment.knobs.plain(), "what is shown is not up to date")
        return self._builder.failure

    def _signature(
        self, experiment: Experiment | None, request: Request, status: Status, failure: Failure | None
    ) -> Hashable:
        """What a report would show, the clock aside: after an equal one there is nothing new to say."""
        wanted = frozenset(key(item) for item in request.wanted)
        words = None if failure is None else (failure.what, failure.advice)
        stands = (status.state, status.origin, status.folder, status.kept, status.steps_per_second)
        if experiment is None:
            return (stands, words, wanted)
        stamps = tuple(stamp(experiment, item) for item in request.wanted)
        return (stands, words, wanted, stamps, experiment.step, experiment.knobs)

    def _hand_over(self, report: Report) -> bool:
        """Publish; an error of the one who takes the report is remembered and does no harm."""
        try:
            self._publish(report)
        except Exception as error:
            self.publish_failure = describe(error, {}, "the report was not taken")
            return False
        if report.frame is not None:
            self.shown_step = report.frame.step
        return True
