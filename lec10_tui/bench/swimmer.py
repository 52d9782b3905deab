"""The swimmer: how far it gets after ten seconds of training, against the policy it began with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lec10_tui.bench.figures import Figure
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.trained import train
from lec10_tui.places import places

ENVIRONMENT = "lec10/Swimmer-v0"
SECONDS = 10
EPISODES = 100
SEED = 0


def measure(setup: Setup) -> Iterator[Figure]:
    """The mean return of the last 100 episodes; an episode's return is how far the swimmer got forwards."""
    trained = train(setup, "--environment", ENVIRONMENT, "--seconds", str(SECONDS), "--seed", str(SEED))
    yield figure(float(trained.readings["mean_return_100"]), untrained(), trained.readings)


def figure(forwards: float, untrained: float, readings: Any) -> Figure:
    """The ratio of two distances, both in the swimmer's own unit of length."""
    return Figure(
        "swimmer.displacement",
        forwards / untrained,
        "×",
        "at least",
        10.0,
        f"displacement after {SECONDS} s of training, against the untrained policy's, either way",
        {
            "trained_mean": forwards,
            "untrained_mean_absolute": untrained,
            "updates": readings["update"],
            "steps": readings["steps"],
        },
    )


def untrained() -> float:
    """The mean absolute displacement in 100 episodes of the same run's policy before its first update."""
    from lec10_tui.lessons.reinforce.experiment import open_experiment

    given = {"environment": ENVIRONMENT, "episodes": EPISODES, "seed": SEED}
    run = open_experiment(given, places())
    while not run.step:
        run.advance()
    return float(np.abs(run.returns).mean())
