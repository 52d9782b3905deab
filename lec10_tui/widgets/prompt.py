"""Prompt: one line that asks, for yes or no or for some text, and gives the focus back once it is answered."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from lec10_tui.widgets.editing import Line
from lec10_tui.widgets.inked import Inked, Piece

YES_NO = "y yes   n no"


class Prompt(Inked, can_focus=True):
    """Asks one thing at a time; while it waits every key is an answer."""

    DEFAULT_CSS = """
    Prompt { height: 1; background: $surface-lighten-1; color: $foreground; display: none; }
    """

    class Closed(Message):
        """Nothing is asked any more."""

    question: reactive[str] = reactive("")
    line: reactive[Line | None] = reactive[Line | None](None)

    def __init__(self) -> None:
        super().__init__()
        self._answered: Callable[[bool], None] | None = None
        self._read: Callable[[str], None] | None = None
        self._words: Callable[[], str] | None = None
        self._before: Widget | None = None

    @property
    def waiting(self) -> bool:
        """Whether something is being asked."""
        return self._answered is not None or self._read is not None

    def ask(self, question: str | Callable[[], str], answered: Callable[[bool], None]) -> None:
        """Ask for yes or no; esc is no. A question that was waiting is answered with no.

        `question` may be what makes its words, which `reword` calls again.
        """
        self._open(question if isinstance(question, str) else question(), None)
        self._words = None if isinstance(question, str) else question
        self._answered = answered

    def reword(self) -> None:
        """Ask in the words of now."""
        if self._words is not None:
            self.question = self._words()

    def read(self, label: str, text: str, read: Callable[[str], None]) -> None:
        """Ask for a line of text, `text` to begin with; esc leaves without an answer."""
        self._open(label, Line.holding(text))
        self._read = read

    def _open(self, question: str, line: Line | None) -> None:
        if self.waiting:
            self._close(None)
        self.question, self.line = question, line
        self._before = self.screen.focused
        self.display = True
        self.screen.set_focus(self)

    def _close(self, answer: bool | str | None) -> None:
        answered, read, before = self._answered, self._read, self._before
        self._answered = self._read = self._before = self._words = None
        self.display = False
        if before is not None and before.is_attached and self.screen.focused in (self, None):
            self.screen.set_focus(before)
        self.post_message(self.Closed())
        if answered is not None:
            answered(answer is True)
        elif read is not None and isinstance(answer, str):
            read(answer)

    def on_key(self, event: events.Key) -> None:
        """Take the answer; ctrl+c and ctrl+z keep their meaning."""
        if not self.waiting or event.key in ("ctrl+c", "ctrl+z"):
            return
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self._close(None)
        elif self.line is None:
            if event.key in ("y", "Y"):
                self._close(True)
            elif event.key in ("n", "N", "q"):
                self._close(False)
        elif event.key == "enter":
            self._close(self.line.text)
        else:
            self.line = self.line.after(event.key, event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes into the line."""
        if self.line is not None:
            event.stop()
            self.line = self.line.put(event.text)

    def on_blur(self) -> None:
        """Somebody clicked elsewhere: no answer."""
        if self.waiting:
            self._close(None)

    def render_line(self, y: int) -> Strip:
        """The question, and what is typed."""
        pieces: list[Piece] = [(" ", ""), (self.question, "strong"), ("   ", "")]
        pieces += [(YES_NO, "accent")] if self.line is None else typed(self.line)
        return self.strip(pieces if y == 0 else (), self.size.width)


def typed(line: Line) -> list[Piece]:
    """A line that is being typed, its cursor shown without colour."""
    under = line.text[line.cursor : line.cursor + 1] or " "
    return [(line.text[: line.cursor], ""), (under, Style(reverse=True)), (line.text[line.cursor + 1 :], "")]
