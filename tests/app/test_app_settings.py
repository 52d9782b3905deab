"""What is remembered, and what a terminal is taken to draw."""

from __future__ import annotations

import json

import pytest

from lec10_tui.shell.settings import FILE, Settings, load, save
from lec10_tui.shell.terminal import default_ascii, default_glyphs, look

UTF8 = {"LANG": "en_CA.UTF-8"}
SSH = {**UTF8, "TERM": "xterm-256color"}


def test_what_is_saved_is_loaded(tmp_path):
    settings = Settings("lec10-light", "braille", False)
    assert save(settings, tmp_path / "home") is None
    assert load(tmp_path / "home") == settings
    assert [path.name for path in (tmp_path / "home").iterdir()] == [FILE]


@pytest.mark.parametrize(
    "stored", ["", "{", "[]", "7", '{"theme": 7, "glyphs": null, "ascii": "yes", "x": 1}', "[" * 100_000, "\udcff"]
)
def test_damaged_settings_are_the_defaults(tmp_path, stored):
    (tmp_path / FILE).write_bytes(stored.encode("utf-8", "surrogateescape"))
    assert load(tmp_path) == Settings()


def test_what_is_whole_of_a_damaged_file_is_kept(tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"theme": "nord", "glyphs": 3}))
    assert load(tmp_path) == Settings(theme="nord")


def test_settings_that_cannot_be_written_are_said_in_one_line(tmp_path):
    home = tmp_path / "home"
    home.write_text("a file")
    trouble = save(Settings(), home)
    assert trouble is not None and str(home) in trouble and "\n" not in trouble
    assert load(home) == Settings()


def test_a_write_that_breaks_leaves_the_old_settings(tmp_path):
    save(Settings(theme="nord"), tmp_path)
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    assert save(Settings(theme="gruvbox"), tmp_path) is not None
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    ("env", "glyphs"),
    [
        (SSH, "quadrant"),
        ({**UTF8, "TERM": "xterm-kitty"}, "sextant"),
        ({**UTF8, "TERM": "foot"}, "sextant"),
        ({**UTF8, "TERM": "alacritty"}, "sextant"),
        ({**SSH, "TERM_PROGRAM": "WezTerm"}, "sextant"),
        ({**SSH, "TERM_PROGRAM": "ghostty"}, "sextant"),
        ({**SSH, "WT_SESSION": "1"}, "sextant"),
        ({**SSH, "VTE_VERSION": "7800"}, "sextant"),
        ({**SSH, "VTE_VERSION": "7600"}, "quadrant"),
        ({**SSH, "VTE_VERSION": "new"}, "quadrant"),
        ({**SSH, "TERM_PROGRAM": "Apple_Terminal"}, "quadrant"),
        ({**UTF8, "TERM": "xterm-kitty", "TMUX": "/tmp/tmux"}, "quadrant"),
        ({**UTF8, "TERM": "screen-256color", "KITTY_WINDOW_ID": "1"}, "quadrant"),
        ({**UTF8, "TERM": "xterm"}, "braille"),
        ({**UTF8, "TERM": "xterm", "COLORTERM": "truecolor"}, "quadrant"),
        ({**UTF8, "TERM": "xterm-kitty", "NO_COLOR": "1"}, "braille"),
        ({**UTF8, "TERM": "linux"}, "ascii"),
        ({**UTF8, "TERM": "dumb"}, "ascii"),
        (UTF8, "ascii"),
        ({"TERM": "xterm-kitty", "LANG": "C"}, "ascii"),
        ({"TERM": "xterm-kitty"}, "ascii"),
        ({"TERM": "xterm-256color", "LC_ALL": "C", "LANG": "en_CA.UTF-8"}, "ascii"),
        ({"TERM": "xterm-256color", "LC_CTYPE": "C.utf8"}, "quadrant"),
    ],
)
def test_pictures_are_drawn_as_the_terminal_can(env, glyphs):
    assert default_glyphs(env) == glyphs
    assert default_ascii(env) == (glyphs == "ascii")


@pytest.mark.parametrize(
    ("env", "glyphs", "ascii", "expected"),
    [
        (SSH, None, None, ("quadrant", False)),
        (SSH, "octant", None, ("octant", False)),
        (SSH, "octant", True, ("ascii", True)),
        (SSH, "crayon", None, ("quadrant", False)),
        ({**SSH, "NO_COLOR": "1"}, "sextant", None, ("braille", False)),
        ({**UTF8, "TERM": "linux"}, "sextant", False, ("ascii", True)),
    ],
)
def test_what_a_person_chose_holds_as_far_as_the_terminal_can_show_it(env, glyphs, ascii, expected):
    made = look(env, glyphs, ascii)
    assert (made.glyphs, made.ascii) == expected
    assert made.glyphs in made.available
