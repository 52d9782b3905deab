"""The words of the reinforce lesson: its knobs, its commands, the parts of its frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.film import Film
from lec10_tui.vocabulary.frames import Part
from lec10_tui.vocabulary.knobs import Knobs, Length, check, knob, seed_knob, threads_knob
from lec10_tui.vocabulary.series import Series

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "reward-to-go": {"estimator": "reward-to-go", "baseline": "none"},
    "full-return": {"estimator": "full-return", "baseline": "none"},
    "learned-baseline": {"estimator": "reward-to-go", "baseline": "value"},
}

ENVIRONMENTS = (
    "CartPole-v1",
    "Acrobot-v1",
    "MountainCar-v0",
    "MountainCarContinuous-v0",
    "Pendulum-v1",
    "FrozenLake-v1",
    "CliffWalking-v1",
    "lec10/Swimmer-v0",
)
"""What the arrows of the environment knob walk through; any other id that is installed can be typed."""

UPDATES = ("updates", "episodes", "seconds")
LENGTHS = (*(Length(amount, "updates") for amount in (50, 100, 200, 1000)), Length())


@dataclass(frozen=True)
class ReinforceKnobs(Knobs):
    """What a person may set in the reinforce lesson."""

    preset: str = knob(
        "reward-to-go", "preset", "a named set of values; what you set yourself stays on top of it",
        kind="restart", sort="choice", choices=tuple(PRESETS),
    )  # fmt: skip
    environment: str = knob(
        "CartPole-v1", "environment", "what the agent acts in: a gymnasium id that is installed",
        kind="restart", sort="text", ladder=ENVIRONMENTS,
    )  # fmt: skip
    estimator: str = knob(
        "reward-to-go", "estimator", "what each ∇ log π is weighed with: the whole return r(τ), or what came after it",
        kind="live", sort="choice", choices=("full-return", "reward-to-go"),
    )  # fmt: skip
    baseline: str = knob(
        "none", "baseline", "what is subtracted from the weight: a constant, the mean, its mean at t, a learned V(s)",
        kind="live", sort="choice", choices=("none", "constant", "mean", "time-dependent", "value"),
    )  # fmt: skip
    baseline_constant: float = knob(
        20.0, "b", "the constant baseline (slide: Reward Baselines)",
        kind="live", sort="number", minimum=-1e6, maximum=1e6,
        ladder=(-200.0, -100.0, -50.0, -20.0, -10.0, 0.0, 10.0, 20.0, 50.0, 100.0, 200.0),
    )  # fmt: skip
    discount: float = knob(
        1.0, "γ", "how much less a reward counts for every step it comes later; the lecture's is 1",
        kind="live", sort="number", ascii="gamma", minimum=0.0, maximum=1.0,
        ladder=(0.0, 0.5, 0.9, 0.95, 0.99, 0.995, 1.0),
    )  # fmt: skip
    normalise: str = knob(
        "off", "normalise", "divide the weights of an update by their standard deviation",
        kind="live", sort="choice", choices=("off", "on"),
    )  # fmt: skip
    learning_rate: float = knob(
        1e-2, "α", "the optimizer's step size",
        kind="live", sort="number", ascii="alpha", minimum=1e-7, maximum=100.0,
        ladder=(1e-4, 3e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1),
    )  # fmt: skip
    entropy_bonus: float = knob(
        0.0, "entropy", "weight of the policy's mean entropy in what is maximized; keeps it exploring",
        kind="live", sort="number", minimum=0.0, maximum=100.0, ladder=(0.0, 0.001, 0.01, 0.1, 1.0),
    )  # fmt: skip
    episodes: int = knob(
        16, "episodes", "episodes in one update, sampled side by side",
        kind="restart", sort="integer", minimum=1, maximum=1024, ladder=(1, 2, 4, 8, 16, 32, 64),
    )  # fmt: skip
    horizon: int | None = knob(
        None, "T", "the most time steps of an episode; own: the environment's own limit",
        kind="restart", sort="integer", minimum=1, maximum=100_000, ladder=(None, 50, 100, 200, 500, 1000), none="own",
    )  # fmt: skip
    hidden: tuple[int, ...] = knob(
        (64,), "hidden", "widths of the policy's hidden layers; a learned baseline has the same",
        kind="restart", sort="widths", minimum=1, maximum=4096, ladder=((), (16,), (64,), (128,), (64, 64)),
    )  # fmt: skip
    activation: str = knob(
        "tanh", "activation", "what stands between the layers",
        kind="restart", sort="choice", choices=("tanh", "relu"),
    )  # fmt: skip
    optimizer: str = knob(
        "adam", "optimizer", "how gradients become steps; sgd is the slide's update itself",
        kind="restart", sort="choice", choices=("adam", "adamw", "sgd", "momentum", "rmsprop", "adagrad"),
    )  # fmt: skip
    until_return: float | None = knob(
        None, "until", "stop once the mean return of the last 100 episodes is this high; never: go on",
        kind="live", sort="number", minimum=-1e9, maximum=1e9, ladder=(None, 100.0, 200.0, 475.0), none="never",
    )  # fmt: skip
    length: Length = knob(  # noqa: RUF009
        Length(200, "updates"), "length", "how long the run is, in updates, episodes or seconds",
        kind="live", sort="length", units=UPDATES, ladder=LENGTHS,
    )  # fmt: skip
    seed: int = seed_knob()
    threads: int = threads_knob()

    @classmethod
    def renewed(cls, name: str) -> frozenset[str]:
        """A preset brings the estimator and its baseline; the rest stays as it is."""
        return frozenset(("estimator", "baseline") if name == "preset" else ())

    @classmethod
    def complete(cls, given: Mapping[str, Any]) -> ReinforceKnobs:
        """`given` over the preset it names; a run that waits for a return has no other length. Raises BadValue."""
        chosen = check(cls, given)
        merged = {**PRESETS[chosen.get("preset", cls.preset)], **chosen}
        if merged.get("until_return") is not None:
            merged.setdefault("length", Length())
        return cls(**merged)


@dataclass(frozen=True)
class NextEpisode(Command):
    """Sample another episode with the policy as it is now, and take it in hand."""


@dataclass(frozen=True)
class PreviousEpisode(Command):
    """Take the episode in hand again that came before this one."""


@dataclass(frozen=True)
class Act(Command):
    """Take `action` at `time` in place of the policy's; what followed is cut and sampled again.

    A discrete action is (index,), a continuous one a value for every dimension.
    """

    time: int
    action: tuple[float, ...]


@dataclass(frozen=True)
class Push(Command):
    """Push at `time`, before the action there; what followed is cut and sampled again.

    `strength` is in the environment's own pushes, signed.
    """

    time: int
    strength: float


@dataclass(frozen=True)
class ApplyUpdate(Command):
    """Take one step of the optimizer along this episode's gradient alone."""


@dataclass(frozen=True, eq=False)
class About(Part):
    """What the run is made of.

    `arrows` are (left | right | up | down, the action's values); `actions` is how many there are (discrete) or how many
    dimensions one has. `drawn` is film, rgb or none; `pushed` says what a push does, "" where there is none.
    `threshold` is the mean return that counts as solved. `given` and `changes` are texts: knobs a person set, live ones
    turned (update:name=value); `by_hand` the updates that `u` made.
    """

    environment: str
    native: bool
    discrete: bool
    actions: int
    observation_labels: tuple[str, ...]
    action_labels: tuple[str, ...]
    arrows: tuple[tuple[str, tuple[float, ...]], ...]
    pushed: str
    drawn: str
    horizon: int
    threshold: float | None
    parameters: int
    threads: int
    given: tuple[str, ...]
    changes: tuple[str, ...]
    by_hand: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Curves(Part):
    """The curves by name against the update, of bounded size: return, mean_return_100, entropy, gradient_norm,
    update_kl; `threshold` is the line of solved.
    """

    series: tuple[Series, ...]
    threshold: float | None


@dataclass(frozen=True)
class Event:
    """What a person did to an episode: `kind` is act or push, `values` the action or (strength,)."""

    time: int
    kind: str
    values: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Episode(Part):
    """The rollout in hand, whole: T actions, T + 1 states.

    `number` counts the episodes taken in hand, `earlier` says whether one came before it that can be gone back to.
    `update` is the policy version it was sampled with, `reset_seed` what the environment was reset with, `trained`
    whether it is one of the episodes that update learned from; `events` what a person did to it.

    Shapes: `observations` (T + 1, d); `probabilities` (T, actions), or (T, 0) where actions are continuous; `mean` and
    `scale` (T, k), or (T, 0) where they are discrete; `actions` (T, 1) indices or (T, k) values before clipping;
    `log_prob` in nats, `entropy`, `rewards`, `by_person`, `pushes` (strengths, 0 for none) all (T,). `state_labels` and
    `states` (T + 1, s) are what the table shows of s_t. `ending` is terminated, truncated (the environment's own time
    limit) or horizon (the knob's), in words.
    """

    number: int
    earlier: bool
    update: int
    reset_seed: int
    trained: bool
    events: tuple[Event, ...]
    observations: Floats
    state_labels: tuple[str, ...]
    states: Floats
    probabilities: Floats
    mean: Floats
    scale: Floats
    actions: Floats
    log_prob: Floats
    entropy: Floats
    rewards: Floats
    by_person: NDArray[np.bool_]
    pushes: Floats
    ending: str
    film: Film | None


@dataclass(frozen=True, eq=False)
class Credit(Part):
    """What the estimator gives each action of the episode in hand; arrays are (T,).

    `weight` multiplies ∇ log π(a_t|s_t): (r(τ) or the reward-to-go) − baseline, over `spread` where weights are
    normalised. `gradient_norm` is ‖weight · ∇ log π(a_t|s_t)‖ over all parameters of the policy. `total_return` is r(τ)
    and `log_prob` is Σ log π(a_t|s_t), the part of log p(τ) that the policy controls. `update_norm` is the norm of the
    sum, the slide's Σ_t weight · ∇ log π.

    After an update, `delta_log_prob` says how far each log π(a_t|s_t) has moved (else (0,)), `more_likely` how many
    have risen, `applied` which step of the run it was; `batch` is how many episodes it learned from, `update_kl` how
    far the policy moved, in nats a state.
    """

    estimator: str
    baseline: str
    discount: float
    learning_rate: float
    reward_to_go: Floats
    baseline_values: Floats
    weight: Floats
    spread: float
    gradient_norm: Floats
    total_return: float
    log_prob: float
    update_norm: float
    delta_log_prob: Floats
    more_likely: int
    applied: int | None
    batch: int
    update_kl: float


@dataclass(frozen=True, eq=False)
class Renders(Part):
    """The environment's own pictures of the episode in hand: `images` (n, height, width, 3) in 0 … 255, the first n
    states; `done` … 1 is how many of all there are.
    """

    images: Bytes
    done: float
