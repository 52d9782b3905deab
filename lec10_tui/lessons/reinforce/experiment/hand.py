"""The episode in hand: sampled whole from its seed, its policy and what a person did, and replayed exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lec10_tui.environments.description import Description
from lec10_tui.environments.lanes import Actions, Lanes
from lec10_tui.environments.rollout import Batch, Rollout
from lec10_tui.learning.policy import PolicyArchitecture, open_policy
from lec10_tui.learning.random import array_generator
from lec10_tui.learning.sampling import Noise, Sampler, noise
from lec10_tui.lessons.reinforce.experiment.learner import Arrays
from lec10_tui.lessons.reinforce.frame import Event
from lec10_tui.vocabulary.knobs import BadValue

SEEDS = 2**31
STRONGEST = 100.0
"""The hardest push: far beyond it, simulators take for ever to find their angles again."""


@dataclass(frozen=True)
class Origin:
    """Where an episode's chance comes from: the run's seed, a step and a purpose, and which lane of how many."""

    seed: int
    step: int
    purpose: str
    lane: int = 0
    lanes: int = 1

    def reset_seeds(self) -> list[int]:
        """What the environments of all lanes are reset with."""
        drawn = array_generator(self.seed, self.step, f"{self.purpose} reset").integers(0, SEEDS, self.lanes)
        return [int(seed) for seed in drawn]

    def noise(self, description: Description, branch: int = 0) -> Noise:
        """What the actions of all lanes are drawn with, after so many events."""
        purpose = f"{self.purpose} actions" + (f" {branch}" if branch else "")
        return noise(self.seed, self.step, purpose, self.lanes, None if description.discrete else description.actions)


@dataclass(frozen=True, eq=False)
class Applied:
    """The update that learned from an episode: which step of the run, the weights after it, from how many episodes."""

    step: int
    policy: Arrays
    episodes: int
    kl: float


@dataclass(frozen=True, eq=False)
class Hand:
    """One episode, whole: a batch of one lane, the policy it was sampled with, and what a person did to it.

    `peers` is the batch it was learned with, of which it is lane `origin.lane`; `baselines` are the baselines' arrays
    as they were before that. `number` counts the episodes taken in hand.
    """

    update: int
    origin: Origin
    policy: Arrays
    batch: Batch
    events: tuple[Event, ...] = ()
    peers: Batch | None = None
    baselines: Arrays | None = None
    applied: Applied | None = None
    number: int = 0

    @property
    def length(self) -> int:
        """How many actions were taken."""
        return len(self.batch.rewards)

    @property
    def reset_seed(self) -> int:
        """What its environment was reset with."""
        return self.origin.reset_seeds()[self.origin.lane]

    def flags(self) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Which actions a person took, and how strongly each state was pushed, (T,) each."""
        by_person, pushes = np.zeros(self.length, np.bool_), np.zeros(self.length)
        for event in self.events:
            if event.kind == "act":
                by_person[event.time] = True
            else:
                pushes[event.time] += event.values[0]
        return by_person, pushes


def of_batch(update: int, origin: Origin, policy: Arrays, batch: Batch, baselines: Arrays, applied: Applied) -> Hand:
    """Lane `origin.lane` of a batch that was learned from, as an episode in hand."""
    lane, length = origin.lane, int(batch.lengths[origin.lane])
    column = slice(lane, lane + 1)
    own = Batch(
        observations=batch.observations[:length, column].copy(),
        actions=batch.actions[:length, column].copy(),
        rewards=batch.rewards[:length, column].copy(),
        alive=batch.alive[:length, column].copy(),
        terminated=batch.terminated[column].copy(),
        truncated=batch.truncated[column].copy(),
        states=batch.states[: length + 1, column].copy(),
        final_observations=batch.final_observations[column].copy(),
        lengths=batch.lengths[column].copy(),
    )
    return Hand(update, origin, policy, own, peers=batch, baselines=baselines, applied=applied)


def sampled(
    update: int,
    origin: Origin,
    policy: Arrays,
    architecture: PolicyArchitecture,
    lanes: Lanes,
    events: tuple[Event, ...] = (),
    past: Actions | None = None,
) -> Hand:
    """Sample an episode in `lanes` (one of them), exactly as its origin, its policy and its events make it.

    `past` are actions (m, …) that were taken already: none of them is drawn again. Raises BadValue for an event that
    this environment does not know, or that comes after the episode's end.
    """
    description = lanes.description
    for event in events:
        if event.kind == "push":
            _check_push(event.values[0], description)
    sampler = Sampler(open_policy(architecture, policy))
    branches = [origin.noise(description, branch) for branch in range(len(events) + 1)]
    acts = {event.time: _whole(event.values, description) for event in events if event.kind == "act"}

    def choose(seen: NDArray[np.float32], time: int) -> Actions:
        if time in acts:
            return acts[time]
        if past is not None and time < len(past):
            earlier: Actions = past[time]
            return earlier
        branch = sum(event.time < time or (event.time == time and event.kind == "push") for event in events)
        return sampler.choose(seen, branches[branch].at(time)[origin.lane : origin.lane + 1])

    pushes = [(event.time, 0, event.values[0]) for event in events if event.kind == "push"]
    rollout = Rollout(lanes, choose, [origin.reset_seeds()[origin.lane]], pushes)
    rollout.advance(math.inf)
    batch = rollout.batch()
    late = next((event for event in events if event.time >= len(batch.rewards)), None)
    if late is not None:
        raise _past_the_end(len(batch.rewards), late.time)
    return Hand(update, origin, policy, batch, events)


def _past_the_end(length: int, time: int) -> BadValue:
    return BadValue(f"the episode has {length} steps, 0 to {length - 1}: nothing can be done at t = {time}")


def branched(hand: Hand, event: Event, architecture: PolicyArchitecture, lanes: Lanes) -> Hand:
    """`hand` with `event` in it: the past stays, what followed is cut and sampled again.

    Pushes at one time add up, and are gone where they cancel. Raises BadValue past the end.
    """
    if not 0 <= event.time < hand.length:
        raise _past_the_end(hand.length, event.time)
    events = tuple(other for other in hand.events if other.time < event.time)
    pushes = [other for other in hand.events if other.time == event.time and other.kind == "push"]
    if event.kind == "push":
        strength = sum((push.values[0] for push in pushes), event.values[0])
        events += (replace(event, values=(strength,)),) if strength else ()
    else:
        events += (*pushes, event)
    past = hand.batch.actions[: event.time]
    return sampled(hand.update, hand.origin, hand.policy, architecture, lanes, events, past)


def _check_push(strength: float, description: Description) -> None:
    if not description.pushed:
        raise BadValue(f"{description.id} has nothing to push")
    if not abs(strength) <= STRONGEST:
        raise BadValue(f"push: {strength:g} is not a strength from {-STRONGEST:g} to {STRONGEST:g}")


def _whole(values: tuple[float, ...], description: Description) -> Actions:
    """An action as lanes take it; raises BadValue for one that the environment does not have."""
    words = ", ".join(f"{value:g}" for value in values)
    if description.discrete:
        if len(values) != 1 or values[0] not in range(description.actions):
            raise BadValue(f"action: {words} is not one of 0 to {description.actions - 1}")
        return np.array([int(values[0])])
    if len(values) != description.actions or not np.isfinite(values).all():
        needed = "a finite value" if description.actions == 1 else f"{description.actions} finite values"
        raise BadValue(f"action: {words} is not {needed}")
    return np.array([values], np.float64)
