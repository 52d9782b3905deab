"""How the lesson's numbers and names are written: time as a subscript, actions, weights as the slides have them."""

from __future__ import annotations

from lec10_tui.drawing.numbers import fixed, signed
from lec10_tui.lessons.reinforce.frame import About, Credit, Episode
from lec10_tui.widgets.look import Look

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

ENDINGS = {
    "terminated": "terminated: a final state",
    "truncated": "truncated: the environment's own time limit",
    "horizon": "cut off at the horizon T",
}
INKS = {"full-return": "return", "reward-to-go": "reward_to_go"}


def at(symbol: str, time: int, look: Look) -> str:
    """A symbol at a time step: s₁₇, or s_17."""
    return f"{symbol}_{time}" if look.ascii else symbol + str(time).translate(_SUBSCRIPTS)


def weight_ink(estimator: str, baseline: str) -> str:
    """What colours weights of this kind: that of the full return, of the reward-to-go, or of a baseline."""
    return "baseline" if baseline != "none" else INKS[estimator]


def estimator_words(estimator: str, baseline: str) -> str:
    """The estimator in force, as it is called in the title."""
    return f"{estimator.replace('-', ' ', 1) if estimator == 'full-return' else estimator}, baseline {baseline}"


def weight_symbol(credit: Credit) -> tuple[str, str]:
    """What the slide weighs ∇ log π with, before a baseline is taken off; in ASCII too."""
    return ("r(τ)", "r(tau)") if credit.estimator == "full-return" else ("r_t(τ)", "r_t(tau)")


def action_words(about: About | None, episode: Episode, time: int) -> tuple[str, ...]:
    """The action taken at `time`: its label, or the value of each dimension."""
    labels = about.action_labels if about is not None else ()
    values = episode.actions[time].tolist()
    if episode.probabilities.shape[1]:
        index = int(values[0])
        return (labels[index] if index < len(labels) else str(index),)
    if len(values) == 1:
        return (number(values[0], sign=True),)
    if len(values) > 2:  # their order tells them apart, and all of them fit
        return tuple(number(value, sign=True) for value in values)
    return tuple(f"{label} {number(value, sign=True)}" for label, value in zip(labels, values, strict=False))


def ending_words(episode: Episode) -> str:
    """How an episode ended, in words."""
    return ENDINGS.get(episode.ending, episode.ending)


def number(value: float, decimals: int = 2, *, sign: bool = False) -> str:
    """A number without blanks around it."""
    return (signed if sign else fixed)(value, 16, decimals).strip()


def reward(value: float) -> str:
    """A reward with its sign, whole ones without decimals."""
    return number(value, 0 if value == round(value) else 2 if abs(value) >= 1 else 3, sign=True)
