"""`lec10 rollout`: one episode of a policy, step by step, with what each action gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

import click

from lec10_tui.commands.lesson_flags import KnobType, named_values
from lec10_tui.commands.printing import only_ours, print_json, print_table
from lec10_tui.commands.runs import run_names
from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.reinforce.frame import Event, ReinforceKnobs
from lec10_tui.vocabulary.knobs import BadValue, named

LESSON = "reinforce"

HELP = """Roll out one episode and print every time step: what was seen, what was done, and what the estimator gives it.

RUN is a run's name (lec10 runs lists them), its folder, or the name of a model that ships; with --environment in its
place the policy is a new one. The same words give the same episode. A person's action (--act) or push (--push) at T
cuts the episode there, and the rest is sampled again.

\b
Examples: lec10 rollout reinforce-cartpole --estimator full-return
          lec10 rollout --environment FrozenLake-v1 --seed 3 --json
          lec10 rollout reinforce-cartpole --push 10:-2 --act 11:1
"""

HEADS = {
    "probabilities": "π(a|s)", "mean": "μ", "scale": "σ", "action": "a", "log_prob": "log π", "reward": "r",
    "reward_to_go": "Σ r", "gradient_norm": "‖∇‖",
}  # fmt: skip
CELLS = 8
MOST = 8
"""Numbers of one observation or policy that a row has room for; --json has them all."""


def _knob(name: str, metavar: str, help: str) -> click.Option:
    item = named(ReinforceKnobs, name)
    return click.Option([item.flag], type=KnobType(item), metavar="|".join(item.choices) or metavar, help=help)


def roll_out(run: str | None, json: bool, episode: int, act: Iterable[str], push: Iterable[str], **values: Any) -> None:
    """Print the steps, then the return; what is wrong is raised with one line."""
    from lec10_tui.places import places
    from lec10_tui.runs.folders import find
    from lec10_tui.runs.snapshots import read

    given = named_values(ReinforceKnobs, values)
    if (run is None) == ("environment" not in given):
        raise click.UsageError("name a RUN or an --environment, one of them", click.get_current_context())
    where = places()
    snapshot = read(find(run, where)) if run is not None else None
    if snapshot is not None and snapshot.lesson != LESSON:
        raise BadValue(f"{run}: a run of {snapshot.lesson} has no episodes; lec10 rollout takes one of {LESSON}")
    experiment = import_module(lesson_named(LESSON).experiment_module)
    did = events(act, push)
    with only_ours():
        steps = experiment.rollout(snapshot, given, where, episode, did)
    if json:
        for step in steps:
            print_json(step)
    else:
        _print(steps)


def events(acts: Iterable[str], pushes: Iterable[str]) -> tuple[Event, ...]:
    """What a person did, in order of time; at one time step the push comes before the action. Raises BadValue.

    As in the lesson, pushes at one time add up, and are gone where they cancel.
    """
    strengths: dict[int, float] = {}
    for event in (_event("push", text, "T:STRENGTH, as 10:-2") for text in pushes):
        strengths[event.time] = strengths.get(event.time, 0.0) + event.values[0]
    found = [Event(time, "push", (strength,)) for time, strength in strengths.items() if strength]
    taken: dict[int, Event] = {}
    for event in (_event("act", text, "T:VALUE or T:VALUE,VALUE, as 10:1") for text in acts):
        if event.time in taken:
            raise BadValue(f"--act: there is one action at a time, and two at t = {event.time}")
        taken[event.time] = event
    return tuple(sorted((*found, *taken.values()), key=lambda event: event.time))


def _event(kind: str, text: str, wanted: str) -> Event:
    time, _, rest = text.replace("−", "-").partition(":")
    words = rest.split(",")
    try:
        event = Event(int(time), kind, tuple(float(word) for word in words))
    except ValueError:
        event = Event(-1, kind, ())
    sound = all(abs(value) <= 1e6 for value in event.values) and (kind == "act" or len(event.values) == 1)
    if event.time < 0 or not sound:
        raise BadValue(f"--{kind}: {text!r} is not {wanted}")
    return event


def _print(steps: Iterable[Mapping[str, Any]]) -> None:
    """A row a time step under the names of its columns, then what the whole episode comes to."""
    headed = False
    for step in steps:
        if "t" not in step:
            click.echo()
            print_table(step)
            return
        columns = {name: value for name, value in step.items() if name != "t"}
        if not headed:
            click.echo(_line("t", ((HEADS.get(name, name), _width(value)) for name, value in columns.items())))
            headed = True
        click.echo(_line(str(step["t"]), ((_words(value), _width(value)) for value in columns.values())))


def _line(time: str, cells: Iterable[tuple[str, int]]) -> str:
    return f"{time:>5}  " + "  ".join(f"{words[:width]:>{width}}" for words, width in cells)


def _width(value: Any) -> int:
    return CELLS * min(len(value), MOST + 1) if isinstance(value, (list, tuple)) and value else CELLS


def _words(value: Any) -> str:
    """A number, or numbers beside each other, in columns of fixed width."""
    from lec10_tui.drawing.numbers import fixed

    if isinstance(value, (list, tuple)):
        more = "…".rjust(CELLS) if len(value) > MOST else ""
        return "".join(fixed(item, CELLS) for item in value[:MOST]) + more
    return str(value) if isinstance(value, (int, str)) else fixed(value, CELLS, 3)


command = click.Command(
    "rollout",
    callback=roll_out,
    help=HELP,
    params=[
        click.Argument(["run"], required=False, shell_complete=run_names),
        _knob("environment", "ID", "Roll out a new policy in this environment: a gymnasium id that is installed."),
        _knob("seed", "N", "What the environment and the noise are seeded by; of a new policy its weights too."),
        click.Option(
            ["--episode"], type=click.IntRange(0), default=0, show_default=True, metavar="N", help="Which episode."
        ),
        _knob("estimator", "NAME", "What each ∇ log π is weighed with; by default as the run has it."),
        _knob("baseline", "NAME", "What is subtracted from the weight; by default as the run has it."),
        _knob("discount", "G", "γ, how much less a reward counts for every step it comes later."),
        _knob("horizon", "N|own", "The most time steps; own: the environment's own limit."),
        click.Option(["--act"], multiple=True, metavar="T:VALUE[,VALUE…]", help="Act at T; may be given again."),
        click.Option(["--push"], multiple=True, metavar="T:STRENGTH", help="Push at T; may be given again."),
        click.Option(["--json"], is_flag=True, help="Print one JSON object a time step, then one of the episode."),
    ],
)
