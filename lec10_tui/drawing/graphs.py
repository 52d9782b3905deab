"""Graphs: nodes in boxes, what flows into a node standing under it; forward goes up, backward comes down beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.style import Style

from lec10_tui.drawing.lines import Lines, Sheet, clip, pad_text
from lec10_tui.drawing.numbers import ascii_form
from lec10_tui.drawing.palette import Paper

Said = tuple[str, str]
"""A text and its ink: "", "strong", "faint", or what its colour means."""

TALLEST_EDGE = 7
"""Rows beyond which a longer edge says nothing more."""
GAP = 1
"""Cells between nodes that stand beside each other."""


@dataclass(frozen=True)
class Node:
    """A node: its `lines`, the first alone where there is little room, and what flows into it, from left to right.

    A deterministic node is a box of solid lines; a `random` one has rounded corners and broken lines.
    """

    lines: tuple[Said, ...]
    random: bool = False
    inputs: tuple[Edge, ...] = ()


@dataclass(frozen=True)
class Edge:
    """An edge up from `source`; backward nothing goes along it, or something flows down, or stops short of the source.

    `labels` stand beside it, the first ones where there is no room for all; `stop` are the words where it stops.
    """

    source: Node
    back: Literal["", "flows", "stops"] = ""
    ink: str = ""
    labels: tuple[Said, ...] = ()
    stop: str = ""


@dataclass(frozen=True)
class _Signs:
    corners: str
    across: str
    down: str


SOLID = _Signs("┌┐└┘", "─", "│")
BROKEN = _Signs("╭╮╰╯", "╌", "╎")
SOLID_ASCII = _Signs("++++", "-", "|")
BROKEN_ASCII = _Signs("..''", "-", ":")


@dataclass(frozen=True)
class _Place:
    """A node's box: `width` cells from `left`, `level` boxes under the top one; its inputs' places and edges' columns.

    `edges` are (edge, place of its source, column of the line up, first column its labels must leave free).
    """

    node: Node
    level: int
    left: int
    width: int
    edges: tuple[tuple[Edge, _Place, int, int], ...] = ()

    @property
    def right(self) -> int:
        return self.left + self.width

    def all(self) -> Iterator[_Place]:
        """This place and all that is under it."""
        yield self
        for _, place, _, _ in self.edges:
            yield from place.all()


def narrowest(node: Node) -> int:
    """The cells across in which every first line of a graph can be read."""
    inputs = sum(narrowest(edge.source) for edge in node.inputs) + GAP * (len(node.inputs) - 1)
    return max(_words(node, 1) + 2, inputs)


def draw_graph(root: Node, columns: int, rows: int, paper: Paper, *, heading: Said = ("", "")) -> Lines:
    """The graph under `root` in exactly `columns` × `rows` cells, `heading` over it: boxes first, edges get the rest.

    `root` stands at the top, what flows into it below. Where there are rows to spare it stands in the middle of them.
    """
    sheet = Sheet(columns, rows, paper.blank)
    if columns < 1 or rows < 1:
        return sheet.lines()
    top = 1 if heading[0] else 0
    place = _placed(root, 0, 0, columns)
    places = list(place.all())
    levels = 1 + max(each.level for each in places)
    lines = [max(len(each.node.lines) for each in places if each.level == level) for level in range(levels)]
    free = rows - top - 2 * levels
    inner = [min(count, 2) for count in lines]
    if free - sum(inner) < 4 * (levels - 1):
        inner = [min(count, 1) for count in lines]
    edge = max(min((free - sum(inner)) // max(levels - 1, 1), TALLEST_EDGE), 1)
    spare = rows - top - 2 * levels - sum(inner) - edge * (levels - 1)
    tops = [top + max(spare, 0) // 2]
    over = pad_text(_text(heading[0], paper), columns, "center").rstrip()
    sheet.put(0, tops[0] - 1, over, _ink(heading[1], paper))
    for count in inner[:-1]:
        tops.append(tops[-1] + count + 2 + edge)
    for each in places:
        _draw_box(sheet, each, tops[each.level], inner[each.level], paper)
    for each in places:
        foot = tops[each.level] + inner[each.level] + 1
        for along in each.edges:
            _draw_edge(sheet, each.node, along, foot, edge, paper)
    return sheet.lines()


def _words(node: Node, count: int) -> int:
    return max((cell_len(text) for text, _ in node.lines[:count]), default=0)


def _placed(node: Node, level: int, left: int, width: int) -> _Place:
    """The node with all that flows into it in `width` cells from `left`; a node spans what flows into it."""
    wish = _words(node, 2) + 4
    if not node.inputs:
        box = min(width, wish)
        return _Place(node, level, left + (width - box) // 2, box)
    needs = [narrowest(edge.source) for edge in node.inputs]
    spare = width - sum(needs) - GAP * (len(needs) - 1)
    below, at = [], left
    for number, (edge, need) in enumerate(zip(node.inputs, needs, strict=True)):
        share = max(need + spare * (number + 1) // len(needs) - spare * number // len(needs), 1)
        below.append((_placed(edge.source, level + 1, at, share), at + share))
        at += share + GAP
    first, last = below[0][0], below[-1][0]
    spans = 0 if len(below) == 1 else last.right - first.left
    box = min(max(wish, spans), width)
    middle = (first.left + last.right) // 2
    start = min(max(middle - box // 2, left), left + width - box)
    edges = tuple(
        (edge, place, _column(edge, place, start, start + box, end), end)
        for edge, (place, end) in zip(node.inputs, below, strict=True)
    )
    return _Place(node, level, start, box, edges)


def _column(edge: Edge, source: _Place, left: int, right: int, end: int) -> int:
    """Where the line up stands: in the middle of the source, or as far left of it as the labels need."""
    back = 2 if edge.back else 0
    labels = max((cell_len(text) for text, _ in (*edge.labels, (edge.stop, ""))), default=0)
    middle = source.left + (source.width - 1 - back) // 2
    wish = min(middle, end - labels - back - 2) if labels else middle
    low, high = max(left, source.left) + 1, min(right, source.right) - 2 - back
    return max(min(wish, high), low)


def _draw_box(sheet: Sheet, place: _Place, top: int, inner: int, paper: Paper) -> None:
    random, width, fill = place.node.random, place.width, _ground(place.node, paper)
    signs = (BROKEN_ASCII if random else SOLID_ASCII) if paper.ascii else BROKEN if random else SOLID
    plain = paper.blank + fill
    bar = signs.across * max(width - 2, 0)
    sheet.put(place.left, top, signs.corners[0] + bar + signs.corners[1], plain)
    sheet.put(place.left, top + inner + 1, signs.corners[2] + bar + signs.corners[3], plain)
    lines = place.node.lines[:inner]
    lines = (("", ""),) * ((inner - len(lines)) // 2) + lines
    lines += (("", ""),) * (inner - len(lines))
    for row, (text, ink) in enumerate(lines, top + 1):
        sheet.put(place.left, row, signs.down + " " * max(width - 2, 0) + signs.down, plain)
        inside = pad_text(_text(text, paper), max(width - 2, 0), "center")
        sheet.put(place.left + 1, row, inside, _ink(ink, paper) + fill)


def _draw_edge(
    sheet: Sheet, upper: Node, along: tuple[Edge, _Place, int, int], foot: int, rows: int, paper: Paper
) -> None:
    """The lines between the border at row `foot` of the upper box and, `rows` below it, the top of the lower one."""
    edge, _, column, end = along
    over, under = _ground(upper, paper), _ground(edge.source, paper)
    arrow, joint, line = ("^", "+", "|") if paper.ascii else ("▲", "┴", "│")
    for row in range(rows):
        sheet.put(column, foot + 1 + row, line, paper.blank)
    sheet.put(column, foot, arrow, paper.strong + over)
    sheet.put(column, foot + rows + 1, joint, paper.blank + under)
    room = rows
    start = column + 2
    if edge.back:
        start, ink = column + 4, _ink(edge.ink, paper) + Style(bold=True)
        heavy, leaves, arrives, cross = ("!", "+", "v", "x") if paper.ascii else ("┃", "┰", "▼", "✗")
        for row in range(rows):
            sheet.put(column + 2, foot + 1 + row, heavy, ink)
        sheet.put(column + 2, foot, leaves, ink + over)
        if edge.back == "flows":
            sheet.put(column + 2, foot + rows + 1, arrives, ink + under)
        else:
            room -= 1
            sheet.put(column + 2, foot + rows, cross, ink)
            sheet.put(start, foot + rows, clip(_text(edge.stop, paper), end - start), ink)
    labels = edge.labels[:room]
    first = foot + 1 + (room - len(labels)) // 2
    for row, (text, role) in enumerate(labels, first):
        sheet.put(start, row, clip(_text(text, paper), end - start), _ink(role, paper))


def _ground(node: Node, paper: Paper) -> Style:
    """What a node's box lies on: random ones are raised, where there are shades."""
    return Style(bgcolor=paper.raised) if node.random and paper.raised else Style()


def _ink(role: str, paper: Paper) -> Style:
    if role in ("", "strong", "faint"):
        return {"": paper.blank, "strong": paper.strong, "faint": paper.faint}[role]
    return paper.letters(role)


def _text(text: str, paper: Paper) -> str:
    return ascii_form(text) if paper.ascii else text
