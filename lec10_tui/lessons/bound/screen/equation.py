"""The slides' equations with their numbers, one for each page of the lesson."""

from __future__ import annotations

from lec10_tui.drawing.numbers import fixed, signed
from lec10_tui.lessons.bound.frame import Importance, Jensen, Posterior, Terms, Toy
from lec10_tui.lessons.bound.screen.words import means, number, scales
from lec10_tui.widgets.equation import Equation, Note, Term

WIDTH = 9


def bound_equation(terms: Terms | None, posterior: Posterior | None) -> Equation:
    """log p(x) = E_q[log p(x|z)] − KL(q ‖ p) + KL(q ‖ p(z|x)) (slides: Variational Inference)."""
    values = (terms.log_likelihood, terms.reconstruction, terms.kl, terms.gap) if terms is not None else (None,) * 4
    return Equation(
        (
            Term("log p(x)", "log p(x)", values[0], ink="log_likelihood", width=WIDTH),
            Term("E_q[log p(x|z)]", "E_q[log p(x|z)]", values[1], "=", "reconstruction", width=WIDTH),
            Term("KL(q ‖ p)", "KL(q || p)", values[2], "−", "kl", width=WIDTH),
            Term("KL(q ‖ p(z|x))", "KL(q || p(z|x))", values[3], "+", "gap", width=WIDTH),
        ),
        _notes(terms, posterior),
    )


def _notes(terms: Terms | None, posterior: Posterior | None) -> tuple[Note, ...]:
    if terms is None:
        return ()
    apart = number(terms.gap - terms.posterior_kl, 4) if terms.refined else "refining…"
    notes = [Note("ELBO", number(terms.elbo)), Note("gap, both ways", f"{apart:>9}", "gap, both ways")]
    if posterior is not None:
        notes.append(Note("q: μ, σ", f"{means(posterior.mu)}, {scales(posterior.sigma)}", "q: mu, sigma"))
    return tuple(notes)


def jensen_equation(jensen: Jensen | None, importance: Importance | None) -> Equation:
    """E[log X] ≤ log E[X] (slide: Variational Inference, Jensen's Inequality)."""
    left, right = (jensen.left, jensen.right) if jensen is not None else (None, None)
    notes = [] if jensen is None else [Note("gap", fixed(jensen.right - jensen.left, 8, 3), "gap")]
    if importance is not None:
        bounds = (importance.elbo, float(importance.bounds[importance.chosen]), importance.log_likelihood)
        chosen = f"S = {importance.samples[importance.chosen]}"
        notes.append(Note(f"ELBO ≤ {chosen} ≤ log p(x)", " ≤ ".join(map(number, bounds))))
    return Equation(
        (
            Term("E[log X]", "E[log X]", left, ink="elbo", decimals=3),
            Term("log E[X]", "log E[X]", right, "≤", "log_likelihood", decimals=3),
        ),
        tuple(notes),
    )


def toy_equation(toy: Toy | None) -> Equation:
    """log p(x) = log ∫ p(z) N(x; G(z), ηI) dz (slide: Observation Model)."""
    notes: tuple[Note, ...] = ()
    if toy is not None:
        notes = (
            Note("η", number(toy.variance, 5), "eta"),
            Note("distance", fixed(toy.distance, 8, 3)),
            Note("d log p/d log η", signed(toy.slope, 10, 3), "d log p/d log eta"),
        )
    return Equation(
        (
            Term("log p(x)", "log p(x)", toy.log_density if toy is not None else None, ink="gap", decimals=3),
            Term("log ∫ p(z) N(x; G(z), ηI) dz", "log integral of p(z) N(x; G(z), eta I) dz", None, "=", width=0),
        ),
        notes,
    )
