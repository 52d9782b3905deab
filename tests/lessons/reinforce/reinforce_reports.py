"""Reports of a reinforce run that nobody trained: a cart-pole in numpy, a linear policy, weights as the slides say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lec10_tui.lessons.reinforce.frame import About, Credit, Curves, Episode, Event, Floats, ReinforceKnobs, Renders
from lec10_tui.vocabulary.film import Disc, Film, Stroke, Tag
from lec10_tui.vocabulary.frames import Frame, Part
from lec10_tui.vocabulary.reports import Report, Status
from lec10_tui.vocabulary.series import Ladder

ENDING = "terminated"
NUMBERS: dict[Part, int] = {}
"""A stamp for every part that was reported."""


def swing(steps: int, seed: int) -> tuple[Floats, Floats]:
    """States (T + 1, 4) and actions (T, 1) of a pole on a cart under a policy that leans the right way."""
    dice = np.random.default_rng(seed)
    states, actions = [dice.uniform(-0.05, 0.05, 4)], []
    for _ in range(steps):
        _, speed, angle, spin = states[-1]
        right = dice.random() < 1 / (1 + np.exp(-(6 * angle + 2 * spin)))
        force = 10.0 if right else -10.0
        rest = (force + 0.05 * spin**2 * np.sin(angle)) / 1.1
        turn = (9.8 * np.sin(angle) - np.cos(angle) * rest) / (0.5 * (4 / 3 - 0.1 * np.cos(angle) ** 2 / 1.1))
        push = rest - 0.05 * turn * np.cos(angle) / 1.1
        states.append(states[-1] + 0.02 * np.array([speed, push, spin, turn]))
        actions.append([float(right)])
    return np.array(states), np.array(actions)


def film(states: Floats, actions: Floats) -> Film:
    """The cart, its pole, the track, the force that is about to be applied."""
    frames = len(states)
    x, angle = states[:, 0], states[:, 2]
    corners = np.array([[-0.25, 0.0], [0.25, 0.0], [0.25, 0.25], [-0.25, 0.25]])
    cart = corners + np.stack([x, np.zeros(frames)], 1)[:, None]
    foot = np.stack([x, np.full(frames, 0.25)], 1)
    pole = np.stack([foot, foot + np.stack([np.sin(angle), np.cos(angle)], 1)], 1)
    force = np.full((frames, 2, 2), np.nan)
    for t, (action,) in enumerate(actions):
        way = 1 if action else -1
        force[t] = [[x[t] + 0.3 * way, 0.12], [x[t] + 0.7 * way, 0.12]]
    captions = tuple(f"pole {a:+.2f} rad   cart {c:+.2f} m".replace("-", "−") for a, c in zip(angle, x, strict=True))
    return Film(
        frames,
        (-2.4, -0.15, 2.4, 1.4),
        (
            Stroke(np.array([[-2.4, 0.0], [2.4, 0.0]]), "ground"),
            Stroke(cart, "body", filled=True),
            Stroke(pole, "limb", 0.08),
            Stroke(force, "force"),
        ),
        (Disc(foot, 0.05, "joint"),),
        (Tag(np.array([0.0, -0.1]), ("0",), "faint"),),
        captions,
    )


def episode(steps: int = 41, seed: int = 3, **other: Any) -> Episode:
    """An episode of cart-pole in hand."""
    states, actions = swing(steps, seed)
    right = 1 / (1 + np.exp(-(6 * states[:-1, 2] + 2 * states[:-1, 3])))
    probabilities = np.stack([1 - right, right], 1)
    log_prob = np.log(probabilities[np.arange(steps), actions[:, 0].astype(int)])
    return replace(
        Episode(
            number=1,
            earlier=False,
            update=12,
            reset_seed=seed,
            trained=False,
            events=(),
            observations=states,
            state_labels=("x", "ẋ", "pole", "pole˙"),
            states=states,
            probabilities=probabilities,
            mean=np.zeros((steps, 0)),
            scale=np.zeros((steps, 0)),
            actions=actions,
            log_prob=log_prob,
            entropy=-(probabilities * np.log(probabilities)).sum(1),
            rewards=np.ones(steps),
            by_person=np.zeros(steps, bool),
            pushes=np.zeros(steps),
            ending=ENDING,
            film=film(states, actions),
        ),
        **other,
    )


def credit(of: Episode, estimator: str = "reward-to-go", baseline: str = "none", **other: Any) -> Credit:
    """What the estimator gives that episode's actions."""
    steps = len(of.rewards)
    reward_to_go = np.cumsum(of.rewards[::-1])[::-1].copy()
    total = float(of.rewards.sum())
    values = np.zeros(steps) if baseline == "none" else np.full(steps, 20.0)
    weight = (np.full(steps, total) if estimator == "full-return" else reward_to_go) - values
    norm = np.abs(weight) * np.exp(of.log_prob) * 0.05
    return replace(
        Credit(
            estimator=estimator,
            baseline=baseline,
            discount=1.0,
            learning_rate=0.01,
            reward_to_go=reward_to_go,
            baseline_values=values,
            weight=weight,
            spread=1.0,
            gradient_norm=norm,
            total_return=total,
            log_prob=float(of.log_prob.sum()),
            update_norm=float(norm.sum() / 3),
            delta_log_prob=np.zeros(0),
            more_likely=0,
            applied=None,
            batch=1,
            update_kl=0.0,
        ),
        **other,
    )


def updated(of: Credit, applied: int = 13) -> Credit:
    """The same after an update along it."""
    steps = len(of.weight)
    moved = 0.01 * np.sin(np.arange(steps)) + 0.004
    return replace(
        of, delta_log_prob=moved, more_likely=int((moved > 0).sum()), applied=applied, batch=1, update_kl=0.0021
    )


def about(**other: Any) -> About:
    """What a run on CartPole-v1 is made of."""
    return replace(
        About(
            environment="CartPole-v1",
            native=True,
            discrete=True,
            actions=2,
            observation_labels=("x", "ẋ", "pole", "pole˙"),
            action_labels=("←", "→"),
            arrows=(("left", (0.0,)), ("right", (1.0,))),
            pushed="the cart, 1 m/s",
            drawn="film",
            horizon=500,
            threshold=475.0,
            parameters=450,
            threads=1,
            given=("seed=1",),
            changes=(),
            by_hand=(),
        ),
        **other,
    )


def curves(updates: int = 40) -> Curves:
    """Curves of a run that gets better."""
    dice = np.random.default_rng(5)
    names = ("return", "mean_return_100", "entropy", "gradient_norm", "update_kl")
    ladders = {name: Ladder(name) for name in names}
    mean = 20.0
    for update in range(1, updates + 1):
        level = 20 + 300 * (update / updates) ** 2
        mean += 0.2 * (level - mean)
        values = (
            level * dice.uniform(0.5, 1.5),
            mean,
            0.69 - 0.4 * update / updates,
            dice.uniform(2, 9),
            dice.exponential(0.01),
        )
        for name, value in zip(names, values, strict=True):
            ladders[name].add(update, float(value))
    return Curves(tuple(ladder.series() for ladder in ladders.values()), 475.0)


def renders(count: int, of: int) -> Renders:
    """The first `count` pictures of an environment that draws itself."""
    images = np.zeros((count, 40, 60, 3), np.uint8)
    for t in range(count):
        images[t, :, t % 60] = (255, 160, 40)
    return Renders(images, count / of)


def parts(of: Episode | None = None, given: Credit | None = None, **other: Part) -> dict[str, Part]:
    """The parts of a frame."""
    of = of if of is not None else episode()
    made: dict[str, Part] = {"about": about(), "curves": curves(), "episode": of, "credit": given or credit(of)}
    return {**made, **other}


def report(
    given: Mapping[str, Part] | None = None,
    state: str = "paused",
    origin: str = "new",
    step: int = 12,
    knobs: Mapping[str, Any] | None = None,
    **status: Any,
) -> Report:
    """A report of a run on cart-pole."""
    shown = dict(given) if given is not None else parts()
    frame = Frame(
        "reinforce",
        step,
        None,
        {"update": step, "episodes": 16 * step, "mean_return_100": 63.2, "entropy": 0.55},
        ReinforceKnobs.complete(knobs or {}).plain(),
        shown,
        {name: NUMBERS.setdefault(part, len(NUMBERS)) for name, part in shown.items()},
    )
    return Report(frame, Status(state, origin, **{"unit": "steps", **status}))  # type: ignore[arg-type]


def acted(of: Episode, time: int, action: float, seed: int = 9) -> Episode:
    """The same episode with a person's action at `time`: the past stays, the future is another one."""
    other = episode(len(of.rewards) + 5, seed)
    joined = {
        name: np.concatenate([getattr(of, name)[: time + 1], getattr(other, name)[time + 1 :]])
        for name in ("observations", "states", "actions", "probabilities", "log_prob", "entropy", "rewards")
    }
    joined["actions"][time] = action
    steps = len(joined["actions"])
    by_person = np.zeros(steps, bool)
    by_person[time] = True
    return replace(
        other,
        **joined,
        number=of.number,
        reset_seed=of.reset_seed,
        by_person=by_person,
        events=(Event(time, "act", (action,)),),
        film=film(joined["states"], joined["actions"]),
    )
