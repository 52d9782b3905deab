"""An episode once more, by gymnasium's own environment alone: what ours and the lanes are held against."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lec10_tui.environments.description import Description
from lec10_tui.environments.lanes import Actions


def replay(description: Description, seed: int, actions: Actions) -> Iterator[NDArray[np.float32]] | None:
    """The T + 1 observations (d,) of an episode reset with `seed`, T `actions` one after another, each as it is asked.

    Discrete actions are (T,), continuous ones (T, k) before clipping. None where gymnasium has no such environment.
    """
    from gymnasium import error, make

    from lec10_tui.environments.quiet import quiet
    from lec10_tui.environments.spaces import Acting, Observing

    with quiet():
        try:
            environment = make(description.id, max_episode_steps=len(actions) + 1, disable_env_checker=True)
        except error.Error:
            return None
    observing = Observing(description.id, environment.observation_space)
    taken = Acting(description.id, environment.action_space).taken(actions)
    environment = observing.flattened(environment)

    def seen() -> Iterator[NDArray[np.float32]]:
        try:
            yield observing.vectors(environment.reset(seed=seed)[0])[0]
            for action in taken:
                yield observing.vectors(environment.step(action)[0])[0]
        finally:
            environment.close()

    return seen()
