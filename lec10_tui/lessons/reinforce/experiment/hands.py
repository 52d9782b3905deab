"""The episodes that were taken in hand, one after another, and what a person does to the one that is in hand now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from lec10_tui.environments.catalogue import make
from lec10_tui.environments.description import EnvironmentBroke
from lec10_tui.environments.lanes import Lanes
from lec10_tui.learning.policy import PolicyArchitecture
from lec10_tui.lessons.reinforce.experiment.hand import Hand, Origin, branched, sampled
from lec10_tui.lessons.reinforce.experiment.learner import Arrays
from lec10_tui.lessons.reinforce.frame import Event, ReinforceKnobs
from lec10_tui.vocabulary.knobs import BadValue

KEPT = 40


class Hands:
    """A bounded number of episodes, sampled in an environment of their own; `version` counts what changes.

    `policy` gives the weights as they are now, and the update they are of. Where the environment breaks, BadValue is
    raised with one line, and training is none the worse for it.
    """

    def __init__(
        self, knobs: ReinforceKnobs, architecture: PolicyArchitecture, policy: Callable[[], tuple[int, Arrays]]
    ) -> None:
        self.version = 0
        self._knobs = knobs
        self._architecture = architecture
        self._policy = policy
        self._lanes: Lanes | None = None
        self._number = 0
        self._hands: list[Hand] = []
        self._at = -1

    @property
    def lanes(self) -> Lanes:
        """The environment they are sampled in, one lane."""
        if self._lanes is None:
            self._lanes = make(self._knobs.environment, 1, self._knobs.horizon)
        return self._lanes

    def begin(self) -> None:
        """Sample the first episode, if none is in hand yet."""
        if self._at < 0:
            self.next()

    @property
    def now(self) -> Hand:
        """The episode in hand; the first is sampled when it is asked for."""
        self.begin()
        return self._hands[self._at]

    @property
    def earlier(self) -> bool:
        """Whether there is one to go back to."""
        return self._at > 0

    def next(self) -> None:
        """Take the next one in hand: the one gone back from, or a new one."""
        if self._at + 1 < len(self._hands):
            self._at += 1
            self.version += 1
            return
        update, policy = self._policy()
        origin = Origin(self._knobs.seed, self._number, "walk")
        with self._environment():
            hand = sampled(update, origin, policy, self._architecture, self.lanes)
        self.take(hand)

    def back(self) -> None:
        """Take the one before in hand again; raises BadValue when there is none."""
        if not self.earlier:
            raise BadValue("there is no earlier episode to go back to")
        self._at -= 1
        self.version += 1

    def act(self, event: Event) -> None:
        """Do something in the episode in hand: what followed is sampled again. Raises BadValue past its end."""
        hand = self.now
        with self._environment():
            hand = branched(hand, event, self._architecture, self.lanes)
        self.put(hand)

    def take(self, hand: Hand) -> None:
        """Take a new one in hand, after all the others; of those that were learned from in training the last stays."""
        others = [other for other in self._hands if other.peers is None]
        self._hands = [*others, replace(hand, number=self._number)][-KEPT:]
        self._number += 1
        self._at = len(self._hands) - 1
        self.version += 1

    def put(self, hand: Hand) -> None:
        """The episode in hand has changed: a person did something in it, or it was learned from."""
        self._hands[self._at] = replace(hand, number=self.now.number)
        self.version += 1

    @contextmanager
    def _environment(self) -> Iterator[None]:
        try:
            yield
        except EnvironmentBroke as error:
            self._lanes = None
            raise BadValue(str(error)) from error
