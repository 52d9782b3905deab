"""The environments by name: what each is, lanes of it, and its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lec10_tui.environments import cart_pole, traits
from lec10_tui.environments.description import Description
from lec10_tui.environments.lanes import Lanes
from lec10_tui.vocabulary.film import Film

if TYPE_CHECKING:
    from gymnasium.envs.registration import EnvSpec

Floats = NDArray[np.float64]

SWIMMER = "lec10/Swimmer-v0"
NAMES = (
    cart_pole.ID,
    "Acrobot-v1",
    "MountainCar-v0",
    "MountainCarContinuous-v0",
    "Pendulum-v1",
    "FrozenLake-v1",
    "CliffWalking-v1",
    SWIMMER,
)
"""The environments that are drawn in cells."""

_OURS = {SWIMMER: SWIMMER, "lec10/Swimmer": SWIMMER, "swimmer": SWIMMER, cart_pole.ID: cart_pole.ID}
"""What is found without gymnasium, which takes a while to import."""


def describe(id: str, horizon: int | None = None) -> Description:
    """What an environment is, its episodes cut after `horizon` steps; raises NoEnvironment."""
    return _described(id, horizon)[0]


def make(id: str, lanes: int, horizon: int | None = None, render: bool = False) -> Lanes:
    """`lanes` copies of an environment side by side; with `render` lane 0 can draw itself. Raises NoEnvironment."""
    if lanes < 1:
        raise ValueError(f"{lanes} lanes: at least 1 is needed")
    description, spec = _described(id, horizon)
    if description.id == cart_pole.ID:
        return cart_pole.CartPoleLanes(lanes, horizon)
    if spec is None:
        from lec10_tui.environments.swimmer import SwimmerLanes

        return SwimmerLanes(lanes, horizon)
    from lec10_tui.environments.gym_lanes import GymLanes

    return GymLanes(description, spec, lanes, render)


def film(description: Description, states: Floats, actions: Floats, pushes: Floats) -> Film | None:
    """An episode as strokes and discs, one frame a state; None where only the environment itself can draw.

    states: (T + 1, s) as lanes give them; actions: (T, k), a discrete one's index alone; pushes: (T,) strengths.
    """
    from lec10_tui.environments.films import film as filmed

    return filmed(description, states, actions, pushes)


def table_states(description: Description, states: Floats) -> Floats:
    """What a table shows of the states (T + 1, s): one column for each of the description's state labels."""
    known = traits.known(description.id)
    if known is not None and known.columns:
        return np.concatenate(np.divmod(states, known.columns), axis=1)
    return states[:, : len(description.state_labels)].copy()


def _described(id: str, horizon: int | None) -> tuple[Description, EnvSpec | None]:
    """The description, and gymnasium's specification of what isn't ours."""
    if id in _OURS:
        return _own(_OURS[id], horizon), None
    from lec10_tui.environments import registered, registry

    canonical, spec = registry.find(id, NAMES)
    if canonical in _OURS:
        return _own(_OURS[canonical], horizon), None
    return registered.describe(canonical, spec, horizon), spec


def _own(id: str, horizon: int | None) -> Description:
    if id == cart_pole.ID:
        return cart_pole.describe(horizon)
    from lec10_tui.environments import swimmer

    return swimmer.describe(horizon)
