"""Lean output shows the same as what it was made from, in fewer bytes."""

import numpy as np
import pyte
from rich.color import ColorSystem
from textual.strip import Strip

from lec10_tui.drawing.glyphs import SEXTANT
from lec10_tui.drawing.palette import Paper
from lec10_tui.drawing.pictures import draw_images
from lec10_tui.drawing.sgr import lean


def shown(output: str) -> list[list[object]]:
    screen = pyte.Screen(40, 12)
    pyte.Stream(screen).feed(output)
    return [[screen.buffer[y][x] for x in range(40)] for y in range(12)]


def test_only_what_changes_is_sent() -> None:
    output = "\x1b[38;5;9;48;5;16mab\x1b[0m\x1b[38;5;10;48;5;16mc\x1b[0m\x1b[38;5;10;48;5;16md\x1b[0m"
    assert lean(output) == "\x1b[38;5;9;48;5;16mab\x1b[38;5;10mcd\x1b[0m"


def test_what_is_not_style_passes() -> None:
    assert lean("") == ""
    assert lean("\x1b[2J\x1b[3;4Htext\x1b]0;title\x07") == "\x1b[2J\x1b[3;4Htext\x1b]0;title\x07"
    assert lean("\x1b[1ma\x1b[0m\x1b[5;5Hb") == "\x1b[1ma\x1b[0m\x1b[5;5Hb"


def test_random_styles_look_the_same() -> None:
    random = np.random.default_rng(0)
    codes = [
        "1",
        "2",
        "7",
        "1;4",
        "31",
        "97",
        "44",
        "103",
        "38;5;200",
        "48;5;17",
        "38;2;1;2;3",
        "48;2;9;8;7",
        "39",
        "49",
    ]
    for _ in range(200):
        pieces = []
        for _ in range(int(random.integers(1, 30))):
            chosen = random.choice(codes, int(random.integers(0, 3)), replace=False)
            pieces.append(f"\x1b[{int(random.integers(1, 12))};{int(random.integers(1, 38))}H")
            pieces.append(f"\x1b[{';'.join(chosen)}mxy" + ("\x1b[0m" if random.random() < 0.7 else ""))
        output = "".join(pieces) + "\x1b[0m"
        assert shown(lean(output)) == shown(output)


def test_a_picture_looks_the_same_and_costs_a_sixth_less() -> None:
    images = np.random.default_rng(1).integers(0, 256, (2, 4, 8, 8), np.uint8)
    lines = draw_images(images, SEXTANT, Paper(), cell=(8, 4))
    rows = [
        "".join(Strip.render_style(part.style, part.text, ColorSystem.EIGHT_BIT) for part in line) for line in lines
    ]
    output = "\r\n".join(rows)
    assert shown(lean(output)) == shown(output)
    assert len(lean(output)) < 5 / 6 * len(output)
