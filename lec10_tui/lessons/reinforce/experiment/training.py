"""The reinforce experiment: one update after another, each from a batch of whole episodes; and one episode in hand."""

from __future__ import annotations

import itertools
import math
import platform
from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import Any, NoReturn

import numpy as np
import torch
from numpy.typing import NDArray

from lec10_tui import __version__
from lec10_tui.environments.catalogue import make
from lec10_tui.environments.description import Description, EnvironmentBroke
from lec10_tui.environments.rollout import Batch, Rollout
from lec10_tui.learning.policy import policy_arrays
from lec10_tui.lessons.reinforce.experiment.hand import Applied, Origin, of_batch
from lec10_tui.lessons.reinforce.experiment.hands import Hands
from lec10_tui.lessons.reinforce.experiment.learner import Arrays, Learner, Update, Weighed, weigh
from lec10_tui.lessons.reinforce.experiment.parts import build_part, stamp
from lec10_tui.lessons.reinforce.experiment.rendering import rendered
from lec10_tui.lessons.reinforce.experiment.verifying import verify
from lec10_tui.lessons.reinforce.frame import (
    Act,
    ApplyUpdate,
    Event,
    NextEpisode,
    PreviousEpisode,
    Push,
    ReinforceKnobs,
    Renders,
)
from lec10_tui.vocabulary.commands import Command, SetKnob, Verify
from lec10_tui.vocabulary.frames import Part, Readings, Verdicts, Wanted
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.record import Record
from lec10_tui.vocabulary.reports import RunFailed, Snapshot
from lec10_tui.vocabulary.turns import Turn, Turns

SLICE_SECONDS = 0.01
LAST = 100
"""How many episodes the mean return is taken over."""
CURVES = ("mean_return_100", "last_return", "entropy", "gradient_norm", "update_kl")

_numbers = itertools.count()


class ReinforceExperiment:
    """Trains one policy by REINFORCE; every random number is keyed by (seed, update, purpose)."""

    lesson = "reinforce"
    unit = "steps"

    def __init__(
        self,
        knobs: ReinforceKnobs,
        *,
        given: Mapping[str, Any] | None = None,
        planned: tuple[Turn, ...] = (),
        snapshot: Snapshot | None = None,
    ) -> None:
        torch.set_num_threads(knobs.threads)
        self.number = next(_numbers)
        self.turns = Turns(knobs, given or {}, planned)
        self.lanes = make(knobs.environment, knobs.episodes, knobs.horizon)
        self.learner = Learner(self.description, knobs, snapshot.arrays if snapshot else None)
        self._copied: tuple[int, Arrays] | None = None
        self.step = self.episodes = self.steps = 0
        self.returns: deque[float] = deque(maxlen=LAST)
        self.record = Record(1, CURVES, key="update")
        self.by_hand: tuple[int, ...] = ()
        self.hands = Hands(knobs, self.learner.architecture, self._policy)
        self.verdicts: Verdicts | None = None
        self.renders: Renders | None = None
        self.worked = 0
        self._drawn = -1
        self._rollout: Rollout | None = None
        self._finished = False
        self._slices: dict[str, Iterator[Part]] = {}
        if snapshot is None:
            self._take_turns()
        else:
            self._resume(snapshot)

    @property
    def knobs(self) -> ReinforceKnobs:
        """The knobs in force."""
        return self.turns.knobs

    @property
    def description(self) -> Description:
        """What the environment is."""
        return self.lanes.description

    @property
    def epoch(self) -> None:
        """An agent makes its own data."""
        return None

    # --- stepping -----------------------------------------------------------------------------------------------

    def advance(self) -> int:
        """A slice of an update: some steps of its episodes, and after the last of them the update itself.

        Returns how many environment steps were taken. Raises RunFailed at the last good state.
        """
        self._finished = False
        origin = Origin(self.knobs.seed, self.step, "rollout", 0, self.knobs.episodes)
        try:
            if self._rollout is None:
                self._rollout = self._begin(origin)
            before = self._rollout.steps
            over = self._rollout.advance(SLICE_SECONDS)
            taken = self._rollout.steps - before
            batch = self._rollout.batch() if over else None
        except EnvironmentBroke as error:
            self._fail(error.what, error.advice or "mend the environment, or choose another")
        if batch is not None:
            self._rollout = None
            self._train(origin, batch)
        return taken

    def _begin(self, origin: Origin) -> Rollout:
        drawn = origin.noise(self.description)
        sampler = self.learner.sampler
        return Rollout(self.lanes, lambda seen, time: sampler.choose(seen, drawn.at(time)), origin.reset_seeds())

    def _train(self, origin: Origin, batch: Batch) -> None:
        (_, policy), baselines = self._policy(), self.learner.baselines.arrays()
        weighed, update = self._learn(batch)
        self.learner.baselines.learn(batch.observations, weighed.reward_to_go, batch.alive)
        self._step(batch, update, counted=True)
        applied = Applied(*self._policy(), len(batch.lengths), update.kl)
        self.hands.take(of_batch(origin.step, origin, policy, batch, baselines, applied))

    def _learn(self, batch: Batch) -> tuple[Weighed, Update]:
        weighed = weigh(batch, self.learner.baselines, self.knobs)
        try:
            return weighed, self.learner.update(batch, weighed.weight, self.knobs.entropy_bonus)
        except FloatingPointError as error:
            normalise = "" if self.knobs.normalise == "on" else "normalise, or "
            advice = f"{normalise}lower α (now {self.knobs.learning_rate:g}), and it can go on from there"
            self._fail(f"{error} at update {self.step + 1}", advice)

    def _step(self, batch: Batch, update: Update, counted: bool) -> None:
        """The policy has learned from a batch; its returns are the policy's own, and `counted`, or a person was in."""
        self.step += 1
        self.episodes += len(batch.lengths)
        self.steps += batch.steps
        earned = [float(value) for value in batch.rewards.sum(0)]
        if counted:
            self.returns.extend(earned)
        readings = {
            "update": float(self.step),
            "episodes": float(self.episodes),
            "steps": float(self.steps),
            "mean_return_100": float(np.mean(self.returns)) if self.returns else math.nan,
            "last_return": earned[-1],
            "entropy": update.entropy,
            "gradient_norm": update.gradient_norm,
            "update_kl": update.kl,
        }
        self.record.add(readings, {"last_return": earned})
        self._take_turns()

    def _fail(self, what: str, advice: str) -> NoReturn:
        self._rollout = None
        kept = f"the policy of update {self.step} is kept" if self.step else "no update was made"
        raise RunFailed(what, f"{kept}; {advice}")

    def progress(self, elapsed: float) -> float | None:
        """How much of the run's length is done, 1 once the return it waits for is reached; None when it is endless."""
        if self._reached(self.knobs.until_return):
            return 1.0
        length = self.knobs.length
        if length.amount is None:
            return None
        done = {"updates": self.step, "episodes": self.episodes, "seconds": elapsed}[length.unit]
        return min(done / length.amount, 1.0)

    def _reached(self, wanted: float | None) -> bool:
        return wanted is not None and len(self.returns) == LAST and float(np.mean(self.returns)) >= wanted

    def finish(self) -> None:
        """The readings say from now on whether the environment is solved."""
        self._finished = True

    def readings(self) -> Readings:
        """The readings of the last update; `solved` once the run has finished.

        Solved is a mean return over the last 100 episodes of what the run waits for, or the environment's threshold.
        """
        none_yet = {"update": 0.0, "episodes": 0.0, "steps": 0.0, **dict.fromkeys(CURVES, math.nan)}
        readings = dict(self.record.last or none_yet)
        if self._finished:
            wanted = self.description.threshold if self.knobs.until_return is None else self.knobs.until_return
            readings["solved"] = self._reached(wanted)
        return readings

    # --- commands -----------------------------------------------------------------------------------------------

    def apply(self, command: Command) -> None:
        """Turn a live knob, or do something with the episode in hand; raises BadValue for what can't be done."""
        if isinstance(command, SetKnob):
            self._set(command.name, command.value)
        elif isinstance(command, NextEpisode):
            self.hands.next()
        elif isinstance(command, PreviousEpisode):
            self.hands.back()
        elif isinstance(command, Act):
            self.hands.act(Event(command.time, "act", command.action))
        elif isinstance(command, Push):
            self.hands.act(Event(command.time, "push", (command.strength,)))
        elif isinstance(command, ApplyUpdate):
            self._apply_update()
        elif isinstance(command, Verify):
            self._slices["verdicts"] = verify(self)
        else:
            raise BadValue(f"the reinforce lesson has no command {type(command).__name__}")

    def _set(self, name: str, value: Any) -> None:
        self.turns.put(self.step, name, value)
        if name == "learning_rate":
            self.learner.optimizer.learning_rate = self.knobs.learning_rate

    def turn(self, values: Mapping[str, Any]) -> None:
        """Set live knobs at this update; raises BadValue."""
        for name, value in values.items():
            self._set(name, value)

    def _take_turns(self) -> None:
        for _, name, value in self.turns.due(self.step):
            self._set(name, value)

    # --- the episode in hand ------------------------------------------------------------------------------------

    def _policy(self) -> tuple[int, Arrays]:
        """The update and the weights as they are now, copied once for all episodes of it."""
        if self._copied is None or self._copied[0] != self.step:
            self._copied = self.step, policy_arrays(self.learner.policy)
        return self._copied

    def _apply_update(self) -> None:
        hand = self.hands.now
        if hand.applied is not None:
            raise BadValue(f"update {hand.applied.step} has learned from this episode; . past its end takes the next")
        if hand.update != self.step:
            raise BadValue(
                f"this episode is of the policy of update {hand.update}; REINFORCE learns from the policy's own, "
                f"so take the next one"
            )
        self._rollout = None  # its episodes are of the policy as it was
        _, update = self._learn(hand.batch)
        self._step(hand.batch, update, counted=not hand.events)
        applied = Applied(*self._policy(), 1, update.kl)
        self.by_hand = (*self.by_hand, self.step)
        self.hands.put(replace(hand, applied=applied, baselines=self.learner.baselines.arrays()))

    # --- frames -------------------------------------------------------------------------------------------------

    def stamp(self, wanted: Wanted) -> Hashable:
        """What the wanted part depends on: an equal stamp means an equal part."""
        return stamp(self, wanted)

    def part(self, wanted: Wanted) -> Part:
        """Build the wanted part."""
        return build_part(self, wanted)

    def work(self) -> bool:
        """One slice of what takes longer, verdicts and the environment's own pictures; False when nothing waits."""
        for name, slices in list(self._slices.items()):
            part = next(slices, None)
            if part is None:
                self._slices.pop(name, None)
            elif isinstance(part, Verdicts):
                self.verdicts = part
            elif isinstance(part, Renders):
                self.renders = part
            self.worked += part is not None
        return bool(self._slices)

    def draw(self) -> None:
        """Begin to take the environment's own pictures of the episode in hand, in slices; once for an episode."""
        if self._drawn == self.hands.version:
            return
        self._drawn, self.renders = self.hands.version, None
        self._slices["renders"] = rendered(self.knobs.environment, self.knobs.horizon, self.hands.now)

    # --- snapshots ----------------------------------------------------------------------------------------------

    def _resume(self, snapshot: Snapshot) -> None:
        header = snapshot.header
        self.turns = Turns.of_header(ReinforceKnobs, header)
        self.step, self.episodes, self.steps = snapshot.step, int(header["episodes"]), int(header["steps"])
        self.by_hand = tuple(int(step) for step in header.get("by_hand", ()))
        self.returns.extend(float(value) for value in snapshot.arrays["returns"])
        self.record.restore(snapshot.arrays, snapshot.metrics)
        self.learner.optimizer.learning_rate = self.knobs.learning_rate

    def snapshot(self) -> Snapshot:
        """Everything needed to go on exactly from the last update; episodes begun since are sampled again."""
        header = {
            **self.turns.header(),
            "seed": self.knobs.seed,
            "episodes": self.episodes,
            "steps": self.steps,
            "by_hand": list(self.by_hand),
            "architecture": self.learner.architecture.plain(),
            "environment": {"id": self.description.id, "native": self.description.native},
            "versions": {
                "lec10": __version__,
                "python": platform.python_version(),
                "torch": torch.__version__,
                "numpy": np.__version__,
                "gymnasium": version("gymnasium"),
            },
            "readings": {name: value for name, value in self.readings().items() if not math.isnan(value)},
        }
        arrays: dict[str, NDArray[np.generic]] = {
            **self.learner.arrays(),
            **self.record.arrays(),
            "returns": np.array(self.returns, np.float64),
        }
        return Snapshot(self.lesson, self.step, header, arrays, self.record.rows)
