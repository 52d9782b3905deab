"""Canvas: a widget that holds drawn lines and repaints only those that changed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from lec10_tui.drawing.lines import Lines, fit, text_of, width_of
from lec10_tui.drawing.palette import Paper


class Canvas(Widget):
    """Base of what is drawn in cells: `draw` gives the lines, `redraw` repaints what differs from those shown."""

    DEFAULT_CSS = """
    Canvas { width: 1fr; height: 1fr; }
    """

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None, ascii: bool = False
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.ascii = ascii
        self._lines: Lines = []
        self._strips: dict[int, Strip] = {}
        self._drawn_on: Paper | None = None
        self._owed: set[int] = set()

    @abstractmethod
    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        """The drawing in `width` × `height` cells on `paper`; what is missing is filled, what is too much is cut."""

    @property
    def paper(self) -> Paper:
        """The paper that the theme and the terminal give this widget."""
        _, _, background, foreground = self.colors
        theme = self.app.current_theme
        few = self.app.console.color_system == "standard"
        return Paper(
            foreground=_name(background + foreground),
            background=_name(background),
            dim="bright_black" if theme.ansi else _name(background.blend(background + foreground, 0.55)),
            accent=_name(Color.parse(self.app.theme_variables["accent"])),
            dark=theme.dark,
            colour=not self.app.no_color,
            shades=not few,
            terminal=self.app.native_ansi_color or few,
            ascii=self.ascii,
        )

    def redraw(self) -> None:
        """Draw again, and repaint the changed lines up to their last changed cell; off the screen, once it shows."""
        if not self.is_on_screen or self._drawn_on is None:
            self._forget()
            return
        before = self._lines
        self._draw()
        before = self.carried(before)
        regions = []
        for y, line in enumerate(self._lines):
            changed = changed_cells(before[y], line) if y < len(before) else width_of(line)
            if changed:
                self._strips.pop(y, None)
                self._owed.add(y)
                regions.append(Region(0, y, changed, 1))
        if regions:
            self.refresh(*regions)

    def carried(self, before: Lines) -> Lines:
        """The lines that the terminal shows now: those before, unless it was told to move some of them."""
        return before

    def as_text(self) -> str:
        """What is drawn, as plain text."""
        return text_of(self._lines)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in `crop`; drawn first if the size, the theme or the background changed."""
        if self._drawn_on is None or self._drawn_on != self.paper or len(self._lines) != self.content_size.height:
            self._draw()
            self._strips.clear()
        # whatever is painted, all that was asked for is painted with it
        self._owed.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of what is drawn."""
        if y not in self._strips:
            self._strips[y] = Strip(self._lines[y], self.content_size.width)
        return self._strips[y]

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        self._forget()

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        super().notify_style_update()
        if self._drawn_on is not None and self._drawn_on != self.paper:
            self._forget()

    def _draw(self) -> None:
        width, height = self.content_size
        paper = self.paper
        self._drawn_on = paper
        self._lines = fit(self.draw(width, height, paper), width, height, paper.blank)

    def _forget(self) -> None:
        self._drawn_on = None
        self._strips.clear()
        self.refresh()


def changed_cells(before: Sequence[Segment], after: Sequence[Segment]) -> int:
    """How many cells of a line, from its start, must be sent so that `before` becomes `after`; 0 if they are equal."""
    if before == after:
        return 0
    old, new = list(before), list(after)
    while old and new and old[-1] == new[-1]:
        old.pop()
        new.pop()
    width = width_of(new)
    if old and new and old[-1].style == new[-1].style:
        for last, latest in zip(reversed(old[-1].text), reversed(new[-1].text), strict=False):
            if last != latest:
                break
            width -= cell_len(latest)
    return width


def _name(colour: Color) -> str:
    """A colour as rich names it: exact, or one of the terminal's own."""
    return colour.rich_color.name
