"""`lec10 runs`: lists saved runs, and renames, deletes and prunes them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from lec10_tui.commands.printing import on_terminal, print_json

if TYPE_CHECKING:
    from lec10_tui.runs.folders import RunInfo
    from lec10_tui.vocabulary.experiments import Places


def _places() -> Places:
    """Where runs lie: as a caller has put it into the context, else the person's own."""
    from lec10_tui.places import places
    from lec10_tui.vocabulary.experiments import Places

    context = click.get_current_context(silent=True)
    given = context.find_object(Places) if context else None
    return given or places()


def own_names(
    context: click.Context, parameter: click.Parameter, incomplete: str, *, shipped: bool = False
) -> list[CompletionItem]:
    """The names of a person's runs that begin with what was typed, for the shell."""
    from lec10_tui.runs import folders
    from lec10_tui.runs.errors import RunError

    with context.scope(cleanup=False):
        where = _places()
    try:
        found = folders.listing(where.home) + (folders.shipped(where.checkpoints) if shipped else ())
    except RunError:
        return []  # a shell's completion has nowhere to say it
    return [CompletionItem(run.name, help=run.summary) for run in found if run.name.startswith(incomplete)]


run_names = partial(own_names, shipped=True)
"""Those, and the names of what ships."""


@click.group(invoke_without_command=True, epilog="Example: lec10 runs prune --keep 10 --dry-run")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a run and line.")
@click.pass_context
def runs(context: click.Context, as_json: bool) -> None:
    """List saved runs, the newest first; rename, delete and prune them."""
    if context.invoked_subcommand is not None:
        if as_json:
            raise click.UsageError("--json is for the list alone", context)
        return
    from lec10_tui.runs.folders import listing

    home = _places().home
    with _refusals():
        found = listing(home)
    if as_json:
        for run in found:
            print_json({**asdict(run), "path": str(run.path)})
    elif found:
        _print(found)
    else:
        click.echo(f"There is no saved run in {home} yet: a lesson keeps what it trains, lec10 run vae say.")


command = runs


@runs.command(epilog="Example: lec10 runs rename vae-20260131-120000 two-dimensional")
@click.argument("old", shell_complete=own_names)
@click.argument("new")
def rename(old: str, new: str) -> None:
    """Give the run OLD the name NEW."""
    from lec10_tui.runs import folders

    with _refusals():
        click.echo(folders.rename(old, new, _places().home))


@runs.command(short_help="Delete runs for good.", epilog="Example: lec10 runs delete first-try second-try --yes")
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=own_names)
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(names: tuple[str, ...], yes: bool) -> None:
    """Delete runs for good; all of them or, when one of the names is wrong, none."""
    from lec10_tui.runs import folders

    home = _places().home
    chosen = list(dict.fromkeys(names))
    with _refusals():
        for name in chosen:
            folders.check_own(name, home)
        _confirm(f"Delete {', '.join(chosen)} for good?", yes)
        for name in chosen:
            folders.delete(name, home)
            click.echo(f"deleted {name}")


@runs.command(short_help="Delete old runs.", epilog="Example: lec10 runs prune --keep 20 --older-than 30 --dry-run")
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="Leave the newest N alone.")
@click.option("--older-than", type=click.FloatRange(min=0), metavar="DAYS", help="Leave alone what is younger.")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune(keep: int | None, older_than: float | None, dry_run: bool, yes: bool) -> None:
    """Delete old runs: those beyond the newest N, those older than DAYS, or with both flags those that are both."""
    from lec10_tui.runs import folders

    if keep is None and older_than is None:
        raise click.UsageError("say what to prune: --keep N, --older-than DAYS or both", click.get_current_context())
    home, now = _places().home, time.time()
    with _refusals():
        doomed = folders.prune(home, keep, older_than, dry_run=True, now=now)
        if not doomed:
            click.echo("Nothing to prune.")
            return
        if dry_run:
            _print(doomed)
            click.echo(f"{_counted(doomed)} would be deleted.")
            return
        if not yes:
            _print(doomed)
        _confirm(f"Delete {'this run' if len(doomed) == 1 else f'these {len(doomed)} runs'} for good?", yes)
        # Only what was shown: a run that came to be of the pruned ones while the question stood is left alone.
        for run in doomed:
            folders.delete(run.name, home)
        click.echo(f"{_counted(doomed)} deleted.")


@runs.command(epilog='Example: cd "$(lec10 runs path vae-20260131-120000)"')
@click.argument("name", shell_complete=run_names)
def path(name: str) -> None:
    """Print the folder of the run or shipped model NAME."""
    from lec10_tui.runs import folders

    with _refusals():
        click.echo(folders.find(name, _places()))


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal becomes click's one line."""
    from lec10_tui.runs.errors import RunError

    try:
        yield
    except RunError as error:
        raise click.ClickException(str(error)) from error


def _confirm(question: str, yes: bool) -> None:
    """Ask before something is lost; raises Abort for a no, UsageError where nobody can answer."""
    if yes:
        return
    if not on_terminal(sys.stdin):
        raise click.UsageError("nobody is there to ask: --yes deletes without a question", click.get_current_context())
    click.confirm(question, abort=True)


def _counted(found: Sequence[RunInfo]) -> str:
    size = _size(sum(run.size_bytes for run in found))
    return f"{len(found)} {'run' if len(found) == 1 else 'runs'} ({size})"


def _size(number: int) -> str:
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= factor:
            return f"{number / factor:.1f} {unit}"
    return f"{number} B"


def _print(found: Sequence[RunInfo]) -> None:
    """A table on standard output; what is wrong with a run goes to standard error."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from lec10_tui.drawing.numbers import NOTHING, ago, grouped
    from lec10_tui.shell.runs_drawing import result

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    # What an agent does has no epochs: where there is none, there is no column of them.
    epochs = any(run.epoch is not None for run in found)
    columns: tuple[tuple[str, dict[str, Any]], ...] = (
        ("name", {"overflow": "fold", "min_width": 12}),
        ("lesson", {"no_wrap": True}),
        ("what", {"overflow": "fold"}),
        ("step", {"justify": "right", "no_wrap": True}),
        *([("epoch", {"justify": "right", "no_wrap": True})] if epochs else []),
        ("result", {"justify": "right", "no_wrap": True}),
        ("saved", {"justify": "right", "no_wrap": True}),
        ("size", {"justify": "right", "no_wrap": True}),
    )
    for title, settings in columns:
        table.add_column(title, **settings)
    now = time.time()
    for run in found:
        epoch = [NOTHING if run.epoch is None else grouped(run.epoch, 1)] if epochs else []
        words = (run.name, run.lesson, run.summary, grouped(run.step), *epoch, result(run) or NOTHING)
        table.add_row(*map(Text, (*words, ago(now - run.saved_at), _size(run.size_bytes))))
    # Into a file or a pipe nothing is folded to fit an imagined screen.
    console = Console(width=None if on_terminal(sys.stdout) else 400)
    with console.capture() as drawn:
        console.print(table)
    click.echo(drawn.get(), nl=False)
    for run in found:
        if run.note:
            click.echo(f"{run.name}: {run.note}", err=True)
