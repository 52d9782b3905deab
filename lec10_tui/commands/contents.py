"""`lec10`, `lec10 LESSON` and `lec10 open`: opens the app, where there is a terminal for it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from lec10_tui.commands.printing import on_terminal
from lec10_tui.commands.runs import run_names
from lec10_tui.lessons import CONTENTS, Lesson, lesson_named

ASCII = "Draw with ASCII characters alone."
THEME = "Colours: lec10-dark, lec10-light, lec10-projector or one of Textual's."


OPEN_HELP = """Open a saved run, exactly where it stopped; without RUN the newest.

RUN is a run's name (lec10 runs lists them), its folder, or the name of a model that ships.

Example: lec10 open vae-k2-bernoulli
"""


def open_app(
    *,
    lesson: Lesson | None = None,
    given: Mapping[str, Any] | None = None,
    run: str | None = None,
    ascii: bool = False,
    theme: str | None = None,
) -> int:
    """Open the app on the contents, a lesson or a run; its exit code. Raises UsageError where there is no terminal."""
    if not (on_terminal(sys.stdin) and on_terminal(sys.stdout)):
        raise click.UsageError(f"the app needs a terminal; without one, {_without_screen(lesson, run)}")
    from lec10_tui.app import run_app
    from lec10_tui.places import places

    name_or_none = lesson.name if lesson else None
    return run_app(lesson=name_or_none, given=given or {}, run=run, places=places(), ascii=ascii, theme=theme)


def _without_screen(lesson: Lesson | None, run: str | None) -> str:
    """What can be done instead."""
    if run is None:
        return f"lec10 run {(lesson or CONTENTS[0]).name} does the same (--help says how)"
    from lec10_tui.commands.evaluate import EVALUATED
    from lec10_tui.runs.folders import info

    lesson_name = info(Path(run)).lesson
    another = f"lec10 run {lesson_name} makes another"
    return f"lec10 evaluate {shlex.quote(run)} says how good it is, {another}" if lesson_name in EVALUATED else another


def lesson_command(name: str) -> click.Command:
    """The command that opens the lesson called `name`, with its knobs as flags."""
    from lec10_tui.commands.lesson_flags import given, options, presets

    lesson = lesson_named(name)

    def open_lesson(ascii: bool, theme: str | None, **values: Any) -> int:
        return open_app(lesson=lesson, given=given(lesson, values).knobs, **_look(ascii, theme))

    return click.Command(
        name,
        callback=open_lesson,
        params=[*options(lesson, app=True), *_look_options()],
        help=f"{lesson.title} (slides: {' · '.join(lesson.slides)}).\n\n{lesson.opening}",
        epilog=f"{presets(lesson)}\n\nExample: lec10 {name} --seed 1",
    )


@click.command("open", help=OPEN_HELP)
@click.argument("run", required=False, shell_complete=run_names)
@click.option("--ascii", is_flag=True, help=ASCII)
@click.option("--theme", metavar="NAME", help=THEME)
def open_run(run: str | None, ascii: bool, theme: str | None) -> int:
    """Open RUN, or the newest run, exactly where it stopped."""
    from lec10_tui.places import places
    from lec10_tui.runs.folders import find, listing

    where = places()
    if run is None:
        newest = next(iter(listing(where.home)), None)
        if newest is None:
            raise click.UsageError("there is no saved run yet: lec10 vae trains one", click.get_current_context())
        return open_app(run=str(newest.path), **_look(ascii, theme))
    return open_app(run=str(find(run, where)), **_look(ascii, theme))


def _look_options() -> list[click.Parameter]:
    return [click.Option(["--ascii"], is_flag=True, help=ASCII), click.Option(["--theme"], metavar="NAME", help=THEME)]


def _look(ascii: bool, theme: str | None) -> dict[str, Any]:
    """How the app looks: what was said after the command, else before it."""
    above = click.get_current_context().obj
    return {"ascii": ascii or above["ascii"], "theme": theme or above["theme"]}
