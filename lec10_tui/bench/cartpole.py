"""Cart-pole: how soon it is solved, and how fast it is stepped, against the usual script with one environment.

Both are timed from the first step of training to the update after which the mean return of the last 100 episodes is
475: no imports, no start of Python, one thread, the same machine in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from lec10_tui.bench.figures import Figure
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.processes import finished, python
from lec10_tui.bench.trained import Trained, train

SEEDS = 5
PAIRS = 3
"""How many of the seeds the script runs too."""

UNTIL = "475"
OURS_SECONDS = "60"
SCRIPT_SECONDS = 45.0
"""When a run, or the script, is stopped unsolved; the script's time then is at least this."""

SAME = ("--episodes", "16", "--hidden", "128", "--activation", "relu")
"""What makes the policy the script's network, 4-128-2, where the two are held against each other by the step."""


@dataclass(frozen=True)
class Turn:
    """One seed: lec10 until it was solved; where the script ran too, lec10's steps a second, and what it said."""

    ours: Trained
    rate: float | None = None
    script: dict[str, Any] | None = None


def measure(setup: Setup) -> Iterator[Figure]:
    """Seed after seed, lec10 and the script in turn."""
    turns = [_turn(setup, seed) for seed in range(SEEDS)]
    yield from solving(turns)
    yield stepping(turns)


def _turn(setup: Setup, seed: int) -> Turn:
    # --seconds: one that is never solved would go on for ever
    ours = train(setup, "--until-return", UNTIL, "--seconds", OURS_SECONDS, "--seed", str(seed))
    if seed >= PAIRS:
        return Turn(ours)
    rate = train(setup, *SAME, "--seconds", f"{setup.seconds:g}", "--seed", str(seed)).steps_per_second
    timing = ("--until-return", UNTIL, "--seconds", f"{SCRIPT_SECONDS:g}", "--seed", str(seed))
    return Turn(ours, rate, finished(python("lec10_tui.bench.usual_reinforce_script", *timing), setup.home))


def solving(turns: list[Turn]) -> Iterator[Figure]:
    """How many seeds solved it, how soon, and how much sooner than the script."""
    solved = [turn.ours for turn in turns if turn.ours.readings["solved"]]
    seconds = median(turn.ours.seconds for turn in turns)
    scripts = [turn.script for turn in turns if turn.script is not None]
    usual = median(script["seconds"] for script in scripts)
    each = {f"seed_{seed}_seconds": turn.ours.seconds for seed, turn in enumerate(turns)}
    what = f"CartPole-v1 to a mean return of {UNTIL}"
    yield Figure("cartpole.solved", len(solved), "seeds", "at least", len(turns), f"{what}, of {len(turns)}", each)
    yield Figure("cartpole.seconds", seconds, "s", "at most", 3.0, f"{what}, training alone, median", each)
    yield Figure(
        "cartpole.script",
        usual / seconds,
        "×",
        "at least",
        10.0,
        f"sooner than the usual script, which is stopped after {SCRIPT_SECONDS:g} s, medians",
        {
            "lec10_seconds": seconds,
            "script_seconds": usual,
            "script_seeds": len(scripts),
            "script_solved": sum(bool(script["solved"]) for script in scripts),
            "script_stopped_after": SCRIPT_SECONDS,
        },
    )


def stepping(turns: list[Turn]) -> Figure:
    """Environment steps a second of training, the same network, against the script's."""
    pairs = [
        (turn.rate, turn.script["steps"] / turn.script["seconds"])
        for turn in turns
        if turn.rate is not None and turn.script is not None
    ]
    return Figure(
        "cartpole.steps",
        median(ours / usual for ours, usual in pairs),
        "×",
        "at least",
        40.0,
        "environment steps a second while training, 16 environments, against that script",
        {
            "lec10_steps_per_second": median(ours for ours, _ in pairs),
            "script_steps_per_second": median(usual for _, usual in pairs),
            "pairs": len(pairs),
        },
    )
