"""The title line: which lesson, on what, how the run stands; always one line, whatever the width."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.reactive import reactive
from textual.strip import Strip

from lec10_tui.drawing.lines import clip
from lec10_tui.drawing.numbers import duration, grouped
from lec10_tui.vocabulary.reports import Report, State
from lec10_tui.widgets.inked import Inked, Piece, apart, length
from lec10_tui.widgets.look import Look

SIGNS: dict[State, tuple[str, str]] = {
    "loading": ("○", "o"),
    "paused": ("‖", "|"),
    "running": ("●", "*"),
    "finished": ("✓", "+"),
    "failed": ("✗", "x"),
    "stopped": ("■", "#"),
}

BAR = 12
PACE = 9
"""Cells that are kept free for the pace before there is one."""


@dataclass(frozen=True)
class Heading:
    """What the title line says. `word` is written after the sign of `state`, `running` while it goes; `rate` is in
    `unit`, `held` stands in its place where the run is held down; `pace` says how far it has come; `pages` and the
    chosen `page` are there where a lesson has any, `tabs` and the chosen `tab` where one panel is shown at a time.
    """

    name: str
    title: str = ""
    context: tuple[str, ...] = ()
    state: State = "loading"
    word: str = "opening"
    running: str = "training"
    rate: float = 0.0
    unit: str = ""
    held: str = ""
    pace: str = ""
    progress: float | None = None
    seconds_left: float | None = None
    pages: tuple[str, ...] = ()
    page: int = 0
    tabs: tuple[str, ...] = ()
    tab: int = 0


def state_word(report: Report | None, running: str, shipped: str) -> str:
    """How the run stands, in a word; `running` is what a lesson calls it while it goes, `shipped` what ships."""
    if report is None or report.status.state == "loading":
        return "opening"
    status = report.status
    if status.state == "running":
        return running
    if status.state == "paused" and status.origin == "shipped":
        return shipped
    return "ready" if status.state == "paused" and report.frame and not report.frame.step else status.state


def pace(report: Report | None, counted: str) -> str:
    """How far the run has come, as wide at its end as at its start: in epochs, or in the steps it counts."""
    if report is None or report.frame is None:
        return ""
    if report.frame.epoch is not None:
        return f"epoch {report.frame.epoch:>3.0f}"
    return f"{counted.removesuffix('s')} {grouped(report.frame.step):>3}"


def pulse(report: Report | None, unit: str, counted: str) -> str:
    """What the line has no room for beside the tabs: how fast the run goes, and how far it is."""
    if report is None or report.frame is None or not (report.frame.step or report.status.state == "running"):
        return ""
    words = [f"{clip(grouped(report.status.rate), 7):>7} {unit}"] if report.status.state == "running" else []
    words += [f"epoch {report.frame.epoch:.0f}"] if report.frame.epoch is not None else []
    return " · ".join([*words, f"{counted.removesuffix('s')} {grouped(report.frame.step)}"])


def title_pieces(heading: Heading, width: int, look: Look) -> list[Piece]:
    """The title line in exactly `width` cells; what matters least is left out first.

    What is left out depends on the width alone, not on whether the run is going, so that nothing moves when it starts.
    """
    going = replace(
        heading, state="running", word=heading.running, progress=0.0, seconds_left=0.0, pace=heading.pace or " " * PACE
    )
    context, kept = len(heading.context), 1 if heading.pages else 2
    tabs = bool(heading.tabs)
    parts = {"title", "rate", "pace", "bar", "left", "word", "state"}
    drops = ["bar", "rate", "pace", "left", "word"] if tabs else ["title", "bar", "pace", "rate", "left", "word"]
    if heading.pages:
        drops.insert(drops.index("word"), "pages")
        parts.add("pages")
    while True:
        left = [*_head(heading, parts, look), *_tabs(heading, look)] if tabs else _left(heading, parts, context, look)
        right = max(_right(going, parts, look), _right(heading, parts, look), key=length)
        if length(left) + length(right) + 2 <= width or not drops:
            break
        if not tabs and "title" not in parts and context > (0 if drops[0] == "word" else kept):
            context -= 1
        else:
            parts.discard(drops.pop(0))
    right = _right(heading, parts, look)
    if tabs:
        head = _head(heading, parts, look)
        left = [*head, *_around(heading, look, width - length(right) - length(head) - 2)]
    return apart(left, right, max(width, 0))


def _left(heading: Heading, parts: set[str], context: int, look: Look) -> list[Piece]:
    dot = look.text(" · ", " - ")
    pieces: list[Piece] = [(" ", ""), (heading.name, "strong")]
    if heading.title and "title" in parts:
        pieces += [(dot, "dim"), (heading.title, "")]
    if "pages" in parts:
        pieces.append((" ", ""))
        for index, label in enumerate(heading.pages):
            mark, role = (look.text(" ▸", " >"), "accent") if index == heading.page else ("  ", "dim")
            pieces += [(mark, role), (f"{index + 1} {look.say(label)}", role)]
    words = dot.join(heading.context[:context])
    return [*pieces, ("   " + look.say(words) if words else "", "dim")]


def _head(heading: Heading, parts: set[str], look: Look) -> list[Piece]:
    """What stands before the tabs: the lesson, and its page, by its number where there is no room for its label."""
    pieces: list[Piece] = [(" ", ""), (heading.name, "strong")]
    if heading.pages:
        label = look.say(heading.pages[heading.page]) if "pages" in parts else ""
        pieces.append((f" {heading.page + 1} {label}".rstrip(), "strong"))
    return [*pieces, (" ", "")]


def _tabs(heading: Heading, look: Look) -> list[Piece]:
    marks = look.text("▸ ", "> ")
    pieces: list[Piece] = []
    for index, tab in enumerate(heading.tabs):
        chosen = index == heading.tab
        pieces += [(marks[0] if chosen else " ", "accent"), (tab, "accent" if chosen else "dim")]
    return pieces


def _around(heading: Heading, look: Look, room: int) -> list[Piece]:
    """The tabs, moved to the left as far as is needed to see the chosen one."""
    rest = _tabs(heading, look)
    while length(rest[: 2 * heading.tab + 2]) > room and heading.tab * 2 < len(rest) and len(rest) > 2:
        rest = rest[2:]
        heading = _moved(heading)
        if heading.tab < 0:
            break
    return rest


def _moved(heading: Heading) -> Heading:
    return Heading(heading.name, tabs=heading.tabs[1:], tab=heading.tab - 1)


def _right(heading: Heading, parts: set[str], look: Look) -> list[Piece]:
    going = heading.state == "running"
    sign = look.text(*SIGNS[heading.state])
    role = "accent" if going else "error" if heading.state == "failed" else "strong"
    pieces: list[Piece] = [(sign, role)]
    if "word" in parts:
        pieces.append((f" {heading.word:<8}", role))
    if "rate" in parts and going:
        rate = heading.held or f"{clip(grouped(heading.rate), 7):>7} {heading.unit}"
        pieces.append((f" {rate:>{8 + len(heading.unit)}}", ""))
    if "pace" in parts and heading.pace:
        pieces.append((look.text(" · ", " - ") + heading.pace, ""))
    if heading.progress is not None:
        if "bar" in parts:
            pieces += [(" ", ""), *_bar(heading.progress, look)]
        if "left" in parts and heading.seconds_left is not None:
            pieces.append((f" {duration(heading.seconds_left):>5} left", ""))
    pieces = [(look.say(text), style) for text, style in pieces]
    return [*pieces, (" ", "")]


def _bar(progress: float, look: Look) -> list[Piece]:
    halves = round(min(max(progress, 0.0), 1.0) * BAR * 2)
    full = look.text("━", "=") * (halves // 2) + (look.text("╸", "-") if halves % 2 else "")
    return [(full, "accent"), (look.text("─", ".") * (BAR - len(full)), "dim")]


class TitleLine(Inked):
    """Shows a heading in one line."""

    DEFAULT_CSS = """
    TitleLine { height: 1; background: $surface-lighten-1; color: $foreground; }
    """

    heading: reactive[Heading] = reactive(Heading(""))

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        return self.strip(title_pieces(self.heading, width, self.look) if y == 0 else (), width)
