"""The estimators beside each other: means, errors, variances as measured and in closed form, and what they cost."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from lec10_tui.drawing.lines import pad_text
from lec10_tui.drawing.numbers import grouped
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, About, Floats, Variances
from lec10_tui.lessons.reparameterization.screen.words import INVITE, LABELS, alike, drawn, number, times
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves as ExportedCurves
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.inked import Piece, Pieces
from lec10_tui.widgets.panel import TextPanel

GAP = 2
"""Cells between the columns."""

WIDEST_WORDS = 90
"""Cells beyond which a line of words is hard to follow."""


@dataclass(frozen=True)
class Quantity:
    """One quantity of the table: what it is called, where there is little room too, and its three numbers."""

    title: str
    short: str
    values: Callable[[Variances], Floats]
    sign: bool = False
    role: str = ""
    digits: int = 4
    """Digits that the smallest of the numbers keeps."""
    decimals: int | None = None
    """Decimals of what needs no more, whatever its size."""

    def together(self, part: Variances) -> list[str]:
        """The three numbers as they stand under each other."""
        return self._written(self.values(part).tolist())

    def each(self, part: Variances) -> list[str]:
        """The three numbers as they stand beside each other: each with as many digits as it needs."""
        return [self._written([value])[0] for value in self.values(part).tolist()]

    def _written(self, values: list[float]) -> list[str]:
        if self.decimals is not None:
            return [number(value, self.decimals, sign=self.sign) for value in values]
        return alike(values, self.digits, sign=self.sign)


QUANTITIES = (
    Quantity("mean", "mean", lambda part: part.means, sign=True),
    Quantity("± SE", "± SE", lambda part: part.standard_errors, digits=3),
    Quantity("variance", "variance", lambda part: part.measured, role="strong"),
    Quantity("closed form", "  closed", lambda part: part.closed),
    Quantity("ratio", "ratio", lambda part: part.ratios, role="strong"),
    Quantity("its closed form", "  closed", lambda part: part.closed_ratios),
    Quantity("µs a sample", "µs", lambda part: part.microseconds, digits=2),
    Quantity("z-score", "z", lambda part: part.z_scores, sign=True, decimals=2),
)
"""In the order of the table."""

ENOUGH = 200
"""Samples from which on measured variances and microseconds are worth a sentence."""

LEAST = ("its closed form", "µs a sample", "z-score")
"""What is left out first of a table that has no room for all."""


class VariancesPanel(TextPanel):
    """A table of the three estimators, and in words what their variances mean."""

    NAME = "variances"
    TITLE = "Variance of one sample"
    TAB = "table"
    MINIMUM = (30, 5)
    ABOUT = (
        "Mean ± standard error of each estimator; the variance of ONE sample's estimate, measured and in closed form.",
        "The error of a mean of n samples is √(variance / n): twice the variance needs twice the samples.",
        "z = (mean − exact) / SE is between −2 and 2 nineteen times of twenty when an estimator is unbiased.",
    )

    def on_mount(self) -> None:
        """Say what fills it."""
        self.say(INVITE)

    def wanted(self) -> tuple[Wanted, ...]:
        """The variances, and the baseline."""
        return (Wanted("variances", max_age=0.4), Wanted("about", max_age=1.0))

    def show(self, report: Report) -> None:
        """Write the table."""
        part, about = self._parts(report)
        self.say("" if part is not None else INVITE)
        if part is None:
            return
        width = self.room.width
        lines = table(part, width)
        words = in_words(part, about, width, self.room.height - len(lines), told=self._told(report))
        self.put(_spelled([*lines, *words]) if self.look.ascii else [*lines, *words])

    def _parts(self, report: Report | None) -> tuple[Variances | None, About | None]:
        parts = report.frame.parts if report is not None and report.frame is not None else {}
        part, about = parts.get("variances"), parts.get("about")
        known = part if isinstance(part, Variances) and bool(np.isfinite(part.measured).any()) else None
        return known, about if isinstance(about, About) else None

    @staticmethod
    def _told(report: Report | None) -> bool:
        """Whether enough samples were drawn to say what their variances mean."""
        return report is not None and report.frame is not None and drawn(report.frame) >= ENOUGH

    def as_text(self) -> str:
        """The whole table, whatever there is room for here."""
        part, about = self._parts(self.report)
        if part is None:
            return ""
        lines: list[Pieces] = [*table(part, 120), *in_words(part, about, 120, 12, told=self._told(self.report))]
        lines = _spelled(lines) if self.look.ascii else lines
        return self.look.say("\n".join("".join(text for text, _ in line).rstrip() for line in lines))

    def exports(self) -> tuple[Exported, ...]:
        """Every number of the table; the step counts the estimators."""
        part, _ = self._parts(self.report)
        if part is None:
            return ()
        steps = np.arange(len(ESTIMATORS), dtype=np.int64)
        names = (
            "means",
            "standard_errors",
            "measured",
            "closed",
            "ratios",
            "closed_ratios",
            "microseconds",
            "z_scores",
        )
        series = tuple(Series(name, 1, steps, *([getattr(part, name)] * 3)) for name in names)
        return (ExportedCurves("reparameterization-variances", series),)


def table(part: Variances, width: int) -> list[Pieces]:
    """The table in `width` cells: an estimator a line where there is room, else an estimator a column."""
    known = [quantity for quantity in QUANTITIES if np.isfinite(quantity.values(part)).any()]
    columns = [(quantity, quantity.together(part)) for quantity in known]
    names = max(cell_len(label) for label in LABELS.values())
    for left_out in ((), LEAST[:1], LEAST[:2]):
        kept = [each for each in columns if each[0].title not in left_out]
        widths = [max(cell_len(quantity.title), *map(cell_len, texts)) for quantity, texts in kept]
        if 1 + names + sum(size + GAP for size in widths) <= width:
            return _lying(kept, widths, names)
    return _standing([(quantity, quantity.each(part)) for quantity in known], width)


def _lying(columns: Sequence[tuple[Quantity, list[str]]], widths: Sequence[int], names: int) -> list[Pieces]:
    """An estimator a line."""
    head: list[Piece] = [(" " * (1 + names), "")]
    head += [
        (" " * GAP + pad_text(each.title, size, "right"), "dim")
        for (each, _), size in zip(columns, widths, strict=True)
    ]
    lines: list[Pieces] = [head]
    for place, name in enumerate(ESTIMATORS):
        row: list[Piece] = [(f" {LABELS[name]:<{names}}", name)]
        for (quantity, texts), size in zip(columns, widths, strict=True):
            row.append((" " * GAP + pad_text(texts[place], size, "right"), quantity.role))
        lines.append(row)
    return lines


def _standing(columns: Sequence[tuple[Quantity, list[str]]], width: int) -> list[Pieces]:
    """An estimator a column."""
    names = max(cell_len(quantity.short) for quantity, _ in columns)
    sizes = [
        max(cell_len(LABELS[name]), *(cell_len(texts[place]) for _, texts in columns))
        for place, name in enumerate(ESTIMATORS)
    ]
    gap = max(min((width - 1 - names - sum(sizes)) // len(ESTIMATORS), 3), 1)
    head: list[Piece] = [(" " * (1 + names), "")]
    head += [
        (" " * gap + pad_text(LABELS[name], size, "right"), name) for name, size in zip(ESTIMATORS, sizes, strict=True)
    ]
    lines: list[Pieces] = [head]
    for quantity, texts in columns:
        row: list[Piece] = [(f" {pad_text(quantity.short, names)}", "dim")]
        row += [
            (" " * gap + pad_text(text, size, "right"), quantity.role) for text, size in zip(texts, sizes, strict=True)
        ]
        lines.append(row)
    return lines


def in_words(part: Variances, about: About | None, width: int, rows: int, *, told: bool) -> list[Pieces]:
    """What the ratios mean and where the truth is from, after an empty line, as much as fits in `rows` lines."""
    known = [place for place in (1, 2) if told and math.isfinite(part.ratios[place])]
    said = [(_samples_needed(part, place), ESTIMATORS[place]) for place in known]
    if not told:
        said.append((f"fewer than {ENOUGH} samples say little of a variance yet", "dim"))
    if about is not None and about.exact_by:
        said.append((f"exact gradient: {about.exact_by}", "dim"))
    if about is not None and math.isfinite(about.baseline):
        said.append((f"b = {number(about.baseline)}, the mean of f over {grouped(about.pilot)} samples apart", "dim"))
    lines: list[Pieces] = [[("", "")]]
    for text, role in said:
        wrapped = textwrap.wrap(text, max(min(width - 2, WIDEST_WORDS), 8))
        if len(lines) + len(wrapped) > rows:
            break
        lines += [[(f" {line}", role)] for line in wrapped]
    return lines if len(lines) > 1 else []


def _samples_needed(part: Variances, place: int) -> str:
    """How many times the samples, and the time, an estimator needs for the error that pathwise has."""
    ratio, pace = float(part.ratios[place]), float(part.microseconds[place] / part.microseconds[0])
    than = " as pathwise for the same error" if place == 1 else ""
    time = f", {times(ratio * pace)} the time" if math.isfinite(pace) else ""
    return f"{LABELS[ESTIMATORS[place]]} needs {times(ratio)} as many samples{than}{time}"


def _spelled(lines: Sequence[Pieces]) -> list[Pieces]:
    """The lines with microseconds as ASCII has them."""
    return [[(text.replace("µs", "us"), style) for text, style in line] for line in lines]
