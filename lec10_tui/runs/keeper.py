"""The thread that writes snapshots, so that a slow or full disk never holds up a run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from lec10_tui.runs import snapshots
from lec10_tui.vocabulary.reports import Kept, Snapshot


class DiskKeeper:
    """Takes snapshots at once and writes them on a thread of its own; of one folder only the latest waits.

    What goes wrong is `kept.error`, one line, and the next save tries again; nothing is raised into the caller.
    """

    def __init__(
        self,
        write: Callable[[Snapshot, Path], None] = snapshots.write,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._write = write
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: dict[Path, Snapshot] = {}
        self._writing = False
        self._closed = False
        self._unkept: set[Path] = set()
        self._good: dict[Path, Kept] = {}
        self._kept: Kept | None = None
        self._thread = threading.Thread(target=self._run, name="lec10-keeper", daemon=True)
        self._thread.start()

    def save(self, snapshot: Snapshot, folder: Path) -> None:
        """Take a snapshot to be written into `folder`; the latest one wins."""
        with self._changed:
            self._unkept.add(folder)
            if self._closed:
                self._fail(folder, f"{folder}: not saved: the keeper is closed")
                return
            self._waiting[folder] = snapshot
            self._changed.notify_all()

    @property
    def kept(self) -> Kept | None:
        """The last thing done, a new object each; with an error, `step` and `at` are the last good save's (0: none)."""
        return self._kept

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything handed in is written; False when that took longer or a folder's latest save failed."""
        with self._changed:
            idle = self._changed.wait_for(lambda: not self._waiting and not self._writing, timeout)
            return idle and not self._unkept

    def close(self, timeout: float | None = None) -> bool:
        """Write what waits, as `flush`, and let the thread end; one that hangs in a disk is left behind."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        return self.flush(timeout)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                folder = next(iter(self._waiting))
                snapshot = self._waiting.pop(folder)
                self._writing = True
            error = self._try(snapshot, folder)
            with self._changed:
                self._writing = False
                if error is not None:
                    self._fail(folder, error)
                else:
                    self._kept = self._good[folder] = Kept(folder, snapshot.step, self._clock())
                    if folder not in self._waiting:
                        self._unkept.discard(folder)
                self._changed.notify_all()
            del snapshot  # it is large, and the next one may be long in coming

    def _try(self, snapshot: Snapshot, folder: Path) -> str | None:
        """Write, and say in one line what went wrong."""
        try:
            self._write(snapshot, folder)
        except Exception as error:
            text = " ".join(str(error).split()) or type(error).__name__
            return text if str(folder) in text else f"{folder}: not saved: {text}"
        return None

    def _fail(self, folder: Path, error: str) -> None:
        good = self._good.get(folder)
        self._kept = Kept(folder, good.step if good else 0, good.at if good else 0.0, error)
