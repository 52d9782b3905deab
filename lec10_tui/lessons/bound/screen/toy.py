"""The toy world: the density of a decoder that draws a curve in the plane, and a point to be explained."""

from __future__ import annotations

from textual.app import ComposeResult

from lec10_tui.drawing.numbers import fixed, signed
from lec10_tui.lessons.bound.frame import MovePoint, Toy
from lec10_tui.lessons.bound.screen.panels import PartPanel
from lec10_tui.lessons.bound.screen.posterior import grey
from lec10_tui.lessons.bound.screen.words import indexed, number
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.heat import HeatMap, Mark
from lec10_tui.widgets.panel import Direction

STEPS = 40
"""Presses that take the point across the window."""

WAYS: dict[Direction, tuple[int, int]] = {"left": (-1, 0), "right": (1, 0), "down": (0, -1), "up": (0, 1)}


class ToyPanel(PartPanel[Toy]):
    """p(x) = ∫ p(z) N(x; G(z), ηI) dz as a heat map, with the curve G(z) and the point x."""

    NAME = PART = "toy"
    KIND = Toy
    TITLE = "p(x) around the curve G(z)"
    TAB = "toy"
    MINIMUM = (20, 6)
    ABOUT = (
        "z ~ N(0, 1) is one number, G(z) draws a curve in the plane; x = G(z) + noise of variance η in each direction.",
        "Without the noise p(x) is 0 off the curve and infinite on it. Turn η down with < and see it collapse.",
        "Arrows move x, a puts it on the nearest place of the curve, < > turn η; the knob G(z) takes another curve.",
    )

    def compose(self) -> ComposeResult:
        """The map."""
        self.map = HeatMap()
        yield self.map

    def wanted(self) -> tuple[Wanted, ...]:
        """The density, as fine as it is drawn."""
        columns, rows = self.map.pixels(self.room.width, self.room.height)
        return (Wanted(self.PART, max(columns, 1), max(rows, 1), self.MAX_AGE),)

    def show_part(self, part: Toy) -> None:
        """Draw the density, the curve and the point."""
        self.map.ascii = self.look.ascii
        self.map.set_glyphs(self.look.glyphs)
        near, point = ((float(place[0]), float(place[1])) for place in (part.nearest, part.point))
        self.map.show(
            part.density,
            part.low,
            part.high,
            curve=part.curve,
            marks=(Mark(*near, "○" if not self.look.ascii else "o", "q"), Mark(*point, "x", "gap")),
            x_label=indexed("x", 1, self.look),
            y_label=indexed("x", 2, self.look),
            logarithmic=self.look.logarithmic,
        )
        place = " ".join(signed(value, 5) for value in point)
        self.subtitle = f"x {place} · {number(part.distance, 3)} off · log p(x) {fixed(part.log_density, 9, 3)}"

    def move(self, direction: Direction) -> bool:
        """Move the point."""
        part = self.part
        if part is None or direction not in WAYS:
            return False
        across, up = WAYS[direction]
        size = part.high - part.low
        self.send(MovePoint(across * float(size[0]) / STEPS, up * float(size[1]) / STEPS))
        return True

    def as_text(self) -> str:
        """Where the point is, and the map."""
        return f"{self.look.say(self.subtitle)}\n{self.map.as_text()}"

    def exports(self) -> tuple[Exported, ...]:
        """The density in grey."""
        return (ExportedPicture("bound-toy", grey(self.part.density)),) if self.part is not None else ()
