"""Body: where the panels of a lesson stand, which of them are shown, and which one has the focus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from lec10_tui.widgets.areas import Areas, Arrangement, choose
from lec10_tui.widgets.pages import Page
from lec10_tui.widgets.panel import Panel

TABS_BELOW = 100
"""Terminals narrower than this show one panel at a time."""


class Body(Widget):
    """Shows its panels in the arrangement the terminal has room for, or one alone: zoomed, or under its tab.

    With `pages` the panels of one page are there at a time, and each page remembers which of them had the focus.
    `overlays` are panels that stand in no arrangement and fill the body while one of them is `opened`.
    """

    DEFAULT_CSS = """
    Body { height: 1fr; min-height: 0; background: $background; overflow: hidden; }
    """

    class Settled(Message):
        """Other panels are shown than before, or another one is active."""

    def __init__(
        self,
        panels: Iterable[Panel],
        arrangements: Sequence[Arrangement],
        overlays: Iterable[Panel] = (),
        pages: Sequence[Page] = (),
    ) -> None:
        super().__init__()
        self.panels = {panel.NAME: panel for panel in panels}
        self.overlays = {panel.NAME: panel for panel in overlays}
        self.pages = {page.name: page for page in pages or (Page("", "", tuple(arrangements)),)}
        for name in {name for page in self.pages.values() for name in (*page.panels, page.first) if name}:
            if name not in self.panels:
                raise ValueError(f"an arrangement names the panel {name!r}: there are {', '.join(self.panels)}")
        for name in self.panels:
            if pages and not any(name in page.panels for page in pages):
                raise ValueError(f"the panel {name!r} stands on no page: one of {', '.join(self.pages)} has to name it")
        self.page = next(iter(self.pages))
        self._focused = {name: page.first or self._on(name)[0] for name, page in self.pages.items()}
        self.areas = Areas()
        self.active = self._focused[self.page]
        self.zoomed = False
        self.opened: str | None = None
        self.tabbed = False
        self._recent = list(self.panels)
        self._settled = False

    def compose(self) -> ComposeResult:
        """The panels in tab order."""
        yield from self.panels.values()
        yield from self.overlays.values()

    @property
    def layout(self) -> Areas:
        """The layout by areas."""
        return self.areas

    @property
    def shown(self) -> tuple[Panel, ...]:
        """The panels that are visible now."""
        every = {**self.panels, **self.overlays}
        return tuple(every[name] for name in self.areas.places)

    @property
    def page_panels(self) -> tuple[Panel, ...]:
        """The panels of this page, in tab order."""
        return tuple(self.panels[name] for name in self._on(self.page))

    def _on(self, page: str) -> list[str]:
        """The panels of a page in tab order; without pages all of them, those that stand alone too."""
        return [name for name in self.panels if not page or name in self.pages[page].panels]

    @property
    def focused_panel(self) -> Panel:
        """The panel the keys act on."""
        return self.overlays[self.opened] if self.opened else self.panels[self.active]

    def on_mount(self) -> None:
        """Settle before anything is painted."""
        self.settle()

    def on_resize(self) -> None:
        """Settle at every new size."""
        self.settle()

    def activate(self, name: str) -> None:
        """Give a panel the focus, on whatever page it stands; raises KeyError when there is none."""
        self.active = self.panels[name].NAME
        if name not in self._on(self.page):
            self.page = next(page for page in self.pages if name in self._on(page))
        self._focused[self.page] = name
        self.opened = None
        self.settle()

    def turn(self, page: str) -> None:
        """Turn to a page; the focus goes where it was on it. Raises KeyError when there is none."""
        if page != self.page:
            self.page, self.zoomed = self.pages[page].name, False
        self.activate(self._focused[page])

    def next_panel(self, direction: int) -> None:
        """Give the next (1) or the previous (−1) panel of the page the focus."""
        names = self._on(self.page)
        self.activate(names[(names.index(self.active) + direction) % len(names)])

    def zoom(self, zoomed: bool) -> None:
        """Let the active panel fill the body, or give the others their places back."""
        self.zoomed = zoomed
        self.settle()

    def open(self, name: str | None) -> None:
        """Let an overlay fill the body, or close it; raises KeyError when there is none of that name."""
        self.opened = self.overlays[name].NAME if name else None
        self.settle()

    def settle(self) -> None:
        """Show what there is room for and give the focus to the active panel."""
        width, height = self.screen.size
        arrangement = choose(self.pages[self.page].arrangements, width, height) if width >= TABS_BELOW else None
        self.tabbed = arrangement is None
        self._recent.remove(self.active)
        self._recent.insert(0, self.active)
        places = self._places(arrangement)
        if (places, arrangement) != (self.areas.places, self.areas.arrangement) or not self._settled:
            self._place(places, arrangement)
        if self.screen.focused is not self.focused_panel and not self._elsewhere():
            self.screen.set_focus(self.focused_panel, scroll_visible=False)

    def _place(self, places: dict[str, str], arrangement: Arrangement | None) -> None:
        """Show the panels at their places; only this lays the body out again, which costs far more than a focus."""
        self._settled = True
        self.areas.places, self.areas.arrangement = places, arrangement
        for name, panel in (*self.panels.items(), *self.overlays.items()):
            panel.display = name in places
            panel.bare = self.tabbed and name in self.panels
            sharing = places.get(name, "").split("|")
            panel.beside = tuple(self.panels[other].tab for other in sharing if other and other != name)
        self.refresh(layout=True)
        self.post_message(self.Settled())

    def _places(self, arrangement: Arrangement | None) -> dict[str, str]:
        """The area of each panel to be shown; "" is the whole body."""
        if self.opened is not None:
            return {self.opened: ""}
        if arrangement is None or self.zoomed:
            return {self.active: ""}
        places = {min(group, key=self._recent.index): area for area, group in arrangement.panels.items()}
        return places if self.active in places else {self.active: ""}

    def _elsewhere(self) -> bool:
        """Whether the focus is on something outside the body that is waiting for an answer."""
        focused = self.screen.focused
        return focused is not None and self not in focused.ancestors
