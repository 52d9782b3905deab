"""What a person sees and presses in a real terminal: contents, help, tabs, knobs, scenes, exports, plain terminals."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from real_terminal import Terminal

Start = Callable[..., Terminal]


def title(text: str) -> str:
    """The title line."""
    return text.splitlines()[0]


def leave(screen: Terminal) -> None:
    """Quit, whatever is going on; the terminal is as it was."""
    screen.press("ctrl+c")
    screen.look(0.3)
    if "quit?" in screen.text:
        screen.press("y")
    assert screen.left() == 0
    assert screen.restored


def test_contents_lesson_help_tabs_and_back_in_80_by_24(terminal: Start) -> None:
    screen = terminal(size=(80, 24))
    text = screen.wait("enter open")
    assert "Train a variational autoencoder" in text and "Slides: VAE" in text and "q quit" in text
    screen.press("enter")
    screen.wait(lambda text: "▸grid" in title(text) and "‖" in title(text))

    seen = []
    for _ in range(20):
        tab = re.search(r"▸(log p|\w+)", title(screen.text))
        assert tab, screen.text
        if tab[1] in seen:
            break
        seen.append(tab[1])
        screen.press("tab")
        screen.wait(lambda text, tab=tab: f"▸{tab[1]}" not in title(text))
    assert len(seen) >= 8 and {"grid", "curves", "knobs"} <= set(seen)

    screen.press("?")
    text = screen.wait("run, and pause")
    assert "vae" in text and "ELBO" not in screen.lines[-2]
    screen.press("esc")
    screen.wait(lambda text: "▸grid" in title(text) and "ELBO" in text and re.search(r"−\d+\.\d\d", text))
    screen.press("g")
    screen.wait("enter open")
    screen.press("q")
    assert screen.left() == 0 and screen.restored


def test_a_bad_value_is_refused_where_it_is_typed_and_esc_leaves_the_old_one(terminal: Start, own_home: Path) -> None:
    screen = terminal("vae")
    screen.wait(lambda text: "‖ trained" in text)
    screen.press("shift+tab")
    screen.wait("╭ Knobs")
    screen.choose("η")
    screen.wait(lambda text: re.search(r"▸ η +◂0\.05▸", text))
    screen.press("enter", "ctrl+u", "99", "enter")
    text = screen.wait("'99' is not")
    assert re.search(r"▸ η +99", text)
    assert "0.0001 to" in text
    # Letters are text while a value is typed: q does not leave, s does not save.
    screen.press("q", "s")
    screen.wait(lambda text: re.search(r"▸ η +99qs", text))
    screen.press("esc")
    screen.wait(lambda text: re.search(r"▸ η +◂0\.05▸", text))
    assert "is not" not in screen.text and "‖ trained" in screen.text

    # A preset waits for a new run, and what depends on it is shown at once.
    screen.press("home", "right")
    screen.wait(lambda text: re.search(r"K +20\b", text) and re.search(r"hidden +400\b", text) and "↻" in text)
    screen.press("r")
    screen.wait(lambda text: "K 20" in title(text) and "● training" in text)
    screen.wait(lambda text: "of 20" in text and re.search(r"z₂₀|z₁₉|more", text))
    screen.press("space")
    screen.wait("‖ paused")
    screen.press("tab")
    screen.wait("╭ Latent grid")
    screen.press("right", "right")
    screen.wait("z₃ →")
    screen.press("up")
    screen.wait("z₃ ↑")
    leave(screen)


def test_scenes_verdicts_and_exports(terminal: Start, own_home: Path) -> None:
    screen = terminal("vae")
    screen.wait("‖ trained")
    screen.press("d")
    text = screen.wait("1 of ")
    count = int(re.search(r"1 of (\d+)", text)[1])
    assert count >= 5
    screen.wait(lambda text: "Latent grid" in text and "Knobs" not in text)
    screen.press("n")
    screen.wait(lambda text: f"2 of {count}" in text and "● training" in text)
    screen.press("n")
    screen.wait(lambda text: f"3 of {count}" in text and "One step" in text)
    screen.press("p")
    screen.wait(f"2 of {count}")
    screen.press("esc")
    screen.wait(lambda text: f"of {count}" not in text)
    screen.wait(lambda text: re.search(r"epoch +([3-9]|\d\d)", title(text)))
    screen.press("space")
    screen.wait("‖ paused")

    screen.press("v")
    text = screen.wait(lambda text: text.count("✓") >= 3 and "waiting" not in text)
    assert "kl" in text and "✗" not in text
    screen.press("esc")
    screen.wait(lambda text: "Knobs" in text and text.count("✓") == 0)

    for panel, suffix in (("Latent grid", ".png"), ("ELBO", ".csv")):
        screen.focus(panel)
        # What the panel shows comes with the next report.
        screen.look(0.5)
        screen.press("e")
        screen.wait(lambda text, suffix=suffix: "written:" in text and suffix in text)
        screen.press("down")
        screen.wait(lambda text: "written:" not in text)
    files = sorted((own_home / "exports").iterdir())
    assert sorted(file.suffix for file in files) == [".csv", ".png", ".svg", ".svg"]
    for file in files:
        if file.suffix == ".png":
            with Image.open(file) as image:
                image.load()
                assert image.size[0] >= 2 * 28 and image.getextrema()[1] > 128
        elif file.suffix == ".csv":
            with file.open(newline="") as lines:
                rows = list(csv.DictReader(lines))
            assert len(rows) > 3 and "step" in rows[0] and any("elbo" in name for name in rows[0])
        else:
            root = ElementTree.parse(file).getroot()
            assert root.tag.endswith("svg") and "ELBO" in "".join(root.itertext())
    leave(screen)


def test_a_rate_that_fails_says_so_and_the_app_lives_on(terminal: Start) -> None:
    screen = terminal("vae", "--learning-rate", "100", "--optimizer", "sgd", "--hidden", "32")
    screen.wait(lambda text: "ready" in title(text))
    screen.press("space")
    screen.wait(lambda text: "✗ failed" in title(text) and "the loss became" in text and "lower the rate" in text)
    screen.focus("Knobs")
    screen.choose("rate")
    screen.press("enter", "ctrl+u", "0.001", "enter")
    screen.wait(lambda text: re.search(r"▸ rate +◂0\.001▸", text))
    screen.press("space")
    screen.wait(lambda text: "● training" in text and "the loss became" not in text)
    screen.wait(lambda text: re.search(r"epoch +[1-9]", title(text)))
    leave(screen)


def test_no_color_shows_no_colour(terminal: Start) -> None:
    screen = terminal("vae", NO_COLOR="1")
    text = screen.wait("‖ trained")
    assert "ELBO" in text and "Latent grid" in text and re.search(r"[⠁-⣿]", text)
    greys = screen.colours() - {"default", "black", "white", "brightblack", "brightwhite"}
    assert all(colour[0:2] == colour[2:4] == colour[4:6] for colour in greys), greys
    leave(screen)


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (("--ascii", "vae"), {}),
        pytest.param(("vae",), {"TERM": "linux"}, marks=pytest.mark.slow),
        pytest.param(("vae",), {"LC_ALL": "C"}, marks=pytest.mark.slow),
    ],
)
def test_a_plain_terminal_is_sent_ascii_alone(
    words: tuple[str, ...], environment: dict[str, str], terminal: Start
) -> None:
    screen = terminal(*words, **environment)
    text = screen.wait(lambda text: "trained" in title(text) and "KL(q || p)" in text)
    assert text.isascii(), sorted(set(text) - set(map(chr, range(128))))
    assert re.search(r"-\d+\.\d\d", text) and "beta" in text and "Latent grid" in text
    for key in ("tab", "tab", "tab", "tab", "w", ".", "m", "v", "esc", "?", "esc", "d", "esc", "z"):
        screen.press(key)
        screen.look(0.2)
        assert screen.text.isascii(), (key, sorted(set(screen.text) - set(map(chr, range(128)))), screen.text)
    screen.press("g")
    text = screen.wait("enter open")
    assert text.isascii()
    leave(screen)


def test_a_terminal_of_one_cell_is_survived(terminal: Start) -> None:
    screen = terminal("vae", size=(80, 24))
    screen.wait("‖ trained")
    for size in ((1, 1), (3, 2), (200, 5), (20, 50)):
        screen.resize(*size)
        screen.press("tab")
        screen.look(0.3)
    screen.resize(120, 40)
    text = screen.wait(lambda text: "Knobs" in text and "KL(q ‖ p)" in text and "‖ trained" in text)
    assert len(text.splitlines()) == 40 and "Latent grid" in text
    leave(screen)
