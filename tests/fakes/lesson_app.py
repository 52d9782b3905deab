"""An app of one lesson's screen over a fake worker, and what it shows as text."""

from __future__ import annotations

from typing import Any

from fake_link import FakeLink
from textual.app import App
from textual.pilot import Pilot

from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.messages import Arrived


class LessonApp(App[None]):
    """Shows one screen of a lesson and nothing else; `options` are the screen's own."""

    ENABLE_COMMAND_PALETTE = False
    PAUSES = 2
    """How often to wait until nothing is left to be painted: what is painted may want something else."""

    def __init__(self, screen: Any, lesson: Any, **options: Any) -> None:
        super().__init__()
        self.link = FakeLink()
        self.shown = screen(lesson, self.link, cost=lambda: 0.0, **options)

    def on_mount(self) -> None:
        self.push_screen(self.shown)

    async def feed(self, pilot: Pilot[None], given: Report) -> None:
        """Hand a report to the screen and wait until it is painted."""
        self.shown.post_message(Arrived(given))
        await self.settle(pilot)

    async def bring(self, pilot: Pilot[None], name: str, zoomed: bool = False) -> None:
        """Give a panel the focus."""
        self.shown.body.activate(name)
        self.shown.body.zoom(zoomed)
        await self.settle(pilot)

    async def settle(self, pilot: Pilot[None]) -> None:
        """Let everything be laid out and painted."""
        for _ in range(self.PAUSES):
            await pilot.pause(0.0)

    @property
    def lines(self) -> list[str]:
        """What the screen shows; thin and hard spaces are spaces."""
        strips = self.screen._compositor.render_strips()
        texts = ("".join(segment.text for segment in strip) for strip in strips)
        return [text.replace("\u2009", " ").replace("\u00a0", " ") for text in texts]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def panel_text(self, name: str) -> str:
        """What one panel shows."""
        region = self.shown.body.panels[name].region
        return "\n".join(line[region.x : region.right] for line in self.lines[region.y : region.bottom])

    @property
    def equation(self) -> tuple[str, str]:
        """The strip's symbols and numbers."""
        bottom = self.shown.equation_strip.region.bottom
        return self.lines[bottom - 2], self.lines[bottom - 1]

    @property
    def tints(self) -> set[tuple[int, int, int]]:
        """The colours on the screen that are no greys; every cell has a style."""
        styles = [segment.style for strip in self.screen._compositor.render_strips() for segment in strip]
        assert all(style is not None for style in styles)
        inks = {style.color for style in styles if style is not None}
        colours = {ink.triplet for ink in inks if ink is not None and ink.triplet is not None}
        return {tuple(colour) for colour in colours if len(set(colour)) > 1}
