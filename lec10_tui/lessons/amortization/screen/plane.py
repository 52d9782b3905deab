"""The latent plane: the true posterior of the image in hand, and the Gaussians of the encoder and the ascents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.amortization.frame import STARTS, About, Floats, Plane
from lec10_tui.lessons.amortization.screen.images import ImagePanel
from lec10_tui.lessons.amortization.screen.words import START_INKS, part_of
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.heat import Ellipse, HeatMap, Mark, Trail
from lec10_tui.widgets.plot import Plot

TWO_SIGMA = 2.0


class PlanePanel(ImagePanel):
    """p(z|x) as a heat map under three Gaussians: the encoder's q, and what each ascent has made of its start."""

    NAME = "plane"
    TITLE = "p(z|x) and three q(z)"
    TAB = "plane"
    MINIMUM = (16, 6)
    PARTS = ("about",)
    ABOUT = (
        "Shades: the true posterior p(z|x), by quadrature where K ≤ 2. L makes them logarithmic.",
        "Ellipses at 2σ: dotted the encoder's q; solid the q that ascends from it, and the one from N(0, I).",
        "The trails are where their μ has been. One still far away is cut, or an arrow at the edge, until it arrives.",
        "A diagonal Gaussian that can't lean leaves the approximation gap.",
        "← → take another image.",
    )

    def compose(self) -> ComposeResult:
        """A map for two dimensions, a plot for one."""
        self.heat, self.plot = HeatMap(), Plot(x_label="z")
        self.plot.display = False
        yield self.heat
        yield self.plot

    def on_mount(self) -> None:
        """Say what is on its way."""
        self.say("the posterior is being computed")

    def wanted(self) -> tuple[Wanted, ...]:
        """The plane, as fine as the room shows it."""
        columns, rows = self.heat.pixels(*self.room)
        return (*super().wanted(), Wanted("plane", columns, rows, max_age=0.3))

    def show(self, report: Report) -> None:
        """Draw the plane, or the line where K = 1."""
        part, about = part_of(report, "plane", Plane), part_of(report, "about", About)
        if part is None:
            return
        self.say("")
        flat = part.mu.shape[1] == 1
        self.heat.display, self.plot.display = not flat, flat
        self.heat.ascii = self.plot.ascii = self.look.ascii
        if flat:
            self.plot.show(self._densities(part))
        else:
            self.heat.set_glyphs(self.look.glyphs)
            self._draw_plane(part)
        dimensions = about.latent_dim if about is not None else part.mu.shape[1]
        self.title = self.TITLE if part.density.size else self.look.say(f"z₁, z₂ of {dimensions}: three q(z)")
        outside = [q.name.removeprefix("from ") for q in _gaussians(part) if not _inside(part, q)]
        self.subtitle = "refining" if part.coarse else f"{' and '.join(outside)} outside" if outside else ""

    def _draw_plane(self, part: Plane) -> None:
        density = part.density if part.density.size else np.zeros((1, 1))
        ellipses = [
            Ellipse(_pair(q.mu), _pair(TWO_SIGMA * q.sigma), q.ink, dotted=q.name == "encoder")
            for q in reversed(_gaussians(part))
        ]
        marks = [Mark(*_pair(q.mu), "", q.ink) for q in _gaussians(part) if not _inside(part, q)]
        trails = [Trail(_outside(part, row), START_INKS[start]) for row, start in reversed(list(enumerate(STARTS)))]
        self.heat.show(
            density,
            part.low,
            part.high,
            ellipses=ellipses,
            marks=marks,
            trails=trails,
            x_label=self.look.text("z₁", "z1"),
            y_label=self.look.text("z₂", "z2"),
            logarithmic=self.look.logarithmic,
        )

    def _densities(self, part: Plane) -> list[Curve]:
        """The same where z is one number."""
        columns = part.density.shape[1]
        width = float(part.high[0] - part.low[0]) / columns
        z = float(part.low[0]) + (np.arange(columns) + 0.5) * width
        curves = [Curve.line("posterior", "p(z|x)", z, part.density[0], "posterior")]
        for q in _gaussians(part):
            density = np.exp(-0.5 * ((z - q.mu[0]) / q.sigma[0]) ** 2) / (q.sigma[0] * np.sqrt(2 * np.pi))
            curves.append(Curve.line(q.name, q.name, z, density, q.ink, dotted=q.name == "encoder"))
        return curves

    def as_text(self) -> str:
        """The plane as it is drawn, and each q in numbers."""
        part = part_of(self.report, "plane", Plane)
        if part is None:
            return ""
        drawn = (self.heat if self.heat.display else self.plot).as_text()
        said = [f"{q.name}: μ {_vector(q.mu)}   σ {_vector(q.sigma)}" for q in _gaussians(part)]
        return self.look.say("\n".join([drawn, *said]))

    def exports(self) -> tuple[Exported, ...]:
        """The density as a grey picture, its highest value white."""
        part = part_of(self.report, "plane", Plane)
        if part is None or not part.density.size or not part.density.max() > 0:
            return ()
        image = np.rint(part.density * (255 / part.density.max())).astype(np.uint8)
        return (ExportedPicture("amortization-posterior", image),)


@dataclass(frozen=True, eq=False)
class _Gaussian:
    name: str
    mu: Floats
    sigma: Floats
    ink: str


def _gaussians(part: Plane) -> list[_Gaussian]:
    """The encoder's q, and what each ascent has made of its start."""
    ascended = zip(STARTS, part.mu, part.sigma, strict=True)
    return [
        _Gaussian("encoder", part.encoder_mu, part.encoder_sigma, "encoder"),
        *(_Gaussian(f"from {start}", mu, sigma, START_INKS[start]) for start, mu, sigma in ascended),
    ]


def _inside(part: Plane, q: _Gaussian) -> bool:
    """Whether the mean is in the window."""
    return bool(np.all((part.low <= q.mu) & (q.mu <= part.high)))


def _outside(part: Plane, row: int) -> Floats:
    """Where a mean has been outside the ellipse that is drawn now: inside, a trail would fill it up."""
    trail = part.trails[row]
    away = ((trail - part.mu[row]) / (TWO_SIGMA * part.sigma[row])) ** 2
    outside: Floats = trail[away.sum(-1) > 1]
    return outside


def _pair(values: Floats) -> tuple[float, float]:
    return (float(values[0]), float(values[1]))


def _vector(values: Floats) -> str:
    return " ".join(f"{value:+.3f}" for value in values.tolist()).replace("-", "−")
