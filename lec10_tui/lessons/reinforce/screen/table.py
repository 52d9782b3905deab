"""The step table: one row a time step, from the state to what the estimator gives the action taken there."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from textual.app import ComposeResult

from lec10_tui.drawing.table import StepRows
from lec10_tui.lessons.reinforce.frame import About, Credit, Episode
from lec10_tui.lessons.reinforce.screen.following import EpisodePanel
from lec10_tui.lessons.reinforce.screen.words import ending_words, estimator_words
from lec10_tui.widgets.film import FilmView
from lec10_tui.widgets.panel import Direction
from lec10_tui.widgets.step_table import StepTable

PICTURE = 7
"""Rows of the small picture over the table where the table has the screen to itself."""

BESIDE = 14
"""Cells that the run's pace takes beside a bare panel's subtitle."""

ROWS = 10
"""Rows of the table below which there is no small picture."""


class TablePanel(EpisodePanel):
    """The episode as a table; the keys that move in it are the debugger's."""

    NAME = "table"
    TITLE = "The episode, step by step"
    TAB = "table"
    MINIMUM = (24, 3)
    PARTS: ClassVar[tuple[str, ...]] = ("about", "episode", "credit")
    ABOUT = (
        ". and , go one action on and back; so do ↓ ↑; home and end jump; past the end comes another episode.",
        "Σ r_k is the reward-to-go from that step on, weight what the estimator multiplies ∇ log π(a_t|s_t) with.",
        "‖∇‖ is the norm of weight · ∇ log π. After an update Δ log π says how far each log π(a_t|s_t) has moved.",
        "← → bring columns that have no room into sight.",
    )

    DEFAULT_CSS = """
    TablePanel > FilmView { height: 7; display: none; }
    TablePanel.-filmed > FilmView { display: block; }
    """

    def compose(self) -> ComposeResult:
        """A small picture where the table is alone on the screen, and the table."""
        self.film, self.table = FilmView(), StepTable()
        self._drawn: tuple[object, ...] = ()
        yield self.film
        yield self.table

    def show_episode(self, episode: Episode, time: int) -> None:
        """The rows, made anew only when the episode or its credit are others."""
        credit, about = self.hand.credit, self.hand.about
        self.table.ascii = self.film.ascii = self.look.ascii
        filmed = episode.film is not None and self.bare and self.room.height > PICTURE + ROWS
        self.set_class(filmed, "-filmed")
        drawn = (episode, credit, about, self.look)
        if drawn != self._drawn:
            self._drawn = drawn
            self.table.show(step_rows(episode, credit, about), time)
        else:
            self.table.cursor = time
        if filmed and episode.film is not None:
            self.film.show(episode.film, time)
        self.subtitle = self._about_it(episode, credit)

    def _about_it(self, episode: Episode, credit: Credit | None) -> str:
        """What is known of the whole episode, as much as fits beside the title."""
        words = [f"episode {episode.number + 1}"]
        if episode.trained and credit is not None and credit.applied is not None:
            words.append(f"one of {credit.batch} that update {credit.applied} learned from")
        else:
            words.append(f"policy of update {episode.update}")
        if self.bare and self.reinforce.report is not None:  # under tabs the title line has no room for these
            words = [*self.reinforce.context(self.reinforce.report), *words]
        if self.table.hidden:
            words.append("← → more columns")
        room = self.room.width - (BESIDE if self.bare else len(self.title) + 8)
        while len(words) > 1 and len(" · ".join(words)) > room:
            words.pop()
        return " · ".join(words)

    def move(self, direction: Direction) -> bool:
        """Along the episode, or to columns that are out of sight."""
        if direction in ("left", "right"):
            if not self.table.scroll_columns(1 if direction == "right" else -1):
                self.reinforce.tell("every column is in sight" if not self.table.hidden else "no more columns there")
            return True
        page = self.table.page
        steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page}
        if direction in steps:
            return self.reinforce.walk(steps[direction])
        return self.reinforce.jump(direction)

    def as_text(self) -> str:
        """The whole table, and the episode's return and log-probability."""
        credit = self.hand.credit
        if credit is None:
            return self.table.as_text()
        words = estimator_words(credit.estimator, credit.baseline)
        foot = f"r(τ) = {credit.total_return:g}   Σ log π = {credit.log_prob:.4f}   {words}"
        return f"{self.table.as_text()}\n{self.look.say(foot)}"


def step_rows(episode: Episode, credit: Credit | None, about: About | None) -> StepRows:
    """What the table shows of an episode; what is not known of its credit yet is left open."""
    steps = len(episode.rewards)
    open_, none = np.full(steps, np.nan), np.zeros(0)
    return StepRows(
        state_labels=episode.state_labels,
        states=episode.states,
        action_labels=about.action_labels if about is not None else _numbered(episode),
        probabilities=episode.probabilities,
        mean=episode.mean,
        scale=episode.scale,
        actions=episode.actions,
        log_prob=episode.log_prob,
        rewards=episode.rewards,
        reward_to_go=credit.reward_to_go if credit else open_,
        weight=credit.weight if credit else open_,
        gradient_norm=credit.gradient_norm if credit else open_,
        delta_log_prob=credit.delta_log_prob if credit else none,
        by_person=episode.by_person,
        pushes=episode.pushes,
        estimator=credit.estimator if credit else "reward-to-go",
        baseline=credit.baseline if credit else "none",
        ending=ending_words(episode),
    )


def _numbered(episode: Episode) -> tuple[str, ...]:
    return tuple(str(index) for index in range(max(episode.probabilities.shape[1], episode.mean.shape[1])))
