"""The environment's own pictures of an episode, taken while it is replayed, in slices."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lec10_tui.environments.catalogue import make
from lec10_tui.environments.rollout import Rollout
from lec10_tui.lessons.reinforce.experiment.hand import Hand
from lec10_tui.lessons.reinforce.frame import Renders

WIDEST = 200
"""No terminal shows more pixels across."""


def rendered(environment: str, horizon: int | None, hand: Hand) -> Iterator[Renders]:
    """The pictures so far, one more each time: of every state of `hand`, taken in an environment of its own.

    Raises EnvironmentBroke where it can't be drawn.
    """
    lanes = make(environment, 1, horizon, render=True)
    pushes = [(event.time, 0, event.values[0]) for event in hand.events if event.kind == "push"]
    actions = hand.batch.actions
    try:
        replay = Rollout(lanes, lambda seen, time: actions[time], [hand.reset_seed], pushes)
        first = _small(lanes.render())
        images = np.zeros((hand.length + 1, *first.shape), np.uint8)
        images[0] = first
        for time in range(hand.length):
            replay.advance(0.0)
            images[time + 1] = _small(lanes.render())
            # what is handed over is never written to again
            yield Renders(images[: time + 2], (time + 2) / len(images))
    finally:
        lanes.close()


def _small(image: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """Every so many pixels averaged, so that an episode of pictures stays small."""
    if image is None:
        return np.zeros((1, 1, 3), np.uint8)
    by = -(-image.shape[1] // WIDEST)
    height, width = image.shape[0] // by * by, image.shape[1] // by * by
    blocks = image[:height, :width].reshape(height // by, by, width // by, by, 3)
    small: NDArray[np.uint8] = blocks.mean((1, 3)).round().astype(np.uint8)
    return small
