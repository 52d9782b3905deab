"""LessonScreen: the shell of every lesson; what its keys do to the run, to the panels and to what is shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from lec10_tui.drawing.numbers import grouped
from lec10_tui.vocabulary.commands import Pause, Run, Save, SetSpeed, Step, Verify
from lec10_tui.vocabulary.knobs import table
from lec10_tui.vocabulary.reports import Link
from lec10_tui.widgets.described import Described
from lec10_tui.widgets.help import HelpScreen
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.messages import Copy, Export, Leave, LookChanged, NextTheme, Place, Turn, Visit
from lec10_tui.widgets.pages import Page as Page
from lec10_tui.widgets.panel import Direction
from lec10_tui.widgets.reporting import ReportScreen
from lec10_tui.widgets.setting import command_line
from lec10_tui.widgets.staging import Stage
from lec10_tui.widgets.verdicts import VerdictsPanel

SPEEDS: tuple[float | None, ...] = (1.0, 2.0, 5.0, 10.0, 30.0, 100.0, None)
"""Steps a second that + and − walk through; None is full speed."""


class LessonScreen(ReportScreen):
    """A lesson's screen with its keys; `scenes` is the text of the lesson's scenes.md.

    SHIPPED_STEP and SHIPPED_SAVE are what it says when a shipped model is asked to step or to be saved, NO_WAY_BACK
    when it is asked for the step before; SHOWN: in slow motion the next step waits until the last one was seen.
    """

    SHIPPED_STEP: ClassVar[str] = "this model is trained; space trains a new one"
    SHIPPED_SAVE: ClassVar[str] = "a shipped model is kept already; space trains one of your own"
    NO_WAY_BACK: ClassVar[str] = "training has no step back; panels that have a past take it"
    SHOWN: ClassVar[bool] = False

    def __init__(
        self,
        lesson: Described,
        link: Link,
        *,
        look: Look | None = None,
        given: Mapping[str, Any] | None = None,
        scenes: str = "",
        cost: Callable[[], float] = time.thread_time,
    ) -> None:
        super().__init__(lesson, link, look=look, given=given, cost=cost)
        self.stage = Stage(self, scenes)

    # Keys: the run.

    def action_toggle_run(self) -> None:
        """Run, or pause; on a shipped model and with knobs that wait for it, a new run."""
        if self.status.state == "running":
            self.send(Pause())
        elif self.read_only or (self.setting.pending and not self.run_step):
            self.restart(running=True)
        else:
            self.send(Run())

    def action_step(self, direction: int) -> None:
        """One step of the focused panel's own, or else of the run."""
        if self.body.focused_panel.step(direction):
            return
        if direction < 0:
            self.tell(self.NO_WAY_BACK)
        elif self.read_only:
            self.tell(self.SHIPPED_STEP)
        else:
            self.send(Step())

    def action_speed(self, direction: int) -> None:
        """Faster, or slower."""
        nearest = min(range(len(SPEEDS)), key=lambda index: _distance(SPEEDS[index], self._speed))
        self._speed = SPEEDS[min(max(nearest + direction, 0), len(SPEEDS) - 1)]
        self.send(SetSpeed(self._speed, self.SHOWN and self._speed is not None))
        steps = self.counted.removesuffix("s") if self._speed == 1 else self.counted
        self.tell("full speed" if self._speed is None else f"{self._speed:g} {steps} a second")

    def action_restart(self) -> None:
        """Start again; asks while a run would be lost."""
        running = self.begins_running()
        if self.status.origin == "shipped" or not self.run_step or self.status.state == "finished":
            self.restart(running)
            return
        self.foot.ask(self._leaving, lambda yes: self.restart(running) if yes else None)

    def _leaving(self) -> str:
        step = f"{self.counted.removesuffix('s')} {grouped(self.run_step)}"
        return f"Leave this run at {step} and start again?"

    def begins_running(self) -> bool:
        """Whether a run that is started again goes at once."""
        return self.status.state != "paused" or bool(self.setting.pending) or self.read_only

    def action_save(self) -> None:
        """Save the run now."""
        if self.status.origin == "shipped":
            self.tell(self.SHIPPED_SAVE)
            return
        self._saving = (self.status.kept,)
        self.send(Save())

    def action_verify(self) -> None:
        """Put the numbers beside their truths, or close that panel."""
        if self.body.opened == VerdictsPanel.NAME:
            self.body.open(None)
            return
        self.body.open(VerdictsPanel.NAME)
        self.send(Verify())

    # Keys: panels.

    def action_page(self, page: str) -> None:
        """Another page of the lesson."""
        self.body.turn(page)

    def action_panel(self, direction: int) -> None:
        """The next panel, or the previous one."""
        self.body.next_panel(direction)

    def action_move(self, direction: Direction) -> None:
        """An arrow inside the focused panel."""
        self.body.focused_panel.move(direction)

    def action_enter(self) -> None:
        """Enter in the focused panel."""
        self.set_focus(self.body.focused_panel)
        self.body.focused_panel.enter()

    def action_zoom(self) -> None:
        """Zoom the focused panel, and back."""
        if self.body.opened:
            self.body.open(None)
        elif self.body.tabbed:
            self.tell("the panel fills the screen already; tab shows the next one")
        else:
            self.body.zoom(not self.body.zoomed)

    def action_glyphs(self) -> None:
        """Draw pictures the next way."""
        look = self._look.next_glyphs()
        self._change_look(look, f"pictures: {look.glyphs}")

    def action_logarithmic(self) -> None:
        """A logarithmic axis, and back."""
        look = replace(self._look, logarithmic=not self._look.logarithmic)
        self._change_look(look, "logarithmic axis" if look.logarithmic else "linear axis")

    def _change_look(self, look: Look, notice: str) -> None:
        self._set_look(look)
        self.tell(notice)
        self.post_message(LookChanged(look))

    # Keys: what leaves the screen.

    def action_export(self) -> None:
        """Write what the focused panel shows."""
        panel = self.body.focused_panel
        self.post_message(Export(panel.NAME, panel.title, panel.exports()))

    def action_copy(self) -> None:
        """Copy the focused panel as text."""
        panel = self.body.focused_panel
        text = panel.as_text()
        if text:
            self.post_message(Copy(text, panel.title))
        else:
            self.tell(f"{panel.title} has nothing to copy yet")

    def action_copy_command(self) -> None:
        """Copy the command that makes what is on the screen."""
        self.post_message(Copy(self.command_line(), "the command that makes this"))

    def command_line(self) -> str:
        """The `lec10 run` command that makes what is on the screen."""
        return command_line(self.lesson.name, self.setting, self.run_step)

    def action_turn(self, direction: int) -> None:
        """The next lesson, or the previous one."""
        self.post_message(Turn(direction))

    def action_visit(self, place: Place) -> None:
        """Another place of the program."""
        self.post_message(Visit(place))

    def action_theme(self) -> None:
        """The next theme."""
        self.post_message(NextTheme())

    def action_help(self) -> None:
        """The `?` page."""
        panel = self.body.focused_panel
        title = f"{self.lesson.name} · {self.lesson.title}"
        slides = (f"Slides: {' · '.join(self.lesson.slides)}",) if self.lesson.slides else ()
        about = (*slides, *(f"{panel.title}: {line}" for line in panel.ABOUT))
        self.app.push_screen(HelpScreen(title, about, self.all_keys, table(self.KNOBS), self._look))

    def action_escape(self) -> None:
        """Close what is open: the verdicts, the scenes, the zoom; then leave."""
        if self.body.opened:
            self.body.open(None)
        elif self.stage.playing:
            self.stage.leave()
        elif self.body.zoomed and not self.body.tabbed:
            self.body.zoom(False)
        else:
            self.post_message(Leave())

    def action_back(self) -> None:
        """Close the verdicts, or leave."""
        if self.body.opened:
            self.body.open(None)
        else:
            self.post_message(Leave())

    def action_leave(self) -> None:
        """Leave the program."""
        self.post_message(Leave(quit=True))

    # Keys: scenes.

    def action_scenes(self) -> None:
        """Play the lesson's scenes, or leave them."""
        self.stage.toggle()

    def action_scene(self, direction: int) -> None:
        """The next scene, or the previous one."""
        if self.stage.playing:
            self.stage.move(direction)
        else:
            self.tell("d plays the lesson's scenes")


def _distance(speed: float | None, other: float | None) -> float:
    full = 1e9
    return abs((full if speed is None else speed) - (full if other is None else other))
