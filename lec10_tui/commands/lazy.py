"""A click group whose commands are imported only when they are given."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

Entry = tuple[str, str]
"""Where a command is ("module:object") and what it does in one line."""


class LazyGroup(click.Group):
    """Knows its commands as strings, in titled sections; help lists them without importing any.

    The object an entry names is a click command, or a function that is given the command's name and makes one.
    """

    def __init__(self, *args: Any, sections: Mapping[str, Mapping[str, Entry]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections
        self.entries = {name: entry for section in sections.values() for name, entry in section.items()}

    def list_commands(self, context: click.Context) -> list[str]:
        """The names, in the order of the sections."""
        return list(self.entries)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import the command called `name`; None when there is none."""
        if name not in self.entries:
            return None
        module, _, attribute = self.entries[name][0].partition(":")
        found = getattr(import_module(module), attribute)
        command: click.Command = found if isinstance(found, click.Command) else found(name)
        return command

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Take the arguments; raises UsageError when no command was given and one is needed."""
        if not (arguments or self.invoke_without_command or context.resilient_parsing):
            raise click.UsageError(f"name one of {', '.join(self.entries)}", context)
        return super().parse_args(context, arguments)

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command meant by the first argument; raises UsageError naming the nearest when there is none."""
        name = arguments[0]
        if name not in self.entries and not name.startswith("-"):
            raise click.UsageError(f"there is no {name!r}: {self._instead(name)}", context)
        return super().resolve_command(context, arguments)

    def _instead(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(name.lower(), self.entries, n=1, cutoff=0.5)
        return f"did you mean {near[0]!r}?" if near else f"one of {', '.join(self.entries)}"

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List every section from its table."""
        for title, entries in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name, summary) for name, (_, summary) in entries.items()])
