"""A screen's end of no worker: it remembers what it was sent and asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.frames import Request


@dataclass
class FakeLink:
    """Records what it is sent and asked."""

    sent: list[Command] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def send(self, command: Command) -> None:
        self.sent.append(command)

    def ask(self, request: Request) -> None:
        self.asked.append(request)

    @property
    def wanted(self) -> set[str]:
        """The names of the parts that were asked for last."""
        return set(self.sizes)

    @property
    def sizes(self) -> dict[str, tuple[int, int]]:
        """What was asked for of each of them: columns and rows."""
        return {want.name: (want.columns, want.rows) for want in self.asked[-1].wanted}

    def took(self) -> list[Command]:
        """What was sent since the last look."""
        sent, self.sent = self.sent, []
        return sent
