"""Driver: what the worker does in one turn, without a thread."""

from __future__ import annotations

from collections.abc import Callable

from lec10_tui.vocabulary.commands import Command, Open, Pause, Run, Save, SetSpeed, Step
from lec10_tui.vocabulary.experiments import Experiment, Opener
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import Failure, Keeper, Origin, RunFailed, State, Status
from lec10_tui.worker.current import Current
from lec10_tui.worker.failures import describe
from lec10_tui.worker.mailbox import Mailbox
from lec10_tui.worker.pacing import Metronome
from lec10_tui.worker.reporter import Reporter

TURN_SECONDS = 0.01
PAINTING_SECONDS = 0.1
"""How long the painting of an answer may take before long work goes on all the same."""

WARM_STEPS = 10


class Driver:
    """Drives one experiment at a time: takes commands, steps, has reports made, has it saved.

    Every method is called on one thread; `turn` answers how long that thread may sleep. `prepare` is called when
    imports and warm-up are done: after the first experiment is open, and once more after its first steps.
    """

    def __init__(
        self,
        opener: Opener,
        keeper: Keeper | None,
        mailbox: Mailbox,
        reporter: Reporter,
        clock: Callable[[], float],
        prepare: Callable[[], None],
    ) -> None:
        self._opener = opener
        self._keeper = keeper
        self._mailbox = mailbox
        self._reporter = reporter
        self._clock = clock
        self._prepare = prepare
        self._preparations = 0
        self._metronome = Metronome()
        self._state: State = "loading"
        self._opening: Origin = "new"
        self._current: Current | None = None
        self._run_failure: Failure | None = None
        self._refusal: Failure | None = None
        self._work_seconds = 0.0
        self._work_failed = False

    def turn(self) -> float | None:
        """One turn; returns the seconds until something is due by itself, None when nothing is."""
        for command in self._mailbox.take_commands():
            if self._mailbox.stopping and not isinstance(command, Save):
                continue
            self.obey(command)
        self._advance()
        if self._reporter.urgent and self._mailbox.request is not None:
            # what a person has just asked for comes before long work goes on, and so does the painting of it
            self._reporter.answer(self._experiment, self._status, self._failure, True)
            if self._mailbox.request is None and self._state != "running":
                return PAINTING_SECONDS
        working = self._work()
        self._saving(Current.autosave)
        busy = working or self._state == "running"
        self._reporter.answer(self._experiment, self._status, self._failure, busy)
        if working or self._mailbox.pressing:
            return 0.0
        waits = [self._reporter.wait(busy)]
        if self._current is not None:
            waits += [self._current.saving_wait()]
            waits += [self._current.steps.wait(self._clock())] if busy else []
        return min((seconds for seconds in waits if seconds is not None), default=None)

    def close(self) -> None:
        """Save what is not saved, as the last thing, and say so to who still asks."""
        for command in self._mailbox.take_commands():
            if isinstance(command, Save):
                self.obey(command)
        self._saving(Current.save_unsaved)
        self._set_state("stopped")
        if self._mailbox.take_request() is not None:
            self._reporter.announce(self._status(), self._failure)

    def fail(self, error: Exception) -> None:
        """The run can't go on; it stands whole only if the experiment itself said so, and is saved only then."""
        self._run_failure = describe(error, self._knobs)
        if self._current is not None:
            self._current.sound = isinstance(error, RunFailed)
            self._current.steps.go(None)
        self._set_state("failed")
        self._saving(Current.save_unsaved)

    # commands

    def obey(self, command: Command) -> None:
        """Do what `command` asks; whatever it raises is in the next report."""
        self._reporter.urgent = True
        self._refusal = None
        try:
            self._obey(command)
        except BadValue as error:
            self._refusal = describe(error, self._knobs)
        except Exception as error:
            self.fail(error)

    def _obey(self, command: Command) -> None:
        current = self._current
        if isinstance(command, Open):
            self._open(command)
        elif isinstance(command, SetSpeed):
            self._metronome.set(command.steps_per_second, self._clock(), command.shown)
            if current is not None:
                current.tally.forget_pace()
        elif current is None:
            raise BadValue("nothing is open; open a run first")
        elif isinstance(command, Run):
            self._go(current, None)
        elif isinstance(command, Step):
            self._go(current, command.count)
        elif isinstance(command, Pause):
            if self._state == "running":
                self._hold(current)
            self._saving(Current.save_unsaved)
        elif isinstance(command, Save):
            name = command.name
            self._saving(lambda current: current.save(name))
        else:
            self._apply(command, current)

    def _open(self, command: Open) -> None:
        state: State = "paused" if self._state == "running" else self._state
        self._saving(Current.save_unsaved)
        self._set_state("loading")
        self._opening = "new" if command.run is None else "saved"
        self._reporter.announce(self._status(), None)
        try:
            opened = self._opener(command)
            current = Current(opened, self._keeper, self._metronome, self._reporter, self._clock)
        except Exception as error:
            failure = describe(error, command.given, "change what was set, or open something else")
            if self._current is None:
                self._run_failure, state = failure, "failed"
            else:
                self._refusal = failure
            self._set_state(state)
            return
        self._current, self._run_failure = current, None
        self._work_seconds, self._work_failed = 0.0, False
        self._reporter.clear()
        self._set_state("finished" if current.finished_before else "paused")
        if self._preparations == 0:
            self._prepare_again()
        if command.running:
            self._go(current, None)

    def _go(self, current: Current, steps: int | None) -> None:
        if not current.sound:
            raise BadValue("the run broke off in the middle of a step; start again, or open it as it was last saved")
        current.tally.look(current.experiment)
        if current.over and not current.experiment.step and self._state == "paused":
            # a run of no length has nothing to do but to be finished
            self._set_state("running")
            self._finish_when_over(current)
            return
        if current.over:
            raise BadValue("the run has reached its length; a longer length lets it go on, or start a new run")
        current.steps.go(steps)
        self._run_failure = None
        if self._state != "running":
            self._metronome.start(self._clock())
        self._set_state("running")

    def _apply(self, command: Command, current: Current) -> None:
        self._work_failed = False
        current.experiment.apply(command)
        current.tally.forget_pace()
        current.tally.look(current.experiment)
        if self._state == "finished" and not current.tally.complete:
            self._set_state("paused")

    # the run

    def _advance(self) -> None:
        current = self._current
        if self._state != "running" or current is None:
            return
        now = self._clock()
        # long work and the run share the time evenly
        end = now + max(TURN_SECONDS, self._work_seconds)
        try:
            while self._state == "running" and current.steps.wait(now) <= 0:
                if current.steps.take(now):
                    self._stepped(current)
                now = self._clock()
                if now >= end or self._mailbox.pressing:
                    break
            self._finish_when_over(current)
        except Exception as error:
            self.fail(error)
        current.tally.mark()

    def _stepped(self, current: Current) -> None:
        if current.tally.steps == WARM_STEPS and self._preparations == 1:
            self._prepare_again()
        self._finish_when_over(current)
        if current.steps.done:
            self._hold(current)

    def _finish_when_over(self, current: Current) -> None:
        if self._state != "running":
            return
        current.tally.look(current.experiment)
        if current.over:
            current.steps.go(None)
            self._set_state("finished")
            current.experiment.finish()
            self._saving(Current.save_unsaved)

    def _hold(self, current: Current) -> None:
        current.steps.go(None)
        self._set_state("paused")

    def _work(self) -> bool:
        current = self._current
        if current is None or self._work_failed or not current.sound or self._mailbox.pressing:
            return False
        started = self._clock()
        try:
            working = current.experiment.work()
        except Exception as error:
            working, self._work_failed = False, True
            self._refusal = describe(error, self._knobs, "this could not be computed; the run itself is untouched")
        self._work_seconds = self._clock() - started if working else 0.0
        return working

    def _set_state(self, state: State) -> None:
        self._state = state
        if self._current is not None:
            self._current.tally.go(state == "running")

    def _prepare_again(self) -> None:
        self._preparations += 1
        self._prepare()

    def _saving(self, save: Callable[[Current], None]) -> None:
        if self._current is None:
            return
        try:
            save(self._current)
        except BadValue:
            raise
        except Exception as error:
            self._refusal = describe(error, self._knobs, "the run could not be saved; it goes on")

    # what reports say

    @property
    def _experiment(self) -> Experiment | None:
        return None if self._current is None else self._current.experiment

    @property
    def _knobs(self) -> dict[str, object]:
        return {} if self._current is None else self._current.experiment.knobs.plain()

    @property
    def _failure(self) -> Failure | None:
        return self._refusal or self._run_failure

    def _status(self) -> Status:
        speed = self._metronome.steps_per_second
        if self._current is None or self._state == "loading":
            return Status(self._state, self._opening, steps_per_second=speed)
        return self._current.status(self._state, speed)
