"""Four pictures: the image, what q's mean decodes to, and what is decoded on average under q and under p(z|x)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from textual.app import ComposeResult

from lec10_tui.drawing.glyphs import HALF, Glyphs, glyphs_named
from lec10_tui.drawing.lines import Lines, beside, blank, pad_text, shift
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.pictures import draw_images, drawable, filling, fitting
from lec10_tui.drawing.spelling import spelled
from lec10_tui.lessons.bound.frame import About, Pictures
from lec10_tui.lessons.bound.screen.panels import QPanel
from lec10_tui.lessons.bound.screen.words import part_of
from lec10_tui.widgets.canvas import Canvas
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.panel import Direction

Bytes = NDArray[np.uint8]
CAPTIONS = (("x", "x"), ("G(μ)", "G(μ)"), ("E_q[G(z)]", "E_q[G]"), ("E_p(z|x)[G(z)]", "E_p[G]"))
"""What stands under each picture, and where there is little room."""
STEMS = ("x", "at-mu", "under-q", "under-posterior")
AIR = 2
"""Cells between two pictures."""


class Captioned(Canvas):
    """Pictures of one shape, each over its caption, as large as the room allows."""

    def __init__(self) -> None:
        super().__init__()
        self.glyphs = HALF.name
        self.images: tuple[Bytes, ...] = ()
        self.captions: tuple[tuple[str, str], ...] = ()

    def show(self, images: tuple[Bytes, ...], captions: tuple[tuple[str, str], ...], glyphs: str) -> None:
        """Show these images (height, width); `captions` are long and short ones."""
        self.images, self.captions, self.glyphs = images, captions, glyphs
        self.redraw()

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        if not self.images:
            return []
        glyphs, shape = drawable(glyphs_named(self.glyphs), paper), (self.images[0].shape[0], self.images[0].shape[1])
        count, across = places(width, height, glyphs, shape)
        down = -(-count // across)
        cell = filling(width, height - down, across, down, glyphs, shape, AIR)
        blocks = [
            [*draw_images(image[None, None], glyphs, paper, cell=cell), *_caption(caption, cell[0], paper)]
            for image, caption in zip(self.images[:count], self.captions, strict=False)
        ]
        rows = [beside(blocks[at : at + across], AIR, paper.blank) for at in range(0, count, across)]
        left = max((width - across * (cell[0] + AIR) + AIR) // 2, 0)
        over = max((height - down * (cell[1] + 1)) // 2, 0)
        return [*blank(width, over, paper.blank), *shift([line for row in rows for line in row], left, paper.blank)]


def places(width: int, height: int, glyphs: Glyphs, shape: tuple[int, int]) -> tuple[int, int]:
    """(how many, how many side by side) of four captioned pictures to show: all, else the first ones that fit."""
    for count, ways in ((4, (4, 2, 1)), (2, (2, 1))):
        sizes = []
        for across in ways:
            down = count // across
            fits = fitting(width, height - down, glyphs, shape, AIR)
            if fits[0] >= across and fits[1] >= down:
                sizes.append((filling(width, height - down, across, down, glyphs, shape, AIR)[1], across))
        if sizes:
            return count, max(sizes)[1]
    return 1, 1


def _caption(caption: tuple[str, str], width: int, paper: Paper) -> Lines:
    """The caption that fits, in one line of `width` cells."""
    said = [spelled(text, paper.ascii) for text in caption]
    text = next((text for text in said if len(text) <= width), said[-1])
    return [[Segment(pad_text(text, width, "center"), paper.faint)]]


class PicturesPanel(QPanel[Pictures]):
    """x beside what q and the true posterior decode to."""

    NAME = PART = "pictures"
    KIND, MAX_AGE = Pictures, 0.6
    TITLE = "Decoded"
    TAB = "images"
    MINIMUM = (16, 8)
    ABOUT = (
        "x as the model sees it; G(μ), decoded at the mean of q; G(z) averaged over q(z), and over the true p(z|x).",
        "A narrow q decodes to one sharp image, the prior to the average of all of them. ← → show another image.",
    )

    def compose(self) -> ComposeResult:
        """One drawing."""
        self.drawing = Captioned()
        yield self.drawing

    def show_part(self, part: Pictures) -> None:
        """Draw them as large as they fit."""
        self.drawing.ascii = self.look.ascii
        self.drawing.show(_images(part), CAPTIONS, self.look.glyphs)
        about = part_of(self.bound.report, "about", About)
        if about is not None:
            self.subtitle = f"image {about.image}" + (f" · class {about.label}" if about.label else "")

    def move(self, direction: Direction) -> bool:
        """Another image."""
        if direction in ("left", "right"):
            return self.bound.turn_image(1 if direction == "right" else -1)
        return direction in ("page_up", "page_down") and super().move(direction)

    def as_text(self) -> str:
        """The pictures as they are drawn."""
        return self.drawing.as_text()

    def exports(self) -> tuple[Exported, ...]:
        """Each of them as a picture."""
        images = _images(self.part) if self.part is not None else ()
        return tuple(ExportedPicture(f"bound-{stem}", image) for stem, image in zip(STEMS, images, strict=False))


def _images(part: Pictures) -> tuple[Bytes, ...]:
    return part.x, part.at_mu, part.under_q, part.under_posterior
