"""`lec10 bench`: measures lec10 on this machine and holds it against its targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lec10_tui.bench.figures import Figure
    from lec10_tui.bench.measures import Measure, Setup

HELP = """Measure lec10 on this machine: everything, or the groups you NAME.

Each figure is a ratio or a percentile inside one run, so that it means the same on a slow machine and a fast one. It
takes about ten minutes; let the machine do nothing else meanwhile.
"""


@click.command(help=HELP, epilog="Example: lec10 bench startup keys --json")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--list", "listing", is_flag=True, help="List the groups and measure nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a figure and line.")
@click.option(
    "--seconds",
    type=click.FloatRange(2, 600),
    default=6.0,
    show_default=True,
    help="How long each stretch is that is timed.",
)
def command(names: tuple[str, ...], listing: bool, as_json: bool, seconds: float) -> int:
    """Measure; 0 when everything could be measured, whatever came out, else 1."""
    import tempfile
    from pathlib import Path

    from lec10_tui.bench.measures import MEASURES, Setup

    by_name = {measure.name: measure for measure in MEASURES}
    for name in names:
        if name not in by_name:
            raise click.UsageError(f"there is no {name!r} to measure: {', '.join(by_name)}")
    if listing:
        for name, measure in by_name.items():
            click.echo(f"{name:<8}  {measure.what}")
        return 0
    chosen = [by_name[name] for name in dict.fromkeys(names) or by_name]
    with tempfile.TemporaryDirectory(prefix="lec10-bench-") as home:
        return take(chosen, Setup(Path(home), seconds), as_json)


def take(measures: Sequence[Measure], setup: Setup, as_json: bool) -> int:
    """Take the measures one after the other and print their figures; 1 when one of them could not be taken, else 0."""
    from lec10_tui.bench.figures import BenchError
    from lec10_tui.commands.printing import print_json

    figures: list[Figure] = []
    troubles = 0
    for measure in measures:
        click.echo(f"measuring {measure.name}: {measure.what} …", err=True)
        try:
            for figure in measure.figures(setup):
                figures.append(figure)
                if as_json:
                    print_json(figure.plain())
        except BenchError as error:
            troubles += 1
            click.echo(f"lec10: bench {measure.name}: {error}", err=True)
    if figures and not as_json:
        _print(figures)
    return 1 if troubles else 0


def _print(figures: list[Figure]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("figure", no_wrap=True)
    table.add_column()
    table.add_column("measured", justify="right", no_wrap=True)
    table.add_column("target", no_wrap=True)
    table.add_column()
    for figure in figures:
        mark = "[green]✓[/]" if figure.met else "[red]✗[/]"
        table.add_row(figure.name, figure.what, f"{_number(figure.value)} {figure.unit}", figure.target, mark)
    Console().print(table)


def _number(value: float) -> str:
    from lec10_tui.drawing.numbers import grouped

    return grouped(value, 0 if abs(value) >= 1000 or value == int(value) else 2 if abs(value) < 100 else 1)
