"""The bar: what log p(x) is made of, and its gap computed twice."""

from __future__ import annotations

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.lines import Lines, Sheet
from lec10_tui.drawing.numbers import ascii_form, fixed, grouped
from lec10_tui.drawing.palette import Paper
from lec10_tui.lessons.bound.frame import Terms
from lec10_tui.lessons.bound.screen.panels import QPanel
from lec10_tui.lessons.bound.screen.tables import table
from lec10_tui.lessons.bound.screen.waterfall import LEFT, NAMES, NUMBERS, SIGN, draw_waterfall
from lec10_tui.widgets.canvas import Canvas
from lec10_tui.widgets.exports import Exported

READINGS = ("log_likelihood", "elbo", "reconstruction", "kl", "gap", "posterior_kl", "error")
TWICE, TALLEST = 3, 12
"""Rows of what is computed twice, and of the bar at most."""


class TermsBar(Canvas):
    """The bar with its parts, and below it the two computations of the gap, one over the other."""

    terms: Terms | None = None
    latent_dim = 2

    def show(self, terms: Terms, latent_dim: int) -> None:
        """Show these terms of a model with so many codes."""
        self.terms, self.latent_dim = terms, latent_dim
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        if self.terms is None:
            return []
        air = 1 if height >= TWICE + 7 else 0
        lines = draw_waterfall(self.terms, width, min(height - TWICE - air, TALLEST), paper)
        sheet = Sheet(width, TWICE + air, paper.blank)
        _draw_twice(sheet, self.terms, self.latent_dim, air, paper)
        return [*lines, *sheet.lines()]


def _draw_twice(sheet: Sheet, terms: Terms, latent_dim: int, top: int, paper: Paper) -> None:
    """log p(x) − ELBO over KL(q ‖ p(z|x)), then by how much they differ, and how far they can be trusted."""
    trusted = f"{'quadrature error' if terms.refined else 'refining… error'} {fixed(terms.error, 6, 4).strip()}"
    power = "²" if latent_dim == 2 else ""
    rows = (
        ("log p(x) − ELBO", "log p(x) - ELBO", terms.gap, f"{grouped(terms.nodes)} + {terms.hermite}{power} nodes"),
        ("KL(q ‖ p(z|x))", "KL(q || p(z|x))", terms.posterior_kl, f"{terms.local}{power} nodes around q"),
        ("difference", "difference", terms.gap - terms.posterior_kl, trusted),
    )
    for row, (name, ascii, value, tail) in enumerate(rows, top):
        alike = row < top + 2
        texts = (name, fixed(value, NUMBERS + 2, 4), tail)
        if paper.ascii:
            texts = (ascii, ascii_form(texts[1]), ascii_form(tail.replace("²", "^2").replace("…", "...")))
        sheet.put(SIGN, row, texts[0], paper.letters("gap") if alike else paper.faint)
        sheet.put(SIGN + NAMES + 1, row, texts[1], paper.strong)
        sheet.put(LEFT + 2, row, texts[2], paper.faint)


class BarPanel(QPanel[Terms]):
    """log p(x) = reconstruction − KL + KL(q ‖ p(z|x)) as a bar, each part a number."""

    NAME = "bar"
    PART, KIND, MAX_AGE = "terms", Terms, 0.1
    TITLE = "log p(x), part by part"
    TAB = "bar"
    MINIMUM = (52, 8)
    ABOUT = (
        "The bar ends at log p(x): the ELBO, which is the reconstruction term less the KL, and the gap on top of it.",
        "The slide says the reconstruction term is minimized by a point mass on z*. It is maximized: the squared error "
        "under the minus sign is what is minimized.",
        "A point mass has an infinite KL: shrink σ with < and { and see it grow like −ln σ in every dimension.",
        "The gap is computed twice: log p(x) on a refined global grid less the ELBO by Gauss–Hermite, and "
        "KL(q ‖ p(z|x)) on a grid around q with a normaliser of its own; beside each, how many nodes it took.",
        "Arrows move μ here, too.",
    )

    def compose(self) -> ComposeResult:
        """One drawing."""
        self.drawing = TermsBar()
        yield self.drawing

    def show_part(self, part: Terms) -> None:
        """Draw the terms as good as they are now."""
        self.drawing.ascii = self.look.ascii
        self.drawing.show(part, self.bound.latent_dim)
        going = self.bound.status.state == "running"
        self.subtitle = "" if part.refined else "coarse while it ascends" if going else "coarse, refining…"

    def as_text(self) -> str:
        """The bar as it is drawn."""
        return self.drawing.as_text()

    def exports(self) -> tuple[Exported, ...]:
        """The terms, as a table of one line."""
        part = self.part
        if part is None:
            return ()
        columns = {name: np.array([float(getattr(part, name))]) for name in READINGS}
        return (table("bound-terms", columns, first=self.bound.run_step),)
