"""Stepping: takes the steps of one run, slice by slice, when they are due."""

from __future__ import annotations

import math

from lec10_tui.vocabulary.experiments import Experiment
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.worker.pacing import Metronome
from lec10_tui.worker.reporter import Reporter
from lec10_tui.worker.tally import Tally

SHOWN_SECONDS = 1.0


class Stepping:
    """Takes one slice after the other, counts steps once they are whole, and knows how many are still to be taken.

    A step waits for its beat and, where steps are to be shown, for a frame of the step before it, for that at most a
    second; the slices of a step that was begun wait for nothing.
    """

    def __init__(self, experiment: Experiment, tally: Tally, metronome: Metronome, reporter: Reporter) -> None:
        self._experiment = experiment
        self._tally = tally
        self._metronome = metronome
        self._reporter = reporter
        self._left: int | None = None
        self._begun_at: int | None = None
        self._whole_at = -math.inf

    def go(self, steps: int | None) -> None:
        """Take so many steps, None is no end of them; raises BadValue for fewer than one."""
        if steps is not None and steps < 1:
            raise BadValue(f"step: {steps} is not a number of steps; 1 or more is")
        self._left = steps

    @property
    def begun(self) -> bool:
        """Whether a step was begun that is not whole yet."""
        return self._begun_at == self._experiment.step

    @property
    def done(self) -> bool:
        """Whether all steps that were asked for are taken."""
        return self._left is not None and self._left <= 0

    def wait(self, now: float) -> float:
        """Seconds until the next slice is due, 0 when it is; a frame that is handed over may make it due earlier."""
        if self.begun:
            return 0.0
        beat = self._metronome.wait(now)
        if not self._metronome.shown or self._reporter.shown_step == self._experiment.step:
            return beat
        return max(beat, self._whole_at + SHOWN_SECONDS - now)

    def take(self, now: float) -> bool:
        """Take the slice that is due `now`; True when the step is whole. Raises what the experiment raises."""
        before = self._experiment.step
        if not self.begun:
            self._metronome.beat(now)
        units = self._experiment.advance()
        whole = self._experiment.step != before
        self._begun_at = before
        self._tally.count(units, whole)
        if whole:
            self._left = None if self._left is None else self._left - 1
            self._whole_at = now
            self._reporter.urgent |= self._metronome.shown
        return whole
