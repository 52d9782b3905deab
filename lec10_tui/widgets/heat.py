"""HeatMap: a density over a window of the plane, with ellipses, paths and marks over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.drawing.glyphs import HALF, glyphs_named
from lec10_tui.drawing.heat import Heat, draw_heat, plot_area
from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.overlay import Ellipse as Ellipse
from lec10_tui.drawing.overlay import Mark as Mark
from lec10_tui.drawing.overlay import Overlay
from lec10_tui.drawing.overlay import Trail as Trail
from lec10_tui.drawing.palette import Paper
from lec10_tui.widgets.canvas import Canvas

Floats = NDArray[np.float64]


class HeatMap(Canvas):
    """Shades of a density (rows, columns) and what lies over them; empty until something is shown."""

    def __init__(self, *, glyphs: str = HALF.name, **options: Any) -> None:
        super().__init__(**options)
        self.glyphs = glyphs
        self.heat: Heat | None = None

    def show(
        self,
        density: Floats,
        low: Sequence[float] | Floats,
        high: Sequence[float] | Floats,
        *,
        ellipses: Sequence[Ellipse] = (),
        marks: Sequence[Mark] = (),
        curve: Floats | None = None,
        trails: Sequence[Trail] = (),
        x_label: str = "",
        y_label: str = "",
        logarithmic: bool = False,
    ) -> None:
        """Show a density over the window from `low` (2,) to `high` (2,); raises ValueError for what is neither.

        Later ones lie over earlier ones, marks over ellipses, these over trails and the `curve` (m, 2).
        """
        self.heat = Heat(
            density,
            (float(low[0]), float(low[1])),
            (float(high[0]), float(high[1])),
            Overlay(tuple(ellipses), tuple(marks), curve, tuple(trails)),
            x_label,
            y_label,
            logarithmic,
        )
        self.redraw()

    def set_glyphs(self, name: str) -> None:
        """Draw in another way; raises ValueError for one that there is not."""
        if name != self.glyphs:
            self.glyphs = glyphs_named(name).name
            self.redraw()

    def pixels(self, columns: int, rows: int) -> tuple[int, int]:
        """(across, down): how many square pixels a density should have for a map in `columns` × `rows` cells."""
        _, wide, tall = plot_area(columns, rows)
        return wide, 2 * tall

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        return draw_heat(self.heat, width, height, glyphs_named(self.glyphs), paper) if self.heat else []
