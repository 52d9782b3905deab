"""`lec10 data`: lists the data sets, and fetches the full ones."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lec10_tui.data.catalogue import Entry
    from lec10_tui.data.fetching import Progress
    from lec10_tui.vocabulary.experiments import Places

    Fetch = Callable[[str, Places, Progress], Path]

FETCHED = ("mnist", "fashion-mnist")


@click.group("data", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the data sets that --data takes by name; `lec10 data get` fetches the full ones.

    --data also takes a path: an .npz with images (and labels), a folder of idx files, or a folder of pictures whose
    subfolders are the classes. Images are from 4×4 to 128×128, all of one size, at least 20 of them; a tenth is held
    out, or the test set where there is one.
    """
    if context.invoked_subcommand is not None:
        if as_json:
            raise click.UsageError("--json lists the data sets; it goes without a command", context)
        return
    from lec10_tui.data.catalogue import entries
    from lec10_tui.places import places

    if as_json:
        import json

        for entry in entries(places()):
            click.echo(json.dumps(plain(entry)))
    else:
        _print_table(entries(places()))


@command.command("get", short_help="Fetch the full MNIST or Fashion-MNIST.")
@click.argument("name", type=click.Choice(FETCHED))
def get(name: str) -> None:
    """Fetch the full MNIST (11 MB) or Fashion-MNIST (31 MB), check its sha256, and keep it for --data NAME-full."""
    from lec10_tui.places import places

    fetch_shown(name, places())


data = command


def plain(entry: Entry) -> dict[str, Any]:
    """One data set as `--json` prints it."""
    return {
        "name": entry.name,
        "images": entry.images,
        "held_out": entry.held_out,
        "height": entry.size[0],
        "width": entry.size[1],
        "classes": entry.classes,
        "source": entry.source,
        "licence": entry.licence,
        "present": entry.present,
        "where": None if entry.where is None else str(entry.where),
    }


def fetch_shown(name: str, places: Places, fetch: Fetch | None = None, system: Path | None = None) -> None:
    """Fetch a full data set with a progress bar on standard error; raises ClickException with one line."""
    from lec10_tui.data import catalogue, fetching
    from lec10_tui.data.image_set import DataError

    full, system = f"{name}-full", system or catalogue.SYSTEM
    (entry,) = (entry for entry in catalogue.entries(places, system) if entry.name == full)
    if entry.where is not None and entry.where.is_relative_to(system):
        click.echo(f"{full} is here already: {entry.where}")
        return
    try:
        with _hangups_interrupt(), _progress_bar() as bar:
            task = bar.add_task(name, total=None)
            where = (fetch or fetching.fetch)(
                name, places, lambda count, total: bar.update(task, completed=count, total=total)
            )
            catalogue.load(full, places, system)
    except DataError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{full} is here: {where}")


@contextmanager
def _progress_bar() -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield bar


@contextmanager
def _hangups_interrupt() -> Iterator[None]:
    """SIGTERM and SIGHUP end Python without cleaning up; inside, they interrupt as Ctrl-C does."""
    wanted = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # nohup ignores a signal, and what is ignored stays so
    before = {number: handler for number in wanted if (handler := signal.getsignal(number)) is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_table(listed: tuple[Entry, ...]) -> None:
    from rich.console import Console
    from rich.text import Text

    from lec10_tui.drawing.numbers import grouped

    console = Console(highlight=False)
    form = "{:<18}  {:>7}  {:>8}  {:>7}  {:>7}  {}"
    console.print(Text(form.format("name", "images", "held out", "size", "classes", "licence"), style="dim"))
    for entry in listed:
        size = "{}×{}".format(*entry.size)
        counts = (grouped(entry.images), grouped(entry.held_out), size, entry.classes, entry.licence)
        line = Text(form.format(entry.name, *counts))
        line.stylize("bold" if entry.present else "dim", 0, len(entry.name))
        where = str(entry.where) if entry.where else f"not here; lec10 data get {entry.get} fetches it"
        for text in (line, Text(f"    {entry.source}"), Text(f"    {where}")):
            console.print(text, soft_wrap=True)
