"""The latent grid: codes through the inverse Gaussian CDF, decoded, as one picture that grows while it trains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from textual.app import ComposeResult

from lec10_tui.lessons.vae.frame import LatentGrid
from lec10_tui.lessons.vae.screen.shapes import image_shape, mosaic, subscript
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.picture import Picture


class GridPanel(Panel):
    """As many decoded codes as can be read; with K > 2 the arrows choose the two dimensions."""

    NAME = "grid"
    TITLE = "Latent grid"
    TAB = "grid"
    MINIMUM = (8, 4)
    ABOUT = (
        "Codes at the quantiles of N(0, 1) along two dimensions of z, decoded: equally likely cells under p(z).",
        "K > 2: ← → choose the dimension across, ↑ ↓ the one up; the knob 'other z' says where the rest stand.",
    )

    def compose(self) -> ComposeResult:
        """One picture."""
        self.picture = Picture()
        yield self.picture

    def wanted(self) -> tuple[Wanted, ...]:
        """As many images as can be read."""
        across, down = self.picture.fits(image_shape(self.report))
        return (Wanted("latent_grid", max(across, 1), max(down, 1), max_age=0.6),)

    def show(self, report: Report) -> None:
        """Draw the grid, or, of a larger recorded one, as many codes as fit."""
        assert report.frame is not None
        part = report.frame.parts.get("latent_grid")
        if not isinstance(part, LatentGrid):
            return
        self.picture.ascii = self.look.ascii
        self.picture.set_glyphs(self.look.glyphs)
        (want,) = self.wanted()
        images = _thinned(part.images, want.columns, want.rows)
        self.picture.show(images)
        x, y = part.dimensions
        ascii = self.look.ascii
        across, up = f"z{subscript(x, ascii)}", f"z{subscript(y, ascii)}"
        self.title = f"Latent grid   {across} {self.look.text('→', '->')}  {up} {self.look.text('↑', '^')}"
        others = f" · others at {part.others}" if part.others and not ascii else ""
        self.subtitle = f"{images.shape[1]}{self.look.text('×', 'x')}{images.shape[0]}{others}"

    def move(self, direction: Direction) -> bool:
        """Choose another dimension, where there are more than two."""
        knobs = self.lesson_screen.setting.in_force
        latent_dim = int(knobs["latent_dim"])
        turns = {"left": ("grid_x", -1), "right": ("grid_x", 1), "down": ("grid_y", -1), "up": ("grid_y", 1)}
        if latent_dim <= 2 or direction not in turns:
            return False
        name, by = turns[direction]
        self.lesson_screen.put(name, (int(knobs[name]) - 1 + by) % latent_dim + 1)
        return True

    def as_text(self) -> str:
        """The picture as it is drawn."""
        return self.picture.as_text()

    def exports(self) -> tuple[Exported, ...]:
        """The whole grid as one picture."""
        part = self.report.frame.parts.get("latent_grid") if self.report and self.report.frame else None
        return (ExportedPicture("vae-latent-grid", mosaic(part.images)),) if isinstance(part, LatentGrid) else ()


def _thinned(images: NDArray[np.uint8], columns: int, rows: int) -> NDArray[np.uint8]:
    """At most `columns` × `rows` of a grid's images, evenly spaced, so that the corners of the plane stay in sight."""
    down = np.unique(np.linspace(0, images.shape[0] - 1, min(rows, images.shape[0])).round().astype(int))
    across = np.unique(np.linspace(0, images.shape[1] - 1, min(columns, images.shape[1])).round().astype(int))
    thinned: NDArray[np.uint8] = images[down][:, across]
    return thinned
