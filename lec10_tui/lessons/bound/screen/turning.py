"""Arrows that turn a knob of the lesson where it stands in a drawing."""

from __future__ import annotations

from lec10_tui.lessons.bound.frame import BoundKnobs
from lec10_tui.vocabulary.knobs import named
from lec10_tui.widgets.panel import Panel


def turn_knob(panel: Panel, name: str, direction: int) -> bool:
    """Turn a live knob one step along its ladder; always true: the arrow was taken."""
    screen = panel.lesson_screen
    value = screen.setting.in_force[name]
    turned = named(BoundKnobs, name).turned(value, direction)
    if turned != value:
        screen.put(name, turned)
    return True
