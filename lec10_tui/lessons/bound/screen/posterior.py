"""The true posterior as a heat map, with q over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from textual.app import ComposeResult

from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.bound.frame import Floats, Posterior
from lec10_tui.lessons.bound.screen.panels import QPanel
from lec10_tui.lessons.bound.screen.words import indexed, means, scales
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.heat import Ellipse, HeatMap, Mark, Trail
from lec10_tui.widgets.plot import Plot

WIDE = 54
"""With fewer columns than this the title has room for two decimals of μ."""

NEAR = 0.4
"""How far apart the logarithms of two σ are for their ellipses to be told apart."""

SHOWN = 400
"""Places of the trail that are drawn, the latest ones."""


class PosteriorPanel(QPanel[Posterior]):
    """p(z|x) by quadrature, q's 1σ and 2σ ellipses, the encoder's, and the way μ has come."""

    NAME = PART = "posterior"
    KIND = Posterior
    TITLE = "p(z|x), q(z)"
    TAB = "posterior"
    MINIMUM = (20, 6)
    ABOUT = (
        "Shades: the true posterior p(z|x) = p(z) p(x|z) / p(x), by quadrature. L shades its logarithm.",
        "Orange: q(z) = N(μ, diag σ²), its 1σ and 2σ ellipses, and the way μ has come. Dotted: the encoder's q(z|x).",
        "Arrows move μ, < > and { } stretch σ₁ and σ₂, a snaps q to the encoder's answer, 0 to the prior. "
        ". ascends the ELBO one step, space runs. pgup and pgdn show another image.",
    )

    def compose(self) -> ComposeResult:
        """A map of two codes, or a plot of one."""
        self.map, self.plot = HeatMap(), Plot(x_label="z")
        yield self.map
        yield self.plot

    def wanted(self) -> tuple[Wanted, ...]:
        """The posterior, as fine as it is drawn."""
        columns, rows = self.map.pixels(self.room.width, self.room.height)
        return (Wanted(self.PART, max(columns, 1), max(rows, 1), self.MAX_AGE),)

    def show_part(self, part: Posterior) -> None:
        """Draw the posterior with q over it."""
        one = len(part.mu) == 1
        self.map.display, self.plot.display = not one, one
        if one:
            self._plot(part)
        else:
            self._draw(part)
        self.title = "refining…" if part.coarse else self.TITLE
        self.subtitle = f"μ {means(part.mu, 3 if self.room.width >= WIDE else 2)}  σ {scales(part.sigma)}"

    def _draw(self, part: Posterior) -> None:
        self.map.ascii = self.look.ascii
        self.map.set_glyphs(self.look.glyphs)
        mu, sigma, away, scale = (
            (float(pair[0]), float(pair[1])) for pair in (part.mu, part.sigma, part.encoder_mu, part.encoder_sigma)
        )
        columns = min(self.room.width, 2 * self.room.height)
        beside_cross = 2 * sigma[0] < _cell(part, columns)
        self.map.show(
            part.density,
            part.low,
            part.high,
            ellipses=(
                Ellipse(away, scale, "encoder", dotted=True),
                Ellipse(mu, (2 * sigma[0], 2 * sigma[1]), "q", label=" 2σ" if beside_cross else "2σ"),
                Ellipse(mu, sigma, "q"),
            ),
            marks=(*_encoder(part, columns), Mark(*mu, "+", "q")),
            trails=(Trail(part.trail[-SHOWN:], "q"),),
            x_label=indexed("z", 1, self.look),
            y_label=indexed("z", 2, self.look),
            logarithmic=self.look.logarithmic,
        )

    def _plot(self, part: Posterior) -> None:
        """With one code: the densities themselves."""
        pixels = part.density.shape[1]
        z = part.low[0] + (np.arange(pixels) + 0.5) * (part.high[0] - part.low[0]) / pixels
        self.plot.ascii = self.look.ascii
        self.plot.show(
            (
                Curve.line("posterior", "p(z|x)", z, part.density[0], "posterior"),
                Curve.line("q", "q(z)", z, _normal(z, part.mu, part.sigma), "q"),
                Curve.line("encoder", "encoder", z, _normal(z, part.encoder_mu, part.encoder_sigma), "encoder", True),
            )
        )

    def as_text(self) -> str:
        """What q and the posterior are, and the drawing."""
        part = self.part
        if part is None:
            return ""
        said = (
            f"q          μ {means(part.mu)}   σ {scales(part.sigma)}",
            f"encoder    μ {means(part.encoder_mu)}   σ {scales(part.encoder_sigma)}",
            f"posterior  mean {means(part.mean)}   sd {scales(part.scale)}",
        )
        drawn = self.map if self.map.display else self.plot
        return "\n".join((*map(self.look.say, said), drawn.as_text()))

    def exports(self) -> tuple[Exported, ...]:
        """The density in grey."""
        return (ExportedPicture("bound-posterior", grey(self.part.density)),) if self.part is not None else ()


def _encoder(part: Posterior, columns: int) -> tuple[Mark, ...]:
    """What the dotted ellipse is, left of it, where it can be told from q's; the map is some `columns` wide."""
    near = np.abs(part.mu - part.encoder_mu) < 0.5 * part.encoder_sigma
    alike = np.abs(np.log(part.sigma / part.encoder_sigma)) < NEAR
    if near.all() and alike.all():
        return ()
    word = "encoder"
    left = float(part.encoder_mu[0] - part.encoder_sigma[0]) - (len(word) + 1) * _cell(part, columns)
    return (Mark(max(left, float(part.low[0])), float(part.encoder_mu[1]), word, "encoder"),)


def _cell(part: Posterior, columns: int) -> float:
    """How much of z₁ a cell shows where the map is some `columns` wide."""
    return float(part.high[0] - part.low[0]) / max(columns, 1)


def grey(density: Floats) -> NDArray[np.uint8]:
    """A density (rows, columns) as a picture whose brightest pixel is its mode."""
    highest = float(density.max(initial=0.0))
    share = density / highest if highest > 0 else np.zeros_like(density)
    return (255 * share).round().astype(np.uint8)


def _normal(z: Floats, mu: Floats, sigma: Floats) -> Floats:
    densities: Floats = np.exp(-((z - mu[0]) ** 2) / (2 * sigma[0] ** 2)) / (np.sqrt(2 * np.pi) * sigma[0])
    return densities
