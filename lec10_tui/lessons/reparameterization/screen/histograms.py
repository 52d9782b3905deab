"""How single samples' estimates spread, one histogram an estimator over one axis."""

from __future__ import annotations

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.histograms import Histogram
from lec10_tui.drawing.numbers import grouped
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, Histograms
from lec10_tui.lessons.reparameterization.screen.words import INVITE, LABELS, number
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.histogram import HistogramStack
from lec10_tui.widgets.panel import Panel


class HistogramsPanel(Panel):
    """One histogram an estimator, the exact gradient as a line through all of them."""

    NAME = "histograms"
    TITLE = "One-sample estimates"
    TAB = "spread"
    MINIMUM = (20, 6)
    ABOUT = (
        "What one sample alone says of the gradient, by each estimator, over one axis; the line is the exact gradient.",
        "The score function's are rarely near the line, and a few far out carry the mean. L makes heights logarithmic.",
    )

    def compose(self) -> ComposeResult:
        """The histograms."""
        self.stack = HistogramStack()
        yield self.stack

    def on_mount(self) -> None:
        """Say what fills them."""
        self.say(INVITE)

    def wanted(self) -> tuple[Wanted, ...]:
        """The counts."""
        return (Wanted("histograms", max_age=0.6),)

    def show(self, report: Report) -> None:
        """Draw them."""
        part = self._part(report)
        filled = part is not None and bool(part.counts.sum() + part.outside.sum())
        self.say("" if filled else INVITE)
        if part is None or not filled:
            return
        rows = []
        for name, counts, outside in zip(ESTIMATORS, part.counts, part.outside.tolist(), strict=True):
            note = f"{grouped(outside)} beyond" if outside else ""
            rows.append(Histogram(self.look.say(LABELS[name]), counts, name, note))
        self.stack.ascii = self.look.ascii
        self.stack.logarithmic = self.look.logarithmic
        exact = f"exact {number(part.exact)}" if np.isfinite(part.exact) else ""
        self.stack.show(rows, part.edges, mark=part.exact, mark_label=exact)
        self.subtitle = "log heights" if self.look.logarithmic else ""

    def _part(self, report: Report | None) -> Histograms | None:
        part = report.frame.parts.get("histograms") if report is not None and report.frame is not None else None
        return part if isinstance(part, Histograms) else None

    def as_text(self) -> str:
        """The histograms as they are drawn."""
        return "" if self.words else self.stack.as_text()

    def exports(self) -> tuple[Exported, ...]:
        """The counts of every bin, with where it begins and ends."""
        part = self._part(self.report)
        if part is None:
            return ()
        bins = np.arange(len(part.edges) - 1, dtype=np.int64)
        columns = {"from": part.edges[:-1], "to": part.edges[1:]}
        columns |= {name: counts.astype(np.float64) for name, counts in zip(ESTIMATORS, part.counts, strict=True)}
        series = tuple(Series(name, 1, bins, values, values, values) for name, values in columns.items())
        return (ExportedCurves("reparameterization-histograms", series),)
