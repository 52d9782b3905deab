"""The command that makes a run of this lesson again."""

from __future__ import annotations

import shlex

from lec10_tui.lessons.reinforce.frame import About, ReinforceKnobs
from lec10_tui.vocabulary.knobs import named


def command_again(lesson: str, about: About, updates: int) -> str:
    """`lec10 run` with the knobs a person set, those turned on the way at their updates, as far as the run has come.

    Updates made by hand come from one episode each, which no command repeats: a second line says so.
    """
    words = ["lec10", "run", lesson]
    for name, value in (text.split("=", 1) for text in about.given):
        knob = named(ReinforceKnobs, name)
        if knob.sort != "length":
            words += [knob.flag, value]
    for change in about.changes:
        if not change.partition(":")[2].startswith("length="):
            words += ["--at", change]
    line = shlex.join([*words, "--updates", str(updates)])
    if not about.by_hand:
        return line
    made = ", ".join(map(str, about.by_hand))
    return f"{line}\n# not the same run: u made update {made} from one episode by hand"
