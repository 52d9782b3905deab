"""StepRows: the words between whoever has an episode and the table that shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StepRows:
    """What the table shows of an episode of T actions: arrays as sampled and as credited, and their labels.

    Shapes: `states` (T + 1, s), or (T, s); `probabilities` (T, actions), or (T, 0) where actions are continuous; `mean`
    and `scale` (T, k), or (T, 0) where they are discrete; `actions` (T, 1) indices, or (T, k) values; `log_prob` in
    nats, `rewards`, `reward_to_go`, `weight`, `gradient_norm`, `by_person`, `pushes` (signed strengths, 0 for none)
    (T,); `delta_log_prob` (T,) once an update was applied, else (0,). `action_labels` has one for every discrete
    action, or for every dimension; `estimator` and `baseline` are named as the knobs are and give the weights their
    colour. `ending` are words for the row after the last action; without them there is no such row.
    """

    state_labels: tuple[str, ...]
    states: Floats
    action_labels: tuple[str, ...]
    probabilities: Floats
    mean: Floats
    scale: Floats
    actions: Floats
    log_prob: Floats
    rewards: Floats
    reward_to_go: Floats
    weight: Floats
    gradient_norm: Floats
    delta_log_prob: Floats
    by_person: NDArray[np.bool_]
    pushes: Floats
    estimator: str
    baseline: str
    ending: str = ""

    @property
    def steps(self) -> int:
        """T, the number of actions."""
        return len(self.log_prob)

    @property
    def count(self) -> int:
        """How many rows the table has: one a time step, and one for the ending where there are words for it."""
        return self.steps + bool(self.ending)

    @property
    def discrete(self) -> bool:
        """Whether an action is one of a few, and has a probability."""
        return bool(self.probabilities.shape[1])

    @property
    def weight_ink(self) -> str:
        """What the weights are, as the colour's meaning."""
        if self.baseline != "none":
            return "baseline"
        return "return" if self.estimator == "full-return" else "reward_to_go"
