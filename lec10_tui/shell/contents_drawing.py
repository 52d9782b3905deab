"""The contents of the lecture as rows of words: lessons in, rows out, nothing of Textual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from lec10_tui.lessons import Lesson
from lec10_tui.shell.rows import Row, ascii_row, cells, cut, padded, spread, wrap

COURSE = "CSC413 · 10"
LECTURE = "Generative models and policy gradients"
WIDEST = 112

NAME = (
    "#. .... ....  .#  .##.",
    "#. .##. .###  ##  #..#",
    "#. #..# #...  .#  #..#",
    "#. #### #...  .#  #..#",
    "#. #... #...  .#  #..#",
    "## .### .###  .#  .##.",
)
"""The program's name in pixels, two to a cell."""


@dataclass(frozen=True)
class Half:
    """One half of the lecture: its heading and the equation it is about, the fullest form first, also in ASCII."""

    number: int
    heading: str
    equations: tuple[str, ...]
    ascii: tuple[str, ...]


HALVES = (
    Half(
        1,
        "before the break",
        (
            "log p(x)  ≥  E_q[log p(x|z)]  −  KL(q(z|x) ‖ p(z))",
            "ELBO = E_q[log p(x|z)] − KL(q ‖ p)",
            "E_q[log p(x|z)] − KL(q ‖ p)",
        ),
        ("ELBO = E_q[log p(x|z)] - KL(q || p)", "E_q[log p(x|z)] - KL(q || p)"),
    ),
    Half(
        2,
        "after the break",
        ("∇R(θ)  =  E_τ[ r(τ) · ∇ log p(τ; θ) ]", "∇R = E[r(τ) ∇ log p(τ)]"),
        ("grad R = E[r grad log p]",),
    ),
)


@dataclass(frozen=True)
class Contents:
    """What the contents show: the lessons, the selected one's number, what to say of the last run, ASCII or not."""

    lessons: tuple[Lesson, ...]
    selected: int
    last_run: str = ""
    ascii: bool = False

    @property
    def lesson(self) -> Lesson:
        """The selected lesson."""
        return next(lesson for lesson in self.lessons if lesson.number == self.selected)


def draw_contents(contents: Contents, width: int, height: int) -> list[Row]:
    """The contents in `height` rows of at most `width` cells, as airy as there is room for."""
    inner = max(min(width - (8 if width >= 80 else 6 if width >= 70 else 2), WIDEST), 8)
    margin = ((" " * max((width - inner) // 2, 0), ""),)
    for roomy in (2, 1, 0):
        blocks = _blocks(contents, inner, roomy)
        if sum(len(block) for block in blocks) + len(blocks) <= height or roomy == 0:
            break
    rows = _stack(blocks, height)
    drawn = [(*margin, *row) if row else () for row in rows]
    return [ascii_row(row) for row in drawn] if contents.ascii else drawn


def _stack(blocks: Sequence[Sequence[Row]], height: int) -> list[Row]:
    """The blocks under each other: a row of air between them, then up to three, what is left around them."""
    blocks = [block for block in blocks if block]
    used = sum(len(block) for block in blocks)
    air = max(min((height - used) // (len(blocks) + 1), 3), 0)
    if air == 0:
        blocks = [row for block in blocks for row in ([block] if block else [])]
    rows: list[Row] = []
    for block in blocks:
        rows += [*block, *[()] * air]
    rows = rows[: len(rows) - air] if air else rows
    above = max(min((height - len(rows)) * 2 // 5, 8), 0)
    rows = [()] * above + rows
    return (rows + [()] * height)[:height]


def _blocks(contents: Contents, width: int, roomy: int) -> list[list[Row]]:
    """Title, lessons, the selected lesson, the last run: `roomy` 2 has the big name, 1 the equations, 0 bare lines."""
    last: list[Row] = []
    if contents.last_run:
        words: Row = ((contents.last_run, "dim"),)
        key: Row = (("o enter", "accent"), (" opens it", "dim"))
        if cells(words) + cells(key) + 2 <= width:
            last = [spread(words, key, width)]
        else:
            last = [*(((line, "dim"),) for line in wrap(contents.last_run, width)), key]
    title = _big_title(contents, width) if roomy == 2 else _title(width)
    return [title, _halves(contents, width, roomy), _details(contents.lesson, width), last]


def _title(width: int) -> list[Row]:
    return [spread((("lec10", "accent"), (f"   {LECTURE}", "strong")), ((COURSE, "dim"),), width)]


def _big_title(contents: Contents, width: int) -> list[Row]:
    if contents.ascii or width < 60:
        return _title(width)
    shades = {("#", "#"): "█", ("#", "."): "▀", (".", "#"): "▄"}
    pairs = zip(NAME[::2], NAME[1::2], strict=True)
    name = ["".join(shades.get(pair, " ") for pair in zip(*rows, strict=True)) for rows in pairs]
    first, second = LECTURE.split(" and ")
    beside = ((first, "strong"), (f"and {second}", "strong"), (COURSE, "dim"))
    return [((line, "accent"), ("     ", ""), words) for line, words in zip(name, beside, strict=True)]


def _halves(contents: Contents, width: int, roomy: int) -> list[Row]:
    halves = [half for half in HALVES if any(lesson.half == half.number for lesson in contents.lessons)]
    gap = 4
    column = (width - gap * (len(halves) - 1)) // max(len(halves), 1)
    if len(halves) > 1 and column < 24:
        return [row for half in halves for row in (*_half(contents, half, width, 0, ""), ())][:-1]
    fitting = [
        [text for text in (half.ascii if contents.ascii else half.equations) if len(text) <= column] for half in halves
    ]
    shown = bool(roomy) and all(fitting)
    equations = [texts[0] if shown else "" for texts in fitting]
    columns = [_half(contents, half, column, roomy, text) for half, text in zip(halves, equations, strict=True)]
    rows: list[Row] = []
    for parts in zip_longest(*columns, fillvalue=()):
        row: Row = ()
        for number, part in enumerate(parts):
            row = (*row, (" " * (number * (column + gap) - cells(row)), ""), *part)
        rows.append(row if cells(row) else ())
    return rows


def _half(contents: Contents, half: Half, width: int, roomy: int, equation: str) -> list[Row]:
    rows: list[Row] = [((cut(half.heading, width), "dim"),)]
    if equation:
        rows.append(((equation, ""),))
    rows.append(())
    lessons = [lesson for lesson in contents.lessons if lesson.half == half.number]
    name = min(max(len(lesson.name) for lesson in lessons) + 3, max(width - 6, 1))
    space = width - 6 - name
    beside = all(len(lesson.summary) <= space for lesson in lessons)
    for lesson in lessons:
        chosen = lesson.number == contents.selected
        rows += _entry(lesson, chosen, name, space if beside else 0)
        if roomy == 2 and not beside:
            rows += [(("      ", ""), (line, "" if chosen else "dim")) for line in wrap(lesson.summary, width - 6)]
        rows += [()] if roomy == 2 else []
    return rows


def _entry(lesson: Lesson, chosen: bool, name: int, space: int) -> list[Row]:
    """One lesson of the list, its summary whole on as many rows as it needs; left out where `space` is too narrow."""
    summary = wrap(lesson.summary, space) if space >= 8 else []
    role = "" if chosen else "dim"
    first: Row = (
        ("▸ " if chosen else "  ", "accent"),
        (f"{lesson.number:>2}  ", "accent" if chosen else "dim"),
        (padded(lesson.name, name), "mark" if chosen else "strong"),
        (summary[0] if summary else "", role),
    )
    return [first, *(((" " * (6 + name), ""), (line, role)) for line in summary[1:])]


def _details(lesson: Lesson, width: int) -> list[Row]:
    slides = "Slides: " + " · ".join(lesson.slides) + "."
    rows: list[Row] = [((cut(lesson.title, width), "accent"),)]
    rows += [((line, "dim"),) for line in wrap(slides, width)]
    rows += [((line, ""),) for line in wrap(lesson.opening, width)]
    return rows
