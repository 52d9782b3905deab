"""The parts of the reinforce lesson's frame: what each depends on, and how each is built from the experiment."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lec10_tui.environments.catalogue import film, table_states
from lec10_tui.environments.description import Description
from lec10_tui.learning.policy import PolicyArchitecture
from lec10_tui.lessons.reinforce.experiment.credit import credit, judge
from lec10_tui.lessons.reinforce.experiment.hand import Hand
from lec10_tui.lessons.reinforce.frame import About, Curves, Episode, Renders
from lec10_tui.vocabulary.frames import Part, Verdicts, Wanted

if TYPE_CHECKING:
    from lec10_tui.lessons.reinforce.experiment.training import ReinforceExperiment


def stamp(run: ReinforceExperiment, wanted: Wanted) -> Hashable:
    """What the wanted part depends on; raises KeyError for a name that is none of this lesson's."""
    knobs = run.knobs
    estimator = (knobs.estimator, knobs.baseline, knobs.baseline_constant, knobs.discount, knobs.normalise)
    if wanted.name in ("episode", "credit", "renders"):
        run.hands.begin()
    stamps: dict[str, Hashable] = {
        "about": (run.turns.changes, knobs.length, knobs.until_return, run.by_hand),
        "curves": run.record.version,
        "episode": run.hands.version,
        "credit": (run.hands.version, estimator, knobs.learning_rate, run.step),
        "renders": (run.hands.version, run.worked),
        "verdicts": run.worked,
    }
    return run.number, stamps[wanted.name]


def build_part(run: ReinforceExperiment, wanted: Wanted) -> Part:
    """The wanted part, frozen and copied; raises KeyError for a name that is none of this lesson's."""
    return _BUILDERS[wanted.name](run)


def _about(run: ReinforceExperiment) -> Part:
    description = run.description
    return About(
        environment=description.id,
        native=description.native,
        discrete=description.discrete,
        actions=description.actions,
        observation_labels=description.observation_labels,
        action_labels=description.action_labels,
        arrows=description.arrows,
        pushed=description.pushed,
        drawn=description.drawn,
        horizon=description.horizon,
        threshold=description.threshold,
        parameters=sum(parameter.numel() for parameter in run.learner.policy.parameters()),
        threads=run.knobs.threads,
        given=run.turns.given_texts,
        changes=run.turns.change_texts,
        by_hand=run.by_hand,
    )


def _curves(run: ReinforceExperiment) -> Part:
    names = {"last_return": "return"}
    series = tuple(replace(series, name=names.get(series.name, series.name)) for series in run.record.series)
    return Curves(series, run.description.threshold)


def _episode(run: ReinforceExperiment) -> Part:
    return episode(run.hands.now, run.description, run.learner.architecture, run.hands.earlier)


def episode(hand: Hand, description: Description, architecture: PolicyArchitecture, earlier: bool = False) -> Episode:
    """An episode as the screen and the rollout command show it."""
    batch, length = hand.batch, hand.length
    judged = judge(hand, architecture, hand.policy)
    by_person, pushes = hand.flags()
    states, actions = batch.states[:, 0], batch.actions.reshape(length, -1).astype(np.float64)
    seen = np.concatenate((batch.observations[:, 0], batch.final_observations)).astype(np.float64)
    return Episode(
        number=hand.number,
        earlier=earlier,
        update=hand.update,
        reset_seed=hand.reset_seed,
        trained=hand.peers is not None,
        events=hand.events,
        observations=seen,
        state_labels=description.state_labels,
        states=table_states(description, states),
        probabilities=judged.probabilities,
        mean=judged.mean,
        scale=judged.scale,
        actions=actions,
        log_prob=judged.log_prob,
        entropy=judged.entropy,
        rewards=batch.rewards[:, 0].copy(),
        by_person=by_person,
        pushes=pushes,
        ending=_ending(hand, description),
        film=film(description, states, actions, pushes),
    )


def _ending(hand: Hand, description: Description) -> str:
    if hand.batch.terminated[0]:
        return "terminated"
    own = description.time_limit is not None and description.horizon >= description.time_limit
    return "truncated" if own else "horizon"


def _credit(run: ReinforceExperiment) -> Part:
    return credit(run.hands.now, run.learner.architecture, run.learner.baselines, run.knobs)


def _renders(run: ReinforceExperiment) -> Part:
    if run.description.drawn == "rgb":
        run.draw()
    return run.renders or Renders(np.zeros((0, 1, 1, 3), np.uint8), 0.0)


def _verdicts(run: ReinforceExperiment) -> Part:
    return run.verdicts or Verdicts(run.step, ())


_BUILDERS: dict[str, Callable[[ReinforceExperiment], Part]] = {
    "about": _about,
    "curves": _curves,
    "episode": _episode,
    "credit": _credit,
    "renders": _renders,
    "verdicts": _verdicts,
}
