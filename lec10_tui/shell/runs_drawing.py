"""The list of runs as rows of words: what lasts in, columns out, nothing of Textual."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lec10_tui.drawing.numbers import NOTHING, ago, grouped
from lec10_tui.lessons import CONTENTS, Lesson
from lec10_tui.runs.folders import RunInfo
from lec10_tui.shell.rows import Row, ascii_row, ascii_text, cells, cut, padded

EMPTY = ("No runs yet.", "Open a lesson and let it train: what it trains is kept here by itself.")
RESULT = 14
TAIL = 6
"""Characters of a name's end: the time in the name of a run that was not given one."""
NUMBERS = 8 + 2 + RESULT + 2 + 11
"""The cells of step, result and age."""


def last_run(runs: Sequence[RunInfo], now: float, lessons: Iterable[Lesson] = CONTENTS, *, ascii: bool = False) -> str:
    """The newest run in a line: what it is, when it was saved, how good it is; "" without runs."""
    if not runs:
        return ""
    run = runs[0]
    words = [run.lesson, run.summary, ago(now - run.saved_at), result(run, lessons, 1)]
    line = "last run  " + " · ".join(word for word in words if word)
    return ascii_text(line) if ascii else line


def result(run: RunInfo, lessons: Iterable[Lesson] = CONTENTS, decimals: int = 2) -> str:
    """How good a run is, as its lesson says it: "ELBO −151.34"; "" where its readings do not tell."""
    named = (lesson.headline for lesson in lessons if lesson.name == run.lesson)
    return "".join(f"{label} {grouped(run.readings[name], decimals)}" for name, label in named if name in run.readings)


def heading(width: int) -> Row:
    """The names of the columns."""
    name, summary, numbers = _widths(width)
    names = f"  {'run':<{name}}  " + (f"{'what it is':<{summary}}  " if summary else "")
    names += f"{'step':>8}  {'result':>{RESULT}}  {'saved':<11}" if numbers else ""
    return ((names, "dim"),)


def draw_run(
    run: RunInfo, chosen: bool, width: int, now: float, lessons: Iterable[Lesson] = CONTENTS, *, ascii: bool = False
) -> Row:
    """One run in a row of at most `width` cells; what is wrong with its folder stands in place of the numbers."""
    name, summary, numbers = _widths(width)
    ellipsis = "~" if ascii else "…"
    row: Row = (
        ("▸ " if chosen else "  ", "accent"),
        (padded(_name(run.name, name, ellipsis), name, ellipsis), "mark" if chosen else "strong"),
        ("  ", ""),
    )
    if run.note:
        row = (*row, (cut(run.note, width - cells(row), ellipsis), "error"))
    else:
        if summary:
            words = " · ".join(word for word in (run.lesson, run.summary) if word)
            if len(words) > summary and run.summary and run.name.startswith(run.lesson):
                words = run.summary
            row = (*row, (padded(words, summary, ellipsis) + "  ", "" if chosen else "dim"))
        if numbers:
            tries = [result(run, lessons, decimals) or NOTHING for decimals in (2, 1, 0)]
            found = next((text for text in tries if len(text) <= RESULT), cut(tries[-1], RESULT, ellipsis))
            row = (*row, (f"{grouped(run.step):>8}  {found:>{RESULT}}  ", ""))
            row = (*row, (padded(ago(now - run.saved_at), 11, ellipsis), "dim"))
    return ascii_row(row) if ascii else row


def _name(name: str, width: int, ellipsis: str) -> str:
    """A name that does not fit loses its middle: runs of one day are told apart by the end."""
    if len(name) <= width or width < 3 * TAIL:
        return name
    return cut(name, width - TAIL, ellipsis) + name[-TAIL:]


def _widths(width: int) -> tuple[int, int, bool]:
    """The widths of the name and of the summary, and whether there is room for the numbers: these go last."""
    left = width - 4
    if left < 8 + NUMBERS:
        return max(left, 4), 0, False
    left -= NUMBERS
    if left < 34:
        return left, 0, True
    name = min(max(left * 2 // 5, 20), 40)
    return name, min(left - name - 2, 48), True
