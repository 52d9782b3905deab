"""Scatter: marks on a plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.scatter import draw_scatter
from lec10_tui.widgets.canvas import Canvas


class Scatter(Canvas):
    """Points (n, 2), each by its one-character mark, with circles of the given radii around zero."""

    def __init__(
        self,
        *,
        circles: Sequence[float] = (),
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.circles = tuple(circles)
        self.points: NDArray[np.float64] = np.empty((0, 2))
        self.marks: tuple[str, ...] = ()
        self.x_label = self.y_label = self.highlight = ""
        self.cursor: tuple[float, float] | None = None

    def show(
        self,
        points: NDArray[np.float64],
        marks: Sequence[str],
        *,
        x_label: str = "",
        y_label: str = "",
        cursor: tuple[float, float] | None = None,
        highlight: str = "",
    ) -> None:
        """Show these points; `cursor` is a place with a cross, `highlight` the mark that stands out."""
        self.points, self.marks = points, tuple(marks)
        self.x_label, self.y_label, self.cursor, self.highlight = x_label, y_label, cursor, highlight
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        return draw_scatter(
            self.points,
            self.marks,
            width,
            height,
            paper,
            x_label=self.x_label,
            y_label=self.y_label,
            circles=self.circles,
            cursor=self.cursor,
            highlight=self.highlight,
        )
