"""The episode in hand as the screen walks it: the latest parts of it, and the time step the keys stand at."""

from __future__ import annotations

from lec10_tui.lessons.reinforce.frame import About, Credit, Episode
from lec10_tui.vocabulary.frames import Frame


class Hand:
    """Holds an episode of T actions at `time` 0 … T; at T it is over.

    What a person does comes sooner than the reports that show it: `awaited` is 1 or −1 while the next or the previous
    episode was asked for and has not come.
    """

    def __init__(self) -> None:
        self.about: About | None = None
        self.episode: Episode | None = None
        self.time = 0
        self.awaited = 0
        self._credit: Credit | None = None

    @property
    def steps(self) -> int:
        """T, how many actions the episode has; 0 while there is none."""
        return len(self.episode.rewards) if self.episode is not None else 0

    @property
    def over(self) -> bool:
        """Whether the keys stand behind the last action."""
        return self.time >= self.steps

    @property
    def credit(self) -> Credit | None:
        """What the estimator gives this episode, if it is this one's."""
        return self._credit if self._credit is not None and len(self._credit.weight) == self.steps else None

    def take(self, frame: Frame, training: bool) -> bool:
        """Take what a frame has; whether it brought another episode.

        That one begins at its start, but where it was gone back to, or is trained on, at its end; an episode whose
        future was sampled again stays where it is.
        """
        before = self.episode
        for part in frame.parts.values():
            if isinstance(part, About):
                self.about = part
            elif isinstance(part, Credit):
                self._credit = part
            elif isinstance(part, Episode):
                self.episode = part
        if self.episode is None:
            return False
        another = before is None or _identity(before) != _identity(self.episode)
        if another:
            self.time = self.steps if self.awaited < 0 else 0
            self.awaited = 0
        if training:
            self.time = self.steps - 1
        self.time = min(self.time, self.steps)
        return another

    def go(self, time: int) -> bool:
        """Stand at this time step, or the nearest there is; whether that is another one."""
        before, self.time = self.time, min(max(time, 0), self.steps)
        return self.time != before


def _identity(episode: Episode) -> tuple[int, int, int]:
    return episode.number, episode.reset_seed, episode.update
