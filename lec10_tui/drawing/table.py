"""The step table: a row for every time step of an episode, in the columns that fit."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from lec10_tui.drawing.columns import Column
from lec10_tui.drawing.lines import clip, pad_text
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.placing import MARGIN, Layout, Place, layout
from lec10_tui.drawing.spelling import spelled
from lec10_tui.drawing.steps import StepRows

__all__ = ["Layout", "Place", "StepRows", "header", "layout", "row"]

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def header(layout: Layout, paper: Paper) -> list[Segment]:
    """The line of titles, exactly as wide as the layout; at its end, if there is room, how many columns are hidden."""
    pieces = [
        (place.left, _aligned(place, place.title), _header_role(place.column, layout.rows)) for place in layout.places
    ]
    end = max((place.left + place.width for place in layout.places), default=MARGIN)
    more = f"+{len(layout.hidden)}"
    if layout.hidden and end + 1 + len(more) <= layout.width:
        pieces.append((layout.width - len(more), more, "faint"))
    styles = {role: _style(role, paper, "") + Style(bold=True) for _, _, role in pieces}
    styles["faint"] = paper.faint
    return _line(pieces, styles, layout.width, paper.blank)


def row(layout: Layout, t: int, cursor: int, paper: Paper) -> list[Segment]:
    """The line of time step `t`, exactly as wide as the layout, when the cursor stands at `cursor`.

    What comes after the cursor stands back; the cursor's own line is bold and has a mark. The row after the last
    action says how the episode ended. Outside of the table: an empty line.
    """
    if not 0 <= t < layout.rows.count:
        return [Segment(" " * layout.width, paper.blank)]
    pieces = _ending(layout) if t == layout.rows.steps else _step(layout, t)
    if t > cursor:
        later = {role: paper.film("faint") if role.endswith("bar") else paper.faint for _, _, role in pieces}
        return _line(pieces, later, layout.width, paper.faint)
    background = paper.raised if t == cursor else ""
    styles = {role: _style(role, paper, background) for _, _, role in pieces}
    base = paper.style(background=background)
    if t == cursor:
        mark = ">" if layout.ascii else "▸"
        pieces.insert(0, (0, mark, "mark"))
        styles = {role: style + Style(bold=True) for role, style in styles.items()}
        styles["mark"] = paper.focus if not background else paper.style(paper.accent, background=background, bold=True)
    return _line(pieces, styles, layout.width, base)


Text = tuple[int, str, str]
"""The cell it starts at, the text, its role."""


def _step(layout: Layout, t: int) -> list[Text]:
    pieces: list[Text] = []
    for place in layout.places:
        column, role = place.column, place.column.ink(t)
        text = column.wide(t) if place.wide and column.wide else column.write(t)
        pieces.append((place.left, _aligned(place, text), role))
        if place.bar and column.share:
            left = place.left + place.width - place.bar
            pieces.append((left, _bar(column.share(t), place.bar, layout.ascii), f"{role} bar"))
        if column.key == "t" and layout.rows.pushes[t]:
            pieces.append((place.left + place.width, _push(layout.rows.pushes[t], layout.ascii), "force"))
    return pieces


def _ending(layout: Layout) -> list[Text]:
    """The last row: what there is of the last state, and after it the words, as many as fit."""
    rows, pieces, end = layout.rows, [], MARGIN
    for place in layout.places:
        state = place.column.key.startswith("s") and len(rows.states) > rows.steps
        if place.column.key == "t" or state:
            pieces.append((place.left, _aligned(place, place.column.write(rows.steps)), ""))
            end = place.left + place.width
    pieces.append((end + 2, clip(spelled(rows.ending, layout.ascii), max(layout.width - end - 2, 0)), "strong"))
    return pieces


def _aligned(place: Place, text: str) -> str:
    """`text` in the cells of the column that have no bar, without the blanks at its end."""
    room = place.width - (place.bar + 1 if place.bar else 0)
    return pad_text(text, room, place.column.align).rstrip()


def _bar(share: float, length: int, ascii: bool) -> str:
    """`share` of `length` cells; what is not zero shows at least a little."""
    share = min(max(share, 0.0), 1.0) if share == share else 0.0
    if ascii:
        return "=" * round(share * length)
    eighths = max(round(share * length * 8), 1 if share else 0)
    return (_EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _push(strength: float, ascii: bool) -> str:
    return (">" if strength > 0 else "<") if ascii else ("»" if strength > 0 else "«")


def _header_role(column: Column, rows: StepRows) -> str:
    return {"reward_to_go": "reward_to_go", "weight": rows.weight_ink}.get(column.key, "")


def _style(role: str, paper: Paper, background: str) -> Style:
    if role == "faint":
        style = paper.faint
    elif role == "strong":
        style = paper.strong
    elif role == "force":
        style = paper.film(role)
    elif role.endswith("bar"):
        style = paper.film("faint") if role.startswith("faint") else paper.film("body")
    else:
        style = paper.letters(role)
    return style + Style(bgcolor=background) if background else style


def _line(pieces: Sequence[Text], styles: dict[str, Style], width: int, base: Style) -> list[Segment]:
    """Pieces in order of their place as segments; the blanks between them join what is before."""
    line: list[Segment] = []
    at = 0
    for left, text, role in sorted(pieces, key=lambda piece: piece[0]):
        text = clip(text, width - left)
        stripped = text.lstrip()
        start = left + len(text) - len(stripped)
        if not stripped:
            continue
        style, gap = styles[role], " " * (start - at)
        if line and line[-1].style == style:
            line[-1] = Segment(line[-1].text + gap + stripped, style)
        else:
            if gap:
                _blank(line, gap, base)
            line.append(Segment(stripped, style))
        at = start + cell_len(stripped)
    if at < width:
        _blank(line, " " * (width - at), base)
    return line


def _blank(line: list[Segment], gap: str, base: Style) -> None:
    if line and not (line[-1].style and line[-1].style.reverse):
        line[-1] = Segment(line[-1].text + gap, line[-1].style)
    else:
        line.append(Segment(gap, base))
