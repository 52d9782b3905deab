"""The equation strip: what log p(x) of the image in hand is made of (slide: Amortization)."""

from __future__ import annotations

from lec10_tui.lessons.amortization.screen.words import milliseconds, number
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.equation import Equation, Note, Term


def gaps_equation(report: Report | None) -> Equation:
    """log p(x) = ELBO of the encoder's q + amortization gap + approximation gap, as they were last read."""
    readings = report.frame.readings if report is not None and report.frame is not None else {}
    terms = (
        Term("log p(x)", "log p(x)", readings.get("log_likelihood"), ink="log_likelihood"),
        Term("ELBO amortized", "ELBO amortized", readings.get("amortized_elbo"), "=", "encoder"),
        Term("amortization gap", "amortization gap", readings.get("amortization_gap"), "+", "gap"),
        Term("approximation gap", "approximation gap", readings.get("approximation_gap"), "+", "gap"),
    )
    if not readings:
        return Equation(terms)
    ascent = readings["optimization_milliseconds"]
    notes = (
        Note("ELBO optimized", number(readings["optimized_elbo"])),
        Note("encoder", milliseconds(readings["encoder_milliseconds"])),
        Note("ascent", milliseconds(ascent) if ascent > 0 else "—"),
    )
    return Equation(terms, notes)
