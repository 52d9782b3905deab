"""Pages: the leaves of a lesson that has more panels than one screen can hold; a digit turns to each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lec10_tui.widgets.areas import Arrangement
from lec10_tui.widgets.keys import TABLE, Key, named


@dataclass(frozen=True)
class Page:
    """One page: `label` is what the title line calls it, `arrangements` say where its panels stand.

    A panel may be on several pages. `first` has the focus when the page is first turned to, by default the first of its
    panels in tab order.
    """

    name: str
    label: str
    arrangements: tuple[Arrangement, ...]
    first: str = ""

    @property
    def panels(self) -> frozenset[str]:
        """The names of the panels that stand on it."""
        every = (group for each in self.arrangements for group in each.panels.values())
        return frozenset(name for group in every for name in group)


def paged(pages: Iterable[Page]) -> tuple[Key, ...]:
    """The keys of every lesson with those of these pages after the panels'; a narrow footer has both before speed."""
    added = page_keys(pages)
    moved = {"faster": 8, "next-panel": 4} if added else {}
    keys = [replace(key, priority=moved.get(key.id, key.priority)) for key in TABLE]
    after = TABLE.index(named("previous-panel")) + 1
    return (*keys[:after], *added, *keys[after:])


def page_keys(pages: Iterable[Page]) -> tuple[Key, ...]:
    """The digits that turn to each page; the footer shows them in one."""
    pages = tuple(pages)
    digits = [str(number) for number, _ in enumerate(pages, 1)]
    return tuple(
        Key(
            id=f"page-{digit}",
            keys=(digit,),
            shown=digit,
            action=f"page('{page.name}')",
            label=f"page: {page.label}",
            help=f"the page {page.label}",
            group="Panels",
            priority=5 if digit == digits[0] else 0,
            foot=(f"{digits[0]}-{digits[-1]}", "page") if digit == digits[0] else None,
        )
        for digit, page in zip(digits, pages, strict=True)
    )
