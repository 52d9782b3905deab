"""Plot: curves with axes and labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.plots import Curve, draw_curves
from lec10_tui.widgets.canvas import Canvas


class Plot(Canvas):
    """Curves against a step; `show` gives them, `x_log` and `y_log` choose the axes of what is shown next.

    With `areas` bands are shaded whole.
    """

    def __init__(
        self,
        *,
        x_label: str = "",
        y_label: str = "",
        areas: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.x_label, self.y_label, self.areas = x_label, y_label, areas
        self.x_log = self.y_log = False
        self.x_limits: tuple[float, float] | None = None
        self.y_limits: tuple[float, float] | None = None
        self.curves: tuple[Curve, ...] = ()

    def show(self, curves: Sequence[Curve]) -> None:
        """Show these curves instead of the ones before."""
        self.curves = tuple(curves)
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        return draw_curves(
            self.curves,
            width,
            height,
            paper,
            x_label=self.x_label,
            y_label=self.y_label,
            x_log=self.x_log,
            y_log=self.y_log,
            x_limits=self.x_limits,
            y_limits=self.y_limits,
            areas=self.areas,
        )
