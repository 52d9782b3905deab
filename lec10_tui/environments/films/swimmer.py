"""The swimmer's film: its links on their way, the way itself, and a ruler in body lengths along the bottom."""

from __future__ import annotations

import numpy as np

from lec10_tui.environments.films.shapes import Floats, points, signed
from lec10_tui.environments.swimmer import body_angle
from lec10_tui.environments.swimmer_physics import about_centre, tangents
from lec10_tui.vocabulary.film import Disc, Film, Stroke, Tag

LINK = 0.085
"""How thick a link is drawn, in body lengths."""


def film(states: Floats, actions: Floats, pushes: Floats) -> Film:
    """The episode of states (T + 1, 7): x, the body's direction, the joint angles, y; actions (T, 4): torques."""
    nodes = joints_of(states)
    centre = states[:, [0, 6]]
    left, bottom, right, top = _bounds(nodes)
    way = np.where(np.arange(len(centre)) <= np.arange(len(centre))[:, None], 0.0, np.nan)[..., None] + centre
    marks = range(int(np.ceil(left)), int(np.floor(right)) + 1)
    strokes = (
        Stroke(points([left, right], bottom + 0.16), "ground"),
        *(Stroke(points(float(mark), [bottom + 0.16, bottom + 0.22]), "ground") for mark in marks),
        Stroke(way, "faint"),
        *(
            Stroke(nodes[:, link : link + 2], "limb" if link % 2 else "body", LINK)
            for link in range(nodes.shape[1] - 1)
        ),
    )
    discs = (Disc(nodes[:, 0], 0.075, "agent"),)
    tags = tuple(Tag(np.array([mark, bottom + 0.06]), (f"{mark}".replace("-", "−"),), "ground") for mark in marks)
    captions = tuple(f"swum {signed(x)} body lengths" for x in centre[:, 0].tolist())
    return Film(len(states), (left, bottom, right, top), strokes, discs, tags, captions)


def joints_of(states: Floats) -> Floats:
    """The snout, the joints and the tail's end (T + 1, 6, 2) of states (T + 1, 7)."""
    joints = states[:, 2:6]
    along = tangents(joints)
    half = along / (2 * along.shape[1])
    middles = about_centre(along)
    seen = np.concatenate([middles[:, :1] + half[:, :1], middles - half], axis=1)
    head = states[:, 1] - body_angle(joints)
    placed = seen * np.exp(1j * head)[:, None] + (states[:, 0] + 1j * states[:, 6])[:, None]
    return points(placed.real, placed.imag)


def _bounds(nodes: Floats) -> tuple[float, float, float, float]:
    """What holds the whole episode and a ruler below it, twice as wide as it is high or more."""
    low, high = nodes.min(axis=(0, 1)), nodes.max(axis=(0, 1))
    left, bottom = (low - 0.12).tolist()
    right, top = (high + 0.12).tolist()
    bottom -= 0.2
    width, height = max(right - left, 2.0), max(top - bottom, 0.9)
    right, bottom = left + width, (bottom + top - height) / 2
    return left, bottom, right, bottom + height
