"""The command that draws the same samples again."""

from __future__ import annotations

import shlex

from lec10_tui.lessons.reparameterization.frame import About, ReparameterizationKnobs
from lec10_tui.vocabulary.knobs import named


def command_again(lesson: str, about: About, samples: int) -> str:
    """`lec10 run` with the knobs a person set, for as many samples as were drawn."""
    words = ["lec10", "run", lesson]
    for name, value in (text.split("=", 1) for text in about.given):
        knob = named(ReparameterizationKnobs, name)
        if knob.sort != "length":
            words += [knob.flag, value]
    return shlex.join([*words, "--samples", str(samples)])
