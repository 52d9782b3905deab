"""Saver: hands snapshots of the run that is open to the keeper, by itself and when told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lec10_tui.vocabulary.experiments import Experiment, Opened
from lec10_tui.vocabulary.knobs import BadValue, table
from lec10_tui.vocabulary.reports import Keeper, Kept, Origin

AUTOSAVE_SECONDS = 20.0
KEEPING_SECONDS = 30.0


class Saver:
    """Knows what of one opened experiment is not saved yet, and since when."""

    def __init__(self, opened: Opened, keeper: Keeper | None, clock: Callable[[], float]) -> None:
        self._experiment = opened.experiment
        self._folder = opened.folder
        self._keeper = keeper
        self._clock = clock
        self._origin = opened.origin
        self._opened_at = opened.experiment.step
        self._saved = _state(opened.experiment)
        self._unsaved_since: float | None = None
        self._folders: set[Path] = set()
        self._awaited: tuple[Path, Kept | None, float] | None = None

    @property
    def origin(self) -> Origin:
        """What the run is: a shipped one that has gone on, into a folder of its own, is a new one."""
        moved = self._folder is not None and self._experiment.step != self._opened_at
        return "new" if self._origin == "shipped" and moved else self._origin

    @property
    def unsaved(self) -> bool:
        """Whether the run has gone on, or its knobs were turned, since it was opened or saved, or saving it failed."""
        if self._keeper is None or self._folder is None or self.origin == "shipped":
            return False
        if self._experiment.step != self._saved[0] or _state(self._experiment) != self._saved:
            return True
        kept = self.kept
        return kept is not None and kept.folder == self._folder and kept.error is not None

    @property
    def kept(self) -> Kept | None:
        """What the keeper last did with this run."""
        kept = self._keeper.kept if self._keeper is not None else None
        return kept if kept is not None and kept.folder in self._folders else None

    @property
    def keeping(self) -> bool:
        """Whether the keeper has yet to answer for the last snapshot; it is given up on after half a minute."""
        if self._keeper is None or self._awaited is None:
            return False
        folder, before, until = self._awaited
        kept = self._keeper.kept
        if (kept is not None and kept != before and kept.folder == folder) or self._clock() > until:
            self._awaited = None
        return self._awaited is not None

    def wait(self) -> float | None:
        """Seconds until the run saves itself, None when there is nothing to save."""
        if not self.unsaved:
            self._unsaved_since = None
            return None
        if self._unsaved_since is None:
            self._unsaved_since = self._clock()
        return max(self._unsaved_since + AUTOSAVE_SECONDS - self._clock(), 0.0)

    def save_unsaved(self, elapsed: float) -> None:
        """Save the run into its folder when something of it is not saved."""
        if self.unsaved and self._folder is not None:
            self._hand_over(self._folder, elapsed)

    def save(self, name: str | None, elapsed: float) -> None:
        """Save the run now, into its folder or a new one called `name` beside it; raises BadValue with one line."""
        if self._folder is None:
            raise BadValue("save: a shipped model is not a run of yours; train one, and it is saved by itself")
        if self.origin == "shipped":
            raise BadValue("save: nothing of this shipped run is yours yet; let it go on, and it is saved by itself")
        if self._keeper is None:
            raise BadValue("save: nothing is kept here; open the lesson with a home for its runs")
        folder = self._folder if name is None else self._beside(self._folder, name)
        self._hand_over(folder, elapsed)

    def _beside(self, folder: Path, name: str) -> Path:
        if not name.strip() or name in (".", "..") or any(sign in name for sign in "/\\\0"):
            raise BadValue(f"save: {name!r} is not a folder's name; a word such as my-run is")
        other = folder.parent / name
        if other != folder and other not in self._folders and other.exists():
            raise BadValue(f"save: {name!r} is there already; another name would be right")
        return other

    def _hand_over(self, folder: Path, elapsed: float) -> None:
        assert self._keeper is not None
        # whatever happens next, an error must not be met again before another interval has passed
        self._unsaved_since = self._clock()
        snapshot = self._experiment.snapshot()
        before = self._keeper.kept
        self._keeper.save(replace(snapshot, header={**snapshot.header, "elapsed": elapsed}), folder)
        self._folders.add(folder)
        self._awaited = (folder, before, self._clock() + KEEPING_SECONDS)
        if folder == self._folder:
            self._saved = _state(self._experiment)
            self._unsaved_since = None


def _state(experiment: Experiment) -> tuple[int, dict[str, Any] | None]:
    """What is worth saving: the step and, once there is a run, the knobs that turn it."""
    if not experiment.step:
        return (0, None)
    kinds = {knob.name: knob.kind for knob in table(type(experiment.knobs))}
    values = experiment.knobs.plain()
    return (experiment.step, {name: value for name, value in values.items() if kinds[name] != "view"})
