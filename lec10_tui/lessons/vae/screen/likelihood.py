"""log p(x) of held-out images by importance sampling, and so how loose the bound is."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from lec10_tui.drawing.numbers import ascii_form, fixed
from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.vae.frame import Likelihood, MeasureLikelihood, StopLikelihood
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.plot import Plot

SAMPLES = (50, 100, 500, 1000, 5000)
IMAGES = 100


class LikelihoodPanel(Panel):
    """The importance-weighted bound against the number of samples, over the ELBO it starts from."""

    NAME = "likelihood"
    TITLE = "log p(x)"
    TAB = "log p"
    MINIMUM = (26, 5)
    ABOUT = (
        "m or enter estimates log p(x) of 100 held-out images: log of the mean of p(x,z)/q(z|x) over S samples (IWAE).",
        "The bound rises with S to log p(x); its distance from the ELBO is KL(q ‖ p(z|x)). ← → choose S.",
    )

    DEFAULT_CSS = """
    LikelihoodPanel > Static { height: 2; }
    """

    chosen = SAMPLES.index(500)

    def compose(self) -> ComposeResult:
        """What is known in words, and the plot."""
        self.words_line = Static(markup=False)
        self.plot = Plot(x_label="samples")
        self.plot.x_log = True
        yield self.words_line
        yield self.plot

    def on_mount(self) -> None:
        """Say what will make it appear."""
        self._invite()

    def _invite(self) -> None:
        self.subtitle = ""
        samples = SAMPLES[self.chosen]
        what = f"log p(x) of {IMAGES} held-out images with {samples} samples each"
        self.say(f"m estimates {what}; left and right choose how many")

    def wanted(self) -> tuple[Wanted, ...]:
        """The estimate."""
        return (Wanted("likelihood", max_age=0.3),)

    def show(self, report: Report) -> None:
        """Draw the estimate as far as it has come."""
        assert report.frame is not None
        part = report.frame.parts.get("likelihood")
        if not isinstance(part, Likelihood) or not len(part.samples):
            self._invite()
            return
        self.say("")
        ascii = self.look.ascii
        samples, bound = int(part.samples[-1]), float(part.bounds[-1])
        first = Text(no_wrap=True)
        first.append(self.look.text("log p(x) ≥ ", "log p(x) >= "), self.ink("dim"))
        first.append(_number(bound, ascii), self.ink("strong"))
        first.append(f" {self.look.text('±', '+-')} {part.standard_error:.2f}", self.ink("dim"))
        second = Text(no_wrap=True)
        for name, value in (("ELBO", part.elbo), ("gap", bound - part.elbo)):
            second.append(f"{name} ", self.ink("dim"))
            second.append(f"{_number(value, ascii)}   ", self.ink("strong"))
        second.append(f"step {part.step}", self.ink("dim"))
        self.words_line.update(Text("\n").join((first, second)))
        self.plot.ascii = ascii
        steps = part.samples.astype(float)
        flat = part.bounds * 0 + part.elbo
        self.plot.show(
            (
                Curve.line("bound", "bound", steps, part.bounds, "objective"),
                Curve.line("elbo", "elbo", steps, flat, "elbo"),
            )
        )
        done = f"{part.done:.0%}" if part.done < 1 else f"S = {samples}"
        self.subtitle = f"{part.images} images · {done}" if not ascii else f"{part.images} images, {done}"

    def toggle(self) -> None:
        """Start the estimate, or stop the one that is going."""
        part = self.report.frame.parts.get("likelihood") if self.report and self.report.frame else None
        if isinstance(part, Likelihood) and 0 < part.done < 1:
            self.send(StopLikelihood())
            return
        self.send(MeasureLikelihood(SAMPLES[self.chosen], IMAGES))
        self.ask()

    def enter(self) -> bool:
        """Start or stop."""
        self.toggle()
        return True

    def move(self, direction: Direction) -> bool:
        """More samples, or fewer, for the next estimate."""
        if direction not in ("left", "right"):
            return False
        self.chosen = min(max(self.chosen + (1 if direction == "right" else -1), 0), len(SAMPLES) - 1)
        self.lesson_screen.tell(f"m estimates log p(x) with {SAMPLES[self.chosen]} samples an image")
        if self.words:
            self._invite()
        return True

    def as_text(self) -> str:
        """The numbers and the plot."""
        return f"{self.words_line.content}\n{self.plot.as_text()}"


def _number(value: float, ascii: bool) -> str:
    text = fixed(value, 16).strip()
    return ascii_form(text) if ascii else text
