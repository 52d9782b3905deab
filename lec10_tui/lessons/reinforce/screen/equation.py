"""The slide's update with the numbers of one time step under its terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rich.cells import cell_len
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from lec10_tui.drawing.lines import pad_text
from lec10_tui.drawing.numbers import fixed
from lec10_tui.lessons.reinforce.frame import Credit, Episode
from lec10_tui.lessons.reinforce.screen.update import more_likely
from lec10_tui.lessons.reinforce.screen.words import number, weight_symbol
from lec10_tui.widgets.equation import Equation, EquationStrip, Note, Term
from lec10_tui.widgets.inked import Piece, apart
from lec10_tui.widgets.look import Look

GAP = 3
"""Cells between the notes, and between the equation and the first of them."""


def update_equation(episode: Episode | None, credit: Credit | None, time: int) -> Equation:
    """θ ← θ + α Σ_t weight · ∇ log π_θ(a_t|s_t) at `time`; without an episode, or behind its end, without numbers."""
    here = episode is not None and time < len(episode.rewards)
    rate = credit.learning_rate if credit else None
    terms = [
        Term("θ ← θ", "theta <- theta", width=0),
        Term("α", "alpha", rate, "+", decimals=_decimals(rate), width=_decimals(rate) + 2),
        *_weight(credit, time if here else None),
        Term(
            "log π_θ(a_t|s_t)", "log pi(a_t|s_t)", float(episode.log_prob[time]) if here and episode else None, "∇",
            width=7,
        ),
    ]  # fmt: skip
    return Equation(tuple(terms), _notes(credit, time if here else None))


def _weight(credit: Credit | None, time: int | None) -> list[Term]:
    """What ∇ log π is weighed with, term by term as the slides have it."""
    if credit is None:
        return [Term("r_t(τ)", "r_t(tau)", None, "Σ_t", "reward_to_go")]
    full = credit.estimator == "full-return"
    credited = None
    if time is not None:
        credited = credit.total_return if full else float(credit.reward_to_go[time])
    symbol, ascii = weight_symbol(credit)
    ink = "return" if full else "reward_to_go"
    opened = credit.baseline != "none"
    decimals = _weight_decimals(credit)
    if opened:
        symbol, ascii = f"[{symbol}", f"[{ascii}"
    terms = [Term(symbol, ascii, credited, "Σ_t", ink, decimals, width=7)]
    if opened:
        subtracted = float(credit.baseline_values[time]) if time is not None else None
        terms.append(Term("b_t]", "b_t]", subtracted, "−", "baseline", decimals, width=7))
    if credit.spread != 1.0:
        terms.append(Term("σ", "std", credit.spread, "/", width=6))
    return terms


def _notes(credit: Credit | None, time: int | None) -> tuple[Note, ...]:
    if credit is None:
        return ()
    norm = number(float(credit.gradient_norm[time])) if time is not None else "—"
    moved = [Note("more likely", more_likely(credit))] if len(credit.delta_log_prob) else []
    return (
        Note("r(τ)", number(credit.total_return, _weight_decimals(credit))),
        Note("Σ log π", number(credit.log_prob)),
        *moved,
        Note("‖w ∇ log π‖", norm, "|w grad log pi|"),
    )


def _weight_decimals(credit: Credit) -> int:
    """Decimals that hold for the whole episode, so that nothing jumps: more of them where rewards are small."""
    return 2 if float(np.abs(credit.reward_to_go).max(initial=0.0)) >= 1 else 4


def _decimals(rate: float | None) -> int:
    """As many decimals as the rate has."""
    return next((places for places in range(2, 8) if rate is None or round(rate, places) == rate), 7)


class UpdateStrip(EquationStrip):
    """The update across the screen's foot: written as on the slide, each number under its own term.

    A step along the episode changes the numbers alone, so the symbols over them are not painted again.
    """

    equation: reactive[Equation] = reactive(Equation(), repaint=False)

    def watch_equation(self, before: Equation, after: Equation) -> None:
        """Paint the rows that have changed."""
        width, height = self.size
        if height < 2:
            self.refresh()
            return
        pairs = zip(update_rows(before, width, self.look), update_rows(after, width, self.look), strict=True)
        rows = [height - 2 + row for row, (old, new) in enumerate(pairs) if old != new]
        if rows:
            self.refresh(*(Region(0, row, width, 1) for row in rows))

    def render_line(self, y: int) -> Strip:
        """One row of the strip."""
        width, height = self.size
        if height < 2:
            return super().render_line(y)
        symbols, numbers = update_rows(self.equation, width, self.look)
        rule: list[Piece] = [(self.look.text("─", "-") * width, "dim")]
        rows = [symbols, numbers] if height == 2 else [rule, symbols, numbers]
        return self.strip(rows[y] if y < len(rows) else (), width)


@lru_cache(maxsize=8)
def update_rows(equation: Equation, width: int, look: Look) -> tuple[list[Piece], list[Piece]]:
    """The terms and, under them, their numbers, as far apart as `width` allows; at the right the notes that fit."""
    columns = [_Column(look.text(term.symbol, term.ascii), _number(term, look)) for term in equation.terms]
    signs = [look.say(term.sign) for term in equation.terms]
    least = 1 + sum(column.width + 1 for column in columns) + sum(cell_len(sign) + 1 for sign in signs if sign)
    noted = _notes_within(equation.notes, width - least - GAP, look)
    notes = sum(column.width + GAP for column in noted)
    gap = " " * max(1 + min((width - least - notes - GAP) // max(len(columns) - 1, 1), 1), 1)
    over: list[Piece] = [(" ", "")]
    under: list[Piece] = [(" ", "")]
    for index, (term, column, sign) in enumerate(zip(equation.terms, columns, signs, strict=True)):
        before = (gap if index else "") + (f"{sign} " if sign else "")
        over += [(before, ""), (pad_text(column.symbol, column.width, "center"), term.ink or "strong")]
        under += [(" " * cell_len(before), ""), (pad_text(column.number, column.width, "center"), "strong")]
    said = [(pad_text(column.symbol, column.width, "right") + " " * GAP, "dim") for column in noted]
    values = [(pad_text(column.number, column.width, "right") + " " * GAP, "") for column in noted]
    return apart(over, said, width), apart(under, values, width)


@dataclass(frozen=True)
class _Column:
    """What stands over what."""

    symbol: str
    number: str

    @property
    def width(self) -> int:
        """The wider of the two."""
        return max(cell_len(self.symbol), cell_len(self.number))


def _number(term: Term, look: Look) -> str:
    return look.say(fixed(term.value, term.width, term.decimals))


def _notes_within(notes: Sequence[Note], room: int, look: Look) -> list[_Column]:
    """The first notes that fit in `room` cells."""
    kept: list[_Column] = []
    for note in notes:
        column = _Column(look.text(note.label, note.ascii or look.say(note.label)), look.say(note.value))
        room -= column.width + GAP
        if room < 0:
            break
        kept.append(column)
    return kept
