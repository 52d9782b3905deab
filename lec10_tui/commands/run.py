"""`lec10 run LESSON`: drives the lesson's experiment with the app's own worker, without a screen."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Generator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lec10_tui.commands.lazy import LazyGroup
from lec10_tui.commands.lesson_flags import Given, given, knobs_class, options, presets
from lec10_tui.commands.mishaps import write_log
from lec10_tui.commands.printing import Advance, on_terminal, only_ours, print_json, print_table, progress_bar
from lec10_tui.commands.signals import Ended, ending_signals
from lec10_tui.lessons import CONTENTS, Lesson, lesson_named
from lec10_tui.vocabulary.commands import Open
from lec10_tui.vocabulary.reports import Failure, Report
from lec10_tui.widgets.setting import counted

if TYPE_CHECKING:
    from lec10_tui.runs.keeper import DiskKeeper

SAVING_SECONDS = 30.0

HELP = """Run a lesson without a screen: the same experiment, the same run, to the last bit.

A progress bar goes to standard error, the readings to standard output. Ctrl-C saves the run and says where.
"""

command = LazyGroup(
    "run",
    sections={"Lessons": {lesson.name: (f"{__name__}:lesson_command", lesson.title) for lesson in CONTENTS}},
    help=HELP,
    epilog="Example: lec10 run vae --latent-dim 20 --epochs 30 --json",
    no_args_is_help=False,
)


def lesson_command(name: str) -> click.Command:
    """The command that runs the lesson called `name`, with its knobs as flags."""
    lesson = lesson_named(name)

    def run_lesson(run: Path | None, json: bool, **values: Any) -> int:
        return Session(lesson, given(lesson, values), claimed(run, lesson), json).run()

    folder = click.Path(path_type=Path)
    without = " Without a screen." if lesson.title.endswith("?") else ", without a screen."
    return click.Command(
        name,
        callback=run_lesson,
        params=[
            *options(lesson, app=False),
            click.Option(
                ["--run"], type=folder, metavar="DIR", help="Keep the run in DIR; by default among your runs."
            ),
            click.Option(["--json"], is_flag=True, help="Print one JSON object a line: progress, then finished."),
        ],
        help=f"{lesson.title}{without}\n\n{HELP.partition(chr(10))[2].strip()}",
        epilog=f"{presets(lesson)}\n\nExample: lec10 run {name} --seconds 20 --json",
    )


def claimed(folder: Path | None, lesson: Lesson) -> Path:
    """The folder of a new run, made and found writable; raises RunError with one line."""
    import tempfile

    from lec10_tui.places import places
    from lec10_tui.runs.errors import RunError, one_line
    from lec10_tui.runs.folders import is_run, new_folder

    if folder is None:
        return new_folder(places().home, lesson.name, claim=True)
    folder = folder.expanduser().absolute()
    if is_run(folder):
        raise RunError(f"{folder}: holds a run already; lec10 open goes on with it, another --run keeps a new one")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError:
        raise RunError(f"{folder}: is a file; --run wants a folder") from None
    except OSError as error:
        raise RunError(f"{folder}: a run can't be kept here: {one_line(error)}") from None
    return folder


class Session:
    """One run from its first step to its last word: what is printed, what is kept, and the exit code."""

    def __init__(
        self, lesson: Lesson, given: Given, folder: Path, json: bool, keeper: DiskKeeper | None = None
    ) -> None:
        from lec10_tui.runs.keeper import DiskKeeper

        self.lesson = lesson
        self.first = Open(given.knobs, turns=given.turns)
        self.folder = folder
        self.json = json
        self.out = sys.stdout
        self.keeper = keeper or DiskKeeper()
        self.last: Report | None = None
        self._warned: str | None = None

    def run(self) -> int:
        """Drive it to its end; 0 finished and kept, 1 failed, 128 + the signal that ended it."""
        try:
            with ending_signals():
                try:
                    self._drive()
                finally:
                    kept = self.keeper.close(SAVING_SECONDS)
                    self._tidy()
        except Ended as ended:
            self._event("stopped")
            self._tell(f"stopped; {self._where()}")
            return ended.code
        return self._end(kept)

    def _drive(self) -> None:
        from lec10_tui.opening import opener
        from lec10_tui.places import places
        from lec10_tui.worker.drive import drive

        shown = on_terminal(sys.stderr) and not (self.json and on_terminal(self.out))
        reports = drive(opener(self.lesson, places(), self.folder), self.keeper, self.first)
        assert isinstance(reports, Generator)  # closing it is what stops the worker
        with only_ours(), progress_bar(self.lesson.name, shown=shown) as advance, closing(reports):
            for report in reports:
                self._take(report, advance)

    def _take(self, report: Report, advance: Advance) -> None:
        self.last = report
        status = report.status
        if self.json and self._readings and status.state in ("paused", "running"):
            self._event("progress")
        advance(status.progress, beside_the_bar(report, self.lesson, self._step_word))
        error = status.kept.error if status.kept else None
        if error and error != self._warned:
            self._tell(f"not saved: {error}; the run goes on and tries again")
        self._warned = error

    def _end(self, kept: bool) -> int:
        report = self.last
        if report is None or report.status.state != "finished":
            return self._failed(report.failure if report else None)
        if not kept:
            error = (self.keeper.kept.error if self.keeper.kept else None) or "the disk takes too long"
            self._event("failed", what="the run is finished but could not be saved", advice=error)
            self._tell(f"the run is finished but could not be saved: {error}")
            return 1
        if self.json:
            self._event("finished")
        else:
            print_table({**self._readings, **({"run": str(self.folder)} if self._saved else {})})
        for step, name, _ in self.first.turns:
            if report.frame is not None and step > report.frame.step:
                ended = f"{self._step_word} {report.frame.step}"
                self._tell(f"--at {step}:{name}=… was never reached; the run ended at {ended}")
        return 0

    def _failed(self, failure: Failure | None) -> int:
        failure = failure or Failure("the run ended before its length was reached", "")
        if failure.detail:
            write_log(failure.what, failure.detail)
        self._event("failed", what=failure.what, advice=failure.advice)
        self._tell("; ".join(words for words in (failure.what, failure.advice, self._where()) if words))
        return 1

    def _event(self, name: str, **more: str | None) -> None:
        if self.json:
            ended = {} if name == "progress" else {"run": str(self.folder) if self._saved else None}
            print_json({"event": name, **self._readings, **more, **ended}, self.out)

    @property
    def _readings(self) -> Mapping[str, float]:
        """The last readings there are, what is a verdict on the whole run (solved) after the numbers."""
        if self.last is None or self.last.frame is None:
            return {}
        return dict(sorted(self.last.readings.items(), key=lambda reading: isinstance(reading[1], bool)))

    @property
    def _saved(self) -> bool:
        return self.keeper.kept is not None and self.keeper.kept.at > 0

    def _where(self) -> str:
        kept = self.keeper.kept
        if kept is None or not self._saved:
            return "nothing was saved"
        from lec10_tui.places import places
        from lec10_tui.runs.folders import runs_folder

        among_runs = kept.folder.parent == runs_folder(places().home)
        name = kept.folder.name if among_runs else shlex.quote(str(kept.folder))
        return f"{self._step_word} {kept.step} is saved in {kept.folder} (lec10 open {name} goes on from there)"

    @property
    def _step_word(self) -> str:
        """What one of those is called that the run counts."""
        return counted(knobs_class(self.lesson)).removesuffix("s")

    def _tell(self, line: str) -> None:
        click.echo(f"lec10: {' '.join(line.split())}", err=True)

    def _tidy(self) -> None:
        """Leave no empty folder behind."""
        if not self._saved and not any(self.folder.iterdir()):
            self.folder.rmdir()


def beside_the_bar(report: Report, lesson: Lesson, step: str) -> str:
    """How far the run is, how good, how fast; `step` is what one of those is called that it counts."""
    if report.frame is None:
        return "loading"
    from lec10_tui.drawing.numbers import duration, fixed, grouped

    readings, status = report.readings, report.status
    epoch, (name, label) = report.frame.epoch, lesson.headline
    words = [f"{step} {grouped(report.frame.step)}" if epoch is None else f"epoch {grouped(epoch, 1)}"]
    words += [f"{label} {fixed(readings[name], 8)}"] if name in readings else []
    words += [f"{grouped(status.rate)} {status.unit}/s"]
    words += [f"{duration(status.seconds_left)} left"] if status.seconds_left is not None else []
    return " · ".join(words)
