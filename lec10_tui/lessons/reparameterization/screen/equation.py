"""The gradient of an expectation, and the two expectations that equal it, with their numbers."""

from __future__ import annotations

import math

from lec10_tui.drawing.numbers import grouped
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, Variances
from lec10_tui.lessons.reparameterization.screen.words import drawn, times
from lec10_tui.vocabulary.frames import Frame, Readings
from lec10_tui.widgets.equation import Equation, Note, Term

WIDTH = 9


def latest(frame: Frame) -> Readings:
    """The frame's readings as they are by its own step: means and variances move between two reading steps."""
    part = frame.parts.get("variances")
    if not isinstance(part, Variances) or not frame.step:
        return frame.readings
    moved = {"samples": float(drawn(frame))}
    for name, mean, variance in zip(ESTIMATORS, part.means.tolist(), part.measured.tolist(), strict=True):
        moved |= {f"{name}_mean": mean, f"{name}_variance": variance}
    return {**frame.readings, **moved}


def gradient_equation(readings: Readings, dimension: int) -> Equation:
    """∇_μ E_q[f] = E_ε[f′(μ + σε)] = E_q[f(z) ∂log q/∂μ] (slide: Reparameterization Trick) and how well each does.

    In more than one dimension it is the derivative for the first of them.
    """
    one = "₁" if dimension > 1 else ""
    ascii_one = "1" if dimension > 1 else ""
    decimals = _decimals(readings.get("exact_gradient", math.nan))
    terms = (
        Term(
            f"∇_μ{one} E_q[f]", f"grad_mu{ascii_one} E_q[f]", readings.get("exact_gradient"), ink="strong",
            decimals=decimals, width=WIDTH,
        ),
        Term(
            "E_ε[f′(μ+σε)]", "E_e[f'(mu+s e)]", readings.get("pathwise_mean"), "=", "pathwise", decimals, WIDTH
        ),
        Term(
            f"E_q[f(z) ∂log q/∂μ{one}]", f"E_q[f(z) dlog q/dmu{ascii_one}]", readings.get("score_mean"), "=", "score",
            decimals, WIDTH,
        ),
    )  # fmt: skip
    return Equation(terms, _notes(readings))


def _notes(readings: Readings) -> tuple[Note, ...]:
    notes = []
    pathwise, score = (readings.get(f"{name}_variance", math.nan) for name in ("pathwise", "score"))
    if pathwise > 0 and math.isfinite(score):
        notes.append(Note("score variance", times(score / pathwise)))
    if readings.get("samples"):
        notes.append(Note("samples", grouped(readings["samples"])))
    if pathwise > 0 and math.isfinite(baseline := readings.get("score_baseline_variance", math.nan)):
        notes.append(Note("with baseline", times(baseline / pathwise)))
    return tuple(notes)


def _decimals(exact: float) -> int:
    """Decimals that leave small gradients some digits."""
    return 3 if not math.isfinite(exact) or abs(exact) >= 0.1 or exact == 0 else 5
