"""The bound experiment: one image, its true posterior, and a q that moves by hand or by ascent; two smaller worlds."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.ascent import Ascent
from lec10_tui.learning.hermite import elbo
from lec10_tui.lessons.bound.experiment.bounds import BLOCK, HERMITE, SLICE, Bound, QTerms
from lec10_tui.lessons.bound.experiment.exact import Decoder, Exact
from lec10_tui.lessons.bound.experiment.hand import LIMITS, answer, computable, put_by
from lec10_tui.lessons.bound.experiment.parts import build_part, stamp
from lec10_tui.lessons.bound.experiment.reading import readings
from lec10_tui.lessons.bound.experiment.toy import ToyWorld
from lec10_tui.lessons.bound.experiment.verifying import checks
from lec10_tui.lessons.bound.experiment.window import Window
from lec10_tui.lessons.bound.frame import BoundKnobs, Move, MovePoint, PutPoint, Snap, Stretch
from lec10_tui.models.stored import within
from lec10_tui.models.trained import TrainedModel
from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.frames import Part, Readings, Wanted
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import RunFailed, Snapshot
from lec10_tui.vocabulary.study import Checks, Study
from lec10_tui.vocabulary.turns import Turn

ASCENT = "ascent/"
"""What the names of the ascent's arrays begin with."""

TRAIL = 500
"""How many places of μ are remembered."""

REFINEMENT = "refinement"
"""What is made in slices beside the verdicts."""

QUIET = frozenset({"learning_rate", "length"})
"""Live knobs that no reading depends on."""


class BoundExperiment(Study[BoundKnobs]):
    """One image, its true posterior, and a Gaussian q whose ELBO ascends; K = 1 or 2.

    Recorded readings are coarse in q's terms and refined in log p(x), whatever the clock; those that are shown are as
    good as they are known now. The opening and the closing ones are refined altogether.
    """

    lesson = "bound"
    CURVES = ("elbo", "log_likelihood", "reconstruction", "kl", "gap")
    READ_EVERY = 5

    def __init__(
        self,
        knobs: BoundKnobs,
        model: TrainedModel,
        *,
        given: Mapping[str, Any] | None = None,
        planned: tuple[Turn, ...] = (),
        snapshot: Snapshot | None = None,
    ) -> None:
        super().__init__(knobs, given=given, planned=planned)
        torch.set_num_threads(knobs.threads)
        if model.latent_dim > 2:
            raise BadValue(
                f"model: {model.name} has K = {model.latent_dim}, and p(z|x) is integrated on a grid, which takes "
                "K = 1 or 2; vae-k2-bernoulli would be right"
            )
        self.model = model
        self.decoder = Decoder(model.exact)
        for _, name, value in self.turns.planned:
            self._refuse(name, value)
        self._refuse("observation_variance", knobs.observation_variance)
        if snapshot is not None:
            self.restore(snapshot)
        self.looks = self.moves = self.by_hand = self._rested = 0
        self._risen = self._unread = False
        self.trail: deque[Tensor] = deque(maxlen=TRAIL)
        self.toy = ToyWorld(self.knobs.curve, self.knobs.toy_variance)
        self._look()
        mu, log_sigma = answer(self.knobs.start, self.encoder)
        self.ascent = Ascent(self._objective, mu, log_sigma, self.knobs.learning_rate)
        if snapshot is None:
            self._placed()
            self.take_turns()
        else:
            self._resume(snapshot)
        while not self._refine():
            pass
        if snapshot is None:
            self._record(self.bound.terms, None)

    # --- what is studied --------------------------------------------------------------------------------------------

    @property
    def variance(self) -> float:
        """η in force; unused by Bernoulli pixels."""
        chosen = self.knobs.observation_variance
        return self.model.observation_variance if chosen is None else chosen

    def _look(self) -> None:
        """Another image, or another η."""
        self.index, x = self.model.image(self.knobs.image)
        try:
            self.exact = Exact(self.decoder, x, self.variance)
        except ValueError as error:
            raise BadValue(f"model: {self.model.name} can't be integrated; {error}") from None
        with torch.no_grad():
            mu, log_sigma = self.model.exact.encode(self.exact.x[None])
        self.encoder = mu, log_sigma
        self.window = Window(self.exact, mu[0], log_sigma[0].exp())
        self.looks += 1

    def _objective(self, mu: Tensor, log_sigma: Tensor) -> Tensor:
        exact = self.exact
        return elbo(self.decoder.network, exact.x[None], mu, log_sigma, exact.variance, HERMITE[1])

    def _put(self, mu: Tensor, log_sigma: Tensor) -> None:
        """q is put here, and forgets its momentum."""
        self.ascent.put(mu, log_sigma)
        self._placed()

    def _placed(self) -> None:
        """q is somewhere else, or what it is compared with is."""
        self.bound = Bound(self.exact, self.ascent.mu[0], self.ascent.log_sigma[0], self.knobs.seed)
        if not self.trail or not torch.equal(self.trail[-1], self.bound.mu):
            self.trail.append(self.bound.mu)
        self.window.follow(self.bound)
        self.moves += 1

    # --- refining ---------------------------------------------------------------------------------------------------

    def _refine(self) -> bool:
        """One slice of what makes the readings better; True once they are as good as they get."""
        return self._refine_evidence() and self.bound.refine(self.knobs.samples)

    def _refine_evidence(self) -> bool:
        """One slice of the work on log p(x); True once it is refined."""
        if not self.exact.refined:
            self.exact.refine()
            self.window.follow(self.bound)
        return self.exact.refined

    def refine_later(self) -> None:
        """Have whatever is coarse refined while nothing else is to be done."""
        self.begin(REFINEMENT, self._refinement())

    def _refinement(self) -> Iterator[Part | None]:
        for refine in (self.toy.refine, self._refine_evidence, self.window.refine, self._refine_at_rest):
            while not refine():
                yield None

    def _refine_at_rest(self) -> bool:
        """One slice of the same, but none while q climbs: it would be elsewhere before the slice was of use."""
        rests, self._rested = self._rested == self.moves, self.moves
        return rests and self._refine()

    # --- steps and readings -----------------------------------------------------------------------------------------

    def advance(self) -> int:
        """One step of ascent, or a slice of what has to be known before it or after it."""
        if not self._risen:
            if self._unread:  # q was put by hand, or a knob was turned: this is where the ascent starts from
                if not self._ready():
                    return 0
                self._record(self.bound.coarse, self._draws)
            self._rise()
        due = self.record.due(self.step + 1)
        if (due and not self._ready()) or (self._last and not self._refine()):
            return 0
        self._risen = False
        self.step += 1
        if due:
            self._record(self.bound.coarse, self._draws)
        self.take_turns()
        return 1

    def finish(self) -> None:
        """Take the closing readings, refined."""
        while not self._refine():
            pass
        self._record(self.bound.terms, None)

    @property
    def _last(self) -> bool:
        """Whether the step that is being taken reaches the run's length."""
        length = self.knobs.length
        return length.unit == "steps" and length.amount is not None and self.step + 1 >= length.amount

    @property
    def _draws(self) -> int:
        """How many importance samples a recorded reading uses."""
        return -(-max(SLICE, self.knobs.samples) // BLOCK) * BLOCK

    def _ready(self) -> bool:
        """One slice of what a recorded reading needs; True once it is there."""
        if not self._refine_evidence():
            return False
        if len(self.bound.log_weights) < self._draws:
            self.bound.draw(SLICE)
        return len(self.bound.log_weights) >= self._draws

    def _rise(self) -> None:
        """One step of Adam; where it leads out of what can be computed, q stays. Raises RunFailed then."""
        before = self.ascent.arrays()
        self.ascent.step()
        if not computable(self.ascent.mu, self.ascent.log_sigma):
            self.ascent.load(before)
            what = f"step {self.step + 1} of the ascent led too far: {LIMITS} can be computed"
            raise RunFailed(what, f"q is where it was; lower the rate (now {self.knobs.learning_rate:g})")
        self._risen = True
        self._placed()
        if REFINEMENT not in self.waiting:
            self.refine_later()

    def _record(self, terms: QTerms, draws: int | None) -> None:
        self._unread = False
        self.record.add(readings(self.step, self.knobs, self.bound, self.toy.place, terms, draws))

    def readings(self) -> Readings:
        """The readings as good as they are known now."""
        return readings(self.step, self.knobs, self.bound, self.toy.place, self.bound.terms)

    # --- commands ---------------------------------------------------------------------------------------------------

    def _set(self, name: str, value: Any) -> None:
        self._refuse(name, value)
        super()._set(name, value)

    def _refuse(self, name: str, value: Any) -> None:
        if name == "observation_variance" and value is not None and self.decoder.bernoulli:
            raise BadValue(
                f"observation variance: {self.model.name} has Bernoulli pixels and no η; vae-k2-gaussian has one"
            )

    def turned(self, name: str) -> None:
        """A knob has been turned: what depends on it is there at once, coarse, and refined later."""
        if name == "image":
            self.trail.clear()
            self._look()
            self._put(*answer(self.knobs.start, self.encoder))
        elif name == "observation_variance":
            self._look()
            self._placed()
        elif name == "learning_rate":
            self.ascent.learning_rate = self.knobs.learning_rate
        elif name in ("curve", "toy_variance"):
            self.toy.turn(self.knobs.curve, self.knobs.toy_variance)
        if name not in QUIET:
            self._touched()

    def _touched(self) -> None:
        self._unread = True
        self.refine_later()

    def obey(self, command: Command) -> None:
        """Move or stretch q, snap it to an answer, move the toy world's point; raises BadValue."""
        if isinstance(command, MovePoint):
            self.toy.move(command.across, command.up)
        elif isinstance(command, PutPoint):
            self.toy.put()
        elif isinstance(command, (Move, Stretch, Snap)):
            self._put(*put_by(command, self.ascent.mu, self.ascent.log_sigma, self.encoder))
            self.by_hand += 1
        else:
            super().obey(command)
        self._touched()

    # --- frames and verdicts ----------------------------------------------------------------------------------------

    def depends(self, wanted: Wanted) -> Hashable:
        """What the wanted part depends on."""
        return stamp(self, wanted)

    def build(self, wanted: Wanted) -> Part:
        """Build the wanted part."""
        return build_part(self, wanted)

    def checks(self) -> Iterable[Checks]:
        """Every reading beside its truth."""
        return checks(self)

    # --- snapshots --------------------------------------------------------------------------------------------------

    def state(self) -> tuple[Mapping[str, Any], Mapping[str, NDArray[np.generic]]]:
        """The model itself, so that the run can be opened without the one it came from; q, its momentum, its trail."""
        header = {
            "model": self.model.header(),
            "by_hand": self.by_hand,
            "risen": self._risen,
            "unread": self._unread,
        }
        ascent = {ASCENT + name: array for name, array in self.ascent.arrays().items()}
        trail = torch.stack(tuple(self.trail)).numpy().copy()
        return header, {**self.model.arrays(), **ascent, "trail": trail, "point": self.toy.point.numpy().copy()}

    def _resume(self, snapshot: Snapshot) -> None:
        self.ascent.load(within(snapshot.arrays, ASCENT))
        self.by_hand = int(snapshot.header["by_hand"])
        self._risen, self._unread = bool(snapshot.header["risen"]), bool(snapshot.header["unread"])
        self.trail.extend(torch.from_numpy(np.array(snapshot.arrays["trail"], np.float64)))
        point = torch.from_numpy(np.array(snapshot.arrays["point"], np.float64))
        self.toy = ToyWorld(self.knobs.curve, self.knobs.toy_variance, point)
        self._placed()
