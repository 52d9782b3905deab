"""The `?` page: the keys, the panel that has the focus, the knobs; made from their tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.strip import Strip

from lec10_tui.drawing.lines import pad_text
from lec10_tui.vocabulary.knobs import Knob
from lec10_tui.widgets.inked import Inked, Pieces
from lec10_tui.widgets.keys import GROUPS, Key
from lec10_tui.widgets.look import Look


def help_lines(
    title: str, about: Sequence[str], keys: Iterable[Key], knobs: Sequence[Knob], width: int, look: Look
) -> list[Pieces]:
    """The page as lines: `about` says what the focused panel does."""
    lines: list[Pieces] = [[(title, "accent"), ("   ↑ ↓ scroll, esc closes", "dim")], ()]
    for text in about:
        lines += [[(line, "")] for line in textwrap.wrap(text, width)]
    lines += [()] if about else []
    shown = [key for key in keys if key.shown]
    for group in GROUPS:
        in_group = [key for key in shown if key.group == group]
        if in_group:
            lines.append([(group, "strong")])
            for key in in_group:
                lines += _entry(key.shown, key.help, width, 15)
            lines.append(())
    if knobs:
        lines.append([("Knobs", "strong")])
        labels = max(len(look.text(knob.label, knob.ascii)) for knob in knobs) + 2
        for knob in knobs:
            kind = {"live": "turns the run", "view": "view only", "restart": "new run"}[knob.kind]
            text = f"{knob.help} ({kind}; {knob.range})"
            lines += _entry(look.text(knob.label, knob.ascii), text, width, labels + 2)
    return [[(look.say(text), role) for text, role in line] for line in lines]


def _entry(name: str, text: str, width: int, column: int) -> list[Pieces]:
    wrapped = textwrap.wrap(text, max(width - column, 12)) or [""]
    names = [name, *[""] * (len(wrapped) - 1)]
    return [
        [("  " + pad_text(name, column - 2), "accent"), (line, "")] for name, line in zip(names, wrapped, strict=True)
    ]


class HelpText(Inked):
    """The page's text, as tall as it needs at its width."""

    DEFAULT_CSS = """
    HelpText { height: auto; width: 1fr; background: $surface; color: $foreground; }
    """

    def __init__(self, title: str, about: Sequence[str], keys: Sequence[Key], knobs: Sequence[Knob], look: Look):
        super().__init__()
        self._words = (title, about, keys, knobs)
        self.set_reactive(HelpText.look, look)
        self._made: tuple[int, list[Pieces]] = (-1, [])

    def _lines(self, width: int) -> list[Pieces]:
        if self._made[0] != width:
            self._made = (width, help_lines(*self._words, max(width, 16), self.look))
        return self._made[1]

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many rows as there are lines."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """One line of the page."""
        lines = self._lines(self.size.width)
        return self.strip(lines[y] if y < len(lines) else (), self.size.width)


class HelpScreen(ModalScreen[None]):
    """The `?` page over the screen that opened it; ?, q and esc close it."""

    DEFAULT_CSS = """
    HelpScreen { background: $background; }
    HelpScreen VerticalScroll { padding: 1 2; background: $surface; scrollbar-size-vertical: 1; max-width: 104;
        scrollbar-color: $text-muted; scrollbar-background: $surface; }
    HelpScreen { align: center top; }
    """

    BINDINGS = [  # noqa: RUF012
        Binding("escape,q,question_mark,enter,space", "dismiss", "Close", show=False, id="close-help"),
        Binding("j,down", "scroll(1)", "Down", show=False),
        Binding("k,up", "scroll(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("g,home", "end(False)", "Top", show=False),
        Binding("G,end", "end(True)", "Bottom", show=False),
    ]

    def __init__(
        self,
        title: str,
        about: Sequence[str],
        keys: Sequence[Key],
        knobs: Sequence[Knob] = (),
        look: Look | None = None,
    ) -> None:
        super().__init__()
        self._text = HelpText(title, about, keys, knobs, look or Look())

    def compose(self) -> ComposeResult:
        """The page, which scrolls."""
        with VerticalScroll() as scroll:
            yield self._text
        if self._text.look.ascii:
            scroll.styles.scrollbar_size_vertical = 0

    async def action_dismiss(self, result: None = None) -> None:
        """Close the page."""
        self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_page(self, direction: int) -> None:
        """Scroll by a page."""
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=direction * max(scroll.size.height - 2, 1), animate=False)

    def action_end(self, bottom: bool) -> None:
        """Scroll to the top or the bottom."""
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_to(y=scroll.max_scroll_y if bottom else 0, animate=False)
