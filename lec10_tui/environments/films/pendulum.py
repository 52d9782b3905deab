"""The pendulum's film: a rod on a pivot, and the torque as an arrow around it."""

from __future__ import annotations

import numpy as np

from lec10_tui.environments.films.shapes import Floats, arc_arrow, shown, signed, to_the_end, upward
from lec10_tui.vocabulary.film import Disc, Film, Stroke

STRONGEST = 2.0
ROOM = 1.14


def film(states: Floats, actions: Floats, pushes: Floats) -> Film:
    """The episode of states (T + 1, 2): θ from upright, + counter-clockwise, and θ̇; actions (T, 1): torques."""
    # `upward` leans to the right, gymnasium's angle to the left.
    tip = upward(-states[:, 0])
    pivot = np.zeros((len(states), 2))
    torque = np.clip(actions[:, 0], -STRONGEST, STRONGEST)
    sweep = to_the_end(shown(torque / STRONGEST)) * np.deg2rad(150)
    push = to_the_end(shown(np.sign(pushes)))
    top = np.full(len(states), np.pi / 2)
    strokes = (
        arc_arrow(pivot, 0.42, top, sweep, 0.2, "force", 0.04),
        arc_arrow(pivot, 0.7, states[:, 0] + np.pi / 2, push * 0.9, 0.25, "agent", 0.07),
        Stroke(np.stack([pivot, tip], axis=1), "limb", 0.14),
    )
    discs = (
        Disc(np.array([0.0, 1.0]), 0.13, "goal", filled=False),
        Disc(np.zeros(2), 0.09, "joint"),
        Disc(tip, 0.12, "agent"),
    )
    angle = (states[:, 0] + np.pi) % (2 * np.pi) - np.pi
    words = zip(angle.tolist(), to_the_end(torque).tolist(), strict=True)
    captions = tuple(
        f"angle {signed(lean)} rad" + (f"   torque {signed(turn)} N m" if turn == turn else "") for lean, turn in words
    )
    return Film(len(states), (-ROOM, -ROOM, ROOM, ROOM), strokes, discs, (), captions)
