"""What shows the vae lesson: its panels, its arrangement, its equation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from lec10_tui.drawing.numbers import fixed, grouped
from lec10_tui.lessons.vae.frame import About, VAEKnobs
from lec10_tui.lessons.vae.screen.curves import CurvesPanel
from lec10_tui.lessons.vae.screen.grid import GridPanel
from lec10_tui.lessons.vae.screen.likelihood import LikelihoodPanel
from lec10_tui.lessons.vae.screen.means import MeansPanel
from lec10_tui.lessons.vae.screen.pictures import PicturesPanel
from lec10_tui.lessons.vae.screen.use import UsePanel
from lec10_tui.lessons.vae.screen.walk import WalkPanel
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.knobs import Knobs
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.areas import Arrangement
from lec10_tui.widgets.equation import Equation, Note, Term
from lec10_tui.widgets.keys import Key
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.lesson import LessonScreen
from lec10_tui.widgets.panel import Panel
from lec10_tui.widgets.setting import made_again

__all__ = ["VAEScreen"]

WIDE = Arrangement(
    min_width=100,
    min_height=30,
    areas=(
        "knobs curves curves  grid     grid",
        "knobs use    pictures pictures means|walk|likelihood",
    ),
    columns=(26, "3fr", "2fr", "3fr", "4fr"),
    rows=("3fr", "2fr"),
)

LARGE = Arrangement(
    min_width=180,
    min_height=46,
    areas=(
        "knobs curves curves curves grid grid grid grid",
        "knobs use use pictures pictures pictures means means",
        "knobs likelihood likelihood walk walk walk means means",
    ),
    columns=(30, "1fr", "1fr", "1fr", "1fr", "1fr", "1fr", "1fr"),
    rows=("5fr", "4fr", "4fr"),
)

OBSERVATIONS = {"bernoulli": "Bernoulli", "gaussian": "Gaussian"}
LABELS = {"bernoulli": "binary pixels", "gaussian": "a density"}


class VAEScreen(LessonScreen):
    """Lesson 2: train a variational autoencoder."""

    KNOBS: ClassVar[type[Knobs]] = VAEKnobs
    KEYS = (
        Key("walk", ("w",), "w", "walk", "one step", "walk through one step with . and ,", "Numbers", 9),
        Key("measure", ("m",), "m", "measure", "log p(x)", "estimate log p(x), or stop", "Numbers", 9),
    )
    ARRANGEMENTS = (WIDE, LARGE)

    def panels(self) -> Iterable[Panel]:
        """The panels in the order of tab; the first one has the focus."""
        self.likelihood = LikelihoodPanel()
        return (
            GridPanel(),
            CurvesPanel(),
            UsePanel(),
            PicturesPanel(),
            MeansPanel(),
            WalkPanel(),
            self.likelihood,
            KnobsPanel(self.KNOBS),
        )

    def wanted(self) -> tuple[Wanted, ...]:
        """What the title needs of every frame."""
        return (Wanted("about", max_age=1.0),)

    def context(self, report: Report) -> tuple[str, ...]:
        """Data set, K, observation model, device."""
        if report.frame is None:
            return ()
        knobs = report.frame.knobs
        about = report.frame.parts.get("about")
        observation = OBSERVATIONS[str(knobs["observation"])]
        if not isinstance(about, About):
            return (str(knobs["data"]), f"K {knobs['latent_dim']}", observation)
        device = f"{about.device} {about.threads}" if about.device == "cpu" else about.device
        return (f"{about.data} {grouped(about.train)}", f"K {knobs['latent_dim']}", observation, device)

    def equation(self, report: Report | None) -> Equation:
        """The variational lower bound with its numbers (slide: Variational Inference)."""
        readings = report.frame.readings if report is not None and report.frame is not None else {}
        knobs = report.frame.knobs if report is not None and report.frame is not None else {}
        terms = (
            Term("ELBO", "ELBO", readings.get("elbo"), ink="elbo"),
            Term("E_q[log p(x|z)]", "E_q[log p(x|z)]", readings.get("reconstruction"), "=", "reconstruction"),
            Term("KL(q ‖ p)", "KL(q || p)", readings.get("kl"), "−", "kl"),
        )
        notes = []
        if readings:
            notes.append(Note("held-out ELBO", fixed(readings["held_out_elbo"], 16).strip()))
            notes.append(Note("in nats", LABELS[str(knobs["observation"])]))
            notes.append(Note("active", f"{readings['active_dimensions']:.0f} of {knobs['latent_dim']}"))
            if knobs["beta"] != 1 or knobs["kl_warmup"]:
                trained = fixed(readings["objective"], 16).strip()
                notes.append(Note("trained: E_q − β·KL", trained, "trained: E_q - beta KL"))
        return Equation(terms, tuple(notes))

    def command_line(self) -> str:
        """The command that makes this run again, its knobs turned at the steps they were turned at."""
        about = self.report.frame.parts.get("about") if self.report and self.report.frame else None
        if not isinstance(about, About) or not self.run_step or self.setting.pending:
            return super().command_line()
        return made_again(self.lesson.name, VAEKnobs, about.given, about.changes, "steps", self.run_step)

    def action_walk(self) -> None:
        """Bring the walk through one step to the front."""
        self.body.activate("walk")

    def action_measure(self) -> None:
        """Start the estimate of log p(x), or stop it, where it can be seen."""
        self.body.activate("likelihood")
        self.likelihood.toggle()
