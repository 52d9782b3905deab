"""What the estimator gives each action of the episode in hand, and what an update did to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.baselines import Baselines
from lec10_tui.learning.policy import PolicyArchitecture, open_policy
from lec10_tui.learning.reinforce import gradient_norms
from lec10_tui.lessons.reinforce.experiment.hand import Hand
from lec10_tui.lessons.reinforce.experiment.learner import Arrays, Weighed, taken, weigh
from lec10_tui.lessons.reinforce.frame import Credit, ReinforceKnobs

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Judged:
    """What a policy says of an episode, in float64: π(·|s_t), its entropy in every state and log π(a_t|s_t), (T,) each.

    `probabilities` are (T, actions), `mean` and `scale` (T, k); what a kind of policy does not have is (T, 0).
    """

    probabilities: Floats
    mean: Floats
    scale: Floats
    entropy: Floats
    log_prob: Floats


@torch.no_grad()
def judge(hand: Hand, architecture: PolicyArchitecture, policy: Arrays) -> Judged:
    """What the policy with the weights `policy` says of the states and actions of an episode."""
    observations, actions = steps_of(hand)
    distribution = open_policy(architecture, policy).double().distribution(observations)
    said = (distribution.probabilities, distribution.mean, distribution.scale, distribution.entropy())
    return Judged(*(value.detach().numpy().copy() for value in (*said, distribution.log_prob(actions))))


def steps_of(hand: Hand) -> tuple[Tensor, Tensor]:
    """The observations (T, d) in float64 and actions (T,) or (T, k) of an episode."""
    observations, actions = taken(hand.batch)
    return observations.double(), actions


def as_they_were(hand: Hand, architecture: PolicyArchitecture, baselines: Baselines) -> Baselines:
    """The baselines as they were when an update learned from the episode; as they are now where none has."""
    if hand.baselines is None:
        return baselines
    before = Baselines(architecture)
    before.load(hand.baselines)
    return before


def weighed(hand: Hand, architecture: PolicyArchitecture, baselines: Baselines, knobs: ReinforceKnobs) -> Weighed:
    """What the estimator gives each step, (T, 1), among the episodes it was learned with where there are any."""
    baselines = as_they_were(hand, architecture, baselines)
    if hand.peers is None:
        return weigh(hand.batch, baselines, knobs)
    whole, lane = weigh(hand.peers, baselines, knobs), hand.origin.lane
    own = (slice(0, hand.length), slice(lane, lane + 1))
    return Weighed(whole.reward_to_go[own], whole.baseline_values[own], whole.weight[own], whole.spread)


def credit(hand: Hand, architecture: PolicyArchitecture, baselines: Baselines, knobs: ReinforceKnobs) -> Credit:
    """The credit of every action of an episode, by the estimator in `knobs` (slides: REINFORCE, Reward Baselines)."""
    given = weighed(hand, architecture, baselines, knobs)
    observations, actions = steps_of(hand)
    policy = open_policy(architecture, hand.policy).double()
    norms, whole = gradient_norms(policy, observations, actions, torch.from_numpy(given.weight[:, 0].copy()))
    log_prob = judge(hand, architecture, hand.policy).log_prob
    applied, moved = hand.applied, np.zeros(0)
    if applied is not None:
        moved = judge(hand, architecture, applied.policy).log_prob - log_prob
    return Credit(
        estimator=knobs.estimator,
        baseline=knobs.baseline,
        discount=knobs.discount,
        learning_rate=knobs.learning_rate,
        reward_to_go=given.reward_to_go[:, 0].copy(),
        baseline_values=given.baseline_values[:, 0].copy(),
        weight=given.weight[:, 0].copy(),
        spread=given.spread,
        gradient_norm=norms.detach().numpy().copy(),
        total_return=float(given.reward_to_go[0, 0]),
        log_prob=float(log_prob.sum()),
        update_norm=whole,
        delta_log_prob=moved,
        more_likely=int((moved > 0).sum()),
        applied=None if applied is None else applied.step,
        batch=1 if applied is None else applied.episodes,
        update_kl=0.0 if applied is None else applied.kl,
    )
