"""What the lesson's panels have in common: one part each, and arrows that move q."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from lec10_tui.lessons.bound.screen.words import part_of
from lec10_tui.vocabulary.frames import Part, Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.panel import Direction, Panel

if TYPE_CHECKING:
    from lec10_tui.lessons.bound.screen import BoundScreen

P = TypeVar("P", bound=Part)

WAYS: dict[Direction, tuple[int, int]] = {"left": (0, -1), "right": (0, 1), "down": (1, -1), "up": (1, 1)}
"""Which coordinate an arrow changes, and which way."""


class PartPanel(Panel, Generic[P]):
    """A panel that shows one part: PART names it, KIND is its class, MAX_AGE how old it may be while q ascends."""

    PART: ClassVar[str]
    KIND: type[P]
    MAX_AGE: ClassVar[float] = 0.2

    @property
    def bound(self) -> BoundScreen:
        """The screen it stands on."""
        return cast("BoundScreen", self.screen)

    @property
    def part(self) -> P | None:
        """The latest part it was given."""
        return part_of(self.report, self.PART, self.KIND)

    def on_mount(self) -> None:
        """Say what is on its way."""
        self.say("the model is being opened")

    def wanted(self) -> tuple[Wanted, ...]:
        """Its part."""
        return (Wanted(self.PART, max_age=self.MAX_AGE),)

    def show(self, report: Report) -> None:
        """Show the part, if it is there."""
        part = part_of(report, self.PART, self.KIND)
        if part is not None:
            self.say("")
            self.show_part(part)

    def show_part(self, part: P) -> None:
        """Paint the part."""


class QPanel(PartPanel[P]):
    """A panel of the exact picture: the arrows move the mean of q, page up and down show another image."""

    def move(self, direction: Direction) -> bool:
        """Move μ, or take another image."""
        if direction in WAYS:
            return self.bound.move_mean(*WAYS[direction])
        if direction in ("page_up", "page_down"):
            return self.bound.turn_image(1 if direction == "page_down" else -1)
        return False
