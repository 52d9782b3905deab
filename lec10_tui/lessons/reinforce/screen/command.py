"""The command that makes a run of this lesson again."""

from __future__ import annotations

from lec10_tui.lessons.reinforce.frame import About, ReinforceKnobs
from lec10_tui.widgets.setting import made_again


def command_again(lesson: str, about: About, updates: int) -> str:
    """`lec10 run` with the knobs a person set, those turned on the way at their updates, as far as the run has come.

    Updates made by hand come from one episode each, which no command repeats: a second line says so.
    """
    line = made_again(lesson, ReinforceKnobs, about.given, about.changes, "updates", updates)
    if not about.by_hand:
        return line
    made = ", ".join(map(str, about.by_hand))
    return f"{line}\n# not the same run: u made update {made} from one episode by hand"
