"""Policies trained without a screen: how `lec10 run reinforce` ended, and how long it trained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lec10_tui.bench.figures import BenchError
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.processes import finished, lec10


@dataclass(frozen=True)
class Trained:
    """A run that ended: its last readings, and the `seconds` it trained.

    They are the worker's own, from the first slice of the first update to the end of the last: updates, frames and
    readings are in them, starting Python, importing torch and opening the run are not.
    """

    seconds: float
    readings: Mapping[str, Any]

    @property
    def steps_per_second(self) -> float:
        """Environment steps a second of training, policy and learning included."""
        return float(self.readings["steps"]) / self.seconds


def train(setup: Setup, *arguments: str) -> Trained:
    """`lec10 run reinforce ARGUMENTS` to its end; raises BenchError."""
    return ended(finished(lec10("run", "reinforce", *arguments, "--json"), setup.home))


def ended(last: Mapping[str, Any]) -> Trained:
    """The run whose last line this is; raises BenchError when it was not kept."""
    try:
        config = json.loads((Path(last["run"]) / "config.json").read_text(encoding="utf-8"))
        return Trained(float(config["elapsed"]), last)
    except (OSError, TypeError, ValueError, KeyError) as error:
        raise BenchError(f"lec10 run reinforce left no run that can be read: {error!r}") from None
