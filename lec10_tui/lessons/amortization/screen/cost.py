"""What inference costs: milliseconds an image by the encoder and by ascent, and what that makes of a training set."""

from __future__ import annotations

import math
import textwrap

from lec10_tui.drawing.bars import filled
from lec10_tui.drawing.lines import pad_text
from lec10_tui.drawing.numbers import grouped
from lec10_tui.lessons.amortization.frame import Table
from lec10_tui.lessons.amortization.screen.images import MAX_AGE
from lec10_tui.lessons.amortization.screen.words import milliseconds, part_of, ratio, span
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.inked import Pieces
from lec10_tui.widgets.panel import TextPanel

TRAINING_SET = 60_000
"""Images of MNIST's training set."""

WAYS = (("encoder", "encoder"), ("ascent", "elbo"))
"""Each way to q, and the meaning of its colour."""

WRITTEN = 10
"""Cells that a time with its unit takes."""

LONGEST_BAR = 40


class CostPanel(TextPanel):
    """Both ways to a q, by the clock."""

    NAME = "cost"
    TITLE = "What a q costs"
    TAB = "cost"
    MINIMUM = (20, 5)
    ABOUT = (
        "Milliseconds of computation an image, all images of the page side by side, measured on this machine.",
        "The encoder answers at once; an ascent pays for every step. It is the time of one, though two are made.",
        f"Below: the same for {grouped(TRAINING_SET)} images. Each epoch pays it again: p(z|x) moves with θ.",
    )

    def on_mount(self) -> None:
        """Say what is on its way."""
        self.say("the encoder is being timed")

    def wanted(self) -> tuple[Wanted, ...]:
        """The table, which has both times."""
        return (Wanted("table", max_age=MAX_AGE),)

    def show(self, report: Report) -> None:
        """Write the times."""
        part = part_of(report, "table", Table)
        if part is None:
            return
        self.say("")
        times = (part.encoder_milliseconds, part.optimization_milliseconds)
        self.put(self._times(times, len(part.places), part.step))

    def _times(self, times: tuple[float, float], images: int, step: int) -> list[Pieces]:
        beside = "" if images == 1 else f", of {images} side by side"
        lines: list[Pieces] = self._wrapped(f"for one image{beside}")
        length = min(self.room.width - 10 - WRITTEN - 2, LONGEST_BAR)
        largest = max((time for time in times if math.isfinite(time)), default=0.0)
        climbed = step > 0 and times[1] > 0
        for (name, ink), time in zip(WAYS, times, strict=True):
            known = name != "ascent" or climbed
            bar = filled(time / largest, length, self.look.ascii) if known and largest > 0 and length > 3 else ""
            text = milliseconds(time) if known else "—"
            lines.append([(f" {pad_text(name, 9)}", ink), (f"{text:>{WRITTEN}} ", "strong"), (bar, ink)])
        if not climbed:
            return [*lines, [], *self._wrapped("space ascends; what its steps cost grows here")]
        steps = f"{step} step{'' if step == 1 else 's'} from one start"
        lines.append([(f" {'':<9}", ""), (f"{ratio(times[1] / times[0]):>{WRITTEN}} ", "accent")])
        lines += [*self._wrapped(steps), [], *self._wrapped(f"for {grouped(TRAINING_SET)} images, once")]
        for (name, ink), time in zip(WAYS, times, strict=True):
            whole = span(time * TRAINING_SET / 1000)
            lines.append([(f" {pad_text(name, 9)}", ink), (f"{whole:>{WRITTEN}}", "strong")])
        again = "Each epoch asks again: every update of the decoder moves the posteriors."
        return [*lines, [], *self._wrapped(again)]

    def _wrapped(self, words: str) -> list[Pieces]:
        return [[(f" {line}", "dim")] for line in textwrap.wrap(words, max(self.room.width - 2, 8))]

    def as_text(self) -> str:
        """The lines, in ASCII where the look wants it."""
        return self.look.say(super().as_text())
