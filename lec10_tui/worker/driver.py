"""Driver: what the worker does in one turn, without a thread."""

from __future__ import annotations

from collections.abc import Callable

from lec10_tui.vocabulary.commands import Command, Open, Pause, Run, Save, SetSpeed, Step
from lec10_tui.vocabulary.experiments import Experiment, Opened, Opener
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import Failure, Keeper, Origin, RunFailed, State, Status
from lec10_tui.worker.failures import describe
from lec10_tui.worker.mailbox import Mailbox
from lec10_tui.worker.pacing import Metronome
from lec10_tui.worker.reporter import Reporter
from lec10_tui.worker.saver import Saver
from lec10_tui.worker.tally import Tally

TURN_SECONDS = 0.01
WARM_STEPS = 10
KEEPER_SECONDS = 0.1


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
        self._opened: Opened | None = None
        self._saver: Saver | None = None
        self._run_failure: Failure | None = None
        self._refusal: Failure | None = None
        self._begin(Tally(clock))

    def _begin(self, tally: Tally) -> None:
        self._tally = tally
        self._steps_left: int | None = None
        self._work_seconds = 0.0
        self._work_failed = False
        self._sound = True

    def turn(self) -> float | None:
        """One turn; returns the seconds until something is due by itself, None when nothing is."""
        for command in self._mailbox.take_commands():
            if self._mailbox.stopping and not isinstance(command, Save):
                continue
            self.obey(command)
        self._advance()
        working = self._work()
        self._autosave()
        busy = working or self._state == "running"
        self._reporter.answer(self._experiment, self._status, self._failure, busy)
        if working or self._mailbox.pressing:
            return 0.0
        waits = [self._reporter.wait(busy), self._saving_wait()]
        waits += [self._metronome.wait(self._clock())] if busy else []
        return min((seconds for seconds in waits if seconds is not None), default=None)

    def close(self) -> None:
        """Save what is not saved, as the last thing, and say so to who still asks."""
        for command in self._mailbox.take_commands():
            if isinstance(command, Save):
                self.obey(command)
        self._save_unsaved()
        self._set_state("stopped")
        if self._mailbox.take_request() is not None:
            self._reporter.announce(self._status(), self._failure)

    def fail(self, error: Exception) -> None:
        """The run can't go on; it stands whole only if the experiment itself said so, and is saved only then."""
        self._run_failure = describe(error, self._knobs)
        self._sound = isinstance(error, RunFailed)
        self._steps_left = None
        self._set_state("failed")
        self._save_unsaved()

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
        if isinstance(command, Open):
            self._open(command)
        elif isinstance(command, SetSpeed):
            self._metronome.set(command.steps_per_second, self._clock())
            self._tally.forget_pace()
        elif self._opened is None:
            raise BadValue("nothing is open; open a run first")
        elif isinstance(command, Run):
            self._go(None)
        elif isinstance(command, Step):
            self._go(command.count)
        elif isinstance(command, Pause):
            if self._state == "running":
                self._hold()
            self._save_unsaved()
        elif isinstance(command, Save):
            self._save(command.name)
        else:
            self._apply(command, self._opened.experiment)

    def _open(self, command: Open) -> None:
        state: State = "paused" if self._state == "running" else self._state
        self._save_unsaved()
        self._set_state("loading")
        self._opening = "new" if command.run is None else "saved"
        self._reporter.announce(self._status(), None)
        try:
            opened = self._opener(command)
            tally = Tally(self._clock, opened.elapsed)
            tally.look(opened.experiment)
            saver = Saver(opened, self._keeper, self._clock)
        except Exception as error:
            failure = describe(error, command.given, "change what was set, or open something else")
            if self._opened is None:
                self._run_failure, state = failure, "failed"
            else:
                self._refusal = failure
            self._set_state(state)
            return
        self._opened, self._saver, self._run_failure = opened, saver, None
        self._reporter.clear()
        self._begin(tally)
        over = opened.origin == "saved" and tally.complete
        self._set_state("finished" if over else "paused")
        if self._preparations == 0:
            self._prepare_again()
        if command.running:
            self._go(None)

    def _go(self, steps: int | None) -> None:
        if not self._sound:
            raise BadValue("the run broke off in the middle of a step; start again, or open it as it was last saved")
        if self._opened is not None:
            self._tally.look(self._opened.experiment)
        if self._tally.complete:
            raise BadValue("the run has reached its length; a longer length lets it go on, or start a new run")
        if steps is not None and steps < 1:
            raise BadValue(f"step: {steps} is not a number of steps; 1 or more is")
        self._run_failure = None
        self._steps_left = steps
        if self._state != "running":
            self._metronome.start(self._clock())
        self._set_state("running")

    def _apply(self, command: Command, experiment: Experiment) -> None:
        self._work_failed = False
        experiment.apply(command)
        self._tally.forget_pace()
        self._tally.look(experiment)
        if self._state == "finished" and not self._tally.complete:
            self._set_state("paused")

    # the run

    def _advance(self) -> None:
        if self._state != "running" or self._opened is None:
            return
        experiment, now = self._opened.experiment, self._clock()
        # long work and the run share the time evenly
        end = now + max(TURN_SECONDS, self._work_seconds)
        try:
            while self._state == "running" and self._metronome.wait(now) <= 0:
                self._metronome.beat(now)
                self._tally.stepped(experiment.advance())
                self._stepped(experiment)
                now = self._clock()
                if now >= end or self._mailbox.pressing:
                    break
            self._finish_when_complete(experiment)
        except Exception as error:
            self.fail(error)
        self._tally.mark()

    def _stepped(self, experiment: Experiment) -> None:
        if self._tally.steps == WARM_STEPS and self._preparations == 1:
            self._prepare_again()
        self._finish_when_complete(experiment)
        if self._steps_left is not None:
            self._steps_left -= 1
            if self._steps_left <= 0:
                self._hold()

    def _finish_when_complete(self, experiment: Experiment) -> None:
        if self._state != "running":
            return
        self._tally.look(experiment)
        if self._tally.complete:
            self._steps_left = None
            self._set_state("finished")
            experiment.finish()
            self._save_unsaved()

    def _hold(self) -> None:
        self._steps_left = None
        self._set_state("paused")

    def _work(self) -> bool:
        if self._opened is None or self._work_failed or not self._sound or self._mailbox.pressing:
            return False
        started = self._clock()
        try:
            working = self._opened.experiment.work()
        except Exception as error:
            working, self._work_failed = False, True
            self._refusal = describe(error, self._knobs, "this could not be computed; the run itself is untouched")
        self._work_seconds = self._clock() - started if working else 0.0
        return working

    def _set_state(self, state: State) -> None:
        self._state = state
        self._tally.go(state == "running")

    def _prepare_again(self) -> None:
        self._preparations += 1
        self._prepare()

    # saving

    def _save(self, name: str | None) -> None:
        if not self._sound:
            raise BadValue("save: the run broke off in the middle of a step; what was saved before is whole")
        if self._saver is not None:
            self._saving(lambda saver, elapsed: saver.save(name, elapsed))

    def _save_unsaved(self) -> None:
        if self._sound:
            self._saving(Saver.save_unsaved)

    def _autosave(self) -> None:
        if self._sound and self._saver is not None and self._saver.wait() == 0:
            self._save_unsaved()

    def _saving(self, save: Callable[[Saver, float], None]) -> None:
        if self._saver is None:
            return
        try:
            save(self._saver, self._tally.elapsed)
        except BadValue:
            raise
        except Exception as error:
            self._refusal = describe(error, self._knobs, "the run could not be saved; it goes on")

    def _saving_wait(self) -> float | None:
        if self._saver is None or not self._sound:
            return None
        # the keeper's thread tells nobody when it is done, so its answer is looked for while it is due
        return KEEPER_SECONDS if self._saver.keeping else self._saver.wait()

    # what reports say

    @property
    def _experiment(self) -> Experiment | None:
        return None if self._opened is None else self._opened.experiment

    @property
    def _knobs(self) -> dict[str, object]:
        return {} if self._opened is None else self._opened.experiment.knobs.plain()

    @property
    def _failure(self) -> Failure | None:
        return self._refusal or self._run_failure

    def _status(self) -> Status:
        speed = self._metronome.steps_per_second
        if self._opened is None or self._state == "loading":
            return Status(self._state, self._opening, steps_per_second=speed)
        return Status(
            state=self._state,
            origin=self._opened.origin,
            rate=self._tally.rate,
            progress=self._tally.progress,
            seconds_left=self._tally.seconds_left,
            steps_per_second=speed,
            elapsed=self._tally.elapsed,
            folder=self._opened.folder,
            note=self._opened.note,
            kept=None if self._saver is None else self._saver.kept,
        )
