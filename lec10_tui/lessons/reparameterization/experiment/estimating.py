"""The reparameterization experiment: draws samples and keeps what each of the three estimators makes of them."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.estimators import ExactGradient
from lec10_tui.learning.random import generator
from lec10_tui.lessons.reparameterization.experiment import growth
from lec10_tui.lessons.reparameterization.experiment.parts import build_part, depends
from lec10_tui.lessons.reparameterization.experiment.pilot import fly
from lec10_tui.lessons.reparameterization.experiment.problem import Batch, Clock, Problem, batches
from lec10_tui.lessons.reparameterization.experiment.statistics import Statistics
from lec10_tui.lessons.reparameterization.experiment.verifying import checks
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, Floats, ReparameterizationKnobs
from lec10_tui.vocabulary.frames import Part, Readings, Wanted
from lec10_tui.vocabulary.reports import RunFailed, Snapshot
from lec10_tui.vocabulary.study import Checks, Study
from lec10_tui.vocabulary.turns import Turn

TIMED = 101
"""Batches whose time is remembered."""


class ReparameterizationExperiment(Study[ReparameterizationKnobs]):
    """Estimates ∂/∂μ₁ E_q[f] in three ways; a step draws one batch, keyed by (seed, step), and a large one in slices.

    Readings say what is known: before the first sample no means, before the second no variances. Where the exact
    gradient takes longer than a moment, it is found in slices, and no sample is drawn before it is.
    """

    lesson = "reparameterization"
    unit = "samples"
    URGENT: ClassVar[tuple[str, ...]] = ("exact", *Study.URGENT)

    def __init__(
        self,
        knobs: ReparameterizationKnobs,
        problem: Problem,
        *,
        given: Mapping[str, Any] | None = None,
        planned: tuple[Turn, ...] = (),
        snapshot: Snapshot | None = None,
        clock: Clock = time.perf_counter,
    ) -> None:
        torch.set_num_threads(knobs.threads)
        super().__init__(knobs, given=given, planned=planned)
        self.problem = problem
        self.baseline: float
        self.last: Tensor
        self.statistics: Statistics
        self.exact: ExactGradient | None = None
        self._costs: deque[Floats] = deque(maxlen=TIMED)
        self._clock = clock
        self._begun: Iterator[Batch] | None = None
        self._drawn: list[Batch] = []
        self._batch_size = 0
        if snapshot is None:
            pilot = fly(problem, knobs.seed)
            self.baseline, self.last = pilot.baseline, pilot.last
            self.statistics = Statistics(pilot.edges)
            self.take_turns()
        else:
            self._resume(snapshot)
        if self.exact is None:
            self.begin("exact", self._find_exact())
            if problem.model is None:
                self.work()
        self.begin("dimensions", growth.measured(problem, self.baseline, knobs.seed, clock))

    # --- the run ----------------------------------------------------------------------------------------------------

    def advance(self) -> int:
        """A slice of the next batch, or of finding the exact gradient; how many samples it drew."""
        if self.exact is None:
            self._seek()
            return 0
        if self._begun is None:
            self._begin_batch()
        assert self._begun is not None
        batch = next(self._begun)
        if not np.isfinite(batch.estimates).all():
            self._begun = None
            raise RunFailed(
                f"an estimate became no finite number at step {self.step + 1}",
                "all before it is kept; a smaller σ or another f starts a run without them",
            )
        self._drawn.append(batch)
        if sum(one.samples for one in self._drawn) == self._batch_size:
            self._take_batch()
        return batch.samples

    def _begin_batch(self) -> None:
        self._batch_size, length = self.knobs.batch_size, self.knobs.length
        if length.unit == "samples" and length.amount is not None:
            left = math.ceil(length.amount) - self.samples
            self._batch_size = min(self._batch_size, left) if left > 0 else self._batch_size
        stream = generator(self.knobs.seed, self.step, "epsilon")
        self._begun = batches(self.problem, self._batch_size, stream, self.baseline, self._clock)
        self._drawn = []

    def _take_batch(self) -> None:
        self.statistics.add(np.concatenate([batch.estimates for batch in self._drawn], axis=1))
        self.last = self._drawn[-1].last
        self._costs.append(np.sum([batch.seconds for batch in self._drawn], axis=0) / self._batch_size)
        self._begun = None
        self.step += 1
        if self.record.due(self.step):
            self._read()
        self.take_turns()

    @property
    def samples(self) -> int:
        """How many samples were drawn by the steps that are whole."""
        return self.statistics.moments.count

    @property
    def seconds_a_sample(self) -> Floats:
        """What each estimator takes for one sample, (3,): the median of the last batches, as the first ones warm up."""
        return np.median(self._costs, axis=0) if self._costs else np.full(len(ESTIMATORS), np.nan)

    def counted(self, unit: str) -> float:
        """How many steps, or samples, are done."""
        return float(self.samples if unit == "samples" else self.step)

    def turned(self, name: str) -> None:
        """The length was turned: a batch that was begun under the old one is drawn again."""
        self._begun = None

    def finish(self) -> None:
        """Take the closing readings when the last step was no reading step."""
        while self.exact is None:
            self._seek()
        if self.readings().get("step") != self.step:
            self._read()

    def readings_now(self) -> Readings:
        """The readings as they are at this step, a reading step or not; none before the exact gradient is known."""
        if self.exact is None or self.readings().get("step") == self.step:
            return self.readings()
        moments = self.statistics.moments
        readings = {
            "step": float(self.step), "samples": float(self.samples), "exact_gradient": self.exact.value
        }  # fmt: skip
        for name, mean, variance in zip(ESTIMATORS, moments.mean.tolist(), moments.variance.tolist(), strict=True):
            if self.samples >= 1:
                readings[f"{name}_mean"] = mean
            if self.samples >= 2:
                readings[f"{name}_variance"] = variance
        return readings

    def _read(self) -> None:
        self.record.add(self.readings_now())

    # --- the exact gradient -----------------------------------------------------------------------------------------

    def _seek(self) -> None:
        if "exact" not in self.waiting:
            self.begin("exact", self._find_exact())
        self.work()

    def _find_exact(self) -> Iterator[Part | None]:
        exact = yield from self.problem.exact_gradient(self.knobs.seed)
        if not math.isfinite(exact.value):
            raise RunFailed("the exact gradient is no finite number", "another model or image has one")
        self.exact = exact
        if self.step == 0:
            self._read()

    # --- frames, verdicts and snapshots -----------------------------------------------------------------------------

    def checks(self) -> Iterable[Checks]:
        """What `v` puts beside its truth."""
        return checks(self)

    def build(self, wanted: Wanted) -> Part:
        """Build the wanted part; raises KeyError for a name that is none of this lesson's."""
        return build_part(self, wanted)

    def depends(self, wanted: Wanted) -> Hashable:
        """What the wanted part depends on; raises KeyError for a name that is none of this lesson's."""
        return depends(self, wanted)

    def state(self) -> tuple[Mapping[str, Any], Mapping[str, NDArray[np.generic]]]:
        """The statistics, b and the last ε; the exact gradient, and the model itself where there is one."""
        exact, model = self.exact, self.problem.model
        header: dict[str, Any] = {"baseline": self.baseline, "samples": self.samples}
        header["exact"] = None if exact is None else [exact.value, exact.error, exact.by]
        arrays = {**self.statistics.arrays(), "epsilon": self.last.numpy().copy()}
        if model is not None:
            header["model"] = model.header()
            arrays |= model.arrays()
        return header, arrays

    def _resume(self, snapshot: Snapshot) -> None:
        self.restore(snapshot)
        self.baseline = float(snapshot.header["baseline"])
        if snapshot.header["exact"] is not None:
            value, error, by = snapshot.header["exact"]
            self.exact = ExactGradient(float(value), float(error), str(by))
        self.last = torch.from_numpy(np.array(snapshot.arrays["epsilon"], np.float64))
        self.statistics = Statistics.of(snapshot.arrays)
