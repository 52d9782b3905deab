"""The command that makes what is on the screen again."""

from __future__ import annotations

import shlex

from lec10_tui.lessons.bound.frame import About, BoundKnobs
from lec10_tui.vocabulary.knobs import named


def command_again(lesson: str, about: About, start: str, steps: int) -> str:
    """`lec10 run` with the knobs a person set and those turned on the way, for as many steps of ascent as were taken.

    What was turned before the first step is a knob as any other. Where q was moved by hand no command repeats it: a
    second line says so, and from where, the `start`, the command's q sets out.
    """
    given = dict(text.split("=", 1) for text in about.given)
    later = []
    for change in about.changes:
        step, turn = change.split(":", 1)
        name, value = turn.split("=", 1)
        if step == "0":
            given[name] = value
        elif named(BoundKnobs, name).sort != "length":
            later += ["--at", change]
    words = ["lec10", "run", lesson, "--model", given.pop("model", about.model), "--image", given.pop("image", "0")]
    for name, value in given.items():
        knob = named(BoundKnobs, name)
        if knob.sort != "length":
            words += [knob.flag, value]
    line = shlex.join([*words, *later, "--steps", str(steps)])
    if not about.by_hand:
        return line
    times = "once" if about.by_hand == 1 else f"{about.by_hand} times"
    origin = "the prior" if start == "prior" else "the encoder's answer"
    return f"{line}\n# not the same q: it was moved by hand {times}; the command starts q at {origin}"
