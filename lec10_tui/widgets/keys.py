"""The key table: every key as data with an id, from which bindings, footer, `?` page and palette are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType
from textual.keys import _character_to_key

Group = Literal["Run", "Panels", "Numbers", "Lecture", "Keep", "Program"]


@dataclass(frozen=True)
class Key:
    """One key: what it is called everywhere and which action it runs.

    `keys` are Textual's names of the keys, `shown` how a person reads them (an empty one stands under another key's
    line). `priority` 1 stays longest in a narrow footer, 0 never stands there; `foot` is what the footer
    shows in place of `shown` and `label`, `running` in place of `label` while the run goes.
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    action: str
    label: str
    help: str
    group: Group = "Run"
    priority: int = 0
    foot: tuple[str, str] | None = None
    running: str = ""
    palette: bool = True

    @property
    def title(self) -> str:
        """The label as the palette reads it."""
        return self.label[:1].upper() + self.label[1:]


TABLE: tuple[Key, ...] = (
    Key("run", ("space",), "space", "toggle_run", "run", "run, and pause", "Run", 1, running="pause"),
    Key("step", (".",), ".", "step(1)", "step", "one step on", "Run", 4),
    Key("step-back", ("comma",), ",", "step(-1)", "step back", "one step back where there is a past", "Run"),
    Key("faster", ("+", "="), "+", "speed(1)", "faster", "faster, up to full speed", "Run", 5, foot=("+ -", "speed")),
    Key("slower", ("-", "_"), "-", "speed(-1)", "slower", "slower, down to one step a second", "Run"),
    Key("restart", ("r",), "r", "restart", "restart", "start again with the knobs as they are set", "Run", 9),
    Key("next-panel", ("tab",), "tab", "panel(1)", "panel", "next panel", "Panels", 6, palette=False),
    Key("previous-panel", ("shift+tab",), "shift+tab", "panel(-1)", "panel", "previous panel", "Panels", palette=False),
    Key("move", ("up", "k"), "arrows hjkl", "move('up')", "move", "move inside the panel", "Panels", palette=False),
    Key("move-down", ("down", "j"), "", "move('down')", "move", "", "Panels", palette=False),
    Key("move-left", ("left", "h"), "left right", "move('left')", "turn", "turn the knob", "Panels", palette=False),
    Key("move-right", ("right", "l"), "", "move('right')", "turn", "", "Panels", palette=False),
    Key("first", ("home",), "home end", "move('home')", "first", "first, last", "Panels", palette=False),
    Key("last", ("end",), "", "move('end')", "last", "", "Panels", palette=False),
    Key("page-up", ("pageup",), "pgup pgdn", "move('page_up')", "page", "a page up, down", "Panels", palette=False),
    Key("page-down", ("pagedown",), "", "move('page_down')", "page", "", "Panels", palette=False),
    Key(
        "edit", ("enter",), "enter", "enter", "edit", "edit the knob: enter takes, esc leaves", "Panels", palette=False
    ),
    Key("zoom", ("z",), "z", "zoom", "zoom", "zoom the panel, and back", "Panels", 7),
    Key("glyphs", ("i",), "i", "glyphs", "pictures", "how pictures are drawn", "Panels", 11),
    Key("logarithmic", ("L",), "L", "logarithmic", "log axis", "logarithmic axis, and back", "Panels", 13),
    Key("verify", ("v",), "v", "verify", "verify", "put the numbers on the screen beside their truths", "Numbers", 8),
    Key("save", ("s",), "s", "save", "save", "save the run now", "Keep", 10),
    Key("runs", ("o",), "o", "visit('runs')", "runs", "the runs that are kept", "Keep", 12),
    Key("export", ("e",), "e", "export", "export", "write the panel as files, and the screen as SVG", "Keep", 14),
    Key("copy", ("y",), "y", "copy", "copy", "copy the panel as text", "Keep"),
    Key("copy-command", ("Y",), "Y", "copy_command", "copy command", "copy the command that makes this", "Keep"),
    Key("scenes", ("d",), "d", "scenes", "demo", "play the lesson's scenes", "Lecture", 8),
    Key("next-scene", ("n",), "n", "scene(1)", "next scene", "next scene", "Lecture", palette=False),
    Key("previous-scene", ("p",), "p", "scene(-1)", "scene back", "previous scene", "Lecture", palette=False),
    Key("previous-lesson", ("[",), "[", "turn(-1)", "previous lesson", "previous lesson", "Lecture"),
    Key("next-lesson", ("]",), "]", "turn(1)", "next lesson", "next lesson", "Lecture"),
    Key("contents", ("g",), "g", "visit('contents')", "contents", "contents", "Lecture"),
    Key("theme", ("T",), "T", "theme", "theme", "next theme, one of them for projectors", "Program"),
    Key("help", ("?",), "?", "help", "help", "help for where you are", "Program", 2),
    Key("palette", (":", "ctrl+p"), ": ctrl+p", "visit('palette')", "palette", "palette", "Program", palette=False),
    Key("back", ("q",), "q", "back", "back", "back; at the contents, quit", "Program", 3),
    Key("leave", ("escape",), "esc", "escape", "back", "close what is open, then back", "Program", palette=False),
    Key("quit", ("ctrl+c",), "ctrl+c", "leave", "quit", "quit, the run saved", "Program"),
    Key("suspend", ("ctrl+z",), "ctrl+z", "app.suspend_process", "suspend", "suspend; fg brings it back", "Program"),
)

GROUPS: tuple[Group, ...] = ("Run", "Panels", "Numbers", "Lecture", "Keep", "Program")


def named(id: str, keys: Iterable[Key] = TABLE) -> Key:
    """The key with this id; raises KeyError when there is none."""
    for key in keys:
        if key.id == id:
            return key
    raise KeyError(id)


def merged(own: Iterable[Key], keys: Iterable[Key] = TABLE) -> tuple[Key, ...]:
    """`keys` with a lesson's own: one with the id of another takes its place, the rest come after."""
    given = {key.id: key for key in own}
    here = tuple(given.pop(key.id, key) for key in keys)
    return (*here, *given.values())


def find(keys: Iterable[Key], pressed: str) -> Key | None:
    """The key that `pressed` (a character or Textual's name of a key) stands for, if any."""
    wanted = plain_name(pressed)
    for key in keys:
        if wanted in map(plain_name, key.keys):
            return key
    return None


def plain_name(key: str) -> str:
    """Textual's name of a key that may be given as its character: "." is "full_stop"."""
    return _character_to_key(key) if len(key) == 1 else key


def bindings(keys: Iterable[Key]) -> list[BindingType]:
    """Textual's bindings for these keys; raises ValueError when two of them claim one key or one id."""
    result: list[BindingType] = []
    claimed: dict[str, str] = {}
    ids: set[str] = set()
    for key in keys:
        if key.id in ids:
            raise ValueError(f"two keys have the id {key.id!r}: give one of them another")
        ids.add(key.id)
        for name in map(plain_name, key.keys):
            if name in claimed:
                raise ValueError(f"the keys {claimed[name]!r} and {key.id!r} both claim {name!r}: give one another key")
            claimed[name] = key.id
        names = ",".join(map(plain_name, key.keys))
        result.append(Binding(names, key.action, key.title, show=False, tooltip=key.help, id=key.id))
    return result
