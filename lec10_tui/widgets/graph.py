"""Graph: a graph of nodes and edges with a heading."""

from __future__ import annotations

from typing import Any

from lec10_tui.drawing.graphs import Node, Said, draw_graph
from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.palette import Paper
from lec10_tui.widgets.canvas import Canvas


class Graph(Canvas):
    """One graph; `show` gives it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.root: Node | None = None
        self.heading: Said = ("", "")

    def show(self, root: Node, heading: Said = ("", "")) -> None:
        """Show this graph under this heading instead of the one before."""
        self.root, self.heading = root, heading
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        return draw_graph(self.root, width, height, paper, heading=self.heading) if self.root is not None else []
