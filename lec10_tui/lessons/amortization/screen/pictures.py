"""The pictures: the image in hand, decoded at the encoder's mean and at the mean that each ascent has reached."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from textual.app import ComposeResult

from lec10_tui.drawing.glyphs import glyphs_named
from lec10_tui.drawing.lines import Lines, Sheet, beside, fit, pad_text
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.pictures import draw_images, drawable, filling
from lec10_tui.lessons.amortization.frame import Pictures
from lec10_tui.lessons.amortization.screen.images import ImagePanel
from lec10_tui.lessons.amortization.screen.words import part_of
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.canvas import Canvas
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.exports import Picture as ExportedPicture

CAPTIONS = (
    ("x", ""),
    ("encoder", "encoder"),
    ("+ ascent", "elbo"),
    ("from prior", "prior"),
)
"""What stands over each picture, and the meaning of its colour."""

GAP = 2


class Gallery(Canvas):
    """A few images, each under its caption, as large as the room allows: in one row, in two, or one below another."""

    def __init__(self) -> None:
        super().__init__()
        self.glyphs = "quadrant"
        self.images: NDArray[np.uint8] | None = None
        self.captions: tuple[tuple[str, str], ...] = ()

    def show(self, images: NDArray[np.uint8], captions: tuple[tuple[str, str], ...]) -> None:
        """Show these images (n, height, width) under these captions."""
        self.images, self.captions = images, captions
        self.redraw()

    def set_glyphs(self, name: str) -> None:
        """Draw in another way; raises ValueError for one that there is not."""
        self.glyphs = glyphs_named(name).name

    def draw(self, width: int, height: int, paper: Paper) -> Lines:
        if self.images is None:
            return []
        count, shape = len(self.images), (self.images.shape[1], self.images.shape[2])
        glyphs = drawable(glyphs_named(self.glyphs), paper)

        def cell(across: int) -> tuple[int, int]:
            down = -(-count // across)
            return filling(width, height - down, across, down, glyphs, shape, GAP)

        def fits(across: int) -> bool:
            wide, tall = cell(across)
            return across * (wide + GAP) - GAP <= width and -(-count // across) * (tall + 1) <= height

        across = max((each for each in (4, 2, 1) if fits(each)), key=cell, default=0)
        if not across:
            across = max(min((width + GAP) // (cell(4)[0] + GAP), count), 1)
        wide, tall = cell(across)
        lines: Lines = []
        for first in range(0, count, across):
            blocks: list[Lines] = []
            for image, (words, ink) in zip(self.images[first:], self.captions[first:], strict=False):
                if len(blocks) == across:
                    break
                caption = Sheet(wide, 1, paper.blank)
                caption.put(0, 0, pad_text(words, wide, "center"), paper.letters(ink) if ink else paper.strong)
                drawn = draw_images(image[None, None], glyphs, paper, cell=(wide, tall))
                blocks.append([*caption.lines(), *fit(drawn, wide, tall, paper.blank)])
            lines += beside(blocks, GAP, paper.blank)
        return lines


class PicturesPanel(ImagePanel):
    """x, and what the decoder makes of each mean."""

    NAME = "pictures"
    TITLE = "x and G(μ)"
    TAB = "images"
    MINIMUM = (8, 5)
    PARTS = ("about",)
    ABOUT = (
        "x, then the decoder's picture of three means: the encoder's, its ascent's, and that from N(0, I).",
        "← → take another image.",
    )

    def compose(self) -> ComposeResult:
        """The images."""
        self.gallery = Gallery()
        yield self.gallery

    def on_mount(self) -> None:
        """Say what is on its way."""
        self.say("the image is being decoded")

    def wanted(self) -> tuple[Wanted, ...]:
        """The pictures, which are seldom looked at twice a second."""
        return (*super().wanted(), Wanted("pictures", max_age=0.6))

    def show(self, report: Report) -> None:
        """Draw them."""
        part = part_of(report, "pictures", Pictures)
        if part is None:
            return
        self.say("")
        self.gallery.ascii = self.look.ascii
        self.gallery.set_glyphs(self.look.glyphs)
        self.gallery.show(_stacked(part), tuple((self.look.say(words), ink) for words, ink in CAPTIONS))
        self.subtitle = self.named(report) if self.room.width >= 30 else ""

    def as_text(self) -> str:
        """The pictures as they are drawn."""
        return self.gallery.as_text()

    def exports(self) -> tuple[Exported, ...]:
        """All of them side by side, in the order of their captions."""
        part = part_of(self.report, "pictures", Pictures)
        return (ExportedPicture("amortization-images", np.hstack(tuple(_stacked(part)))),) if part is not None else ()


def _stacked(part: Pictures) -> NDArray[np.uint8]:
    """Every image (4, height, width)."""
    return np.concatenate((part.x[None], part.encoder[None], part.ascended))
