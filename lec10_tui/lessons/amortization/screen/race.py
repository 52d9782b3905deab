"""The race: the slide's two strategies of training by the wall clock, each one's own."""

from __future__ import annotations

import textwrap

import numpy as np
from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from lec10_tui.drawing.lines import pad_text
from lec10_tui.drawing.numbers import grouped
from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.amortization.frame import Floats, Race, StartRace, StopRace
from lec10_tui.lessons.amortization.screen.words import number, part_of
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.panel import Panel
from lec10_tui.widgets.plot import Plot

INKS = ("encoder", "elbo")

STARTS_IT = (
    "t starts the race: the same decoder trained with an encoder, and with {inner} steps of ascent an image"
    " for each of its updates"
)

PLOT_ROWS = 10
"""Rows that the plot keeps before any says what races."""


class RacePanel(Panel):
    """The held-out ELBO of both strategies against the seconds that each has computed."""

    NAME = "race"
    TITLE = "Race"
    TAB = "race"
    MINIMUM = (26, 6)
    ABOUT = (
        "t starts the race and holds it. Both train the same decoder, from the same weights, on the same batches.",
        "Amortized: one update of encoder and decoder a batch. Each clock counts its own computing alone.",
        "Per example: as many steps of ascent in each image's own q as the knob inner says, then one of the decoder.",
        "Held-out ELBO, each by its own inference: per example that is an ascent from the prior, off the clock.",
        "L makes the axis of seconds logarithmic.",
    )

    DEFAULT_CSS = """
    RacePanel > Static { height: 2; }
    """

    def compose(self) -> ComposeResult:
        """How each stands in words, and the plot."""
        self.words_line = Static(markup=False)
        self.plot = Plot(x_label="s")
        yield self.words_line
        yield self.plot

    def on_mount(self) -> None:
        """Say what will make it appear."""
        self._invite(None)

    def _invite(self, report: Report | None) -> None:
        knobs = report.frame.knobs if report is not None and report.frame is not None else {}
        inner = knobs.get("inner_steps", self.lesson_screen.setting.in_force["inner_steps"])
        self.subtitle = ""
        self.say(STARTS_IT.format(inner=inner))

    def wanted(self) -> tuple[Wanted, ...]:
        """The race."""
        return (Wanted("race", max_age=0.3),)

    def show(self, report: Report) -> None:
        """Draw the race as far as it has come."""
        part = part_of(report, "race", Race)
        if part is None or not (part.going or any(part.updates) or any(map(len, part.seconds))):
            self._invite(report)
            return
        self.say("")
        lines = [self._standing(part, number) for number in range(2)]
        said = textwrap.wrap(self.look.say(part.network), max(self.room.width - 2, 8))
        if len(lines) + len(said) + PLOT_ROWS <= self.room.height:
            lines += [Text(f" {line}", self.ink("dim"), no_wrap=True) for line in said]
        self.words_line.styles.height = len(lines)
        self.words_line.update(Text("\n").join(lines))
        self.plot.ascii, self.plot.x_log = self.look.ascii, self.look.logarithmic
        self.plot.show(
            [
                Curve.line(name, name if self.room.width >= 40 else name.split()[-1], seconds, elbos, ink)
                for name, seconds, elbos, ink in zip(part.names, part.seconds, part.elbos, INKS, strict=True)
            ]
        )
        self.subtitle = f"held-out ELBO, {part.images} images" if part.going else "held · t goes on"

    def _standing(self, part: Race, strategy: int) -> Text:
        """How one strategy stands, as much of it as fits."""
        elbos, seconds = part.elbos[strategy], part.seconds[strategy]
        words = (
            (number(float(elbos[-1]), 1) if len(elbos) else "—", 8),
            (f"at {number(float(seconds[-1]), 1)} s" if len(seconds) else "", 11),
            (f"{grouped(part.images_per_second[strategy])} img/s", 14),
            (f"{grouped(part.updates[strategy])} updates", 16),
        )
        line = Text(f" {pad_text(part.names[strategy], 11)}", self.ink(INKS[strategy]), no_wrap=True)
        for index, (text, width) in enumerate(words):
            if line.cell_len + width <= self.room.width:
                line.append(self.look.say(f"{text:>{width}}"), self.ink("strong" if not index else "dim"))
        return line

    def toggle(self) -> None:
        """Start the race, go on with it, or hold it."""
        part = part_of(self.lesson_screen.report, "race", Race)
        self.send(StopRace() if part is not None and part.going else StartRace())
        self.ask()

    def enter(self) -> bool:
        """Start or hold."""
        self.toggle()
        return True

    def as_text(self) -> str:
        """The numbers and the plot."""
        return f"{self.words_line.content}\n{self.plot.as_text()}" if not self.words else ""

    def exports(self) -> tuple[Exported, ...]:
        """Both curves by their milliseconds."""
        part = part_of(self.report, "race", Race)
        if part is None or not any(map(len, part.seconds)):
            return ()
        curves = zip(part.names, part.seconds, part.elbos, strict=True)
        return (ExportedCurves("amortization-race-milliseconds", tuple(_series(*curve) for curve in curves)),)


def _series(name: str, seconds: Floats, elbos: Floats) -> Series:
    milliseconds = np.rint(seconds * 1000).astype(np.int64)
    return Series(f"{name.replace(' ', '_')}_elbo", 1, milliseconds, elbos, elbos, elbos)
