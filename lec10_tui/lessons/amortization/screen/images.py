"""Panels about the image in hand: ← → take the one before it or after it."""

from __future__ import annotations

from typing import ClassVar

from lec10_tui.lessons.amortization.frame import About
from lec10_tui.lessons.amortization.screen.words import image_words, part_of
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.panel import Direction, Panel

MAX_AGE = 0.2


class ImagePanel(Panel):
    """A panel that shows parts of the image in hand."""

    PARTS: ClassVar[tuple[str, ...]] = ("about", "table")

    def wanted(self) -> tuple[Wanted, ...]:
        """Its parts."""
        return tuple(Wanted(name, max_age=MAX_AGE) for name in self.PARTS)

    def move(self, direction: Direction) -> bool:
        """The image before, or the one after."""
        if direction not in ("left", "right"):
            return False
        image = int(self.lesson_screen.setting.in_force["image"]) + (1 if direction == "right" else -1)
        if image < 0:
            self.lesson_screen.tell("this is the first image")
        else:
            self.lesson_screen.put("image", image)
        return True

    def named(self, report: Report) -> str:
        """The image in hand, as the title line says it where it has room."""
        about = part_of(report, "about", About)
        return image_words(about) if about is not None else ""
