"""Films: episodes of the environments that are drawn in cells, as strokes, discs and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lec10_tui.environments.description import Description
from lec10_tui.environments.films import acrobot, cart_pole, grid_worlds, mountain_car, pendulum, swimmer
from lec10_tui.environments.films.shapes import Floats
from lec10_tui.vocabulary.film import Film

Director = Callable[[Floats, Floats, Floats], Film]
"""Makes the film of states (T + 1, s), actions (T, k) and pushes (T,)."""

_DIRECTORS: Mapping[str, Director] = {
    "CartPole-v1": cart_pole.film,
    "Acrobot-v1": acrobot.film,
    "MountainCar-v0": mountain_car.film,
    "MountainCarContinuous-v0": mountain_car.continuous_film,
    "Pendulum-v1": pendulum.film,
    "FrozenLake-v1": grid_worlds.frozen_lake,
    "CliffWalking-v1": grid_worlds.cliff_walking,
    "lec10/Swimmer-v0": swimmer.film,
}


def film(description: Description, states: Floats, actions: Floats, pushes: Floats) -> Film | None:
    """An episode's pictures, one a state; None where only the environment itself can draw.

    states: (T + 1, s) as lanes give them; actions: (T, k), a discrete one's index alone; pushes: (T,) strengths, 0 for
    none. Frame t shows the state there and the action about to be taken; the last has none.
    """
    director = _DIRECTORS.get(description.id)
    return director(states, actions, pushes) if director is not None else None
