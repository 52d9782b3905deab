"""Lines that the terminal moves by itself: scrolling a table then costs the line that comes in, not the whole table."""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Region
from textual.widget import Widget

MARGIN = 2
"""So many empty cells at either side belong to nobody, and look the same on every line."""


def whole_lines(widget: Widget) -> bool:
    """Whether the widget has its lines of the terminal to itself, all of it is in sight and nothing lies over it."""
    if not widget.is_on_screen or widget.app.screen is not widget.screen or _spanning(widget) is None:
        return False
    region, width = widget.content_region, widget.app.size.width
    if region.x > MARGIN or region.right < width - MARGIN:
        return False
    return widget.screen.find_widget(widget).visible_region.contains_region(region)


def move_lines(widget: Widget, first: int, count: int, by: int, come: Iterable[int]) -> None:
    """Have the terminal move `count` lines of the widget's content, from line `first` on, up by `by` (down: negative).

    The lines `come`, those that come in blank among them, are painted from side to side; `whole_lines` must hold.
    """
    region, below = widget.content_region, _spanning(widget)
    top, bottom = region.y + first, region.y + first + count - 1
    # deleting and inserting lines within a scroll region is understood by every terminal since the VT102
    command = f"\x1b[{by}M" if by > 0 else f"\x1b[{-by}L"
    driver = widget.app._driver
    if driver is not None:
        driver.write(f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1};1H{command}\x1b[r")
    # what Textual keeps of the lines that were moved is of other lines now
    widget._styles_cache.clear()
    if below is not None:
        # the margins too; a region of the screen itself would make Textual forget what else is to be repainted
        lines = (Region(0, region.y + y, widget.app.size.width, 1) for y in come)
        below.refresh(*(line.translate(-below.region.offset) for line in lines))


def _spanning(widget: Widget) -> Widget | None:
    """The nearest widget under this one that goes from side to side of the screen."""
    width = widget.app.size.width
    under = (node for node in widget.ancestors if isinstance(node, Widget) and node is not widget.screen)
    return next((node for node in under if node.region.x == 0 and node.region.width == width), None)
