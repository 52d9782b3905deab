"""What the app's own screens tell the app: past-tense news, frozen in what they carry."""

from __future__ import annotations

from textual.message import Message


class LessonChosen(Message):
    """A lesson was chosen: `run` names a saved run to open in it, `demo` plays its scenes."""

    def __init__(self, name: str, run: str | None = None, demo: bool = False) -> None:
        super().__init__()
        self.name = name
        self.run = run
        self.demo = demo
