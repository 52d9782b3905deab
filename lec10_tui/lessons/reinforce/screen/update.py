"""What the estimator does with the episode: the weight of each action, and what an update made of them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.columns import places
from lec10_tui.drawing.plots import Curve
from lec10_tui.lessons.reinforce.frame import Credit, Episode, Floats
from lec10_tui.lessons.reinforce.screen.following import EpisodePanel
from lec10_tui.lessons.reinforce.screen.words import number, weight_ink
from lec10_tui.lessons.reinforce.screen.written import Written
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.inked import Piece, Pieces, length
from lec10_tui.widgets.plot import Plot


class UpdatePanel(EpisodePanel):
    """The weights of this episode's actions against time, and what moved."""

    NAME = "update"
    TITLE = "What each action gets"
    TAB = "update"
    MINIMUM = (24, 5)
    PARTS: ClassVar[tuple[str, ...]] = ("about", "episode", "credit")
    ABOUT = (
        "The weight of ∇ log π(a_t|s_t) against t. The episode stays the same, so estimators can be compared on it.",
        "1 is the full return, 2 the reward-to-go; 3 to 6 take a baseline off: constant, mean, mean at t, learned V.",
        "u takes one step of the optimizer along this episode alone, and counts the actions that became more likely.",
    )

    DEFAULT_CSS = """
    UpdatePanel > Written { height: 3; }
    """

    def compose(self) -> ComposeResult:
        """The numbers over the plot."""
        self.numbers, self.plot = Written(), Plot(x_label="t")
        yield self.numbers
        yield self.plot

    def depends(self, report: Report) -> Hashable:
        """The parts alone: the plot stands still while the keys move."""
        stamps = report.frame.stamps if report.frame else {}
        return tuple(stamps.get(name) for name in self.PARTS)

    def show_episode(self, episode: Episode, time: int) -> None:
        """The weights, or nothing while they are being computed."""
        credit = self.hand.credit
        if credit is None:
            self.say("what each action gets is being computed")
            return
        self.numbers.put(self._lines(credit))
        self.plot.ascii = self.look.ascii
        self.plot.show(self._curves(credit))

    def _lines(self, credit: Credit) -> list[Pieces]:
        weight = credit.weight
        decimals = places(float(np.abs(weight).max(initial=0.0)))
        low, high, mean = (number(float(of(weight)), decimals, sign=True) for of in (np.min, np.max, np.mean))
        first: list[Piece] = [
            ("weight ", "dim"), (low, "strong"), (" … ", "dim"), (high, "strong"),
            ("   mean ", "dim"), (mean, "strong"),
        ]  # fmt: skip
        more: list[Piece] = [("   ‖Σ_t‖ ", "dim"), (number(credit.update_norm), "strong")]
        if length(first) + length(more) <= self.room.width - 2:
            first += more
        return [first, *self._moved(credit)]

    def _moved(self, credit: Credit) -> list[Pieces]:
        """What the update did, or that u makes one."""
        if credit.applied is None or not len(credit.delta_log_prob):
            return [[("u ", "accent"), ("updates along this episode alone", "dim")]]
        whose = "this episode" if credit.batch == 1 else f"{credit.batch} episodes"
        return [
            [(f"{more_likely(credit)} actions became more likely", "strong")],
            [(f"update {credit.applied} from {whose}   KL {number(credit.update_kl, 4)}", "dim")],
        ]

    def _curves(self, credit: Credit) -> list[Curve]:
        t = np.arange(len(credit.weight), dtype=np.float64)
        ink = weight_ink(credit.estimator, credit.baseline)

        def line(name: str, label: str, values: Floats, colour: str, dotted: bool = False) -> Curve:
            return Curve.line(name, self.look.say(label), t, values, colour, dotted)

        curves = [line("weight", "weight", credit.weight, ink)]
        if ink != "reward_to_go":
            curves.append(line("reward_to_go", "Σ r_k", credit.reward_to_go, "reward_to_go", dotted=ink == "return"))
        if ink == "baseline":
            curves.append(line("baseline", "b", credit.baseline_values, "baseline", dotted=True))
        return curves

    def as_text(self) -> str:
        """The numbers and the plot."""
        return f"{self.numbers.as_text()}\n{self.plot.as_text()}"


def more_likely(credit: Credit) -> str:
    """How many of the episode's actions the update made more likely."""
    return f"{credit.more_likely} of {len(credit.delta_log_prob)}"
