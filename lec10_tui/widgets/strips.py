"""Calm strips above the equation: what went wrong, and the scene that is being played."""

from __future__ import annotations

import textwrap

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from lec10_tui.vocabulary.reports import Failure
from lec10_tui.widgets.inked import Inked, Piece, Pieces, length
from lec10_tui.widgets.scenes import Scene


class TextStrip(Inked):
    """Base of a strip that is as tall as its lines, up to `TALLEST`, and not there without any."""

    TALLEST = 4

    DEFAULT_CSS = """
    TextStrip { height: auto; background: $surface-lighten-1; color: $foreground; display: none; }
    """

    def lines(self, width: int) -> list[Pieces]:
        """What it says in `width` cells."""
        return []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as it has lines."""
        return min(len(self.lines(width)), self.TALLEST, max(viewport.height // 4, 1))

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.size.width
        lines = self.lines(width)
        line = lines[y] if y < len(lines) else ()
        return self.strip(line, width)

    def wrapped(self, text: str, width: int, role: str, first: str = " ") -> list[Pieces]:
        """A text in lines; the first one begins with `first`."""
        lines = textwrap.wrap(text, max(width - len(first) - 1, 8))
        return [
            [(first if not index else " " * len(first), "accent"), (line, role)] for index, line in enumerate(lines)
        ]


class FailureStrip(TextStrip):
    """Says what failed and what to change; the rest of the screen stays usable."""

    failure: reactive[Failure | None] = reactive[Failure | None](None, layout=True)

    def watch_failure(self, failure: Failure | None) -> None:
        """It is there while there is something to say."""
        self.display = failure is not None

    def lines(self, width: int) -> list[Pieces]:
        """What, then what to change."""
        if self.failure is None:
            return []
        what = self.wrapped(self.failure.what, width, "error", " ✗ ")
        return [*what[:2], *self.wrapped(self.failure.advice, width, "", "   ")]


class SceneStrip(TextStrip):
    """Says what the scene is called and what there is to say about it."""

    TALLEST = 6

    scene: reactive[Scene | None] = reactive[Scene | None](None, layout=True)
    place: reactive[str] = reactive("")

    def watch_scene(self, scene: Scene | None) -> None:
        """It is there while a scene is played."""
        self.display = scene is not None

    def lines(self, width: int) -> list[Pieces]:
        """The title with its place among the scenes, then the prose."""
        if self.scene is None:
            return []
        head: list[Piece] = [(f" {self.place}  ", "dim"), (self.scene.title, "accent")]
        tail = "   n next   p previous   esc leaves"
        head += [(tail, "dim")] if length(head) + len(tail) <= width else []
        said = [line for block in self.scene.say.split("\n") for line in self.wrapped(block, min(width, 120), "")]
        return [head, *said]
