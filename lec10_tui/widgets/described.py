"""DescribedScreen: a lesson's screen as far as it says what the lesson is, and what can be asked of its run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

from textual.screen import Screen

from lec10_tui.vocabulary.commands import Command, Open, SetKnob
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.knobs import BadValue, Knobs
from lec10_tui.vocabulary.reports import Link, Report, Status
from lec10_tui.widgets import keys
from lec10_tui.widgets.areas import Arrangement
from lec10_tui.widgets.equation import Equation
from lec10_tui.widgets.footer import FootLine
from lec10_tui.widgets.keys import Key
from lec10_tui.widgets.knobs import KnobsPanel
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.pages import Page, paged
from lec10_tui.widgets.panel import Panel
from lec10_tui.widgets.setting import Setting, counted
from lec10_tui.widgets.title import pace, state_word


class Described(Protocol):
    """What the shell has to know of a lesson."""

    @property
    def name(self) -> str:
        """The word that opens it."""

    @property
    def title(self) -> str:
        """What it is about."""

    @property
    def slides(self) -> tuple[str, ...]:
        """The slides it belongs to."""


class DescribedScreen(Screen[None]):
    """The words of a lesson, its panels, its keys and its knobs; `link` is this screen's end of a worker.

    `given` are knobs a person set before anything is open. A lesson's KEYS take the place of those of every lesson that
    have the same id. With PAGES each has arrangements of its own, and a digit turns to it. RUNNING and SHIPPED are what
    its run is called while it goes and as it ships, UNIT what its rate counts; CONTINUES: what ships is a whole run,
    which goes on in a folder of its own.
    """

    KNOBS: ClassVar[type[Knobs]] = Knobs
    KEYS: ClassVar[tuple[Key, ...]] = ()
    ARRANGEMENTS: ClassVar[tuple[Arrangement, ...]] = ()
    PAGES: ClassVar[tuple[Page, ...]] = ()
    RUNNING: ClassVar[str] = "training"
    UNIT: ClassVar[str] = "img/s"
    SHIPPED: ClassVar[str] = "trained"
    CONTINUES: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        cls.BINDINGS = keys.bindings(keys.merged(cls.KEYS, paged(cls.PAGES)))
        super().__init_subclass__(**options)

    def __init__(
        self, lesson: Described, link: Link, look: Look | None = None, given: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__()
        self.lesson = lesson
        self.report: Report | None = None
        self.all_panels = tuple(self.panels())
        self.knobs_panel = next((panel for panel in self.all_panels if isinstance(panel, KnobsPanel)), None)
        if self.knobs_panel is not None and given:
            self.knobs_panel.setting = Setting.given_at_start(self.KNOBS, given)
        self.foot = FootLine(self.all_keys)
        self._link = link
        self._look = look or Look()
        self._own_setting = Setting.given_at_start(self.KNOBS, given or {})
        self._starting: dict[str, Any] = {}

    # What a lesson says.

    def panels(self) -> Iterable[Panel]:
        """The lesson's panels in tab order; a KnobsPanel is one of them."""
        return (KnobsPanel(self.KNOBS),)

    def context(self, report: Report) -> tuple[str, ...]:
        """What the title line says the run is on, the most important first: data, K, observation, device."""
        return ()

    def equation(self, report: Report | None) -> Equation:
        """The slide's equation with the report's numbers."""
        return Equation()

    def wanted(self) -> tuple[Wanted, ...]:
        """The parts that the title and the equation need, whatever panels are visible."""
        return ()

    def state_word(self, report: Report | None) -> str:
        """How the run stands, in a few words."""
        return state_word(report, self.RUNNING, self.SHIPPED)

    def pace(self, report: Report | None) -> str:
        """How far the run has come: "epoch  31"."""
        return pace(report, self.counted)

    def busy(self, report: Report) -> bool:
        """Whether something goes that space would hold: the footer says so."""
        return report.status.state == "running"

    # What it can lean on.

    @property
    def all_keys(self) -> tuple[Key, ...]:
        """The keys of every lesson, and this one's own."""
        return keys.merged(self.KEYS, paged(self.PAGES))

    @property
    def counted(self) -> str:
        """What a run counts in whole: steps, or updates."""
        return counted(self.KNOBS)

    @property
    def read_only(self) -> bool:
        """Whether what is open is a shipped model that can't go on: training means a new run."""
        return self.status.origin == "shipped" and not self.CONTINUES

    @property
    def look(self) -> Look:
        """How things are drawn now."""
        return self._look

    @property
    def setting(self) -> Setting:
        """The knobs as they are set now."""
        return self.knobs_panel.setting if self.knobs_panel else self._own_setting

    @property
    def status(self) -> Status:
        """How the run stands; loading before anything has arrived."""
        return self.report.status if self.report else Status("loading", "shipped")

    @property
    def run_step(self) -> int:
        """The step the run stands at; 0 before anything is open."""
        return self.report.frame.step if self.report and self.report.frame else 0

    def send(self, command: Command) -> None:
        """Hand a command to the worker."""
        self._link.send(command)

    def put(self, name: str, value: Any) -> None:
        """Set a live or view knob as the knobs panel does, so keys that come faster than reports add up; BadValue."""
        if self.knobs_panel is not None:
            self.knobs_panel.put(name, value)
        else:
            self.send(SetKnob(name, value))

    def tell(self, notice: str, wrong: bool = False) -> None:
        """Say one line in the footer until the next key."""
        self.foot.tell(notice, wrong)

    def restart(self, running: bool) -> None:
        """Leave the run and start a new one with the knobs as they are set."""
        try:
            given = self.setting.given
            self.KNOBS.complete(given)
        except BadValue as refusal:
            self.tell(str(refusal), wrong=True)
            return
        self._starting = dict(self.setting.pending)
        self.send(Open(given=given, running=running))
