"""News between a lesson's screen and the app: reports come down, a person's wishes go up."""

from __future__ import annotations

from typing import Literal

from textual.message import Message

from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.look import Look

Place = Literal["contents", "runs", "palette"]


class Arrived(Message, bubble=False):
    """The worker published a report for this screen."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


class Leave(Message, namespace="lesson"):
    """A person leaves the lesson: back to the contents, or out of the program with `quit`.

    Its handler is on_lesson_leave: on_leave is what Textual calls when the mouse leaves a widget.
    """

    def __init__(self, quit: bool = False) -> None:
        super().__init__()
        self.quit = quit


class Turn(Message):
    """A person asks for the previous (−1) or the next (1) lesson."""

    def __init__(self, direction: int) -> None:
        super().__init__()
        self.direction = direction


class Visit(Message):
    """A person asks for another place of the program."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class NextTheme(Message):
    """A person asks for the next theme."""


class LookChanged(Message):
    """Things are drawn another way from now on; worth remembering."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look


class Copy(Message):
    """A person asks for `text` on the clipboard; `what` says in words what it is."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what


class Export(Message):
    """A person asks for files of what the panel shows; the app adds a picture of the screen."""

    def __init__(self, panel: str, title: str, exports: tuple[Exported, ...]) -> None:
        super().__init__()
        self.panel = panel
        self.title = title
        self.exports = exports
