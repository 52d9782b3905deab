"""The equation strip: the slide's equation with the live number under each of its terms."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual.reactive import reactive
from textual.strip import Strip

from lec10_tui.drawing.lines import pad_text
from lec10_tui.drawing.numbers import fixed
from lec10_tui.widgets.inked import Inked, Piece, apart, length
from lec10_tui.widgets.look import Look


@dataclass(frozen=True)
class Term:
    """One term: how it is written, in ASCII too, its number now, and the sign ("=", "+", "−") that stands before it.

    The number has `decimals` decimals and `width` cells, so nothing moves. `ink` is a role, or what its colour means.
    """

    symbol: str
    ascii: str
    value: float | None = None
    sign: str = ""
    ink: str = ""
    decimals: int = 2
    width: int = 8


@dataclass(frozen=True)
class Note:
    """What stands quietly at the right end: a label and, under it, its value as text."""

    label: str
    value: str
    ascii: str = ""


@dataclass(frozen=True)
class Equation:
    """A slide's equation and what is worth knowing beside it."""

    terms: tuple[Term, ...] = ()
    notes: tuple[Note, ...] = ()


def equation_rows(equation: Equation, width: int, height: int, look: Look) -> list[list[Piece]]:
    """The strip in `width` × `height` cells: a rule over three rows, symbols over numbers in two, both in one."""
    if height <= 1:
        return [_inline(equation, width, look)][: max(height, 0)]
    every_note = length(_notes(equation, 3, width, look)[0])
    for gap, notes in ((6, every_note), (4, every_note), (3, every_note), (3, 0), (2, 0), (1, 0), (0, 0)):
        symbols, numbers = _columns(equation, gap, look)
        if length(symbols) + notes + 4 * bool(notes) <= width:
            break
    over, under = _notes(equation, 3, width - length(symbols) - 4, look)
    rows = [apart(symbols, over, width), apart(numbers, under, width)]
    rule: list[Piece] = [(look.text("─", "-") * width, "dim")]
    return [rule, *rows][:height] if height > 2 else rows


def _columns(equation: Equation, gap: int, look: Look) -> tuple[list[Piece], list[Piece]]:
    symbols: list[Piece] = [(" " * max(gap - 2, 0), "")]
    numbers = list(symbols)
    for index, term in enumerate(equation.terms):
        sign = look.say(term.sign)
        if index or sign:
            around = " " * (gap if index else 0)
            symbols.append((f"{around}{sign}{around}", "dim"))
            numbers.append((f"{around}{sign}{around}", "dim"))
        symbol, number = look.text(term.symbol, term.ascii), _number(term, look)
        column = max(cell_len(symbol), cell_len(number))
        symbols.append((pad_text(symbol, column, "center"), term.ink))
        numbers.append((pad_text(number, column, "center"), "strong"))
    return symbols, numbers


def _number(term: Term, look: Look) -> str:
    number = fixed(term.value, term.width, term.decimals)
    return look.say(number)


def _inline(equation: Equation, width: int, look: Look) -> list[Piece]:
    pieces: list[Piece] = []
    for term in equation.terms:
        sign = look.say(term.sign)
        number = _number(term, look)
        pieces += [(f" {sign}" if sign else "", "dim"), (" " + look.text(term.symbol, term.ascii), term.ink)]
        pieces.append((" " + number.strip(), "strong"))
    return apart(pieces, (), width)


def _notes(equation: Equation, gap: int, room: int, look: Look) -> tuple[list[Piece], list[Piece]]:
    """The notes that fit, the first ones first."""
    over: list[Piece] = []
    under: list[Piece] = []
    for note in equation.notes:
        label = look.text(note.label, note.ascii or look.say(note.label))
        value = look.say(note.value)
        column = max(cell_len(label), cell_len(value))
        if length(over) + column + gap > room:
            break
        over.append((pad_text(label, column, "right") + " " * gap, "dim"))
        under.append((pad_text(value, column, "right") + " " * gap, ""))
    return over, under


class EquationStrip(Inked):
    """Shows an equation across the screen's foot."""

    DEFAULT_CSS = """
    EquationStrip { height: 3; background: $background; color: $foreground; }
    EquationStrip.-compact { height: 2; }
    EquationStrip.-line { height: 1; }
    """

    equation: reactive[Equation] = reactive(Equation())

    def render_line(self, y: int) -> Strip:
        """One row of the strip."""
        width, height = self.size
        rows = equation_rows(self.equation, width, height, self.look)
        return self.strip(rows[y] if y < len(rows) else (), width)
