"""Description: what is known of an environment before it is stepped, and what goes wrong in one line."""

from __future__ import annotations

from dataclasses import dataclass


class NoEnvironment(ValueError):
    """An id that nothing can be made of; the one line says what would be needed, or which ids come near."""


class EnvironmentBroke(RuntimeError):
    """An environment raised, or gave what is no number, while it was reset, stepped or drawn.

    The one line says where and what; `advice`, the end of it, what to change where it is not the environment itself.
    """

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(f"{what}; {advice}" if advice else what)
        self.what = what
        self.advice = advice


@dataclass(frozen=True)
class Description:
    """What an agent, a table and the arrow keys have to know of an environment.

    id: as gymnasium writes it, with its version; native: stepped by numpy of our own.
    observation_size: d of the vector that the policy sees (Discrete one-hot, everything else flattened), with a label
        for every number of it in observation_labels. state_labels: what a table shows of the state, few and short.
    discrete: whether actions are indices; `actions` counts them, or the dimensions of a continuous one; action_labels
        has one for each. action_low, action_high: the bounds that continuous actions are clipped to, () for discrete.
    arrows: (left | right | up | down, the action's values: (index,), or one for every dimension).
    pushed: what a push of strength 1 does ("the cart, 1 m/s"), "" where nothing can be pushed.
    time_limit: the environment's own; horizon: the most steps of an episode that are in force.
    threshold: the mean return that counts as solved; drawn: film, rgb (the environment's own picture) or none.
    """

    id: str
    native: bool
    observation_size: int
    observation_labels: tuple[str, ...]
    state_labels: tuple[str, ...]
    discrete: bool
    actions: int
    action_labels: tuple[str, ...]
    action_low: tuple[float, ...]
    action_high: tuple[float, ...]
    arrows: tuple[tuple[str, tuple[float, ...]], ...]
    pushed: str
    time_limit: int | None
    horizon: int
    threshold: float | None
    drawn: str


UNLIMITED = 500
"""The horizon where neither the environment nor a person has set one."""


def horizon_in_force(asked: int | None, time_limit: int | None) -> int:
    """The most steps of an episode: the shorter of what was asked for and the environment's own limit."""
    if asked is not None and asked < 1:
        raise ValueError(f"horizon {asked}: an episode has at least 1 step")
    return min((limit for limit in (asked, time_limit) if limit is not None), default=UNLIMITED)
