"""A lesson with fake panels, a link that records, and reports to feed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fake_link import FakeLink
from textual.app import App

from lec10_tui.vocabulary.frames import Frame, Wanted
from lec10_tui.vocabulary.knobs import BadValue, Knobs, Length, check, knob
from lec10_tui.vocabulary.reports import Failure, Kept, Report, Status
from lec10_tui.widgets.areas import Arrangement
from lec10_tui.widgets.equation import Equation, Note, Term
from lec10_tui.widgets.keys import Key
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.lesson import LessonScreen
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.messages import Arrived, Copy, Export, Leave, LookChanged, NextTheme, Turn, Visit
from lec10_tui.widgets.panel import TextPanel

ENDLESS = Length()


@dataclass(frozen=True)
class ToyKnobs(Knobs):
    """A knob of every kind; the default of `width` depends on `size`, `axis` may not pass it."""

    size: int = knob(2, "K", "how wide", kind="restart", sort="integer", minimum=1, maximum=64, ladder=(1, 2, 5, 20))
    width: tuple[int, ...] = knob((8,), "hidden", "layers", kind="restart", sort="widths", minimum=1, maximum=99)
    model: str = knob("red", "model", "which", kind="restart", sort="choice", choices=("red", "blue"))
    beta: float = knob(
        1.0, "β", "a weight", kind="live", sort="number", ascii="beta", minimum=0, maximum=100, ladder=(0.0, 1.0, 4.0)
    )
    length: Length = knob(ENDLESS, "length", "how long", kind="live", sort="length")  # noqa: RUF009
    axis: int = knob(1, "axis", "which", kind="view", sort="integer", minimum=1, maximum=64, ladder=(1, 2, 3))

    @classmethod
    def complete(cls, given: Mapping[str, Any]) -> ToyKnobs:
        chosen = check(cls, given)
        size = chosen.get("size", cls.size)
        if chosen.get("axis", 1) > size:
            raise BadValue(f"axis: {chosen['axis']} is not a dimension, 1 to {size}")
        return cls(**{"width": (8,) if size <= 2 else (16, 16), **chosen})


@dataclass(frozen=True)
class Toy:
    """What the shell has to know of a lesson."""

    name: str = "toy"
    title: str = "Turn a toy"
    slides: tuple[str, ...] = ("Toys",)


def report(
    step: int = 0,
    state: str = "running",
    origin: str = "new",
    knobs: Mapping[str, Any] | None = None,
    stamps: Mapping[str, Any] | None = None,
    parts: Mapping[str, Any] | None = None,
    failure: Failure | None = None,
    kept: Kept | None = None,
    **status: Any,
) -> Report:
    """A report of a toy run at `step`."""
    plain = ToyKnobs.complete(knobs or {}).plain()
    frame = Frame("toy", step, step / 10, {"step": step}, plain, parts or {}, stamps or {})
    return Report(frame, Status(state, origin, kept=kept, **status), failure)


KEPT = Kept(Path("runs/toy-1"), 7, 0.0)


class FakePanel(TextPanel):
    """Counts how often it is painted, and records its keys."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = 0
        self.steps: list[int] = []
        self.takes_steps = False

    def wanted(self) -> tuple[Wanted, ...]:
        return (Wanted(self.NAME, self.room.width, self.room.height),)

    def show(self, report: Report) -> None:
        self.painted += 1
        assert report.frame is not None
        self.put([[(f"{self.NAME} at step {report.frame.step}", "")], *[[(f"line {n}", "dim")] for n in range(60)]])

    def step(self, direction: int) -> bool:
        self.steps.append(direction)
        return self.takes_steps


class Curves(FakePanel):
    NAME, TITLE, ABOUT = "curves", "The curves", ("curves bend",)


class Grid(FakePanel):
    NAME, TITLE, MINIMUM = "grid", "Latent grid", (20, 5)


class Walk(FakePanel):
    NAME, TITLE, TAB = "walk", "One step", "step"


class Samples(FakePanel):
    NAME, TITLE = "samples", "Samples"


class ToyScreen(LessonScreen):
    """Five panels, two arrangements, one key of its own."""

    KNOBS = ToyKnobs
    KEYS = (Key("measure", ("m",), "m", "measure", "log p(x)", "measure log p(x)", "Numbers", 6),)
    ARRANGEMENTS = (
        Arrangement(100, 20, ("knobs curves", "knobs walk|samples"), (24, "1fr"), ("1fr", "1fr")),
        Arrangement(160, 40, ("knobs curves grid", "knobs walk samples"), (24, "1fr", "2fr"), ("1fr", "1fr")),
    )
    measured = 0

    def panels(self):
        return (KnobsPanel(ToyKnobs), Curves(), Grid(), Walk(), Samples())

    def context(self, report):
        return ("toys 9", f"K {report.frame.knobs['size']}")

    def equation(self, report):
        value = -151.32 if report else None
        terms = (Term("ELBO", "ELBO", value, ink="elbo"), Term("KL(q ‖ p)", "KL(q||p)", value, "−", ink="kl"))
        return Equation(terms, (Note("held-out", "−153.90"),))

    def action_measure(self):
        self.measured += 1


SCENES = """# Scenes of the toy

## One
Say *this*
and that.

And then this.

```lec10
set beta 4
press z
focus curves
```

## Two

```lec10
set size 20
start
wait 5
pause
```
"""


class ToyApp(App):
    """Shows a toy lesson and records what it asks of the app."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, screen: LessonScreen | None = None, **options: Any) -> None:
        super().__init__()
        self.link = FakeLink()
        self.lesson_screen = screen or ToyScreen(Toy(), self.link, cost=Ticks(), scenes=SCENES, **options)
        self.news: list[Any] = []

    def on_mount(self) -> None:
        self.push_screen(self.lesson_screen)

    async def feed(self, pilot, given: Report) -> None:
        """Hand a report to the screen and wait until it is painted."""
        self.lesson_screen.post_message(Arrived(given))
        await pilot.pause()
        await pilot.pause()

    def _keep(self, message: Any) -> None:
        self.news.append(message)

    def on_lesson_leave(self, message: Leave) -> None:
        self._keep(message)

    def on_turn(self, message: Turn) -> None:
        self._keep(message)

    def on_visit(self, message: Visit) -> None:
        self._keep(message)

    def on_next_theme(self, message: NextTheme) -> None:
        self._keep(message)

    def on_look_changed(self, message: LookChanged) -> None:
        self._keep(message)

    def on_copy(self, message: Copy) -> None:
        self._keep(message)

    def on_export(self, message: Export) -> None:
        self._keep(message)


class Ticks:
    """A clock that moves on by a second at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def text_of(app: App) -> str:
    """What the screen shows, as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips).replace("\u2009", " ")


PLAIN = Look(ascii=True)
