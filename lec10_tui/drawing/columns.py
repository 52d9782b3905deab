"""Columns of the step table: what each one writes, in a width that holds for the whole episode."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from lec10_tui.drawing.lines import clip
from lec10_tui.drawing.numbers import MINUS, ascii_form, fixed, signed
from lec10_tui.drawing.spelling import spelled
from lec10_tui.drawing.steps import Floats, StepRows

LONGEST_LABEL = 13
"""Cells that the name of an action or of a state may take."""

FEW = 2
"""Dimensions of an action whose means are written to the second decimal whatever the room."""

TIME, MUST, ACTION, POLICY, REWARD, PERSON, STATE, VELOCITY = range(8)
"""How soon a column leaves where there is little room: the greater, the sooner."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column: `write(t)` is its text in at most `width` cells, `ink(t)` the meaning of its colour, "" for plain.

    `share(t)` in 0 … 1 can be drawn as a bar beside the number; `wide(t)` is what a column says in `wide_width` cells
    where there is that much room. `priority` says how soon it leaves.
    """

    key: str
    title: str
    width: int
    priority: int
    write: Callable[[int], str]
    ink: Callable[[int], str]
    align: str = "right"
    share: Callable[[int], float] | None = None
    wide: Callable[[int], str] | None = None
    wide_title: str = ""
    wide_width: int = 0


@dataclass(frozen=True)
class Format:
    """How the values of one column are written: the cells that the longest takes, decimals, whether with a sign."""

    width: int
    decimals: int
    sign: bool

    def write(self, value: float) -> str:
        """One value, right-aligned in the format's width."""
        return (signed if self.sign else fixed)(value, self.width, self.decimals)


def format_of(values: Floats, decimals: int | None = None, *, sign: bool | None = None) -> Format:
    """The format that all of `values` fit in: by default whole numbers without decimals, others with 3 digits or so.

    By default a sign is shown where one of them is negative.
    """
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if decimals is None:
        decimals = 0 if np.array_equal(finite, np.rint(finite)) and high < 1e6 else places(max(-low, high))
    sign = low < 0 if sign is None else sign
    write = signed if sign else fixed
    width = max(len(write(value, 24, decimals).strip()) for value in (low, high))
    least = 1 if finite.size == values.size else 2  # −∞
    return Format(min(max(width, least), 9), decimals, sign)


def places(size: float) -> int:
    """Decimals that show three or four digits of what is at most `size` large."""
    return next((decimals for decimals, least in enumerate((1000, 100, 1)) if size >= least), 3)


def columns_of(rows: StepRows, ascii: bool) -> tuple[Column, ...]:
    """Every column of the table in its order from the left."""
    return tuple(_columns(rows, ascii))


def _columns(rows: StepRows, ascii: bool) -> Iterator[Column]:
    def title(unicode: str, plain: str) -> str:
        return plain if ascii else unicode

    yield Column("t", "t", len(str(rows.steps)), TIME, str, _plain)
    for place, label in enumerate(rows.state_labels):
        yield _numbers(
            f"s{place}",
            clip(spelled(label, ascii), LONGEST_LABEL),
            rows.states[:, place],
            VELOCITY if _moves(label) else STATE,
            ascii,
        )
    labels = [clip(spelled(label, ascii), LONGEST_LABEL) for label in rows.action_labels]
    yield from _discrete(rows, labels, ascii) if rows.discrete else _continuous(rows, labels, ascii)
    yield Column(
        "by", "", 3, ACTION if rows.by_person.any() else PERSON,
        lambda t: "you" if rows.by_person[t] else "", lambda t: "strong",
    )  # fmt: skip
    yield _numbers("log_prob", title("log π", "log pi"), rows.log_prob, MUST, ascii, decimals=2)
    yield _numbers("reward", "r", rows.rewards, REWARD, ascii)
    yield _numbers(
        "reward_to_go", title("Σ r_k", "sum r"), rows.reward_to_go, MUST, ascii, ink="reward_to_go",
        decimals=_credit_places(rows.reward_to_go),
    )  # fmt: skip
    yield _numbers(
        "weight", "weight", rows.weight, MUST, ascii, ink=rows.weight_ink,
        decimals=_credit_places(rows.weight), sign=True,
    )  # fmt: skip
    norms = rows.gradient_norm
    yield _numbers("gradient_norm", title("‖∇‖", "|grad|"), norms, MUST, ascii, decimals=min(places(_size(norms)), 2))
    if len(rows.delta_log_prob):
        yield _moved(rows.delta_log_prob, title("Δ log π", "d log pi"), title("▲▼", "^v"), ascii)


def _discrete(rows: StepRows, labels: list[str], ascii: bool) -> Iterator[Column]:
    for action, label in enumerate(labels):
        values = rows.probabilities[:, action]
        name = f"pi({label})" if ascii else f"π({label})"
        yield Column(
            f"p{action}", name, max(4, cell_len(name)), POLICY,
            lambda t, values=values: fixed(values[t], 4, 2),  # type: ignore[misc]
            lambda t, action=action: "" if rows.actions[t, 0] == action else "faint",  # type: ignore[misc]
            share=lambda t, values=values: float(values[t]),  # type: ignore[misc]
        )  # fmt: skip
    yield Column(
        "a", "a", max(map(cell_len, labels), default=1), ACTION,
        lambda t: labels[int(rows.actions[t, 0])], lambda t: "strong", align="left",
    )  # fmt: skip


def _continuous(rows: StepRows, labels: list[str], ascii: bool) -> Iterator[Column]:
    alone = len(labels) == 1
    decimals = 2 if len(labels) <= FEW else 1  # of many means the first digits say enough, and leave room for the state
    mu, spread = ("mu", "mu +- sd") if ascii else ("μ", "μ ± σ")
    between = " +- " if ascii else " ± "
    for dimension, label in enumerate(labels):
        means, scales = rows.mean[:, dimension], rows.scale[:, dimension]
        short, mean, scale = format_of(means, decimals, sign=True), format_of(means, 2, sign=True), format_of(scales, 2)
        narrow, wide = (mu, spread) if alone else (f"{mu} {label}", f"{spread} {label}")

        def centre(t: int, means: Floats = means, short: Format = short) -> str:
            return _said(short.write(means[t]), ascii)

        def both(
            t: int, means: Floats = means, scales: Floats = scales, mean: Format = mean, scale: Format = scale
        ) -> str:
            return _said(mean.write(means[t]), ascii) + between + _said(scale.write(scales[t]), ascii)

        yield Column(
            f"p{dimension}", narrow, max(short.width, cell_len(narrow)), POLICY, centre, _plain,
            wide=both, wide_title=wide, wide_width=max(mean.width + cell_len(between) + scale.width, cell_len(wide)),
        )  # fmt: skip
    for dimension, label in enumerate(labels):
        name = "a" if alone else f"a {label}"
        yield _numbers(f"a{dimension}", name, rows.actions[:, dimension], ACTION, ascii, decimals=2, sign=True)


def _numbers(
    key: str,
    title: str,
    values: Floats,
    priority: int,
    ascii: bool,
    *,
    ink: str = "",
    decimals: int | None = None,
    sign: bool | None = None,
) -> Column:
    shape = format_of(values, decimals, sign=sign)
    return Column(
        key, title, max(shape.width, cell_len(title)), priority,
        lambda t: _said(shape.write(values[t]), ascii), lambda t: ink,
    )  # fmt: skip


def _moved(values: Floats, title: str, arrows: str, ascii: bool) -> Column:
    size = _size(values)
    shape = format_of(values, 2 if size >= 10 else 3 if size >= 0.05 else 4, sign=True)

    def write(t: int) -> str:
        arrow = arrows[0] if values[t] > 0 else arrows[1] if values[t] < 0 else " "
        text = shape.write(values[t])
        if values[t] < 0:  # a rounded zero says which way it went
            text = text.replace("+", MINUS)
        return f"{_said(text, ascii)} {arrow}"

    def ink(t: int) -> str:
        return "orange" if values[t] > 0 else "sky blue" if values[t] < 0 else ""

    return Column("delta_log_prob", title, max(shape.width + 2, cell_len(title)), MUST, write, ink)


def _moves(label: str) -> bool:
    """Whether a state's label has the dot of a derivative."""
    return any(dot in unicodedata.normalize("NFD", label) for dot in ("˙", "\u0307"))


def _credit_places(values: Floats) -> int:
    """One decimal, as whole numbers keep one when a baseline is taken off; two where the values are small."""
    return min(max(places(_size(values)), 1), 2) if _size(values) < 10 else 1


def _size(values: Floats) -> float:
    return float(np.max(np.abs(values[np.isfinite(values)]), initial=0.0))


def _said(text: str, ascii: bool) -> str:
    return ascii_form(text) if ascii else text


def _plain(t: int) -> str:
    return ""
