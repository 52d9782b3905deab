"""The command that makes what is on the screen again."""

from __future__ import annotations

from lec10_tui.lessons.bound.frame import About, BoundKnobs
from lec10_tui.widgets.setting import made_again


def command_again(lesson: str, about: About, start: str, steps: int) -> str:
    """`lec10 run` with the knobs a person set and those turned on the way, for as many steps of ascent as were taken.

    The model and the image are named in any case. Where q was moved by hand no command repeats it: a second line says
    so, and from where, the `start`, the command's q sets out.
    """
    given = (f"model={about.model}", "image=0", *about.given)
    line = made_again(lesson, BoundKnobs, given, about.changes, "steps", steps)
    if not about.by_hand:
        return line
    times = "once" if about.by_hand == 1 else f"{about.by_hand} times"
    origin = "the prior" if start == "prior" else "the encoder's answer"
    return f"{line}\n# not the same q: it was moved by hand {times}; the command starts q at {origin}"
