"""`lec10 evaluate RUN`: the ELBO, its terms and log p(x) of a saved run or a shipped model."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from lec10_tui.commands.printing import on_terminal, print_json, print_table, progress_bar

HELP = """Evaluate a model on held-out images: ELBO, reconstruction, KL and log p(x), in nats an image.

RUN is a run's name (lec10 runs lists them), its folder, or the name of a model that ships. log p(x) is estimated by
importance sampling: a lower bound that tightens with more samples.

Example: lec10 evaluate vae-k2-bernoulli --importance-samples 1000
"""


@click.command("evaluate", help=HELP)
@click.argument("run")
@click.option("--data", metavar="NAME|PATH", help="Other images than the run's own (lec10 data lists names).")
@click.option(
    "--importance-samples",
    type=click.IntRange(1, 1_000_000),
    metavar="N",
    default=500,
    show_default=True,
    help="Codes drawn for each image.",
)
@click.option("--json", is_flag=True, help="Print one JSON object.")
def command(run: str, data: str | None, importance_samples: int, json: bool) -> None:
    """Print what the lesson's `evaluate` finds; raises RunError, DataError or BadValue with one line."""
    from lec10_tui.lessons import lesson_named
    from lec10_tui.places import places
    from lec10_tui.runs.folders import find
    from lec10_tui.runs.snapshots import read

    where = places()
    snapshot = read(find(run, where))
    shown = on_terminal(sys.stderr)
    with progress_bar(f"{importance_samples} importance samples an image", shown=shown) as advance:
        experiment = import_module(lesson_named(snapshot.lesson).experiment_module)
        values = experiment.evaluate(
            snapshot, where, data, importance_samples, lambda done: advance(done, f"{done:.0%}")
        )
    (print_json if json else print_table)(values)
