"""Current: the experiment that is open, with all that is kept beside it."""

from __future__ import annotations

from collections.abc import Callable

from lec10_tui.vocabulary.experiments import Opened
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import Keeper, State, Status
from lec10_tui.worker.pacing import Metronome
from lec10_tui.worker.reporter import Reporter
from lec10_tui.worker.saver import Saver
from lec10_tui.worker.stepping import Stepping
from lec10_tui.worker.tally import Tally

KEEPER_SECONDS = 0.1


class Current:
    """One opened experiment: its steps, its counts, its saving, and whether it is `sound`.

    An experiment that broke off in the middle of a step is not: it neither goes on nor is saved.
    """

    def __init__(
        self,
        opened: Opened,
        keeper: Keeper | None,
        metronome: Metronome,
        reporter: Reporter,
        clock: Callable[[], float],
    ) -> None:
        self._opened = opened
        self.experiment = opened.experiment
        self.tally = Tally(clock, opened.elapsed)
        self.tally.look(self.experiment)
        self.steps = Stepping(self.experiment, self.tally, metronome, reporter)
        self.saver = Saver(opened, keeper, clock)
        self.sound = True

    @property
    def over(self) -> bool:
        """Whether the run's length was reached when it was last looked at, and its last step is whole."""
        return self.tally.complete and not self.steps.begun

    @property
    def finished_before(self) -> bool:
        """Whether this is a saved run that had reached its length."""
        return self._opened.origin == "saved" and self.tally.complete

    def save(self, name: str | None) -> None:
        """Save it now; raises BadValue when it can't be, with one line."""
        if not self.sound:
            raise BadValue("save: the run broke off in the middle of a step; what was saved before is whole")
        self.saver.save(name, self.tally.elapsed)

    def save_unsaved(self) -> None:
        """Save what is not saved."""
        if self.sound:
            self.saver.save_unsaved(self.tally.elapsed)

    def autosave(self) -> None:
        """Save what has not been saved for too long."""
        if self.sound and self.saver.wait() == 0:
            self.save_unsaved()

    def saving_wait(self) -> float | None:
        """Seconds until saving has to be looked after, None when never."""
        if not self.sound:
            return None
        # the keeper's thread tells nobody when it is done, so its answer is looked for while it is due
        return KEEPER_SECONDS if self.saver.keeping else self.saver.wait()

    def status(self, state: State, steps_per_second: float | None) -> Status:
        """How it stands."""
        return Status(
            state=state,
            origin=self.saver.origin,
            rate=self.tally.rate,
            progress=self.tally.progress,
            seconds_left=self.tally.seconds_left,
            steps_per_second=steps_per_second,
            elapsed=self.tally.elapsed,
            folder=self._opened.folder,
            note=self._opened.note,
            kept=self.saver.kept,
            unit=self.experiment.unit,
        )
