"""Turns: live knobs set at a step, as values and in the plain form that a header holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lec10_tui.lessons.vae.frame import VAEKnobs
from lec10_tui.vocabulary.knobs import check, named

Turn = tuple[int, str, Any]
"""The step it is set at, the knob's name, the value."""


def whole(rows: Iterable[Iterable[Any]]) -> tuple[Turn, ...]:
    """Turns from their plain form; raises BadValue."""
    return tuple((int(step), str(name), check(VAEKnobs, {name: value})[name]) for step, name, value in rows)


def plain(turns: Iterable[Turn]) -> list[list[Any]]:
    """Turns as JSON holds them."""
    return [[step, name, named(VAEKnobs, name).plain(value)] for step, name, value in turns]
