"""ReportScreen: a lesson's screen as far as it shows things: the latest report in, requests for the next one out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.reactive import Reactive
from textual.widget import Widget

from lec10_tui.drawing.numbers import grouped
from lec10_tui.vocabulary.frames import Request, Wanted
from lec10_tui.vocabulary.reports import Kept, Link, Report
from lec10_tui.widgets.body import TABS_BELOW, Body
from lec10_tui.widgets.described import Described as Described
from lec10_tui.widgets.described import DescribedScreen
from lec10_tui.widgets.equation import EquationStrip
from lec10_tui.widgets.inked import Inked
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.messages import Arrived
from lec10_tui.widgets.panel import Panel
from lec10_tui.widgets.prompt import Prompt
from lec10_tui.widgets.scenes import Scene
from lec10_tui.widgets.strips import FailureStrip, SceneStrip
from lec10_tui.widgets.title import Heading, TitleLine, pulse
from lec10_tui.widgets.verdicts import VerdictsPanel


class ReportScreen(DescribedScreen):
    """Title line, panels, equation strip, footer; draws the latest report and asks for the next once that is painted.

    Reports come in as `Arrived`; `cost` is the clock that painting is measured with.
    """

    AUTO_FOCUS = ""
    ALLOW_SELECT = False

    DEFAULT_CSS = """
    ReportScreen { layout: vertical; background: $background; overflow: hidden; }
    """

    # Textual repaints the whole screen when the focus moves; here the panels it moves between repaint themselves
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(
        self,
        lesson: Described,
        link: Link,
        *,
        look: Look | None = None,
        given: Mapping[str, Any] | None = None,
        cost: Callable[[], float] = time.thread_time,
    ) -> None:
        super().__init__(lesson, link, look, given)
        self._cost = cost
        self._paint_seconds = 0.0
        self._spent = cost()
        self._asking = False
        self._speed: float | None = None
        self._saving: tuple[Kept | None] | None = None
        self.body = Body(self.all_panels, self.ARRANGEMENTS, (VerdictsPanel(),), self.PAGES)
        self.title_line = TitleLine()
        self.failure_strip = FailureStrip()
        self.scene_strip = SceneStrip()
        self.equation_strip = EquationStrip()

    # Asking.

    def ask(self) -> None:
        """Ask for a frame of what is visible now."""
        self._asking = False
        if not self.is_active or not self.is_mounted:
            return
        wanted = {want.name: want for want in self.wanted()}
        for panel in self.body.shown:
            for want in panel.wanted() if not panel.cramped else ():
                other = wanted.get(want.name, want)
                wanted[want.name] = Wanted(
                    want.name,
                    max(want.columns, other.columns),
                    max(want.rows, other.rows),
                    min(want.max_age, other.max_age),
                )
        self._link.ask(Request(tuple(wanted.values()), self._paint_seconds))

    # Showing.

    def compose(self) -> ComposeResult:
        """From the title down to the footer."""
        yield self.title_line
        yield self.body
        yield self.failure_strip
        yield self.scene_strip
        yield self.equation_strip
        yield self.foot

    def on_mount(self) -> None:
        """Show what is known before the first report."""
        self._fit()
        self._set_look(self._look)
        self.show_heading()
        self.equation_strip.equation = self.equation(None)
        self.ask()

    def on_arrived(self, message: Arrived) -> None:
        """Paint the report, then ask for the next; while another screen covers this one it is only kept."""
        message.stop()
        before, self.report = self.report, self._whole(message.report)
        self._speed = self.status.steps_per_second
        if before is not None and before.status.state == "loading" and self.status.state != "loading":
            self._opened()
        self.hear(before)
        if self.is_active:
            self._paint()
            self.call_after_refresh(self._painted)

    def _opened(self) -> None:
        """What was being opened is there, or was refused: then what waits goes on waiting."""
        if self.knobs_panel is not None and self.report is not None and self.report.failure is None:
            self.knobs_panel.setting = self.setting.started(self._starting)
        self._starting = {}

    def _whole(self, report: Report) -> Report:
        """While something is being opened, what was on the screen stays there, and is still what it was."""
        if report.frame is not None or report.status.state != "loading" or self.report is None:
            return report
        status = replace(report.status, origin=self.report.status.origin)
        return replace(report, frame=self.report.frame, status=status)

    def _painted(self) -> None:
        """All that this thread did since the last report was painted: what is drawn in a second go is not missed."""
        before, self._spent = self._spent, self._cost()
        self._paint_seconds = max(self._spent - before, 0.0)
        self.ask()

    def _paint(self, force: bool = False) -> None:
        report = self.report
        if report is None:
            return
        self.show_heading()
        self.foot.reword()
        self.equation_strip.equation = self.equation(report)
        self.failure_strip.failure = report.failure
        self.foot.line.running = self.busy(report)
        shown = self.body.shown
        if self.knobs_panel is not None and self.knobs_panel not in shown:
            self.knobs_panel.receive(report)
        for panel in shown:
            panel.receive(report, force)

    def hear(self, before: Report | None) -> None:
        """Take in a report that has just come, before it is painted: say what became of a save, what the run says."""
        kept = self.status.kept
        if self._saving is not None and kept is not None and kept is not self._saving[0]:
            self._saving = None
            if kept.error is None:
                step = f"{self.counted.removesuffix('s')} {grouped(kept.step)}"
                self.tell(f"saved at {step} as {kept.folder.name} in {kept.folder.parent}")
        if self.status.note and (before is None or before.status.note != self.status.note):
            self.tell(self.status.note, wrong=True)
        failed = before.status.kept.error if before and before.status.kept else None
        if kept is not None and kept.error and kept.error != failed:
            self.tell(f"not saved: {kept.error}", wrong=True)

    def show_heading(self) -> None:
        """Say in the title line how things stand now."""
        self.title_line.heading = self.heading()
        self.body.focused_panel.pulse = pulse(self.report, self.UNIT, self.counted) if self.body.tabbed else ""

    def heading(self) -> Heading:
        """What the title line says."""
        status, frame = self.status, self.report.frame if self.report else None
        speed = status.steps_per_second
        panels = self.body.page_panels if self.body.tabbed else ()
        return Heading(
            name=self.lesson.name,
            title=self.lesson.title,
            context=self.context(self.report) if self.report and frame else (),
            state=status.state,
            word=self.state_word(self.report),
            running=self.RUNNING,
            rate=status.rate,
            unit=self.UNIT,
            held=f"{speed:g} {self.counted}/s" if speed is not None else "",
            pace=self.pace(self.report),
            progress=None if self.read_only else status.progress,
            seconds_left=status.seconds_left,
            pages=tuple(page.label for page in self.PAGES),
            page=list(self.body.pages).index(self.body.page),
            tabs=tuple(panel.tab for panel in panels),
            tab=[panel.NAME for panel in panels].index(self.body.active) if panels else 0,
        )

    def _set_look(self, look: Look) -> None:
        self._look = look
        for widget in self.query(Inked):
            widget.look = look
        self._paint()
        self.ask()

    def show_scene(self, scene: Scene | None, place: str) -> None:
        """Say what scene is played, or nothing."""
        self.scene_strip.place = place
        self.scene_strip.scene = scene
        self.call_after_refresh(self._shown_anew)

    # What happens to the screen.

    def on_resize(self, event: events.Resize) -> None:
        """Keep the lines that matter most: the equation, the panel, the title, the keys."""
        self._fit()

    def _fit(self) -> None:
        width, height = self.size
        self.title_line.display = height >= 4
        self.foot.display = height >= 5
        self._show_keys()
        self.equation_strip.set_class(height < 30 or width < 100, "-compact")
        self.equation_strip.set_class(height < 7, "-line")
        self.body.settle()

    def _show_keys(self) -> None:
        alone = self.size.width < TABS_BELOW
        self.foot.line.keys = tuple(key for key in self.all_keys if not (alone and key.id == "zoom"))

    def on_body_settled(self, message: Body.Settled) -> None:
        """Other panels are shown: paint them from the last report, and ask for theirs."""
        message.stop()
        self._show_keys()
        self.show_heading()
        if self.report is not None:
            self.call_after_refresh(self._shown_anew)

    def _shown_anew(self) -> None:
        self._paint()
        self._ask_soon()

    def _ask_soon(self) -> None:
        """Ask once, however many panels have changed."""
        if not self._asking:
            self._asking = True
            self.call_after_refresh(self.ask)

    def on_prompt_closed(self, message: Prompt.Closed) -> None:
        """A question was answered: the focus goes back to the panel."""
        message.stop()
        self.body.settle()

    def on_panel_changed(self, message: Panel.Changed) -> None:
        """A panel has another size, or wants something else."""
        message.stop()
        if self.report is not None and message.panel in self.body.shown:
            message.panel.receive(self.report)
        self._ask_soon()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A panel was clicked."""
        name = event.widget.id
        if name in self.body.panels and name != self.body.active:
            self.body.activate(name)

    def on_screen_resume(self) -> None:
        """The screen is back: paint the last report and ask again."""
        if self.is_mounted:
            self._paint(force=True)
            self.ask()

    def on_key(self, event: events.Key) -> None:
        """A notice leaves by the next key."""
        self.foot.hush()
