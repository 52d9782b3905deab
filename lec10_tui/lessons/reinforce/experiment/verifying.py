"""`v`: the numbers of the episode in hand and of its update beside the same ones found another way, in slices."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from lec10_tui.environments.replay import replay
from lec10_tui.learning.truths import episode_truths
from lec10_tui.learning.truths.policy_truths import PlainPolicy
from lec10_tui.lessons.reinforce.experiment.credit import as_they_were, credit, judge
from lec10_tui.lessons.reinforce.experiment.hand import Hand
from lec10_tui.lessons.reinforce.experiment.learner import weigh
from lec10_tui.lessons.reinforce.frame import Credit, ReinforceKnobs
from lec10_tui.vocabulary.frames import Verdict, Verdicts

if TYPE_CHECKING:
    from lec10_tui.lessons.reinforce.experiment.training import ReinforceExperiment

AT_ONCE, STEPS_AT_ONCE = 20, 200
"""Gradients, and steps of an environment, in one slice."""
LIBRARY = "by torch.distributions, step by step"
COUNT = "a count"
MOVED = "its update has moved on: train a step, then verify"

Slices = Generator[Verdict | None, None, None]


class Checked:
    """What is verified, as it was when `v` was pressed: the episode in hand, its credit and the knobs behind it."""

    def __init__(self, run: ReinforceExperiment) -> None:
        self.run = run
        self.hand: Hand = run.hands.now
        self.knobs: ReinforceKnobs = run.knobs
        self.baselines = run.learner.baselines
        self.architecture = run.learner.architecture
        self.credit: Credit = credit(self.hand, self.architecture, self.baselines, self.knobs)
        self.readings = dict(run.readings())
        self.observations = self.hand.batch.observations[:, 0]
        self.actions = self.hand.batch.actions[:, 0]
        self.rewards: list[float] = self.hand.batch.rewards[:, 0].tolist()
        self.policy = PlainPolicy(self.hand.policy, self.architecture.plain())


def verify(run: ReinforceExperiment) -> Iterator[Verdicts]:
    """The verdicts on the table and the readings, one more in each Verdicts; raises nothing of its own."""
    checked, step = Checked(run), run.step
    found: list[Verdict] = []
    checks = (_earned, _policy, _gradients, _moved, _update, _environment)
    for number, check in enumerate(checks):
        for verdict in check(checked):
            if verdict is not None:
                found.append(verdict)
            yield Verdicts(step, tuple(found), len(checks) - number)
    yield Verdicts(step, tuple(found))


def _worst(name: str, readings: ArrayLike, truths: ArrayLike, tolerance: float, note: str) -> Verdict:
    """The step whose number is furthest from its truth, for all of them; the tolerance is relative above 1."""
    read, true = np.asarray(readings, np.float64), np.asarray(truths, np.float64)
    at = int(np.argmax(np.abs(read - true)))
    scale = max(1.0, float(np.abs(true).max()))
    return Verdict(f"{name}, worst t = {at}", float(read[at]), float(true[at]), tolerance * scale, note)


def _earned(checked: Checked) -> Slices:
    given, knobs, rewards = checked.credit, checked.knobs, checked.rewards
    to_go = episode_truths.rewards_to_go(rewards, knobs.discount)
    yield _worst("r_t(τ)", given.reward_to_go, to_go, 1e-10, "each summed afresh from t on, the O(T²) way")
    total = episode_truths.total_return(rewards, knobs.discount)
    yield Verdict("r(τ)", given.total_return, total, 1e-10 * max(1.0, abs(total)), "one plain sum")
    # among others the spread is theirs, and is taken as it was; an episode alone has its own
    alone = checked.hand.peers is None
    weights, _ = episode_truths.credits(
        knobs.estimator, rewards, knobs.discount, given.baseline_values.tolist(), alone and knobs.normalise == "on"
    )
    truth = weights if alone else [weight / given.spread for weight in weights]
    yield _worst("weight", given.weight, truth, 1e-10, "from plain sums and the baseline's values")


def _policy(checked: Checked) -> Slices:
    log_prob = judge(checked.hand, checked.architecture, checked.hand.policy).log_prob
    truth = checked.policy.log_prob(checked.observations, checked.actions).detach().numpy()
    yield _worst("log π", log_prob, truth, 1e-9, LIBRARY)
    product = episode_truths.log_of_product(np.exp(truth).tolist())
    yield Verdict("Σ log π", checked.credit.log_prob, product, 1e-8 * max(1.0, abs(product)), "log of the product")


def _gradients(checked: Checked) -> Slices:
    given = checked.credit
    norms: list[float] = []
    whole = torch.zeros(())
    for gradient in checked.policy.gradients(checked.observations, checked.actions, given.weight):
        norms.append(float(gradient.norm()))
        whole = whole + gradient
        if len(norms) % AT_ONCE == 0:
            yield None
    note = "autograd, one backward pass a step"
    yield _worst("‖w ∇ log π‖", given.gradient_norm, norms, 1e-9, note)
    size = float(whole.norm())
    yield Verdict("‖Σ w ∇ log π‖", given.update_norm, size, 1e-9 * max(1.0, size), note)


def _moved(checked: Checked) -> Slices:
    """Δ log π of an update, by the weights before and after it."""
    applied = checked.hand.applied
    if applied is None:
        return
    after = PlainPolicy(applied.policy, checked.architecture.plain())
    steps = (checked.observations, checked.actions)
    truth = (after.log_prob(*steps) - checked.policy.log_prob(*steps)).detach().numpy()
    yield _worst("Δ log π", checked.credit.delta_log_prob, truth, 1e-9, LIBRARY)


def _update(checked: Checked) -> Slices:
    """The readings of the last update, by the batch it learned from."""
    readings, hand, applied = checked.readings, checked.hand, checked.hand.applied
    batch = hand.batch if hand.peers is None else hand.peers
    known = applied is not None and applied.step == readings["update"] and hand.baselines is not None
    if applied is not None and known:
        observations, actions = batch.observations[batch.alive], batch.actions[batch.alive]
        entropy = float(checked.policy.entropy(observations).mean())
        yield Verdict("entropy", readings["entropy"], entropy, 1e-5 * max(1.0, abs(entropy)), LIBRARY)
        after = PlainPolicy(applied.policy, checked.architecture.plain())
        kl = float(checked.policy.kl(after, observations).mean())
        yield Verdict("update_kl", readings["update_kl"], kl, 1e-6 + 1e-3 * kl, LIBRARY)
        yield _gradient_norm(checked, observations, actions)
        truth = sum(batch.rewards[batch.alive[:, -1], -1].tolist())
        yield Verdict("last_return", readings["last_return"], truth, 1e-9 * max(1.0, abs(truth)), "one plain sum")
    else:
        for name in ("entropy", "update_kl", "gradient_norm", "last_return"):
            yield Verdict(name, readings[name], None, 0.0, MOVED)
    for name, note in (("mean_return_100", "of episodes that are gone"), *((n, COUNT) for n in _COUNTS)):
        yield Verdict(name, readings[name], None, 0.0, note)


_COUNTS: Sequence[str] = ("update", "episodes", "steps")


def _gradient_norm(checked: Checked, observations: NDArray[np.float32], actions: NDArray[np.generic]) -> Verdict:
    """The whole gradient of the last update, where the knobs are still those it was made with."""
    hand, knobs, reading = checked.hand, checked.knobs, checked.readings["gradient_norm"]
    if any(step >= checked.readings["update"] for step, _, _ in checked.run.turns.changes):
        return Verdict("gradient_norm", reading, None, 0.0, "knobs were turned since: train a step, then verify")
    batch = hand.batch if hand.peers is None else hand.peers
    given = weigh(batch, as_they_were(hand, checked.architecture, checked.baselines), knobs).weight[batch.alive]
    policy = checked.policy
    aim = torch.from_numpy(given) @ policy.log_prob(observations, actions) / batch.alive.shape[1]
    if knobs.entropy_bonus:
        aim = aim + knobs.entropy_bonus * policy.distribution(observations).entropy().mean()
    parts = torch.autograd.grad(aim, list(policy.parameters.values()))
    size = float(torch.cat([part.flatten() for part in parts]).norm())
    return Verdict("gradient_norm", reading, size, 1e-5 * max(1.0, size), "autograd of the sum, in float64")


def _environment(checked: Checked) -> Slices:
    """The last observation, by gymnasium's own environment stepped alone."""
    hand, description = checked.hand, checked.run.description
    name = f"s at t = {hand.length}, {description.observation_labels[0]}"
    own = hand.batch.final_observations[0]
    if any(event.kind == "push" for event in hand.events):
        yield Verdict(name, float(own[0]), None, 0.0, "gymnasium knows no pushes")
        return
    seen = replay(description, hand.reset_seed, checked.actions)
    if seen is None:
        yield Verdict(name, float(own[0]), None, 0.0, "gymnasium has no such environment")
        return
    last = own
    for time, observation in enumerate(seen):
        last = observation
        if time % STEPS_AT_ONCE == 0:
            yield None
    at = int(np.argmax(np.abs(own - last)))
    name = f"s at t = {hand.length}, {description.observation_labels[at]}"
    yield Verdict(name, float(own[at]), float(last[at]), 1e-5, f"{description.id} of gymnasium, stepped alone")
