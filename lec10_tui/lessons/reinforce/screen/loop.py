"""The agent's loop of the slide: a state, the policy, an action, the environment, a reward and the next state."""

from __future__ import annotations

from lec10_tui.drawing.lines import clip, pad_text
from lec10_tui.drawing.numbers import fixed, signed
from lec10_tui.lessons.reinforce.frame import Episode
from lec10_tui.lessons.reinforce.screen.following import EpisodePanel
from lec10_tui.lessons.reinforce.screen.words import action_words, at, ending_words, number, reward
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.inked import Piece, length
from lec10_tui.widgets.panel import Direction, TextPanel

WIDEST = 58
"""Cells beyond which the loop only gets emptier."""

STATE, ACTION = 14, 12
"""Cells of a state's label and value, and of the action."""

_EIGHTHS = " ▏▎▍▌▋▊▉█"


class LoopPanel(TextPanel, EpisodePanel):
    """The loop with the numbers of the time step the keys stand at."""

    NAME = "loop"
    TITLE = "The agent's loop"
    TAB = "loop"
    MINIMUM = (30, 6)
    ABOUT = (
        "In each time step t the agent sees the state s_t and picks an action a_t from its policy π_θ(a|s_t).",
        "The environment answers with the reward r(s_t, a_t) and the next state.",
    )

    def show(self, report: Report) -> None:
        """The loop, or what brings one."""
        EpisodePanel.show(self, report)

    def show_episode(self, episode: Episode, time: int) -> None:
        """The loop at `time`; behind the last action, how the episode ended."""
        width, height = self.room
        inside = max(min(width, WIDEST) - 4, 10)
        body = self._over(episode) if time >= len(episode.rewards) else self._agent(episode, time, inside, height)
        names = self.look.text("╭╮╰╯│─", "++++|-")
        agent = self._box("agent", body, inside, names)
        self.put([*agent, *self._between(episode, time, inside), *self._environment(inside, names)][:height])

    def move(self, direction: Direction) -> bool:
        """Along the episode; the loop has nothing to scroll."""
        return EpisodePanel.move(self, direction)

    def _agent(self, episode: Episode, time: int, inside: int, height: int) -> list[list[Piece]]:
        """State, policy and action side by side."""
        rows = max(height - 6, 1)
        state = self._state(episode, time, rows - 1)
        middle = max(inside - STATE - ACTION, 12)
        policy = self._policy(episode, time, rows - 2, middle - 4)
        policy.append([(self.look.say("log π "), "dim"), (self.look.say(number(float(episode.log_prob[time]))), "")])
        action: list[list[Piece]] = [
            [(self.look.say(words), "accent")] for words in action_words(self.hand.about, episode, time)
        ]
        if episode.by_person[time]:
            action.append([("you", "strong")])
        arrow = self.look.text(" → ", "-> ")
        heads = (
            at("s", time, self.look),
            f"{arrow}{self.look.text('π_θ(a|', 'pi(a|')}{at('s', time, self.look)})",
            f"{arrow}{at('a', time, self.look)}",
        )
        widths = (STATE, middle, ACTION)
        lines: list[list[Piece]] = [
            [(pad_text(head, width), "strong") for head, width in zip(heads, widths, strict=True)]
        ]
        for row in range(max(len(state), len(policy), len(action))):
            line: list[Piece] = []
            for cells, width, indent in zip((state, policy, action), widths, (0, 3, 3), strict=True):
                pieces: list[Piece] = [(" " * indent, ""), *(cells[row] if row < len(cells) else [])]
                line += [*pieces, (" " * max(width - length(pieces), 0), "")]
            lines.append(line)
        return lines

    def _state(self, episode: Episode, time: int, rows: int) -> list[list[Piece]]:
        labels, values = episode.state_labels, episode.states[time].tolist()
        whole = bool((episode.states == episode.states.round()).all())
        names = max(min(max(map(len, labels), default=1), 6), 1)
        lines: list[list[Piece]] = []
        for label, value in list(zip(labels, values, strict=True))[:rows]:
            shown = fixed(value, 3, 0) if whole else signed(value, 6, 2)
            lines.append(
                [(pad_text(clip(self.look.say(label), names), names), "dim"), (f" {self.look.say(shown)}", "")]
            )
        return lines

    def _policy(self, episode: Episode, time: int, rows: int, width: int) -> list[list[Piece]]:
        about = self.hand.about
        labels = about.action_labels if about is not None else ()
        taken = int(episode.actions[time][0]) if episode.probabilities.shape[1] else -1
        lines: list[list[Piece]] = []
        for index, share in enumerate(episode.probabilities[time].tolist()):
            label = self.look.say(labels[index]) if index < len(labels) else str(index)
            role = "strong" if index == taken else "dim"
            bar = _bar(share, max(width - len(label) - 6, 0), self.look.ascii)
            lines.append([(f"{label} ", role), (f"{share:.2f} ", role), (bar, "accent" if index == taken else "dim")])
        for mean, scale in zip(episode.mean[time].tolist(), episode.scale[time].tolist(), strict=True):
            lines.append([("N(", "dim"), (self.look.say(number(mean, sign=True)), ""), (f", {scale:.2f}²)", "dim")])
        return lines[:rows]

    def _over(self, episode: Episode) -> list[list[Piece]]:
        return [
            [(f"the episode is over after {len(episode.rewards)} steps", "strong")],
            [(self.look.say(ending_words(episode)), "")],
            [(". samples the next", "dim")],
        ]

    def _between(self, episode: Episode, time: int, inside: int) -> list[list[Piece]]:
        """What passes between the boxes: the reward and the next state up, the action down."""
        up, down = self.look.text("▲", "^"), self.look.text("▼", "v")
        if time >= len(episode.rewards):
            return [[]]
        answer = f"r {reward(float(episode.rewards[time]))}   {at('s', time + 1, self.look)}"
        given = at("a", time, self.look)
        left: list[Piece] = [(f"   {up} ", "accent"), (self.look.say(answer), "strong")]
        right: list[Piece] = [(f"{given} ", "strong"), (down, "accent")]
        return [[*left, (" " * max(inside - length(left) - length(right), 1), ""), *right]]

    def _environment(self, inside: int, names: str) -> list[list[Piece]]:
        about = self.hand.about
        name = about.environment if about is not None else ""
        return self._box("environment", [[(name, "strong")]], inside, names)

    def _box(self, name: str, body: list[list[Piece]], inside: int, signs: str) -> list[list[Piece]]:
        rule = signs[5] * max(inside - len(name) - 1, 0)
        lines: list[list[Piece]] = [
            [(f"{signs[0]}{signs[5]} ", "dim"), (name, "strong"), (f" {rule}{signs[1]}", "dim")]
        ]
        for pieces in body:
            kept: list[Piece] = []
            room = inside
            for text, role in pieces:
                kept.append((clip(text, room), role))
                room -= length(kept[-1:])
            lines.append([(f"{signs[4]} ", "dim"), *kept, (" " * room + f" {signs[4]}", "dim")])
        return [*lines, [(signs[2] + signs[5] * (inside + 2) + signs[3], "dim")]]


def _bar(share: float, length: int, ascii: bool) -> str:
    if ascii:
        return "=" * round(share * length)
    eighths = max(round(share * length * 8), 1)
    return (_EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()
