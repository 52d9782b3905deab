"""Evaluates a saved policy on fresh episodes, and prints single ones step by step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

import numpy as np
import torch

from lec10_tui.environments.catalogue import make
from lec10_tui.environments.rollout import Rollout
from lec10_tui.learning.policy import policy_arrays
from lec10_tui.lessons.reinforce.experiment.credit import credit
from lec10_tui.lessons.reinforce.experiment.hand import Origin, sampled
from lec10_tui.lessons.reinforce.experiment.learner import Learner
from lec10_tui.lessons.reinforce.experiment.parts import episode
from lec10_tui.lessons.reinforce.frame import Credit, Episode, Event, ReinforceKnobs
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import BadValue, check
from lec10_tui.vocabulary.reports import Snapshot

AT_ONCE = 32
"""Episodes side by side."""


def evaluate(
    snapshot: Snapshot,
    places: Places,
    options: Mapping[str, Any],
    progress: Callable[[float], None] = lambda done: None,
) -> Mapping[str, float]:
    """Means over fresh `episodes` (100) of the run's policy, none of them learned from; reports progress from 0 to 1.

    mean_return with its standard error, the least and the greatest return, mean_length in steps and the policy's mean
    entropy in nats. Raises BadValue for any other option, NoEnvironment or EnvironmentBroke.
    """
    for name in options.keys() - {"episodes"}:
        raise BadValue(f"{name.replace('_', ' ')}: a policy is evaluated on episodes; --episodes says how many")
    wanted = int(options.get("episodes", 100))
    knobs = ReinforceKnobs(**check(ReinforceKnobs, snapshot.header["knobs"]))
    torch.set_num_threads(knobs.threads)
    returns: list[float] = []
    lengths: list[int] = []
    entropies = 0.0
    while len(returns) < wanted:
        with closing(make(knobs.environment, min(AT_ONCE, wanted - len(returns)), knobs.horizon)) as lanes:
            learner = Learner(lanes.description, knobs, snapshot.arrays)
            origin = Origin(knobs.seed, len(returns), "evaluate", 0, lanes.lanes)
            drawn = origin.noise(lanes.description)
            sampling = Rollout(lanes, _choose(learner, drawn.at), origin.reset_seeds())
            sampling.advance(math.inf)
            batch = sampling.batch()
        entropies += learner.entropy(batch) * batch.steps
        returns += [float(value) for value in batch.rewards.sum(0)]
        lengths += [int(value) for value in batch.lengths]
        progress(len(returns) / wanted)
    return {
        "episodes": len(returns),
        "mean_return": float(np.mean(returns)),
        "mean_return_error": float(np.std(returns, ddof=1) / len(returns) ** 0.5) if len(returns) > 1 else float("nan"),
        "least_return": min(returns),
        "greatest_return": max(returns),
        "mean_length": float(np.mean(lengths)),
        "entropy": entropies / sum(lengths),
    }


def _choose(learner: Learner, noise_at: Callable[[int], Any]) -> Callable[[Any, int], Any]:
    return lambda seen, time: learner.sampler.choose(seen, noise_at(time))


def rollout(
    snapshot: Snapshot | None, given: Mapping[str, Any], places: Places, number: int, events: tuple[Event, ...] = ()
) -> Iterator[dict[str, Any]]:
    """Sample episode `number` of a run's policy, or of a new one with the knobs `given`; one dict a time step.

    It is the episode that the lesson takes in hand as that number, replayed with what a person did to it. The columns
    are the table's: t, observation, probabilities (or mean and scale), action, log_prob, reward, reward_to_go, weight,
    gradient_norm; the last dict has return and log_prob, and how the episode ended. Raises BadValue, NoEnvironment or
    EnvironmentBroke at once, before the first step is given.
    """
    if snapshot is None:
        knobs = ReinforceKnobs.complete(given)
    else:
        saved = ReinforceKnobs(**check(ReinforceKnobs, snapshot.header["knobs"]))
        knobs = ReinforceKnobs(**{**vars(saved), **check(ReinforceKnobs, given)})
    torch.set_num_threads(knobs.threads)
    with closing(make(knobs.environment, 1, knobs.horizon)) as lanes:
        learner = Learner(lanes.description, knobs, snapshot.arrays if snapshot else None)
        update = snapshot.step if snapshot else 0
        origin = Origin(knobs.seed, number, "walk")
        hand = sampled(update, origin, policy_arrays(learner.policy), learner.architecture, lanes, events)
    whole = episode(hand, lanes.description, learner.architecture)
    return _rows(whole, credit(hand, learner.architecture, learner.baselines, knobs), lanes.description.discrete)


def _rows(whole: Episode, given_to: Credit, discrete: bool) -> Iterator[dict[str, Any]]:
    """An episode as the columns of its table, then what the whole of it comes to."""
    for time, action in enumerate(whole.actions):
        yield {
            "t": time,
            "observation": whole.observations[time].tolist(),
            **(
                {"probabilities": whole.probabilities[time].tolist()}
                if discrete
                else {"mean": whole.mean[time].tolist(), "scale": whole.scale[time].tolist()}
            ),
            "action": int(action[0]) if discrete else action.tolist(),
            "log_prob": float(whole.log_prob[time]),
            "reward": float(whole.rewards[time]),
            "reward_to_go": float(given_to.reward_to_go[time]),
            "weight": float(given_to.weight[time]),
            "gradient_norm": float(given_to.gradient_norm[time]),
        }
    yield {"return": given_to.total_return, "log_prob": given_to.log_prob, "ending": whole.ending}
