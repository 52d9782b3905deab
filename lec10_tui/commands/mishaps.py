"""What went wrong, in one line, and the exit code it leaves with."""

from __future__ import annotations

import traceback
from pathlib import Path

import click

FAILED, USAGE = 1, 2


def explain(error: Exception) -> tuple[str, int]:
    """One line and an exit code for `error`; what nobody foresaw leaves its traceback in the log."""
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path.removeprefix("lec10").strip() if error.ctx else ""
        return _one_line(f"{path}: {error.format_message()}" if path else error.format_message()), USAGE
    if isinstance(error, click.ClickException):
        return _one_line(error.format_message()), FAILED

    from lec10_tui.data.image_set import DataError
    from lec10_tui.environments.description import EnvironmentBroke, NoEnvironment
    from lec10_tui.runs.errors import RunError
    from lec10_tui.vocabulary.knobs import BadValue
    from lec10_tui.vocabulary.reports import RunFailed

    if isinstance(error, BadValue):
        return _one_line(str(error)), USAGE
    if isinstance(error, RunFailed):
        return _one_line(f"{error.what}; {error.advice}"), FAILED
    if isinstance(error, (DataError, RunError, NoEnvironment, EnvironmentBroke)):
        return _one_line(str(error)), FAILED
    if isinstance(error, OSError) and error.strerror:
        return _one_line(f"{error.filename}: {error.strerror}" if error.filename else error.strerror), FAILED
    return _unforeseen(error), FAILED


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _unforeseen(error: Exception) -> str:
    line = _one_line(f"{type(error).__name__}: {error}")
    log = write_log(line, "".join(traceback.format_exception(error)))
    return f"{line} (details in {log})" if log else f"{line} (no log can be written)"


def write_log(what: str, detail: str) -> Path | None:
    """Put a traceback into the person's log file; None where it can't be written."""
    from lec10_tui.places import places
    from lec10_tui.shell.log import record

    return record(places().home, what, detail)
