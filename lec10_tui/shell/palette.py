"""The palette: every key of the screen, the knobs' presets, the lessons and the themes, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.types import IgnoreReturnCallbackType

from lec10_tui.lessons import CONTENTS
from lec10_tui.shell.messages import LessonChosen
from lec10_tui.shell.plain_screen import PlainScreen
from lec10_tui.vocabulary.commands import Open
from lec10_tui.vocabulary.knobs import table
from lec10_tui.widgets.keys import Key
from lec10_tui.widgets.lesson import LessonScreen


@dataclass(frozen=True)
class Entry:
    """One line of the palette: what it is called, what it does, how."""

    name: str
    help: str
    run: Callable[[], object]


class Everything(Provider):
    """Offers whatever the screen under the palette can do."""

    def entries(self) -> Iterable[Entry]:
        """The lines in the order in which they are offered."""
        screen = self.screen
        if isinstance(screen, LessonScreen):
            yield from self._keys((*screen.KEYS, *(key for key in screen.all_keys if key not in screen.KEYS)))
            yield from presets(screen)
        elif isinstance(screen, PlainScreen):
            yield from self._keys(screen.KEYS)
        for lesson in CONTENTS:
            chosen = partial(self.app.post_message, LessonChosen(lesson.name))
            yield Entry(f"Lesson: {lesson.name}", lesson.title, chosen)
        for name in sorted(self.app.available_themes):
            yield Entry(
                f"Theme: {name}", "colours of everything but the data", partial(setattr, self.app, "theme", name)
            )

    def _keys(self, keys: Iterable[Key]) -> Iterable[Entry]:
        for key in keys:
            if key.palette:
                help = f"{key.help}   ({key.shown})" if key.shown else key.help
                yield Entry(key.title, help, partial(self._act, key.action))

    async def _act(self, action: str) -> None:
        await self.screen.run_action(action)

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for entry in self.entries():
            yield DiscoveryHit(entry.name, _callback(entry), help=entry.help)

    async def search(self, query: str) -> Hits:
        """What fits the words typed."""
        matcher = self.matcher(query)
        for entry in self.entries():
            # Fuzzy on the name alone: every long help text fits some letters.
            score = matcher.match(entry.name) or 0.1 * (query.lower() in entry.help.lower())
            if score > 0:
                yield Hit(score, matcher.highlight(entry.name), _callback(entry), text=entry.name, help=entry.help)


def presets(screen: LessonScreen) -> Iterable[Entry]:
    """The presets of a lesson: each starts a new run."""
    for knob in table(screen.KNOBS):
        if knob.name == "preset":
            for name in knob.choices:
                command = Open(given={"preset": name})
                yield Entry(f"Preset: {name}", "start a new run with these knobs", partial(screen.send, command))


def _callback(entry: Entry) -> IgnoreReturnCallbackType:
    return entry.run
