"""HistogramStack: histograms over one axis, one above the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.drawing.histograms import Histogram, draw_histograms
from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.palette import Paper
from lec10_tui.widgets.canvas import Canvas


class HistogramStack(Canvas):
    """Histograms that share their bins; `logarithmic` chooses the heights of what is shown next."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.histograms: tuple[Histogram, ...] = ()
        self.edges: NDArray[np.float64] = np.empty(0)
        self.mark, self.mark_label = math.nan, ""
        self.logarithmic = False

    def show(
        self,
        histograms: Sequence[Histogram],
        edges: NDArray[np.float64],
        *,
        mark: float = math.nan,
        mark_label: str = "",
    ) -> None:
        """Show these histograms over these edges, with a line at `mark`."""
        self.histograms, self.edges = tuple(histograms), edges
        self.mark, self.mark_label = mark, mark_label
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        return draw_histograms(
            self.histograms,
            self.edges,
            width,
            height,
            paper,
            mark=self.mark,
            mark_label=self.mark_label,
            logarithmic=self.logarithmic,
        )
