"""The mountain car's film: the sine hill, a car that leans with it, and the flag."""

from __future__ import annotations

import numpy as np

from lec10_tui.environments.films.shapes import (
    Floats,
    arrow,
    block_arrow,
    points,
    shown,
    signed,
    to_the_end,
    turned,
)
from lec10_tui.vocabulary.film import Disc, Film, Stroke

LEFT, RIGHT = -1.2, 0.6
GOAL, CONTINUOUS_GOAL = 0.5, 0.45
BOUNDS = (LEFT - 0.06, -0.02, RIGHT + 0.06, 1.32)
WHEEL = 0.055
BODY = np.array([[-0.13, 0.06], [0.13, 0.06], [0.12, 0.11], [0.06, 0.12], [0.03, 0.175], [-0.07, 0.175], [-0.11, 0.11]])


def film(states: Floats, actions: Floats, pushes: Floats) -> Film:
    """The episode of states (T + 1, 2): position and velocity; actions (T, 1): 0 left, 1 none, 2 right."""
    return _film(states, actions[:, 0] - 1.0, pushes, GOAL)


def continuous_film(states: Floats, actions: Floats, pushes: Floats) -> Film:
    """The same for actions (T, 1) that are forces, from −1 to 1."""
    return _film(states, np.clip(actions[:, 0], -1.0, 1.0), pushes, CONTINUOUS_GOAL)


def height(position: Floats) -> Floats:
    """How high the hill is there: gymnasium's."""
    return 0.45 * np.sin(3 * position) + 0.55


def _film(states: Floats, force: Floats, pushes: Floats, goal: float) -> Film:
    position = states[:, 0]
    slope = np.arctan(1.35 * np.cos(3 * position))
    car = points(position, height(position))
    hill = np.linspace(LEFT - 0.06, RIGHT + 0.06, 97)
    foot = float(height(np.array(goal)))
    strokes = (
        Stroke(np.concatenate([points(hill, height(hill)), points(hill[[-1, 0]], BOUNDS[1])]), "faint", filled=True),
        Stroke(points([goal, goal], [foot, foot + 0.3]), "goal", 0.02),
        Stroke(np.array([[goal, foot + 0.3], [goal - 0.12, foot + 0.24], [goal, foot + 0.18]]), "goal", filled=True),
        Stroke(turned(BODY, slope, car), "body", filled=True),
        _force(car, slope, to_the_end(shown(force))),
        _push(car, slope, to_the_end(shown(np.sign(pushes)))),
    )
    wheels = (turned(np.array([[x, WHEEL]]), slope, car)[:, 0] for x in (-0.08, 0.08))
    discs = tuple(Disc(wheel, WHEEL, "body") for wheel in wheels)
    captions = tuple(f"position {signed(x)}   velocity {signed(v, 3)}" for x, v in states.tolist())
    return Film(len(states), BOUNDS, strokes, discs, (), captions)


def _force(car: Floats, slope: Floats, force: Floats) -> Stroke:
    """Above the car, along the hill."""
    along = points(np.cos(slope), np.sin(slope))
    middle = car + 0.24 * points(-np.sin(slope), np.cos(slope))
    half = along * force[:, None] * 0.17
    return arrow(middle - half, middle + half, 0.08, "force", 0.03)


def _push(car: Floats, slope: Floats, side: Floats) -> Stroke:
    """Behind the car."""
    along = points(np.cos(slope), np.sin(slope)) * side[:, None]
    tip = car + 0.065 * points(-np.sin(slope), np.cos(slope)) - 0.15 * along
    return block_arrow(tip - 0.2 * along, tip, 0.06, "agent")
