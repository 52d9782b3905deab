"""Lines of styled cells: what every drawing is, and a sheet to write one on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style

Lines = list[list[Segment]]
"""A drawing, line by line; every segment has a style and every line of one drawing has the same width in cells."""


def width_of(line: Sequence[Segment]) -> int:
    """The width of one line in cells."""
    return sum(cell_len(segment.text) for segment in line)


def clip(text: str, width: int) -> str:
    """As much of the start of `text` as fits in `width` cells."""
    if cell_len(text) <= width:
        return text
    return chop_cells(text, width)[0] if width > 0 else ""


def pad_text(text: str, width: int, align: str = "left") -> str:
    """`text` clipped or padded with spaces to exactly `width` cells; `align` is left, right or center."""
    text = clip(text, width)
    spare = width - cell_len(text)
    before = spare if align == "right" else spare // 2 if align == "center" else 0
    return " " * before + text + " " * (spare - before)


def blank(width: int, height: int, style: Style) -> Lines:
    """Empty paper, `width` × `height` cells."""
    return [[Segment(" " * width, style)] if width > 0 else [] for _ in range(max(0, height))]


def fit(lines: Lines, width: int, height: int, style: Style) -> Lines:
    """`lines` cropped and padded at the right and the foot to exactly `width` × `height` cells."""
    fitted = [fit_line(line, width, style) for line in lines[:height]]
    return fitted + blank(width, height - len(fitted), style)


def fit_line(line: Sequence[Segment], width: int, style: Style) -> list[Segment]:
    """One line cropped or padded to exactly `width` cells."""
    kept: list[Segment] = []
    room = max(0, width)
    for segment in line:
        text = clip(segment.text, room)
        if text:
            kept.append(Segment(text, segment.style or style))
        room -= cell_len(text)
        if room <= 0 or len(text) < len(segment.text):
            break
    if room > 0:
        kept.append(Segment(" " * room, style))
    return kept


def shift(lines: Lines, left: int, style: Style) -> Lines:
    """`lines` moved `left` cells to the right."""
    return [[Segment(" " * left, style), *line] for line in lines] if left > 0 else lines


def beside(blocks: Sequence[Lines], gap: int, style: Style) -> Lines:
    """Drawings next to each other, `gap` cells apart, as tall as the tallest."""
    height = max((len(block) for block in blocks), default=0)
    joined: Lines = [[] for _ in range(height)]
    for number, block in enumerate(blocks):
        width = max((width_of(line) for line in block), default=0)
        for line, added in zip(joined, fit(block, width, height, style), strict=True):
            if number and gap > 0:
                line.append(Segment(" " * gap, style))
            line.extend(added)
    return joined


def text_of(lines: Lines) -> str:
    """The characters of a drawing without colour, lines joined by newlines, spaces at their ends removed."""
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines)


class Sheet:
    """Cells to write on in any order, `width` × `height`; what falls outside is cut off, `lines` gives the drawing.

    Cells nobody wrote on are blank in the style `paper`. Neighbours of equal style become one segment, and blank cells
    join their neighbour where that cannot be seen, so that a line costs few bytes.
    """

    def __init__(self, width: int, height: int, paper: Style) -> None:
        self.width, self.height, self.paper = max(0, width), max(0, height), paper
        self._text = [[" "] * self.width for _ in range(self.height)]
        self._style = [[paper] * self.width for _ in range(self.height)]

    def put(self, column: int, row: int, text: str, style: Style) -> None:
        """Write `text` from (`column`, `row`) to the right."""
        if not 0 <= row < self.height:
            return
        for character in text:
            width = cell_len(character)
            if width == 0 and 0 < column <= self.width:
                self._text[row][column - 1] += character
            elif width and 0 <= column <= self.width - width:
                self._text[row][column : column + width] = [character, *[""] * (width - 1)]
                self._style[row][column : column + width] = [style] * width
            column += width

    def dot(self, column: int, row: int, character: str, style: Style) -> None:
        """Write one character of one cell; the fast way for what is made of many."""
        if 0 <= row < self.height and 0 <= column < self.width:
            self._text[row][column] = character
            self._style[row][column] = style

    def lines(self) -> Lines:
        """The drawing."""
        return [self._line(text, style) for text, style in zip(self._text, self._style, strict=True)]

    def _line(self, text: list[str], styles: list[Style]) -> list[Segment]:
        line: list[Segment] = []
        start, current, empty, paper = 0, self.paper, True, self.paper
        for column, style in enumerate(styles):
            if style is current:
                empty = empty and text[column] == " "
                continue
            if style is paper and text[column] == " " and joins(current, paper):
                continue
            if not (empty and current is paper and joins(style, paper)):
                line.append(Segment("".join(text[start:column]), current))
                start = column
            current, empty = style, text[column] == " "
        line.append(Segment("".join(text[start:]), current))
        return [segment for segment in line if segment.text]


@lru_cache(maxsize=1024)
def joins(style: Style, paper: Style) -> bool:
    """Whether a blank in `paper` looks the same in `style`."""
    return style.bgcolor == paper.bgcolor and not (style.reverse or style.underline or style.strike)
