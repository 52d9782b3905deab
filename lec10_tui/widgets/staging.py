"""Stage: where a lesson's scenes are played; what each deed of a scene does to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lec10_tui.vocabulary.commands import Open, Pause, Run, SetKnob
from lec10_tui.vocabulary.knobs import named
from lec10_tui.widgets import keys
from lec10_tui.widgets.player import Player
from lec10_tui.widgets.scenes import Deed, Scene, ScenesError, parse

if TYPE_CHECKING:
    from lec10_tui.widgets.reporting import ReportScreen


class Stage:
    """Plays scenes on `screen`; `text` is a scenes.md, read when the scenes are first asked for."""

    def __init__(self, screen: ReportScreen, text: str) -> None:
        self._screen = screen
        self._text = text
        self._player: Player | None = None

    @property
    def playing(self) -> bool:
        """Whether a scene is on the screen."""
        return self._player is not None and self._player.playing

    def toggle(self) -> None:
        """Play the first scene, or leave; a scenes.md that can't be read is said in one line."""
        if self._player is None:
            try:
                scenes = parse(self._text)
            except ScenesError as error:
                self._screen.tell(str(error), wrong=True)
                return
            self._player = Player(scenes, self._do, self._screen.set_timer, self._changed)
        if self._player.playing:
            self._player.leave()
        else:
            self._player.play(0)

    def move(self, direction: int) -> None:
        """Play the next (1) or the previous (−1) scene."""
        if self._player is not None:
            self._player.move(direction)

    def leave(self) -> None:
        """Stop playing."""
        if self._player is not None:
            self._player.leave()

    def _changed(self, scene: Scene | None, index: int) -> None:
        count = len(self._player.scenes) if self._player else 0
        self._screen.show_scene(scene, f"{index + 1} of {count}")

    def _do(self, deed: Deed) -> None:
        """Do one deed; what it gets wrong is said with its line, and the scene goes on."""
        try:
            self._perform(deed)
        except ValueError as error:
            self._screen.tell(f"scenes, line {deed.line}: {error}", wrong=True)

    def _perform(self, deed: Deed) -> None:
        screen, word = self._screen, deed.words[0] if deed.words else ""
        if deed.verb == "set":
            self._set(word, deed.words[1])
        elif deed.verb == "press":
            key = keys.find(screen.all_keys, word)
            if key is None:
                raise ValueError(f"no key is called {word!r}")
            screen.call_later(screen.run_action, key.action)
        elif deed.verb == "start" or (deed.verb == "run" and screen.read_only):
            screen.restart(running=True)
        elif deed.verb in ("run", "pause"):
            screen.send(Run() if deed.verb == "run" else Pause())
        elif deed.verb == "open":
            screen.send(Open(run=word))
        elif deed.verb == "unzoom":
            screen.body.zoom(False)
        else:
            if word not in screen.body.panels:
                raise ValueError(f"no panel is called {word!r}: one of {', '.join(screen.body.panels)}")
            screen.body.activate(word)
            screen.body.zoom(deed.verb == "zoom")

    def _set(self, name: str, text: str) -> None:
        screen = self._screen
        knob = named(screen.KNOBS, name.replace("-", "_"))
        value = knob.parse(text)
        if screen.knobs_panel is not None:
            screen.knobs_panel.choose(knob.name)
            screen.knobs_panel.put(knob.name, value)
        elif knob.kind != "restart":
            screen.send(SetKnob(knob.name, value))
