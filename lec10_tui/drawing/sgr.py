"""Fewer bytes for the same picture: style sequences rewritten so that only what changes is sent."""

from __future__ import annotations

import re
from functools import lru_cache

_SGR = re.compile(r"\x1b\[([0-9;]*)m")

State = tuple[str, str, tuple[str, ...]]
"""What a terminal writes in: foreground codes, background codes, attributes in the order they were switched on."""

PLAIN: State = ("", "", ())


def lean(output: str) -> str:
    """`output` with the fewest style codes that show the same; both begin and end in the plain style.

    Textual writes every run of cells as style, text, reset; a picture is a fifth shorter and a plot a third when only
    the colour that differs from the last run's is sent. Everything but SGR sequences passes unchanged.
    """
    pieces = _SGR.split(output)
    sent = wanted = PLAIN
    written = []
    for place, piece in enumerate(pieces):
        if place % 2:
            wanted = _after(wanted, piece)
        elif piece:
            if wanted != sent:
                written.append(_way(sent, wanted))
                sent = wanted
            written.append(piece)
    if wanted != sent:
        written.append(_way(sent, wanted))
    return "".join(written)


@lru_cache(maxsize=8192)
def _after(state: State, codes: str) -> State:
    """The state after an SGR sequence with these codes."""
    front, back, attributes = state
    rest = codes.split(";")
    while rest:
        code = rest.pop(0)
        if code in ("38", "48"):
            length = 2 if rest[:1] == ["5"] else 4
            colour = ";".join([code, *rest[:length]])
            del rest[:length]
            front, back = (colour, back) if code == "38" else (front, colour)
            continue
        number = int(code or 0)
        if number == 0:
            front, back, attributes = PLAIN
        elif 30 <= number <= 39 or 90 <= number <= 97:
            front = "" if number == 39 else code
        elif 40 <= number <= 49 or 100 <= number <= 107:
            back = "" if number == 49 else code
        elif code not in attributes:
            attributes = (*attributes, code)
    return front, back, attributes


@lru_cache(maxsize=8192)
def _way(sent: State, wanted: State) -> str:
    """The shortest SGR sequence that leads from one state to the other."""
    if wanted == PLAIN:
        return "\x1b[0m"
    codes: list[str] = []
    if wanted[2][: len(sent[2])] != sent[2]:
        codes.append("0")
        sent = PLAIN
    codes += wanted[2][len(sent[2]) :]
    if wanted[0] != sent[0]:
        codes.append(wanted[0] or "39")
    if wanted[1] != sent[1]:
        codes.append(wanted[1] or "49")
    return f"\x1b[{';'.join(codes)}m"
