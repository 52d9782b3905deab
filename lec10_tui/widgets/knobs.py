"""The knobs panel: every knob in a line, turned with ← →, edited in place, its help at the foot."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.geometry import Region
from textual.strip import Strip

from lec10_tui.drawing.lines import clip, pad_text
from lec10_tui.vocabulary.commands import SetKnob
from lec10_tui.vocabulary.knobs import BadValue, Kind, Knob, Knobs, table
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.editing import Line
from lec10_tui.widgets.inked import Piece, Pieces
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.prompt import typed
from lec10_tui.widgets.setting import Setting

KINDS: Mapping[Kind, str] = {
    "live": "live: turns the run that is going",
    "restart": "needs a new run: r starts it",
    "view": "view: never touches the run",
}
SIGNS: Mapping[Kind, tuple[str, str]] = {"live": ("~", "~"), "restart": (" ", " "), "view": ("◦", "o")}
WAITS = ("↻", "r")

WIDEST = 48
"""Cells beyond which a value would stand too far from its label."""

PATIENCE = 3
"""Reports that may still show the value before a turn, which were on their way when it was sent."""


class KnobsPanel(Panel):
    """The knobs of a lesson; live and view knobs are sent at once, restart knobs wait for the next run."""

    NAME = "knobs"
    TITLE = "Knobs"
    MINIMUM = (16, 2)
    ABOUT: ClassVar[tuple[str, ...]] = (
        "↑ ↓ choose a knob, ← → turn it, enter types a value: enter takes it, esc leaves it",
        "~ turns the run that is going, ◦ only the view; the others wait (↻) until r starts a run with them",
    )

    def __init__(self, knobs_class: type[Knobs], given: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.table = table(knobs_class)
        self.setting = Setting.given_at_start(knobs_class, given or {})
        self.index = 0
        self.line: Line | None = None
        self.refused = ""
        self._top = 0
        self._foot_lines: list[Pieces] | None = None
        self._sent: dict[str, tuple[Any, int]] = {}

    @property
    def knob(self) -> Knob:
        """The knob the keys act on."""
        return self.table[self.index]

    def depends(self, report: Report) -> Hashable:
        """The values in force."""
        return tuple(map(str, report.frame.knobs.values())) if report.frame else None

    def receive(self, report: Report, force: bool = False) -> None:
        """Take the values in force, but for those whose turn is still on its way."""
        if report.frame is not None:
            values = dict(report.frame.knobs)
            for name, (value, left) in list(self._sent.items()):
                if left and self.setting.opened(values).in_force[name] != value:
                    self._sent[name] = (value, left - 1)
                    values[name] = value
                else:
                    del self._sent[name]
            opened = self.setting.opened(values)
            if opened != self.setting:
                self.setting = opened
                self.refresh()
        super().receive(report, force)

    # Keys.

    def move(self, direction: Direction) -> bool:
        """Choose a knob, or turn it."""
        if direction in ("left", "right"):
            self._turn(1 if direction == "right" else -1)
            return True
        page = max(self._list_height, 1)
        steps = {"up": -1, "down": 1, "home": -len(self.table), "end": len(self.table)}
        steps |= {"page_up": -page, "page_down": page}
        before, top = self.index, self._top
        self.index = min(max(self.index + steps[direction], 0), len(self.table) - 1)
        self.refused = ""
        self._scroll()
        if top != self._top:
            self.refresh()
        else:
            width = self.room.width
            rows = [Region(0, row, width, 1) for row in (before - top, self.index - top)]
            self.refresh(*rows, Region(0, self._list_height, width, self._foot_height))
        return True

    def _scroll(self) -> None:
        """Keep the knob the keys are on among the rows."""
        rows = self._list_height
        self._top = min(max(self._top, self.index - rows + 1, 0), self.index)
        self._top = max(min(self._top, len(self.table) - rows), 0)

    def choose(self, name: str) -> None:
        """Put the keys on the knob of this name."""
        self.index = next((index for index, knob in enumerate(self.table) if knob.name == name), self.index)
        self.refresh()

    def enter(self) -> bool:
        """Begin to edit the knob in place."""
        self.line = Line.holding(self.knob.format(self.setting.shown[self.knob.name]))
        self.refused = ""
        self.refresh()
        return True

    def on_key(self, event: events.Key) -> None:
        """While a value is typed, every key but ctrl+c and ctrl+z is text."""
        if self.line is None or event.key in ("ctrl+c", "ctrl+z"):
            return
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.line, self.refused = None, ""
        elif event.key == "enter":
            self._take(self.line.text)
        else:
            self.line, self.refused = self.line.after(event.key, event.character), ""
        self.refresh()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes into the value."""
        if self.line is not None:
            event.stop()
            self.line = self.line.put(event.text)
            self.refresh()

    def on_blur(self) -> None:
        """Leaving the panel leaves the edit."""
        self.line = None
        self._refresh_row()

    def on_focus(self) -> None:
        """The arrows round the value come and go with the focus."""
        self._refresh_row()

    def _refresh_row(self) -> None:
        self.refresh(Region(0, self.index - self._top, self.room.width, 1))

    def _take(self, text: str) -> None:
        try:
            self.put(self.knob.name, self.knob.parse(text))
        except BadValue as refusal:
            self.refused = str(refusal)
        else:
            self.line = None

    def _turn(self, direction: int) -> None:
        self.refused = ""
        try:
            value = self.setting.shown[self.knob.name]
            self.put(self.knob.name, self.knob.turned(value, direction))
        except BadValue as refusal:
            self.refused = str(refusal)
        self.refresh()

    def put(self, name: str, value: Any) -> None:
        """Set one knob: a live or view knob is sent at once, a restart knob waits; raises BadValue."""
        before = self.setting
        self.setting = before.with_value(name, value)
        knob = next(knob for knob in self.table if knob.name == name)
        if knob.kind != "restart" and self.setting.in_force[name] != before.in_force[name]:
            self._sent[name] = (self.setting.in_force[name], PATIENCE)
            self.send(SetKnob(name, self.setting.in_force[name]))
        self.refresh()

    # Drawing.

    def as_text(self) -> str:
        """Each knob and its value, a line each, and what waits."""
        shown = self.setting.shown
        width = max(len(knob.name) for knob in self.table)
        return "\n".join(
            f"{knob.name:<{width}}  {knob.format(shown[knob.name])}"
            + ("  (waits for a new run)" if self.setting.waits(knob.name) else "")
            for knob in self.table
        )

    @property
    def _foot_height(self) -> int:
        height = self.room.height
        spare = min(height - len(self.table), 10)
        wanted = max(spare, 6) if height >= 16 else 3 if height >= 9 else 0
        return max(wanted, 1 if self.refused and height > 2 else 0)

    @property
    def _list_height(self) -> int:
        return self.room.height - self._foot_height

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows in `crop`; the foot is written once for all of its rows."""
        self._foot_lines = None
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """A knob, or a line of the help at the foot."""
        width, rows = self.room.width, self._list_height
        if self.words:
            return super().render_line(y)
        self._scroll()
        if y < rows:
            index = self._top + y
            return self.strip(self._row(index, min(width, WIDEST)) if index < len(self.table) else (), width)
        if self._foot_lines is None:
            self._foot_lines = self._foot(width)
        foot = self._foot_lines
        return self.strip(foot[y - rows] if y - rows < len(foot) else (), width)

    def _row(self, index: int, width: int) -> Pieces:
        knob, look = self.table[index], self.look
        chosen = index == self.index
        labels = _label_width(self.table, look)
        label = pad_text(look.text(knob.label, knob.ascii), min(labels, max(width // 2, 1)))
        head: list[Piece] = [(look.text("▸ ", "> ") if chosen else "  ", "accent"), (label, "mark" if chosen else "")]
        room = max(width - 2 - cell_len(label) - 1, 1)
        if chosen and self.line is not None:
            return [*head, (" ", ""), *typed(_window(self.line, room - 1))]
        waits = self.setting.waits(knob.name)
        value = knob.format(self.setting.shown[knob.name])
        if knob.sort == "number":
            value = value.replace("-", look.text("−", "-"))
        arrows = look.text("◂▸", "<>") if chosen and self.has_focus else "  "
        role = "accent" if waits or chosen else ""
        sign = look.text(*(WAITS if waits else SIGNS[knob.kind]))
        shown = value if cell_len(value) <= room - 2 else clip(value, max(room - 3, 1)) + look.text("…", "~")
        body = pad_text(f"{arrows[0]}{shown}{arrows[1]}", room, "right")
        return [*head, (body, role), (sign, "accent" if waits else "dim")]

    def _foot(self, width: int) -> list[Pieces]:
        """What there is to know about the knob the keys are on, in as many lines as the foot has."""
        knob, rows = self.knob, self._foot_height
        waiting = [each.label for each in self.table if self.setting.waits(each.name)]
        note = "r starts a run with what waits (↻)" if waiting else KINDS[knob.kind]
        paragraphs = [(knob.help, "dim"), (knob.range, ""), (note, "accent" if waiting else "dim")]
        if self.refused:
            paragraphs = [(self.refused, "error"), (knob.help, "dim")]
        elif self.line is not None:
            paragraphs = [(knob.range, ""), (knob.help, "dim")]
        above, below = self._top, len(self.table) - self._top - self._list_height
        more = [f"{sign} {count} more" for sign, count in (("↑", above), ("↓", below)) if count > 0]
        lines: list[Pieces] = [[("  " + self.look.say("   ".join(more)), "dim")]] if rows > 3 else []
        for text, role in paragraphs:
            text = self.look.say(text)
            lines += [[(f" {line}", role)] for line in textwrap.wrap(text, max(width - 2, 8))]
        return lines[:rows]


@cache
def _label_width(knobs: tuple[Knob, ...], look: Look) -> int:
    return max(cell_len(look.text(knob.label, knob.ascii)) for knob in knobs)


def _window(line: Line, width: int) -> Line:
    """The part of a line round its cursor that `width` cells show."""
    start = max(line.cursor - width + 1, 0)
    return Line(line.text[start : start + width], line.cursor - start)
