"""The panel of `v`: each number on the screen beside its truth."""

from __future__ import annotations

from typing import ClassVar

from lec10_tui.drawing.numbers import fixed, grouped
from lec10_tui.vocabulary.frames import Verdict, Verdicts, Wanted
from lec10_tui.vocabulary.reports import Report
from lec10_tui.widgets.inked import Piece, Pieces, length
from lec10_tui.widgets.panel import TextPanel

PART = "verdicts"


def verdict_lines(part: Verdicts, width: int) -> list[Pieces]:
    """A table of verdicts, a line each; a note that does not fit beside its numbers stands in a line of its own.

    Where there is little width, the tolerance and then the error are left out.
    """
    names = max((len(verdict.name) for verdict in part.verdicts), default=4)
    columns = ["reading", "truth", "error", "tolerance"]
    while len(columns) > 2 and names + 3 + 13 * len(columns) > width:
        columns.pop()
    head = " " * (names + 3) + "".join(f"{column:>13}" for column in columns)
    lines: list[Pieces] = [[(head, "dim")]]
    for verdict in part.verdicts:
        row, note = _verdict(verdict, names, columns), _note(verdict)
        if length(row) + 3 + len(note) <= width:
            lines.append([*row, (f"   {note}", "dim")])
        else:
            lines += [row, [(f"    {note}", "dim")]]
    if part.waiting:
        lines.append([(f"  {part.waiting} more are being computed", "dim")])
    return lines


def _note(verdict: Verdict) -> str:
    return verdict.note or ("" if verdict.truth is not None else "no independent truth")


def _verdict(verdict: Verdict, names: int, columns: list[str]) -> list[Piece]:
    sign, role = {True: ("✓", "strong"), False: ("✗", "error"), None: ("·", "dim")}[verdict.holds]
    values = {
        "reading": _value(verdict.reading),
        "truth": _value(verdict.truth),
        "error": _small(verdict.error),
        "tolerance": _small(verdict.tolerance if verdict.truth is not None else None),
    }
    row: list[Piece] = [(f"{sign} {verdict.name:<{names}} ", role)]
    return row + [(values[column], role if column == "error" else "") for column in columns]


def _value(value: float | None) -> str:
    """Five decimals; of counts too large for them, none."""
    return fixed(value, 13, 5 if value is None or abs(value) < 1e6 else 0)


def _small(value: float | None) -> str:
    if value is None:
        return f"{'—':>13}"
    if not value:
        return f"{'0':>13}"
    return f"{value:.1e}".replace("-", "−").rjust(13)


class VerdictsPanel(TextPanel):
    """Shows verdicts as they come in."""

    NAME = "verify"
    TITLE = "Verify: each reading beside its truth"
    MINIMUM = (30, 3)
    ABOUT: ClassVar[tuple[str, ...]] = (
        "computed on a copy of the run, in double precision, another way than the reading; esc closes",
    )

    def wanted(self) -> tuple[Wanted, ...]:
        """The verdicts."""
        return (Wanted(PART, max_age=0.2),)

    def show(self, report: Report) -> None:
        """The table, or what makes it appear."""
        part = report.frame.parts.get(PART) if report.frame else None
        if not isinstance(part, Verdicts):
            self.say("the numbers are being computed another way")
            return
        self.say("")
        self.subtitle = f"at {self.lesson_screen.counted.removesuffix('s')} {grouped(part.step)}"
        self.put(verdict_lines(part, self.room.width))
