"""What the app's own screens share: the footer, notices, and the `?` page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.screen import Screen

from lec10_tui.widgets.footer import FootLine, KeyLine
from lec10_tui.widgets.keys import Key
from lec10_tui.widgets.look import Look


class PlainScreen(Screen[None]):
    """A screen without a worker: `KEYS` are its keys, `TITLE` its name on the `?` page."""

    KEYS: ClassVar[Sequence[Key]] = ()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.foot = FootLine(self.KEYS)
        self.foot.line.set_reactive(KeyLine.look, look)

    def on_key(self, event: events.Key) -> None:
        """A notice leaves by the next key."""
        self.foot.hush()

    def tell(self, text: str, wrong: bool = False) -> None:
        """Say one line until the next key."""
        self.foot.tell(text, wrong)

    def action_help(self) -> None:
        """The `?` page."""
        from lec10_tui.widgets.help import HelpScreen

        self.app.push_screen(HelpScreen(self.TITLE or "", (), self.KEYS, (), self.look))
