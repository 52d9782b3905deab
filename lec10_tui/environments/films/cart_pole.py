"""The cart-pole's film: gymnasium's own proportions on a track in metres."""

from __future__ import annotations

import numpy as np

from lec10_tui.environments.cart_pole import HALF_LENGTH, LARGEST_POSITION
from lec10_tui.environments.films.shapes import (
    Floats,
    arrow,
    block_arrow,
    points,
    rectangle,
    shown,
    signed,
    to_the_end,
    turned,
    upward,
)
from lec10_tui.vocabulary.film import Disc, Film, Stroke

WHEEL = 0.11
CART = rectangle(-0.3, WHEEL, 0.3, 0.38)
AXLE = 0.30
"""How high above the track the pole is hinged."""
FORCE = 0.42
"""How long the arrow of a force is."""
EDGE = LARGEST_POSITION + 0.38


def film(states: Floats, actions: Floats, pushes: Floats) -> Film:
    """The episode of states (T + 1, 4): x, ẋ, θ, θ̇; actions (T, 1): 0 left, 1 right."""
    x, angle = np.clip(states[:, 0], -EDGE, EDGE), states[:, 2]
    hinge = points(x, AXLE)
    tip = hinge + 2 * HALF_LENGTH * upward(angle)
    upright = np.zeros(len(x))
    ground = points(x, 0)
    marks = [
        Stroke(points(np.full(2, mark), [0.0, height]), ink)
        for mark, height, ink in ((-LARGEST_POSITION, 0.3, "danger"), (LARGEST_POSITION, 0.3, "danger"))
    ]
    strokes = (
        Stroke(points([-EDGE, EDGE], 0.0), "ground"),
        *marks,
        Stroke(turned(CART, upright, ground), "body", filled=True),
        Stroke(np.stack([hinge, tip], axis=1), "limb", 0.14),
        _push(x, to_the_end(shown(pushes))),
        _force(x, to_the_end(2 * actions[:, 0] - 1), to_the_end(pushes)),
    )
    discs = (
        Disc(points(x - 0.18, WHEEL), WHEEL, "body"),
        Disc(points(x + 0.18, WHEEL), WHEEL, "body"),
        Disc(tip, 0.09, "agent"),
    )
    captions = tuple(
        f"pole {signed(pole)} rad   cart {signed(cart)} m"
        for cart, pole in zip(states[:, 0].tolist(), angle.tolist(), strict=True)
    )
    return Film(len(states), (-EDGE, -0.05, EDGE, 1.42), strokes, discs, (), captions)


def _force(x: Floats, direction: Floats, push: Floats) -> Stroke:
    """Ahead of the cart, or of the push that stands there; over it where the track ends."""
    apart = np.where(push * direction < 0, _length(push), 0.0)
    tail = np.clip(x + direction * (CART[1, 0] + 0.08 + apart), -EDGE + FORCE, EDGE - FORCE)
    height = (CART[0, 1] + CART[2, 1]) / 2
    return arrow(points(tail, height), points(tail + direction * FORCE, height), 0.17, "force", 0.05)


def _push(x: Floats, strength: Floats) -> Stroke:
    """Behind the cart, as long as it was strong."""
    side = np.sign(strength)
    length = _length(strength)
    tip = np.clip(x - side * (CART[1, 0] + 0.02), -EDGE + length, EDGE - length)
    height = (CART[0, 1] + CART[2, 1]) / 2
    return block_arrow(points(tip - side * length, height), points(tip, height), 0.16, "agent")


def _length(push: Floats) -> Floats:
    return np.clip(0.55 * np.abs(push), 0.3, 0.9)
