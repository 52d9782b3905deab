"""Panel: the base of everything in a lesson's body; a title, a shade, a thin rounded line over the focused one."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from lec10_tui.drawing.lines import pad_text
from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.inked import Inked, Piece, Pieces, clipped, length

if TYPE_CHECKING:
    from lec10_tui.widgets.reporting import ReportScreen

Direction = Literal["up", "down", "left", "right", "home", "end", "page_up", "page_down"]


class Panel(Inked, can_focus=True):
    """One panel of a lesson: what it wants of a frame, how it shows it, and what its keys do.

    The top row is the title, with a line for the focused panel alone, so nothing moves when the focus does and only
    two rows are painted. `room` is what is left. A subclass composes its drawing inside, or writes lines (TextPanel).
    """

    NAME: ClassVar[str] = "panel"
    TITLE: ClassVar[str] = ""
    TAB: ClassVar[str] = ""
    MINIMUM: ClassVar[tuple[int, int]] = (1, 1)
    ABOUT: ClassVar[tuple[str, ...]] = ()

    DEFAULT_CSS = """
    Panel {
        background: $surface; color: $foreground; padding: 1 0 0 0; overflow: hidden; layout: vertical;
        &.-bare { padding: 0; }
        &.-bare.-named { padding: 1 0 0 0; }
        &.-words > * { display: none; }
    }
    """

    title: reactive[str] = reactive("")
    subtitle: reactive[str] = reactive("")
    beside: reactive[tuple[str, ...]] = reactive(())
    pulse: reactive[str] = reactive("", repaint=False)
    bare: reactive[bool] = reactive(False)
    words: reactive[str] = reactive("")

    class Changed(Message):
        """What the panel wants, or how much of it fits, has changed."""

        def __init__(self, panel: Panel) -> None:
            super().__init__()
            self.panel = panel

    def __init__(self) -> None:
        super().__init__(id=self.NAME)
        self.report: Report | None = None
        self._said = ""
        self._titled: tuple[Hashable, Strip] | None = None
        self._shown: Hashable = None
        self.set_reactive(Panel.title, self.TITLE)

    # What a lesson's panel says.

    def wanted(self) -> tuple[Wanted, ...]:
        """The parts it shows, as many as its room holds; asked only while it is visible."""
        return ()

    def show(self, report: Report) -> None:
        """Paint the report's frame, which is there; called only when what the panel depends on has changed."""

    def depends(self, report: Report) -> Hashable:
        """What the painting depends on besides room and look: the stamps of the wanted parts."""
        stamps = report.frame.stamps if report.frame else {}
        return tuple((want, stamps.get(want.name)) for want in self.wanted())

    def as_text(self) -> str:
        """The panel as plain text, as a person would paste it."""
        return ""

    def exports(self) -> tuple[Exported, ...]:
        """What `e` writes when this panel has the focus."""
        return ()

    def move(self, direction: Direction) -> bool:
        """An arrow was pressed; whether it meant something here."""
        return False

    def step(self, direction: int) -> bool:
        """`.` (1) or `,` (−1) was pressed; whether it meant something here, else the run takes a step."""
        return False

    def enter(self) -> bool:
        """Enter was pressed; whether it meant something here."""
        return False

    # What it can lean on.

    @property
    def lesson_screen(self) -> ReportScreen:
        """The screen it stands on."""
        return cast("ReportScreen", self.screen)

    @property
    def room(self) -> Size:
        """The cells its content has."""
        return self.content_size

    @property
    def cramped(self) -> bool:
        """Whether there is less room than the panel can say anything in."""
        return self.room.width < self.MINIMUM[0] or self.room.height < self.MINIMUM[1]

    @property
    def tab(self) -> str:
        """Its name where there is little room."""
        return self.TAB or self.NAME

    def send(self, command: Command) -> None:
        """Hand a command to the worker."""
        self.lesson_screen.send(command)

    def ask(self) -> None:
        """Ask for a new frame because what the panel wants has changed."""
        self.post_message(self.Changed(self))

    def say(self, words: str) -> None:
        """Show words in place of the drawing, or the drawing again when they are empty."""
        self._said = words
        self._settle_words()

    def receive(self, report: Report, force: bool = False) -> None:
        """Take a report, and paint it when anything it depends on has changed.

        One that others asked for lacks this panel's parts: what is exported and copied is the last that has them.
        """
        if self.report is None or (report.frame and all(want.name in report.frame.parts for want in self.wanted())):
            self.report = report
        if self.cramped or report.frame is None:
            self._shown = None
            return
        depends = (self.room, self.look, self.depends(report))
        if force or depends != self._shown:
            self._shown = depends
            self.show(report)

    # How it is drawn.

    # Textual paints a widget anew, and finds the styles of all that is in it, when the focus comes or goes.

    def _on_focus(self, event: events.Focus) -> None:
        event.prevent_default()
        self.has_focus = True
        if self.parent is not None:
            self.parent.post_message(events.DescendantFocus(self))

    def _on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self.has_focus = False
        if self.parent is not None:
            self.parent.post_message(events.DescendantBlur(self))

    def watch_has_focus(self, has_focus: bool) -> None:
        """The line over the panel comes or goes; nothing inside it has changed."""
        self._refresh_title()

    def _refresh_title(self) -> None:
        self.refresh(Region(-self.gutter.left, -self.gutter.top, self.outer_size.width, 1))

    def on_resize(self) -> None:
        """Say what is missing, or ask for as much as fits now."""
        self._settle_words()
        self.ask()

    def _settle_words(self) -> None:
        columns, rows = self.MINIMUM
        need = f"{self.title} needs {columns} × {rows} cells here" if self.cramped else ""
        self.words = need or self._said

    def watch_words(self, words: str) -> None:
        """Words stand in place of the drawing."""
        self.set_class(bool(words), "-words")

    def watch_bare(self, bare: bool) -> None:
        """A panel alone under its tab needs no title of its own."""
        self.set_class(bare, "-bare")

    def watch_subtitle(self, subtitle: str) -> None:
        """A bare panel keeps its top row only for what is to be said there."""
        self.set_class(bool(subtitle or self.pulse), "-named")

    def watch_pulse(self, pulse: str) -> None:
        """The pulse stands at the left of a bare panel's top row; that row alone is painted again."""
        self.set_class(bool(self.subtitle or pulse), "-named")
        if self.bare:
            self._refresh_title()

    def render_line(self, y: int) -> Strip:
        """One row of words, or of nothing."""
        width, height = self.room
        words = self.look.say(self.words)
        lines = textwrap.wrap(words, max(width - 2, 1)) if words else []
        row = y - max((height - len(lines)) // 2, 0)
        text = lines[row] if 0 <= row < len(lines) else ""
        return self.strip([(pad_text(text, width, "center"), "dim")], width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The panel's rows, the title on the first of them."""
        strips = super().render_lines(crop)
        if strips and crop.y == 0 and self.gutter.top:
            strips[0] = self._title_strip().crop(crop.x, crop.right)
        return strips

    def _title_strip(self) -> Strip:
        # Textual asks every panel for its rows at every repaint of any of them, so what is as it was is not made again
        said = (self.title, self.subtitle, self.beside, self.pulse)
        depends = (self.outer_size.width, self.has_focus, self.look, self.bare, said, self.app.theme)
        if self._titled is None or self._titled[0] != depends:
            paper = Style(bgcolor=self.background_colors[0].rich_color)
            lined = self.has_focus and not self.bare
            edge = paper + Style(color=self.ink("accent").color) if lined else paper
            strip = self._title_line(self.outer_size.width, edge, self.look.text("╭╮─", "++-") if lined else "   ")
            for line_filter in self.get_line_filters():  # Textual filters only what is inside: colour, for NO_COLOR
                strip = strip.apply_filter(line_filter, self.background_colors[1])
            self._titled = (depends, strip)
        return self._titled[1]

    def _title_line(self, width: int, edge: Style, signs: str) -> Strip:
        quiet = Style(color=self.ink("dim").color, dim=self.ink("dim").dim, bgcolor=edge.bgcolor)
        titled = Style(color=edge.color or self.rich_style.color, bgcolor=edge.bgcolor, bold=True)
        say = self.look.say
        left: list[Piece] = (
            [(f"{say(self.pulse)} ", quiet)]
            if self.bare
            else [(f" {say(self.title)} ", titled), *((f"{say(name)} ", quiet) for name in self.beside)]
        )
        right: list[Piece] = [(f" {say(self.subtitle)} ", quiet)] if self.subtitle else []
        inside = max(width - 4, 0)
        right = clipped(right, inside)
        left = clipped(left, inside - length(right))
        spare = max(width - 4 - length(left) - length(right), 0)
        pieces = [(signs[0], edge), *left, (signs[2] * (spare + 1), edge), *right, (signs[2] + signs[1], edge)]
        return self.strip(pieces, width)


class TextPanel(Panel):
    """A panel of written lines that scrolls when it has more of them than rows."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Pieces] = ()
        self.top = 0

    def put(self, lines: Sequence[Pieces]) -> None:
        """Show these lines; those that are as they were are not painted again."""
        before, self._lines = self._lines, lines
        top = max(min(self.top, len(lines) - self.room.height), 0)
        if top != self.top or self.words:
            self._scroll(top)
            return
        rows = range(self.room.height)
        changed = [row for row in rows if before[top + row : top + row + 1] != lines[top + row : top + row + 1]]
        if changed:
            self.refresh(*(Region(0, row, self.room.width, 1) for row in changed))

    def as_text(self) -> str:
        """The lines without their styles."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self._lines)

    def move(self, direction: Direction) -> bool:
        """Scroll."""
        page, all_lines = max(self.room.height, 1), len(self._lines)
        steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page, "home": -all_lines, "end": all_lines}
        if direction not in steps:
            return False
        self._scroll(self.top + steps[direction])
        return True

    def _scroll(self, top: int) -> None:
        self.top = max(min(top, len(self._lines) - self.room.height), 0)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the text."""
        if self.words:
            return super().render_line(y)
        index = self.top + y
        return self.strip(self._lines[index] if index < len(self._lines) else (), self.room.width)
