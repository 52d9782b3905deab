"""The least that Textual can be: what the first paint is held against."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

WORDS = "a minimal app"


class MinimalApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static(WORDS)


if __name__ == "__main__":
    MinimalApp().run()
