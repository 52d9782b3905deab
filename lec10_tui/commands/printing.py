"""What a command prints: readings as JSON lines or as a table, and a progress bar on standard error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from typing import Any, TextIO

import click

COUNTS = ("step", "images", "active_dimensions", "importance_samples", "update", "episodes", "steps")
"""Readings that count something: whole numbers, wherever they are written."""

Advance = Callable[[float | None, str], None]
"""Moves a bar to a share of its whole (None: nobody knows) and sets the note beside it."""


def print_json(values: Mapping[str, Any], out: TextIO | None = None) -> None:
    """Print one object on one line of `out` (standard output), at once; a number that is not finite is null."""
    line = json.dumps({name: _plain(name, value) for name, value in values.items()}, ensure_ascii=False)
    click.echo(line, file=out)
    if (out := out or sys.stdout) is not None:
        out.flush()


@contextmanager
def only_ours() -> Iterator[None]:
    """Keep standard output for the command itself: what a simulator prints meanwhile goes to standard error."""
    with redirect_stdout(sys.stderr) if sys.stdout is not None else nullcontext():
        yield


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(name, item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return int(value) if name in COUNTS and value is not None else value


def print_table(values: Mapping[str, Any]) -> None:
    """Print names and values under each other, numbers with a real minus sign."""
    from lec10_tui.drawing.numbers import NOTHING, grouped

    width = max(map(len, values), default=0)
    for name, value in values.items():
        if isinstance(value, bool):
            value = "yes" if value else "no"
        elif value is None:
            value = NOTHING
        elif isinstance(value, (int, float)):
            value = grouped(value, 0 if name in COUNTS or abs(value) >= 10_000 else 3)
        click.echo(f"{name.replace('_', ' '):<{width}}  {value}")


def on_terminal(stream: Any) -> bool:
    """Whether `stream` is there and is a terminal."""
    return stream is not None and bool(stream.isatty())


@contextmanager
def progress_bar(title: str, *, shown: bool) -> Iterator[Advance]:
    """A progress bar on standard error that leaves nothing behind; one that is not `shown` does nothing."""
    if not shown:
        yield lambda done, note: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(24), TextColumn("{task.fields[note]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4) as progress:
        task = progress.add_task(title, total=1.0, note="")
        yield lambda done, note: progress.update(task, completed=done or 0.0, note=note)
