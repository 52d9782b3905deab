"""The toy lesson's screen: its knobs, and one panel of text."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves, Exported, Picture
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.lesson import LessonScreen
from lec10_tui.widgets.panel import Panel
from toy_lesson.frame import ToyKnobs


class NumberPanel(Panel):
    """Shows the number as words."""

    NAME = "number"
    TITLE = "Number"

    def wanted(self) -> tuple[Wanted, ...]:
        return (Wanted("big_number"),)

    def show(self, report: Report) -> None:
        assert report.frame is not None
        self.say(f"the number is {report.frame.parts['big_number'].values[0]:.1f}")

    def as_text(self) -> str:
        return "the number"

    def exports(self) -> tuple[Exported, ...]:
        steps = np.arange(3)
        ones = np.ones(3)
        return (
            Picture("number", np.zeros((4, 4), np.uint8)),
            Curves("number", (Series("rate", 1, steps, ones, ones, ones),)),
        )


class ToyScreen(LessonScreen):
    """Two panels."""

    KNOBS = ToyKnobs

    def panels(self) -> Iterable[Panel]:
        return (NumberPanel(), KnobsPanel(ToyKnobs))
