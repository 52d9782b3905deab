"""The means μ of held-out images, each marked by its class."""

from __future__ import annotations

from textual.app import ComposeResult

from lec10_tui.lessons.vae.frame import Means
from lec10_tui.lessons.vae.screen.shapes import subscript
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.scatter import Scatter


class MeansPanel(Panel):
    """The held-out means in the two chosen dimensions over the circles of the prior; ↑ ↓ pick one class out."""

    NAME = "means"
    TITLE = "Means μ by class"
    TAB = "means"
    MINIMUM = (16, 5)
    ABOUT = (
        "Where the encoder puts the held-out images, each drawn as its class; faint circles: 1σ and 2σ of the prior.",
        "↑ ↓ pick out one class, and all of them again.",
    )

    highlight = 0

    def compose(self) -> ComposeResult:
        """The plane."""
        self.scatter = Scatter(circles=(1.0, 2.0))
        yield self.scatter

    def wanted(self) -> tuple[Wanted, ...]:
        """The means."""
        return (Wanted("means", max_age=0.9),)

    def show(self, report: Report) -> None:
        """Draw the plane."""
        assert report.frame is not None
        part = report.frame.parts.get("means")
        if not isinstance(part, Means):
            return
        classes = ("", *sorted(set(part.marks)))
        chosen = classes[self.highlight % len(classes)]
        x, y = (f"{self.look.text('μ', 'mu')}{subscript(number, self.look.ascii)}" for number in part.dimensions)
        self.scatter.ascii = self.look.ascii
        self.scatter.show(part.points, part.marks, x_label=x, y_label=y, highlight=chosen)
        self.subtitle = f"{part.marks.count(chosen)} of class {chosen}" if chosen else ""

    def move(self, direction: Direction) -> bool:
        """Pick out the next class."""
        if direction not in ("up", "down") or self.report is None:
            return False
        self.highlight += 1 if direction == "down" else -1
        self.receive(self.report, force=True)
        return True

    def as_text(self) -> str:
        """The plane as it is drawn."""
        return self.scatter.as_text()
