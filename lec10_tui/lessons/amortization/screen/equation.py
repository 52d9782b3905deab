"""The equation strip: what log p(x) of the image in hand is made of (slide: Amortization)."""

from __future__ import annotations

from lec10_tui.lessons.amortization.frame import Table
from lec10_tui.lessons.amortization.screen.words import in_hand, milliseconds, number, part_of
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.equation import Equation, Note, Term


def gaps_equation(report: Report | None) -> Equation:
    """log p(x) = ELBO of the encoder's q + amortization gap + approximation gap, as the image's row of the table says.

    Readings would lag behind when another image is taken in hand.
    """
    hand, table = in_hand(report), part_of(report, "table", Table)
    if hand is None or table is None:
        return Equation(_terms(None, None, None, None))
    ascent = table.optimization_milliseconds
    notes = (
        Note("ELBO optimized", number(hand.optimized)),
        Note("encoder", milliseconds(table.encoder_milliseconds)),
        Note("ascent", milliseconds(ascent) if ascent > 0 else "—"),
    )
    terms = _terms(hand.log_likelihood, hand.amortized, hand.amortization_gap, hand.approximation_gap)
    return Equation(terms, notes)


def _terms(
    log_likelihood: float | None, amortized: float | None, amortization: float | None, approximation: float | None
) -> tuple[Term, ...]:
    return (
        Term("log p(x)", "log p(x)", log_likelihood, ink="log_likelihood"),
        Term("ELBO amortized", "ELBO amortized", amortized, "=", "encoder"),
        Term("amortization gap", "amortization gap", amortization, "+", "gap"),
        Term("approximation gap", "approximation gap", approximation, "+", "gap"),
    )
