"""One step, slide by slide: one image through the Summary slide, each number and picture as it appears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from lec10_tui.drawing.numbers import ascii_form, fixed, signed
from lec10_tui.lessons.vae.frame import Floats, Walk
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.panel import Direction, Panel
from lec10_tui.widgets.picture import Picture

WIDE = 64
"""With fewer columns than this the numbers have the panel to themselves."""

PICTURE, LARGE = 16, 28
"""How many columns each of the two pictures has, and has where there is much room."""


@dataclass(frozen=True)
class Stage:
    """One line of the slide: what it is called, how it is written (and in ASCII), and the numbers it brings."""

    words: str
    symbol: str
    ascii: str
    value: Callable[[Walk], float | Floats | None]

    def written(self, whole: bool, ascii: bool) -> str:
        """How it is written: as on the slide, or, where there is little room, its left-hand side alone."""
        symbol = self.ascii if ascii else self.symbol
        return symbol if whole else symbol.split(" = ")[0].split(" ~ ")[0].split(" from ")[0]


STAGES: tuple[Stage, ...] = (
    Stage("an image", "x", "x", lambda walk: None),
    Stage("encoder", "μ", "mu", lambda walk: walk.mu),
    Stage("", "log σ", "log s", lambda walk: walk.log_sigma),
    Stage("noise", "ε ~ N(0, 1)", "e ~ N(0, 1)", lambda walk: walk.epsilon),
    Stage("reparameterize", "z = εσ + μ", "z = e s + mu", lambda walk: walk.z),
    Stage("decoder", "x̂ from z", "x_hat from z", lambda walk: None),
    Stage("recon. loss", "−log p(x|z)", "-log p(x|z)", lambda walk: walk.reconstruction_loss),
    Stage("var. loss", "KL(q ‖ p)", "KL(q || p)", lambda walk: walk.kl),
    Stage("combine", "L = recon. + β·KL", "L = recon. + beta KL", lambda walk: walk.loss),
    Stage("back", "z̄ = ∂recon./∂z", "z_bar", lambda walk: walk.z_bar),
    Stage("through z", "μ̄ = z̄", "mu_bar = z_bar", lambda walk: walk.mu_bar),
    Stage("", "σ̄ = z̄ε", "s_bar = z_bar e", lambda walk: walk.sigma_bar),
    Stage("and of the KL", "∂L/∂μ = μ̄ + βμ", "dL/dmu", lambda walk: walk.mu_total),
    Stage("", "∂L/∂σ = σ̄ + β(σ − 1/σ)", "dL/ds", lambda walk: walk.sigma_total),
)
SEEN, DECODED = 0, 5
NOTE = "The slide writes var. loss = −KL; what is added to L is +KL."
MSE = {
    "gaussian": "Its MSE is −log p(x|z) up to η and constants.",
    "bernoulli": "Its MSE goes with the gaussian model; binary pixels have the Bernoulli's −log p(x|z).",
}


class WalkPanel(Panel):
    """`.` brings the next line of the slide, `,` takes it back; at the end comes the next image."""

    NAME = "walk"
    TITLE = "One step, slide by slide"
    TAB = "step"
    MINIMUM = (26, 6)
    ABOUT = (
        ". and , walk one image through the Summary slide, home and end jump; ← → take another image.",
        "Bars are derivatives of what is minimised: z̄ = ∂(recon. loss)/∂z; the reparameterization gives μ̄ = z̄, σ̄ = z̄ε.",
    )

    DEFAULT_CSS = """
    WalkPanel > Horizontal { height: 1fr; }
    WalkPanel Static { width: 1fr; height: 1fr; padding: 0 1; }
    """

    stage = SEEN

    def compose(self) -> ComposeResult:
        """The image, the numbers, the reconstruction."""
        self.image, self.decoded = Picture(), Picture()
        self.numbers = Static(markup=False)
        with Horizontal():
            yield from (self.image, self.numbers, self.decoded)

    def wanted(self) -> tuple[Wanted, ...]:
        """The walk."""
        return (Wanted("walk", max_age=0.6),)

    def depends(self, report: Report) -> object:
        """How far the walk has come, too."""
        return (super().depends(report), self.stage)

    def show(self, report: Report) -> None:
        """Draw what has appeared so far."""
        assert report.frame is not None
        part = report.frame.parts.get("walk")
        if not isinstance(part, Walk):
            return
        wide = self.room.width >= WIDE
        columns = LARGE if self.room.width >= 2 * LARGE + 48 and self.room.height >= LARGE // 2 else PICTURE
        for picture, image, seen in ((self.image, part.x, SEEN), (self.decoded, part.x_hat, DECODED)):
            picture.ascii = self.look.ascii
            picture.display = wide
            picture.styles.width, picture.styles.height = columns, columns // 2
            picture.visible = self.stage >= seen
            if wide:
                picture.set_glyphs(self.look.glyphs)
                picture.show(image[None, None])
        lines = self._lines(part, self.room.width - 2 - (2 * columns if wide else 0))
        if self.stage == len(STAGES) - 1 and len(lines) + 3 < self.room.height and self.room.width >= 40:
            lines += [
                Text(),
                Text(self.look.say(f"{NOTE} {MSE[str(report.frame.knobs['observation'])]}"), self.ink("dim")),
            ]
        self.numbers.update(Text("\n").join(lines[-max(self.room.height, 1) :]))
        label = f" · class {part.label}" if part.label else ""
        place = f"{self.stage + 1} of {len(STAGES)}"
        self.subtitle = f"image {part.index}{label} · {place}" if self.room.width >= 50 else place

    def _lines(self, part: Walk, width: int) -> list[Text]:
        """The lines that have appeared."""
        ascii = self.look.ascii
        numbers = 9 * min(len(part.z), 3) + 1
        slide = max(_cells(stage.written(True, ascii)) for stage in STAGES)
        whole = width >= slide + numbers
        symbols = slide if whole else max(_cells(stage.written(False, ascii)) for stage in STAGES)
        words = max(len(stage.words) for stage in STAGES)
        words = words if whole and width >= words + 2 + slide + numbers else 0
        lines = []
        for number, stage in enumerate(STAGES[: self.stage + 1]):
            now = number == self.stage
            line = Text(no_wrap=True, overflow="crop")
            if words:
                line.append(f"{stage.words:<{words}}  ", self.ink("dim"))
            symbol = stage.written(whole, ascii)
            line.append(symbol + " " * (symbols - _cells(symbol)), self.ink("accent") if now else self.ink("strong"))
            value = stage.value(part)
            if value is not None:
                room = width - symbols - (words + 2 if words else 0) - 2
                text = _scalar(value) if isinstance(value, float) else _vector(value, room)
                line.append(f"  {ascii_form(text) if ascii else text}")
            lines.append(line)
        return lines

    def step(self, direction: int) -> bool:
        """One line on, or back; past the end the next image."""
        if self.stage + direction in range(len(STAGES)):
            return self._go(self.stage + direction)
        return self._turn(direction) and self._go(SEEN if direction > 0 else len(STAGES) - 1)

    def move(self, direction: Direction) -> bool:
        """Another image, or the first or the last line."""
        if direction in ("left", "right"):
            return self._turn(1 if direction == "right" else -1)
        if direction in ("home", "end"):
            return self._go(SEEN if direction == "home" else len(STAGES) - 1)
        if direction in ("up", "down"):
            return self.step(1 if direction == "down" else -1)
        return False

    def _turn(self, direction: int) -> bool:
        image = int(self.lesson_screen.setting.in_force["image"])
        self.lesson_screen.put("image", max(image + direction, 0))
        return True

    def _go(self, stage: int) -> bool:
        self.stage = stage
        if self.report is not None:
            self.receive(self.report, force=True)
        return True

    def as_text(self) -> str:
        """The lines that have appeared."""
        part = self.report.frame.parts.get("walk") if self.report and self.report.frame else None
        return "\n".join(line.plain for line in self._lines(part, 120)) if isinstance(part, Walk) else ""

    def exports(self) -> tuple[Exported, ...]:
        """The image and its reconstruction."""
        part = self.report.frame.parts.get("walk") if self.report and self.report.frame else None
        if not isinstance(part, Walk):
            return ()
        return (ExportedPicture("vae-image", part.x), ExportedPicture("vae-reconstruction", part.x_hat))


def _scalar(value: float) -> str:
    return fixed(value, 9, 3)


def _vector(values: Floats, room: int) -> str:
    """As many of the numbers as fit in `room` cells, and how many more there are."""
    size, decimals = (8, 3) if room >= 9 * min(len(values), 3) - 1 else (6, 2)
    fitting = (room + 1) // (size + 1)
    shown = len(values) if len(values) <= fitting else max((room - 3) // (size + 1), 1)
    text = " ".join(signed(float(value), size, decimals) for value in values[:shown])
    return text if shown == len(values) else f"{text} +{len(values) - shown}"


def _cells(text: str) -> int:
    return Text(text).cell_len
