"""Scenes: what a lecturer shows and says, read from a lesson's scenes.md."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

VERBS: Mapping[str, tuple[int, str]] = {
    "set": (2, "set NAME VALUE"),
    "press": (1, "press KEY"),
    "wait": (1, "wait SECONDS"),
    "run": (0, "run"),
    "pause": (0, "pause"),
    "start": (0, "start"),
    "open": (1, "open RUN"),
    "focus": (1, "focus PANEL"),
    "zoom": (1, "zoom PANEL"),
    "unzoom": (0, "unzoom"),
}
"""Each thing a scene can do: how many words follow it, and how it is written."""

LONGEST_WAIT = 600.0


class ScenesError(ValueError):
    """A scenes.md that can't be read; one line with the number of the line at fault."""


@dataclass(frozen=True)
class Deed:
    """One thing a scene does: a verb of VERBS, its words, and the line it stands in."""

    verb: str
    words: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Scene:
    """One scene: its title, what the lecturer says, what it sets and presses."""

    title: str
    say: str
    deeds: tuple[Deed, ...]


def parse(text: str) -> tuple[Scene, ...]:
    """The scenes of a scenes.md: `## Title`, prose, and a block fenced as ```lec10; raises ScenesError."""
    scenes: list[Scene] = []
    title: str | None = None
    prose: list[str] = []
    deeds: list[Deed] = []
    fenced = 0

    def close() -> None:
        if title is not None:
            scenes.append(Scene(title, _paragraphs(prose), tuple(deeds)))

    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if fenced:
            if words == "```":
                fenced = 0
            elif words and not words.startswith("#"):
                deeds.append(_deed(words, number))
        elif words.startswith("## "):
            close()
            title, prose, deeds = words[3:].strip(), [], []
        elif words.startswith("```"):
            if words != "```lec10":
                raise ScenesError(f"scenes, line {number}: {words!r} opens no block of scenes; ```lec10 does")
            if title is None:
                raise ScenesError(f"scenes, line {number}: a block needs a scene, a line as ## Title, before it")
            fenced = number
        elif title is not None:
            prose.append(words)
    if fenced:
        raise ScenesError(f"scenes, line {fenced}: the block that opens here is never closed with ```")
    close()
    if not scenes:
        raise ScenesError("scenes: there is no scene; one begins with a line as ## Title")
    return tuple(scenes)


def _paragraphs(lines: list[str]) -> str:
    """Prose with its lines joined; an empty line parts paragraphs."""
    blocks = "\n".join(lines).split("\n\n")
    return "\n".join(" ".join(block.split()) for block in blocks if block.strip())


def _deed(words: str, number: int) -> Deed:
    verb, *rest = words.split()
    if verb not in VERBS:
        raise ScenesError(f"scenes, line {number}: {verb!r} is nothing a scene does: one of {', '.join(VERBS)}")
    count, form = VERBS[verb]
    if verb == "set" and len(rest) > 2:
        rest = [rest[0], " ".join(rest[1:])]
    if len(rest) != count:
        raise ScenesError(f"scenes, line {number}: {words!r} is not of the form {form}")
    if verb == "wait" and not 0 <= _seconds(rest[0]) <= LONGEST_WAIT:
        raise ScenesError(f"scenes, line {number}: wait takes seconds, 0 to {LONGEST_WAIT:g}, not {rest[0]!r}")
    return Deed(verb, tuple(rest), number)


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
