"""The amortization experiment: the ascents of a page of images beside the encoder's answers, put to account."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.lessons.amortization.experiment.ascents import Page
from lec10_tui.lessons.amortization.experiment.estimates import Likelihood
from lec10_tui.lessons.amortization.experiment.parts import build_part, stamp
from lec10_tui.lessons.amortization.experiment.plane import Posterior
from lec10_tui.lessons.amortization.experiment.race import NO_RACE, Racing, race_arrays, race_header, race_of
from lec10_tui.lessons.amortization.experiment.slices import at_once, unseen
from lec10_tui.lessons.amortization.experiment.table import Rows, likelihood_arrays, likelihoods_of
from lec10_tui.lessons.amortization.experiment.verifying import checks
from lec10_tui.lessons.amortization.frame import AmortizationKnobs, StartRace, StopRace
from lec10_tui.models.stored import within
from lec10_tui.models.trained import TrainedModel
from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.frames import Part, Readings, Wanted
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import RunFailed, Snapshot
from lec10_tui.vocabulary.study import Checks, Study
from lec10_tui.vocabulary.turns import Turn

PAGE = "page/"
"""What the names of a page's arrays begin with."""


@dataclass(frozen=True, eq=False)
class Reading:
    """The readings of one image at one step, and the q that its optimized ELBO is of: `mu`, `log_sigma` (K,)."""

    image: int
    values: Readings
    mu: Tensor
    log_sigma: Tensor
    error: float
    standard_error: float


class AmortizationExperiment(Study[AmortizationKnobs]):
    """Ascents of the ELBO beside the encoder's answer, for every image of a page; readings are of the image in hand.

    Recorded readings are exact, whatever the clock. The image can be turned while it goes: within the page nothing else
    changes; off it another page begins, whose ascents start anew. A step that is under way then starts over.
    """

    lesson = "amortization"
    URGENT = ("readings", "posterior", "verdicts")

    def __init__(
        self,
        knobs: AmortizationKnobs,
        model: TrainedModel,
        *,
        given: Mapping[str, Any] | None = None,
        planned: tuple[Turn, ...] = (),
        snapshot: Snapshot | None = None,
    ) -> None:
        super().__init__(knobs, given=given, planned=planned)
        torch.set_num_threads(knobs.threads)
        self.model = model
        self.known: dict[int, Likelihood] = {}
        self.racing: Racing | None = None
        self.posterior = Posterior()
        self.pages = 0
        self.race = NO_RACE
        self._begun: tuple[dict[str, NDArray[np.generic]], Generator[None, None, Reading | None]] | None = None
        self.latest: Reading
        if snapshot is None:
            self._open_page()
            self.take_turns()
            self._record(at_once(self._read(self.step)))
        else:
            self._resume(snapshot)

    # --- the page -----------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many images a page has."""
        return min(self.knobs.images, len(self.model.images.held_out))

    @property
    def in_hand(self) -> int:
        """Which image of the page is in hand."""
        return self.knobs.image - self.page.first

    def _open_page(self) -> None:
        """The page that the image in hand is on."""
        first = self.knobs.image // self.count * self.count
        self.page = Page(self.model, first, self.count, self.knobs.seed)
        self.rows = Rows(self.page, self.known)
        self.pages += 1

    def _refine(self) -> None:
        """Refine the table while nothing else is to be done."""
        self.begin("table", unseen(self.rows.refine_all(self.in_hand)))

    def turned(self, name: str) -> None:
        """Another image in hand, or another rate: a step that was begun begins again."""
        if name not in ("image", "learning_rate"):
            return
        self._step_back()
        if self.racing is not None:
            self.racing.rate = self.knobs.learning_rate
        if name != "image":
            return
        if not 0 <= self.in_hand < len(self.page):
            self._open_page()
        if self.record.rows:
            self.begin("readings", unseen(self._look()))
            self._refine()

    # --- steps --------------------------------------------------------------------------------------------------

    def advance(self) -> int:
        """A slice of a step of all ascents, and of the readings after it where they are due; 1 once it is whole.

        Raises RunFailed where an ELBO is no number any more; the ascents stand where the step began.
        """
        if self._begun is None:
            self._begun = self.page.arrays(), self._step()
        try:
            next(self._begun[1])
        except StopIteration as end:
            self._begun = None
            self.step += 1
            if end.value is not None:
                self._record(end.value)
            self.take_turns()
            return 1
        except FloatingPointError as error:
            self._step_back()
            advice = f"the ascents of step {self.step} are kept; lower the rate (now {self.knobs.learning_rate:g})"
            raise RunFailed(f"{error} at step {self.step + 1}", f"{advice}, and it can go on from there") from error
        return 0

    def _step(self) -> Generator[None, None, Reading | None]:
        """The next step, and the reading after it where it is due."""
        yield from self.page.step(self.knobs.learning_rate)
        if not self.record.due(self.step + 1):
            return None
        return (yield from self._read(self.step + 1))

    def _step_back(self) -> None:
        """Stand where the step that was begun began."""
        if self._begun is not None:
            self.page.load(self._begun[0])
            self._begun = None

    # --- readings -----------------------------------------------------------------------------------------------

    def _read(self, step: int) -> Generator[None, None, Reading]:
        """The readings of the image in hand as its ascents stand, exact; a function of where they stand alone."""
        image, place, rows = self.in_hand, self.knobs.image, self.rows
        row = yield from rows.refine(image)
        likelihood = yield from rows.refine_likelihood(image)
        values = {
            "step": float(step),
            "log_likelihood": likelihood.value,
            "amortized_elbo": row.amortized,
            "optimized_elbo": row.optimized,
            "amortization_gap": row.optimized - row.amortized,
            "approximation_gap": likelihood.value - row.optimized,
            "encoder_milliseconds": rows.encoder_milliseconds,
            "optimization_milliseconds": self.page.milliseconds,
        }
        return Reading(place, values, row.mu, row.log_sigma, likelihood.error, row.standard_error)

    def _record(self, reading: Reading) -> None:
        self.record.add(reading.values)
        self.latest = reading
        self.drop("readings")
        if "table" not in self.waiting:
            self._refine()

    def _look(self) -> Generator[None, None, None]:
        """What is read of another image in hand until the next recorded reading: shown, not recorded."""
        self.latest = yield from self._read(self.step)

    def readings(self) -> Readings:
        """The last recorded readings, or those of an image that was taken in hand since."""
        return self.latest.values

    def finish(self) -> None:
        """Take the closing readings, of the image that is in hand by now."""
        self._record(at_once(self._read(self.step)))
        self._refine()

    def checks(self) -> Iterable[Checks]:
        """What `v` puts beside its truth."""
        return checks(self)

    # --- the race, and work in slices ---------------------------------------------------------------------------

    def obey(self, command: Command) -> None:
        """Start the race, or hold it; raises BadValue for any other command."""
        if isinstance(command, StartRace):
            knobs = self.knobs
            if self.racing is None:
                self.racing = Racing(self.model, knobs.seed, knobs.inner_steps, knobs.learning_rate)
            self.race = self.racing.part(going=True)
            self.begin("race", self._racing(self.racing))
        elif isinstance(command, StopRace):
            self.drop("race")
            self.race = replace(self.race, going=False)
        else:
            super().obey(command)

    def _racing(self, racing: Racing) -> Iterator[Part | None]:
        """The race's slices; one that fails, or comes to no number, is over and can only be started anew."""
        try:
            for self.race in racing.slices():
                yield None
        except Exception as error:
            self.racing, self.race = None, replace(self.race, going=False)
            if not isinstance(error, FloatingPointError):
                raise
            raise BadValue(f"race: {error}; a lower rate (now {racing.rate:g}) would be right") from error

    # --- frames -------------------------------------------------------------------------------------------------

    def build(self, wanted: Wanted) -> Part:
        """Build the wanted part."""
        return build_part(self, wanted)

    def depends(self, wanted: Wanted) -> Hashable:
        """What the wanted part depends on."""
        return stamp(self, wanted)

    # --- snapshots ----------------------------------------------------------------------------------------------

    def state(self) -> tuple[Mapping[str, Any], Mapping[str, NDArray[np.generic]]]:
        """The model, the ascents after the last whole step, log p(x) where it is known, the curves of the race.

        The race's networks are not kept: a saved run shows how it stood, and can start it anew.
        """
        self._step_back()
        latest = self.latest
        header = {
            "model": self.model.header(),
            "latest": {
                "image": latest.image,
                "values": dict(latest.values),
                "error": latest.error,
                "standard_error": latest.standard_error,
            },
            "race": race_header(self.race),
        }
        page = {PAGE + name: array for name, array in self.page.arrays().items()}
        q = {"latest/mu": latest.mu.numpy().copy(), "latest/log_sigma": latest.log_sigma.numpy().copy()}
        return header, {**self.model.arrays(), **page, **likelihood_arrays(self.known), **q, **race_arrays(self.race)}

    def _resume(self, snapshot: Snapshot) -> None:
        self.restore(snapshot)
        arrays, latest = snapshot.arrays, snapshot.header["latest"]
        self.known.update(likelihoods_of(arrays))
        self._open_page()
        self.page.load(within(arrays, PAGE))
        mu, log_sigma = (torch.from_numpy(np.array(arrays[f"latest/{name}"])) for name in ("mu", "log_sigma"))
        self.latest = Reading(**{**latest, "mu": mu, "log_sigma": log_sigma})
        self.race = race_of(snapshot.header["race"], arrays)
        self._refine()
