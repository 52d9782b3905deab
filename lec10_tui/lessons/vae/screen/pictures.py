"""Held-out images over their reconstructions, and samples from the prior."""

from __future__ import annotations

import numpy as np
from textual.app import ComposeResult
from textual.widgets import Static

from lec10_tui.lessons.vae.frame import Reconstructions, Samples
from lec10_tui.lessons.vae.screen.shapes import image_shape, mosaic
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.picture import Picture


class PicturesPanel(Panel):
    """x over x̂ in pairs of rows, and below, where there is room, images decoded from z ~ N(0, I)."""

    NAME = "pictures"
    TITLE = "Reconstructions"
    TAB = "images"
    MINIMUM = (8, 8)
    ABOUT = (
        "Above: held-out images as the model sees them, each over its reconstruction from z = μ. Below: from z ~ p(z).",
        "← → show other images; ↑ ↓ turn to the samples where there is no room for both.",
    )

    DEFAULT_CSS = """
    PicturesPanel > Picture { height: 1fr; }
    PicturesPanel > Static { height: 1; color: $text-muted; }
    """

    def compose(self) -> ComposeResult:
        """Two pictures and the words between them."""
        self.pairs = Picture()
        self.caption = Static(markup=False)
        self.samples = Picture()
        yield from (self.pairs, self.caption, self.samples)

    page = 0

    @property
    def _room(self) -> tuple[int, int, int]:
        """How many images across, how many pairs of rows, how many rows of samples."""
        wide, tall = self.pairs.used_glyphs.footprint(image_shape(self.report))
        across, rows = max(self.room.width // wide, 1), max(self.room.height // tall, 1)
        sampled = min((self.room.height - 2 * tall - 1) // tall, 3)
        if sampled > 0:
            return across, 1, sampled
        return (across, 0, min(rows, 3)) if self.page else (across, 1, 0)

    def wanted(self) -> tuple[Wanted, ...]:
        """As many images as can be read."""
        across, pairs, sampled = self._room
        wants = (("reconstructions", pairs), ("samples", sampled))
        return tuple(Wanted(name, across, rows, max_age=0.8) for name, rows in wants if rows)

    def depends(self, report: Report) -> object:
        """Which page is shown, too."""
        return (super().depends(report), self.page)

    def show(self, report: Report) -> None:
        """Draw both pictures."""
        assert report.frame is not None
        across, pairs, sampled = self._room
        for picture in (self.pairs, self.samples):
            picture.ascii = self.look.ascii
            picture.set_glyphs(self.look.glyphs)
        part, drawn = report.frame.parts.get("reconstructions"), report.frame.parts.get("samples")
        self.pairs.display, self.samples.display = bool(pairs), bool(sampled)
        self.caption.display = bool(pairs and sampled)
        if isinstance(part, Reconstructions) and pairs:
            tall = self.pairs.used_glyphs.footprint(part.originals.shape[1:])[1]
            self.pairs.styles.height = 2 * tall if sampled else "1fr"
            self.pairs.show(np.stack((part.originals[:across], part.reconstructions[:across])))
        if isinstance(drawn, Samples) and sampled:
            rows = min(sampled, max(len(drawn.images) // across, 1))
            images = drawn.images[: rows * across]
            columns = len(images) // rows
            self.samples.show(images[: rows * columns].reshape(rows, columns, *images.shape[1:]))
            self.caption.update("samples   z ~ N(0, I)")
        reconstructions = self.look.text("Reconstructions   x over x̂", "Reconstructions   x over x_hat")
        self.title = reconstructions if pairs else "Samples   z ~ N(0, I)"
        self.subtitle = "" if pairs and sampled else self.look.text("↑ ↓", "up down")

    def move(self, direction: Direction) -> bool:
        """Show other images."""
        if direction in ("up", "down"):
            self.page = 1 - self.page
            self.ask()
            return True
        if direction not in ("left", "right"):
            return False
        across, _, _ = self._room
        image = int(self.lesson_screen.setting.in_force["image"]) + (across if direction == "right" else -across)
        self.lesson_screen.put("image", max(image, 0))
        return True

    def as_text(self) -> str:
        """The pictures as they are drawn."""
        return "\n".join(picture.as_text() for picture in (self.pairs, self.samples) if picture.display)

    def exports(self) -> tuple[Exported, ...]:
        """Each of the two as one picture."""
        parts = self.report.frame.parts if self.report and self.report.frame else {}
        exported: list[Exported] = []
        part, drawn = parts.get("reconstructions"), parts.get("samples")
        if isinstance(part, Reconstructions):
            pairs = np.stack((part.originals, part.reconstructions))
            exported.append(ExportedPicture("vae-reconstructions", mosaic(pairs)))
        if isinstance(drawn, Samples):
            exported.append(ExportedPicture("vae-samples", mosaic(drawn.images[None])))
        return tuple(exported)
