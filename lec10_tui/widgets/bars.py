"""Bars: named values as horizontal bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lec10_tui.drawing.bars import Bar, draw_bars
from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.palette import Paper
from lec10_tui.widgets.canvas import Canvas


class Bars(Canvas):
    """One bar a line, as many as fit, the rest summed up in the last one."""

    def __init__(
        self,
        *,
        colour: str = "kl",
        decimals: int = 2,
        sort: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.colour, self.decimals, self.sort = colour, decimals, sort
        self.bars: tuple[Bar, ...] = ()
        self.largest: float | None = None
        self.cursor: int | None = None

    def show(self, bars: Sequence[Bar], *, largest: float | None = None, cursor: int | None = None) -> None:
        """Show these bars; `largest` is the value of a full one, `cursor` the one that is marked."""
        self.bars, self.largest, self.cursor = tuple(bars), largest, cursor
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        return draw_bars(
            self.bars,
            width,
            height,
            paper,
            colour=self.colour,
            decimals=self.decimals,
            largest=self.largest,
            sort=self.sort,
            cursor=self.cursor,
        )
