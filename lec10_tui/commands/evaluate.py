"""`lec10 evaluate RUN`: how good a saved run or a shipped model is, on what it was not trained on."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from lec10_tui.commands.printing import on_terminal, only_ours, print_json, print_table, progress_bar
from lec10_tui.commands.runs import run_names

EVALUATED = ("vae", "reinforce")
"""The lessons whose runs are judged on what they were not trained on."""

HELP = """Evaluate a saved run or a shipped model on what it was not trained on.

RUN is a run's name (lec10 runs lists them), its folder, or the name of a model that ships.

A vae: ELBO, reconstruction, KL and log p(x) of held-out images, in nats an image. log p(x) is estimated by importance
sampling: a lower bound that tightens with more samples.

A policy (reinforce): the returns of fresh episodes.

\b
Examples: lec10 evaluate vae-k2-bernoulli --importance-samples 1000
          lec10 evaluate reinforce-cartpole --episodes 200 --json
"""


@click.command("evaluate", help=HELP)
@click.argument("run", shell_complete=run_names)
@click.option("--data", metavar="NAME|PATH", help="vae: other images than the run's own (lec10 data lists names).")
@click.option(
    "--importance-samples",
    type=click.IntRange(1, 1_000_000),
    metavar="N",
    help="vae: codes drawn for each image.  [default: 500]",
)
@click.option(
    "--episodes", type=click.IntRange(1, 100_000), metavar="N", help="reinforce: fresh episodes.  [default: 100]"
)
@click.option("--json", is_flag=True, help="Print one JSON object.")
def command(run: str, json: bool, **options: Any) -> None:
    """Print what the lesson's `evaluate` finds; what is wrong is raised with one line, an option not its own too."""
    from lec10_tui.lessons import lesson_named
    from lec10_tui.places import places
    from lec10_tui.runs.folders import find
    from lec10_tui.runs.snapshots import read
    from lec10_tui.vocabulary.knobs import BadValue

    where = places()
    snapshot = read(find(run, where))
    if snapshot.lesson not in EVALUATED:
        raise BadValue(
            f"{run}: a run of {snapshot.lesson} is not evaluated on fresh data; "
            f"those of {' and '.join(EVALUATED)} are, and lec10 open {run} shows its numbers"
        )
    given = {name: value for name, value in options.items() if value is not None}
    with only_ours(), progress_bar("evaluating", shown=on_terminal(sys.stderr)) as advance:
        experiment = import_module(lesson_named(snapshot.lesson).experiment_module)
        values = experiment.evaluate(snapshot, where, given, lambda done: advance(done, f"{done:.0%}"))
    (print_json if json else print_table)(values)
