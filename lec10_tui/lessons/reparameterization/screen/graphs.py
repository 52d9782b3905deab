"""The slide's two graphs with the numbers of one sample, forward in the nodes, backward beside the edges."""

from __future__ import annotations

import numpy as np
from textual.app import ComposeResult
from textual.containers import Horizontal

from lec10_tui.drawing.graphs import narrowest
from lec10_tui.lessons.reparameterization.frame import About, Sample
from lec10_tui.lessons.reparameterization.screen.forms import (
    ORIGINAL,
    REPARAMETERISED,
    Coordinate,
    original,
    reparameterised,
)
from lec10_tui.lessons.reparameterization.screen.words import INVITE
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.graph import Graph
from lec10_tui.widgets.panel import Direction, Panel

BETWEEN = 2
"""Cells between the two graphs."""

HEADINGS = (ORIGINAL, REPARAMETERISED)


class GraphsPanel(Panel):
    """Both forms side by side, or one at a time; ↑ ↓ walk through the coordinates of z."""

    NAME = "graphs"
    TITLE = "One sample through both graphs"
    TAB = "graphs"
    MINIMUM = (34, 12)
    ABOUT = (
        "Solid boxes are deterministic, broken round ones random. Thin lines go forward, heavy ones backward.",
        "Bars are derivatives of f: z̄ = ∂f/∂z, and through z = μ + σ·ε on to μ̄ = z̄ and σ̄ = z̄·ε.",
        "In the original form z is drawn: nothing goes through it. f·∂log q/∂μ has the same mean without that path.",
        "↑ ↓ choose the coordinate of z, ← → the form where there is room for one; . draws the next sample.",
    )

    DEFAULT_CSS = """
    GraphsPanel > Horizontal { height: 1fr; }
    GraphsPanel #reparameterised { margin: 0 0 0 2; }
    GraphsPanel #reparameterised.-alone { margin: 0; }
    """

    form, index = 1, 0

    def compose(self) -> ComposeResult:
        """The two graphs."""
        self.graphs = (Graph(id="original"), Graph(id="reparameterised"))
        with Horizontal():
            yield from self.graphs

    def wanted(self) -> tuple[Wanted, ...]:
        """The sample, and what f is."""
        return (Wanted("sample", max_age=0.4), Wanted("about", max_age=1.0))

    def depends(self, report: Report) -> object:
        """The form and the coordinate, too."""
        return (super().depends(report), self.form, self.index)

    def show(self, report: Report) -> None:
        """Draw the last sample."""
        sample, about = self._parts(report)
        sample = sample or undrawn(report)
        dimension = len(sample.z)
        self.index = min(self.index, dimension - 1)
        at = Coordinate(sample, self.index, about.formula if about else "", self.look)
        roots = (original(at), reparameterised(at))
        both = self.room.width >= 2 * max(map(narrowest, roots)) + BETWEEN
        for number, (graph, root, heading) in enumerate(zip(self.graphs, roots, HEADINGS, strict=True)):
            graph.display = both or number == self.form
            graph.set_class(not both, "-alone")
            graph.ascii = self.look.ascii
            graph.show(root, (heading, "strong"))
        self._both = both
        words = [] if sample.number else [INVITE]
        words += [f"dimension {self.index + 1} of {dimension}  ↑ ↓"] if dimension > 1 else []
        words += [] if both else [f"{self.form + 1} of 2  ← →"]
        self.subtitle = " · ".join(words)

    _both = True

    def _parts(self, report: Report | None) -> tuple[Sample | None, About | None]:
        parts = report.frame.parts if report is not None and report.frame is not None else {}
        sample, about = parts.get("sample"), parts.get("about")
        return sample if isinstance(sample, Sample) else None, about if isinstance(about, About) else None

    def move(self, direction: Direction) -> bool:
        """Another coordinate, or the other form."""
        sample, _ = self._parts(self.report)
        last = len(sample.z) - 1 if sample is not None else 0
        if direction in ("left", "right") and self._both:
            return False
        steps = {"up": -1, "down": 1, "page_up": -10, "page_down": 10, "home": -last, "end": last}
        if direction in steps:
            self.index = min(max(self.index + steps[direction], 0), last)
        else:
            self.form = 1 - self.form
        if self.report is not None:
            self.receive(self.report)
        return True

    def as_text(self) -> str:
        """The graphs that are shown, one under the other."""
        return "\n\n".join(graph.as_text() for graph in self.graphs if graph.display and graph.root is not None)

    def exports(self) -> tuple[Exported, ...]:
        """The sample, every coordinate: a column for each number of the graphs."""
        sample, _ = self._parts(self.report)
        if sample is None or not sample.number:
            return ()
        coordinates = np.arange(1, len(sample.z) + 1, dtype=np.int64)
        names = ("mu", "sigma", "epsilon", "z", "z_bar", "mu_bar", "sigma_bar", "score_mu", "score_sigma")
        columns = {name: getattr(sample, name) for name in names}
        columns["f"] = np.full(len(sample.z), sample.f)
        series = tuple(Series(name, 1, coordinates, values, values, values) for name, values in columns.items())
        return (ExportedCurves("reparameterization-sample", series),)


def undrawn(report: Report) -> Sample:
    """A sample that has still to be drawn: what is known of it are μ and σ, where they are knobs."""
    knobs = report.frame.knobs if report.frame is not None else {}
    set_by_hand = knobs.get("function") != "reconstruction"
    unknown = np.full(1, np.nan)
    mu, sigma = (np.full(1, float(str(knobs[name])) if set_by_hand else np.nan) for name in ("mu", "sigma"))
    return Sample(0, mu, sigma, unknown, unknown, np.nan, np.nan, *([unknown] * 5))
