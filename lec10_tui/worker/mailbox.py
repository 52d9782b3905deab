"""Mailbox: what other threads leave for the worker, and what it waits on."""

from __future__ import annotations

from collections import deque
from threading import Condition

from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.frames import Request


class Mailbox:
    """Commands in order, the latest request, and the wish to stop; any thread may put in, one thread takes out."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._commands: deque[Command] = deque()
        self._request: Request | None = None
        self._stopping = False
        self._news = False

    def send(self, command: Command) -> None:
        """Leave a command; none is ever dropped."""
        with self._condition:
            self._commands.append(command)
            self._wake()

    def ask(self, request: Request) -> None:
        """Leave a request, in place of one that still waits."""
        with self._condition:
            self._request = request
            self._wake()

    def stop(self) -> None:
        """Wish that the worker ends."""
        with self._condition:
            self._stopping = True
            self._wake()

    def _wake(self) -> None:
        self._news = True
        self._condition.notify()

    @property
    def stopping(self) -> bool:
        """Whether the worker is to end."""
        return self._stopping

    @property
    def pressing(self) -> bool:
        """Whether something waits that can't wait for the end of a series of steps; costs no lock."""
        return self._stopping or bool(self._commands)

    @property
    def request(self) -> Request | None:
        """The request that waits, left where it is."""
        return self._request

    def take_request(self) -> Request | None:
        """The request that waits, taken out: one that comes while it is answered is another one."""
        with self._condition:
            request, self._request = self._request, None
            return request

    def take_commands(self) -> list[Command]:
        """The commands that wait, in the order they were sent."""
        with self._condition:
            commands = list(self._commands)
            self._commands.clear()
            return commands

    def wait(self, seconds: float | None) -> None:
        """Sleep until something new is put in, at most `seconds`; at once when something came since the last call."""
        with self._condition:
            if seconds is None or seconds > 0:
                self._condition.wait_for(lambda: self._news, seconds)
            self._news = False
