"""Picture: a grid of images, as many as can be read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.drawing.glyphs import QUADRANT, Glyphs, footprint, glyphs_named
from lec10_tui.drawing.lines import Lines, Sheet
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.pictures import Cursor, draw_images, drawable, filling, fitting
from lec10_tui.widgets.canvas import Canvas


class Picture(Canvas):
    """Images (rows, columns, height, width) of values 0 … 255, each drawn as large as the space allows.

    When there are more than can be read, those that fit are shown, from the top left; `fits` says how many, so that
    whoever makes the images can make that many.
    """

    def __init__(
        self,
        *,
        glyphs: str = QUADRANT.name,
        palette: str = "grey",
        gap: int = 0,
        line_gap: int = 0,
        largest: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.glyphs = glyphs
        self.palette = palette
        self.gap, self.line_gap, self.largest = gap, line_gap, largest
        self.images: NDArray[np.uint8] | None = None
        self.cursor: Cursor | None = None

    def show(self, images: NDArray[np.uint8], cursor: Cursor | None = None) -> None:
        """Show these images; the ones at `cursor` (row, column) are marked."""
        self.images, self.cursor = images, cursor
        self.redraw()

    def set_glyphs(self, name: str) -> None:
        """Draw in another way; raises ValueError for one that there is not."""
        self.glyphs = glyphs_named(name).name
        self.redraw()

    @property
    def used_glyphs(self) -> Glyphs:
        """The way pictures are drawn here: what was chosen, or dots where the terminal has no shades."""
        return drawable(glyphs_named(self.glyphs), self.paper)

    def fits(self, image_shape: tuple[int, int]) -> tuple[int, int]:
        """(columns, rows) of images of (height, width) pixels that can be read in this widget as it is."""
        width, height = self.content_size
        return fitting(width, height, self.used_glyphs, image_shape, self.gap, self.line_gap)

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        if self.images is None or not self.images.size:
            return []
        shape = (self.images.shape[2], self.images.shape[3])
        glyphs = drawable(glyphs_named(self.glyphs), paper)
        across, down = fitting(width, height, glyphs, shape, self.gap, self.line_gap)
        images = self.images[:down, :across]
        if not images.size:
            wide, tall = footprint(glyphs, shape)
            sheet = Sheet(width, height, paper.blank)
            sheet.put(0, 0, f"an image needs {wide} by {tall} cells", paper.faint)
            return sheet.lines()
        cell = filling(
            width, height, images.shape[1], images.shape[0], glyphs, shape, self.gap, self.line_gap, self.largest
        )
        return draw_images(
            images,
            glyphs,
            paper,
            cell=cell,
            palette=self.palette,
            gap=self.gap,
            line_gap=self.line_gap,
            cursor=self.cursor,
        )
