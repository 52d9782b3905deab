"""FilmView: one frame of an environment's film, or its own picture; only what changed is painted again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.drawing.film import draw_film
from lec10_tui.drawing.glyphs import HALF, glyphs_named
from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.rgb import draw_rgb
from lec10_tui.vocabulary.film import Film
from lec10_tui.widgets.canvas import Canvas


class FilmView(Canvas):
    """What an environment looks like: `show` a film at a frame, or `show_image` a colour picture."""

    def __init__(self, *, glyphs: str = HALF.name, **options: Any) -> None:
        super().__init__(**options)
        self.glyphs = glyphs
        self.film: Film | None = None
        self.frame = 0
        self.image: NDArray[np.uint8] | None = None

    def show(self, film: Film | None, frame: int) -> None:
        """Show a frame of a film, or nothing where there is none."""
        if (film, frame) != (self.film, self.frame) or self.image is not None:
            self.film, self.frame, self.image = film, frame, None
            self.redraw()

    def show_image(self, image: NDArray[np.uint8]) -> None:
        """Show a picture (height, width, 3) of values 0 … 255 instead."""
        self.film, self.image = None, image
        self.redraw()

    def set_glyphs(self, name: str) -> None:
        """Draw in another way; raises ValueError for one that there is not."""
        self.glyphs = glyphs_named(name).name
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        glyphs = glyphs_named(self.glyphs)
        if self.image is not None:
            return draw_rgb(self.image, width, height, glyphs, paper)
        if self.film is None:
            return []
        return draw_film(self.film, self.frame, width, height, glyphs, paper, paper.ascii)
