"""The foot of a screen: one line that shows the keys, a notice, or a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from lec10_tui.widgets.inked import Inked, Piece, length
from lec10_tui.widgets.keys import Key
from lec10_tui.widgets.prompt import Prompt


def footer_pieces(keys: Sequence[Key], width: int, running: bool = False) -> list[Piece]:
    """The keys that fit in `width` cells, those of the smallest priority first, in the order of the table."""
    gap = "   " if width >= 100 else "  "
    entries: dict[Key, list[Piece]] = {}
    for key in sorted((key for key in keys if key.priority), key=lambda key: key.priority):
        shown, label = key.foot or (key.shown, key.running if running and key.running else key.label)
        entry: list[Piece] = [(shown, "accent"), (f" {label}", "")]
        if 1 + sum(length(each) + len(gap) for each in entries.values()) + length(entry) <= width:
            entries[key] = entry
    pieces: list[Piece] = []
    for key in keys:
        if key in entries:
            pieces += [(gap if pieces else " ", ""), *entries[key]]
    return pieces


class FootLine(Widget):
    """The keys of a screen; a notice stands in their place until the next key, a question until it is answered."""

    DEFAULT_CSS = """
    FootLine { height: 1; background: $surface-lighten-1; overflow: hidden; }
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self.line = KeyLine(keys)
        self.prompt = Prompt()

    def compose(self) -> ComposeResult:
        """The two lines; a prompt that asks stands first, and there is room for one."""
        yield self.prompt
        yield self.line

    def tell(self, notice: str, wrong: bool = False) -> None:
        """Say one line until the next key."""
        self.line.wrong = wrong
        self.line.notice = notice

    def hush(self) -> None:
        """A key was pressed: the notice leaves."""
        self.line.notice = ""

    def ask(self, question: str | Callable[[], str], answered: Callable[[bool], None]) -> None:
        """Ask for yes or no; a question whose words change while it waits is given as what makes them."""
        self.prompt.ask(question, answered)

    def reword(self) -> None:
        """What is asked may read otherwise now."""
        self.prompt.reword()

    def read(self, label: str, text: str, read: Callable[[str], None]) -> None:
        """Ask for a line of text."""
        self.prompt.read(label, text, read)


class KeyLine(Inked):
    """The keys in one line, or a notice."""

    DEFAULT_CSS = """
    KeyLine { height: 1; background: $surface-lighten-1; color: $foreground; }
    """

    running: reactive[bool] = reactive(False)
    notice: reactive[str] = reactive("")
    wrong: reactive[bool] = reactive(False)
    keys: reactive[tuple[Key, ...]] = reactive[tuple[Key, ...]](())

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self.set_reactive(KeyLine.keys, tuple(keys))

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        if y > 0:
            return self.strip((), width)
        if self.notice:
            return self.strip([(" ", ""), (self.notice, "error" if self.wrong else "strong")], width)
        return self.strip(footer_pieces(self.keys, width, self.running), width)
