"""The picture beside the contents: what a model that ships has learned, or does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lec10_tui.drawing.lines import Lines
from lec10_tui.drawing.palette import Paper
from lec10_tui.lessons import Lesson
from lec10_tui.shell.recorded import pictured, recorded
from lec10_tui.vocabulary.film import Film
from lec10_tui.widgets.canvas import Canvas
from lec10_tui.widgets.film import FilmView
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.picture import Picture


def cover_of(lesson: Lesson, folder: Path, look: Look) -> Canvas | None:
    """The picture of the model in `folder`: its grid of images, or the middle of its episode; raises RunError."""
    found = pictured(recorded(lesson, folder))
    if isinstance(found, Film):
        view = FilmView(glyphs=look.glyphs, ascii=look.ascii)
        view.show(found, found.frames // 2)
        return view
    return None if found is None else Cover(found, look)


class Cover(Picture):
    """As many pictures of a grid (rows, columns, height, width) as can be read, evenly chosen from edge to edge."""

    def __init__(self, images: NDArray[np.uint8], look: Look) -> None:
        super().__init__(glyphs=look.glyphs, ascii=look.ascii)
        self._whole = images

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        """Choose for the size there is, and draw."""
        _, _, pixels_down, pixels_across = self._whole.shape
        self.images = thinned(self._whole, *self.fits((pixels_down, pixels_across)))
        return super().draw(width, height, paper)


def thinned(images: NDArray[np.uint8], across: int, down: int) -> NDArray[np.uint8]:
    """At most `down` rows and `across` columns of a grid of pictures, evenly chosen from edge to edge."""
    rows = np.linspace(0, len(images) - 1, min(down, len(images))).round().astype(int)
    columns = np.linspace(0, images.shape[1] - 1, min(across, images.shape[1])).round().astype(int)
    chosen: NDArray[np.uint8] = images[np.ix_(rows, columns)]
    return chosen
