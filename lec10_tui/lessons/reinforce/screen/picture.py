"""The environment at the time step the keys stand at, with what is done to it there in words."""

from __future__ import annotations

from collections.abc import Hashable

from textual.app import ComposeResult

from lec10_tui.lessons.reinforce.frame import Episode, Renders
from lec10_tui.lessons.reinforce.screen.following import MAX_AGE, EpisodePanel
from lec10_tui.lessons.reinforce.screen.words import action_words, ending_words, reward
from lec10_tui.lessons.reinforce.screen.written import Written
from lec10_tui.vocabulary.frames import Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.exports import Exported
from lec10_tui.widgets.exports import Picture as ExportedPicture
from lec10_tui.widgets.film import FilmView
from lec10_tui.widgets.inked import Piece, Pieces, apart, length
from lec10_tui.widgets.panel import Direction


class PicturePanel(EpisodePanel):
    """One frame of the episode; the arrows act here, < and > push."""

    NAME = "picture"
    TITLE = "The environment"
    TAB = "picture"
    MINIMUM = (16, 4)
    ABOUT = (
        "The arrows act here in place of the policy: what followed is cut and sampled again. Hold one to play by hand.",
        "< and > push what can be pushed, before the action; that too cuts what followed.",
        "An arrow that is no action goes along the episode; home and end jump to its ends.",
    )

    DEFAULT_CSS = """
    PicturePanel > FilmView { height: 1fr; }
    PicturePanel > Written { height: 2; }
    """

    def compose(self) -> ComposeResult:
        """The picture over two lines of words."""
        self.film, self.words_line = FilmView(), Written()
        yield self.film
        yield self.words_line

    def wanted(self) -> tuple[Wanted, ...]:
        """The episode, and the environment's own pictures where it is drawn by those."""
        about = self.hand.about
        own = about is not None and about.drawn == "rgb"
        return (*super().wanted(), *((Wanted("renders", max_age=MAX_AGE),) if own else ()))

    def depends(self, report: Report) -> Hashable:
        """What is drawn besides the episode, too."""
        return (super().depends(report), self.hand.awaited)

    def show_episode(self, episode: Episode, time: int) -> None:
        """The picture and its words."""
        about = self.hand.about
        self.title = about.environment if about is not None else self.TITLE
        self.film.ascii = self.look.ascii
        if self.film.glyphs != self.look.glyphs:
            self.film.set_glyphs(self.look.glyphs)
        renders = self._renders()
        if renders is not None and len(renders.images):
            self.film.show_image(renders.images[min(time, len(renders.images) - 1)])
        else:
            self.film.show(episode.film, time)
        self.subtitle = self._drawn(episode, renders, time)
        self.words_line.put(self._over(episode) if time >= len(episode.rewards) else self._step(episode, time))

    def _renders(self) -> Renders | None:
        frame = self.reinforce.report.frame if self.reinforce.report else None
        part = frame.parts.get("renders") if frame else None
        return part if isinstance(part, Renders) else None

    def _drawn(self, episode: Episode, renders: Renders | None, time: int) -> str:
        """How far the environment's own pictures have come, where that is what is shown."""
        about = self.hand.about
        if about is None or about.drawn == "film" or episode.film is not None:
            return f"t = {time}"
        if about.drawn == "none":
            return "it has no picture; the table has its numbers"
        if renders is None or time >= len(renders.images):
            return f"t = {time}, drawing {renders.done if renders else 0.0:.0%}"
        return f"t = {time}"

    def _step(self, episode: Episode, time: int) -> list[Pieces]:
        look = self.look
        head: list[Piece] = [("action ", "dim"), ("  ".join(action_words(self.hand.about, episode, time)), "accent")]
        if episode.by_person[time]:
            head.append(("  you", "strong"))
        if episode.pushes[time]:
            push = ("»", ">>") if episode.pushes[time] > 0 else ("«", "<<")
            head.append((f"  pushed {look.text(*push)}", "strong"))
        gets: list[Piece] = [("r ", "dim"), (reward(float(episode.rewards[time])), "")]
        caption, width = self._caption(episode, time), max(self.room.width - 2, 1)
        if length(head) + 2 + length(gets) <= width:
            return [apart(head, gets, width), caption]
        return [head, apart(caption, gets, width)]

    def _over(self, episode: Episode) -> list[Pieces]:
        after: Piece = (f"   {len(episode.rewards)} steps", "dim")
        nothing = "the next episode is being sampled" if self.hand.awaited > 0 else ". samples the next episode"
        return [[(ending_words(episode), "strong"), after], [(nothing, "dim")]]

    def _caption(self, episode: Episode, time: int) -> Pieces:
        captions = episode.film.captions if episode.film is not None else ()
        return [(captions[time], "dim")] if time < len(captions) else []

    def move(self, direction: Direction) -> bool:
        """Act, where the arrow means an action; else go along the episode."""
        return self.reinforce.act(direction) or super().move(direction)

    def as_text(self) -> str:
        """The picture as it is drawn, and its words."""
        return f"{self.film.as_text()}\n{self.words_line.as_text()}"

    def exports(self) -> tuple[Exported, ...]:
        """The environment's own picture, where there is one."""
        renders = self._renders()
        if renders is None or self.hand.time >= len(renders.images):
            return ()
        return (ExportedPicture(f"reinforce-t{self.hand.time}", renders.images[self.hand.time]),)
