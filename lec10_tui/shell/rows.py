"""Rows of words: pieces of text with their roles, cut, broken and set to widths."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from lec10_tui.drawing.numbers import ascii_form
from lec10_tui.widgets.inked import Piece

Row = tuple[Piece, ...]


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in at most `width` cells, with an ellipsis where something is missing."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - len(ellipsis), 0)).rstrip() + ellipsis if width > len(ellipsis) else ""


def padded(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in exactly `width` cells."""
    return set_cell_size(cut(text, width, ellipsis), width)


def wrap(text: str, width: int) -> list[str]:
    """`text` broken between words into lines of at most `width` cells; a longer word is cut."""
    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(cut(word, width))
    return lines


def spread(left: Row, right: Row, width: int) -> Row:
    """`left` and `right` at the two ends of `width` cells; right is left out where there is no room."""
    gap = width - cells(left) - cells(right)
    return (*left, (" " * gap, ""), *right) if gap > 1 else left


def cells(row: Row) -> int:
    """How many cells a row takes."""
    return sum(cell_len(text) for text, _ in row)


_ASCII = str.maketrans({"·": "-", "▸": ">", "β": "b", "η": "n", "‖": "|", "∇": "d", "≥": ">"})


def ascii_row(row: Row) -> Row:
    """The row in ASCII, cell for cell."""
    return tuple((ascii_text(text), role) for text, role in row)


def ascii_text(text: str) -> str:
    """`text` in ASCII, character for character."""
    return ascii_form(text.translate(_ASCII)).encode("ascii", "replace").decode("ascii")
