"""Ink: the few roles that text of the shell has, as styles made from the theme; and lines written in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from lec10_tui.drawing.lines import clip
from lec10_tui.drawing.palette import Paper
from lec10_tui.widgets.look import Look

Piece = tuple[str, str | Style]
"""Some text, and its role, the meaning of its colour (elbo, kl …), "" for plain, or the style it is drawn in."""

Pieces = Sequence[Piece]

ROLES = ("strong", "dim", "accent", "mark", "error")


class Inked(Widget):
    """Base of widgets that write in roles: strong, dim, accent (focus, the run's state), mark (the chosen), error."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"ink--{role}" for role in ROLES}

    DEFAULT_CSS = """
    Inked {
        & > .ink--strong { text-style: bold; }
        & > .ink--dim { color: $text-muted; }
        & > .ink--accent { color: $text-accent; text-style: bold; }
        & > .ink--mark { color: $text-accent; text-style: bold; }
        & > .ink--error { color: $text-error; text-style: bold; }
        &:ansi > .ink--dim { text-style: dim; }
    }
    """

    look: reactive[Look] = reactive(Look())

    _base: Style | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in `crop`; the style under them is found once, and only if one of them is not as it was."""
        self._base = None
        return super().render_lines(crop)

    @property
    def base(self) -> Style:
        """The style under what is written; as long as one rendering lasts."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def ink(self, role: str) -> Style:
        """The style of a role, or of what a series colour means: elbo, reconstruction, kl …"""
        if role in ROLES:
            return self.get_component_rich_style(f"ink--{role}")
        return self.base + self._series(role) if role else self.base

    def _series(self, name: str) -> Style:
        plain = self.base.color.name if self.base.color else "default"
        paper = Paper(plain, dark=self.app.current_theme.dark, terminal=self.app.native_ansi_color)
        return Style(color=paper.letters(name).color)

    def strip(self, pieces: Iterable[Piece], width: int) -> Strip:
        """One line of exactly `width` cells, every one of them styled, in ASCII where the look wants it."""
        base = self.base
        segments = [
            Segment(self.look.say(text), base + style if isinstance(style, Style) else self.ink(style))
            for text, style in pieces
            if text
        ]
        return Strip(segments).adjust_cell_length(max(width, 0), base)


def length(pieces: Iterable[Piece]) -> int:
    """The width of some pieces in cells."""
    return sum(cell_len(text) for text, _ in pieces)


def clipped(pieces: Iterable[Piece], width: int) -> list[Piece]:
    """As much of the start of the pieces as fits in `width` cells."""
    kept: list[Piece] = []
    for text, style in pieces:
        kept.append((clip(text, max(width, 0)), style))
        width -= cell_len(text)
    return kept


def apart(left: Pieces, right: Pieces, width: int) -> list[Piece]:
    """The two at either end of a line; where they do not fit the left one is clipped, then the right one."""
    right = clipped(right, width)
    left = clipped(left, width - length(right))
    return [*left, (" " * (width - length(left) - length(right)), ""), *right]
