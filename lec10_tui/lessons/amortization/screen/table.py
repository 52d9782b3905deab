"""The table: what log p(x) is made of, one row an image, in the order of any column."""

from __future__ import annotations

import math
from collections.abc import Hashable

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.ranking import UNKNOWN, Measure, Ranking
from lec10_tui.lessons.amortization.frame import STARTS, Floats, Table
from lec10_tui.lessons.amortization.screen.images import MAX_AGE
from lec10_tui.lessons.amortization.screen.words import START_INKS, in_hand, number, part_of
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.ranking import RankingTable

SHORT_TITLE = "What log p(x) is made of"

BESIDE = 8
"""Cells of the title line that are neither title nor subtitle."""

WIDE = 90
"""Columns from which on it is said how sure the numbers are."""


class TablePanel(Panel):
    """log p(x) = amortized ELBO + amortization gap + approximation gap, image by image; the cursor's is in hand."""

    NAME = "table"
    TITLE = "log p(x) = ELBO + amortization gap + approximation gap"
    TAB = "table"
    MINIMUM = (30, 4)
    ABOUT = (
        "↑ ↓ take an image in hand: the other panels and the equation are about it.",
        "← → choose a column, enter puts the rows in its order, and once more in the reverse.",
        "ELBO is the encoder's; optimized the best that either ascent has reached, start the one that reached it.",
        "The bars are nats, to one scale; … is not known yet. Below: the mean of each column, once all of it is known.",
    )

    def compose(self) -> ComposeResult:
        """The table."""
        self.table = RankingTable()
        yield self.table

    def on_mount(self) -> None:
        """Say what is on its way."""
        self.say("the encoder is being asked about every image; their rows appear here")

    def wanted(self) -> tuple[Wanted, ...]:
        """The table, and which image is in hand."""
        return (Wanted("about", max_age=MAX_AGE), Wanted("table", max_age=MAX_AGE))

    def depends(self, report: Report) -> Hashable:
        """The image that was taken in hand, too: the cursor does not wait for the worker."""
        return (super().depends(report), self._image)

    @property
    def _image(self) -> int:
        return int(self.lesson_screen.setting.in_force["image"])

    def show(self, report: Report) -> None:
        """Draw the rows."""
        part = part_of(report, "table", Table)
        if part is None or not len(part.places):
            return
        self.say("")
        places = part.places.tolist()
        self.table.ascii = self.look.ascii
        self.table.show(ranking(part), places.index(self._image) if self._image in places else None)
        self.subtitle = self._about_it(report, part)
        spare = self.room.width - len(self.TITLE) - BESIDE
        self.title = self.TITLE if len(self.subtitle) <= spare else SHORT_TITLE

    def _about_it(self, report: Report, part: Table) -> str:
        """How far log p(x) is, or how sure the numbers of the image in hand are."""
        hand = in_hand(report)
        known = int(np.isfinite(part.log_likelihood).sum())
        if known < len(part.places):
            return f"log p(x) known of {known} of {len(part.places)}"
        if hand is None or self.room.width < WIDE:
            return ""
        doubts = [f"log p(x) {_doubt(hand.error)}"] if math.isfinite(hand.error) else []
        doubts += [f"ELBO {_doubt(hand.elbo_error)}"] if hand.elbo_error else []
        return " · ".join(doubts)

    def move(self, direction: Direction) -> bool:
        """Another image, or another column."""
        if direction in ("left", "right"):
            self.table.choose(1 if direction == "right" else -1)
            return True
        page, every = self.table.page, self.table.ranking.count
        steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page, "home": -every, "end": every}
        row = self.table.beside(steps[direction])
        part = part_of(self.report, "table", Table)
        if row is not None and part is not None and row < len(part.places):
            self.lesson_screen.put("image", int(part.places[row]))
            if self.report is not None:
                self.receive(self.report)
        return True

    def enter(self) -> bool:
        """Put the rows in the order of the chosen column."""
        self.table.sort()
        return True

    def as_text(self) -> str:
        """The whole table."""
        return self.table.as_text()

    def exports(self) -> tuple[Exported, ...]:
        """Its numbers by the images' places."""
        part = part_of(self.report, "table", Table)
        if part is None:
            return ()
        columns = (measure for measure in ranking(part).measures if measure.key not in ("place", "label", "start"))
        return (
            ExportedCurves(
                "amortization-table",
                tuple(_series(measure.key, part, np.asarray(measure.values, np.float64)) for measure in columns),
            ),
        )


def ranking(part: Table) -> Ranking:
    """The table's columns, and below them their means: those that have an unknown number in them have none."""
    amortization, approximation = part.optimized - part.amortized, part.log_likelihood - part.optimized
    known = np.isfinite(part.optimized)
    wins = np.bincount(part.winner[known], minlength=len(STARTS))
    starts = tuple(
        STARTS[winner] if reached else UNKNOWN
        for winner, reached in zip(part.winner.tolist(), known.tolist(), strict=True)
    )
    inks = tuple(START_INKS.get(start, "") for start in starts)
    named = any(part.labels)
    measures = (
        Measure("place", "image", part.places.astype(np.float64), "mean", "#", decimals=0),
        *([Measure("label", "x", part.labels)] if named else []),
        Measure("log_likelihood", "log p(x)", part.log_likelihood, part.log_likelihood.mean(), ink="log_likelihood"),
        Measure("amortized_elbo", "ELBO", part.amortized, part.amortized.mean(), ink="encoder"),
        Measure("optimized_elbo", "optimized", part.optimized, part.optimized.mean(), ink="elbo", priority=2),
        Measure(
            "amortization_gap", "amortization gap", amortization, amortization.mean(), "amort. gap", "gap", True,
            priority=1,
        ),
        Measure(
            "approximation_gap", "approximation gap", approximation, approximation.mean(), "approx. gap", "gap", True,
            priority=1,
        ),
        Measure("start", "start", starts, " : ".join(map(str, wins.tolist())), ink=inks, priority=3),
    )  # fmt: skip
    return Ranking(measures)


def _doubt(error: float) -> str:
    return f"± {number(error)}" if error >= 0.005 else "± < 0.01"


def _series(name: str, part: Table, values: Floats) -> Series:
    known = np.isfinite(values)
    return Series(name, 1, part.places[known], values[known], values[known], values[known])
