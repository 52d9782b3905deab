"""The films of the frozen lake and of the cliff: tiles of one unit, row 0 at the top."""

from __future__ import annotations

import numpy as np

from lec10_tui.environments.films.shapes import Floats, block_arrow, points, rectangle, to_the_end
from lec10_tui.vocabulary.film import Disc, Film, Stroke, Tag

LAKE = ("SFFF", "FHFH", "FFFH", "HFFG")
CLIFF = ("............", "............", "............", "SCCCCCCCCCCG")
_WORDS = {"S": "start", "F": "ice", "H": "a hole", "G": "the goal", "C": "the cliff", ".": "ground"}
_LEFT, _DOWN, _RIGHT, _UP = (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0), (0.0, 1.0)


def frozen_lake(states: Floats, actions: Floats, pushes: Floats) -> Film:
    """The episode of states (T + 1, 1), a tile's index; actions (T, 1): left, down, right, up."""
    return _film(LAKE, states, actions, (_LEFT, _DOWN, _RIGHT, _UP))


def cliff_walking(states: Floats, actions: Floats, pushes: Floats) -> Film:
    """The episode of states (T + 1, 1), a tile's index; actions (T, 1): up, right, down, left."""
    return _film(CLIFF, states, actions, (_UP, _RIGHT, _DOWN, _LEFT))


def _film(tiles: tuple[str, ...], states: Floats, actions: Floats, steps: tuple[tuple[float, float], ...]) -> Film:
    rows, columns = len(tiles), len(tiles[0])
    row, column = np.divmod(states[:, 0].astype(np.int64), columns)
    agent = points(column + 0.5, rows - row - 0.5)
    step = to_the_end(np.array(steps)[actions[:, 0].astype(np.int64)])
    strokes = (
        *(_ground(kind, *place) for place, kind in _places(tiles) if kind != "."),
        _arrow(agent, step, np.array([columns, rows])),
    )
    captions = tuple(
        f"row {r}   column {c:>{len(str(columns - 1))}}   {_WORDS[tiles[r][c]]}"
        for r, c in zip(row.tolist(), column.tolist(), strict=True)
    )
    return Film(
        len(states),
        (0.0, 0.0, float(columns), float(rows)),
        strokes,
        (Disc(agent, 0.3, "agent"),),
        tuple(_letter(kind, points(x + 0.5, y + 0.5), agent) for (x, y), kind in _places(tiles) if kind in _LETTERS),
        captions,
    )


_LETTERS = {"S": ("S", "ground"), "F": ("F", "faint"), "H": ("H", "danger"), "G": ("G", "goal"), ".": ("·", "faint")}


def _places(tiles: tuple[str, ...]) -> list[tuple[tuple[int, int], str]]:
    """The lower left corner of every tile, and what it is."""
    return [((x, len(tiles) - 1 - y), kind) for y, row in enumerate(tiles) for x, kind in enumerate(row)]


def _arrow(agent: Floats, step: Floats, size: Floats) -> Stroke:
    """Onto the next tile, or up against the grid's edge."""
    beyond = agent + step
    inside = ((beyond > 0) & (beyond < size)).all(axis=1, keepdims=True)
    tip = agent + np.where(inside, 0.94, 0.48) * step
    return block_arrow(tip - 0.56 * step, tip, 0.28, "force")


def _letter(kind: str, middle: Floats, agent: Floats) -> Tag:
    """A tile's letter, hidden while the agent stands there."""
    letter, ink = _LETTERS[kind]
    away = (agent != middle).any(axis=1, keepdims=True)
    return Tag(np.where(away, middle, np.nan), (letter,), ink)


def _ground(kind: str, x: int, y: int) -> Stroke:
    gap = 0.0 if kind == "C" else 0.12
    corners = rectangle(x + gap, y + gap, x + 1 - gap, y + 1 - gap)
    if kind in "HCG":
        return Stroke(corners, "goal" if kind == "G" else "danger", filled=True)
    return Stroke(np.concatenate([corners, corners[:1]]), "ground" if kind == "S" else "faint")
