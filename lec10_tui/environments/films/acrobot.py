"""The acrobot's film: two links that hang from a joint, and the line to reach."""

from __future__ import annotations

import numpy as np

from lec10_tui.environments.films.shapes import Floats, arc_arrow, points, shown, signed, to_the_end
from lec10_tui.vocabulary.film import Disc, Film, Stroke

LINE = 1.0
"""How high above the fixed joint the tip has to come; links are as long."""
ROOM = 2.17


def film(states: Floats, actions: Floats, pushes: Floats) -> Film:
    """The episode of states (T + 1, 4): θ₁ from hanging down, θ₂ from the first link, their speeds; actions (T, 1)."""
    elbow = _down(states[:, 0])
    lower = states[:, 0] + states[:, 1]
    tip = elbow + _down(lower)
    fixed = np.zeros((len(states), 2))
    # The torque acts between the links, so its arrow leaves from the second one.
    torque = to_the_end(shown(actions[:, 0] - 1.0))
    push = to_the_end(shown(np.sign(pushes)))
    strokes = (
        Stroke(points([-ROOM, ROOM], LINE), "goal"),
        arc_arrow(elbow, 0.6, lower - np.pi / 2 + 0.3 * torque, 1.8 * torque, 0.3, "force", 0.07),
        arc_arrow(fixed, 0.6, states[:, 0] - np.pi / 2 + 0.4 * push, 1.9 * push, 0.35, "agent", 0.12),
        Stroke(np.stack([fixed, elbow], axis=1), "body", 0.2),
        Stroke(np.stack([elbow, tip], axis=1), "limb", 0.2),
    )
    discs = (
        Disc(np.zeros(2), 0.17, "joint"),
        Disc(tip, 0.16, "agent"),
    )
    captions = tuple(f"tip {signed(height)} m   line {signed(LINE)} m" for height in tip[:, 1].tolist())
    return Film(len(states), (-ROOM, -ROOM, ROOM, ROOM), strokes, discs, (), captions)


def _down(angle: Floats) -> Floats:
    return points(np.sin(angle), -np.cos(angle))
