"""The key table is complete, unambiguous, and the footer takes what fits from it."""

from __future__ import annotations

import pytest

from lec10_tui.widgets.footer import footer_pieces
from lec10_tui.widgets.keys import GROUPS, TABLE, Key, bindings, find, merged, named
from lec10_tui.widgets.lesson import LessonScreen

EVERYWHERE = [
    "space", ".", ",", "+", "-", "r", "tab", "shift+tab", "up", "h", "j", "k", "l", "enter", "left", "z", "i", "[", "]",
    "g", "d", "n", "p", "v", "s", "o", "e", "y", "Y", "L", "T", "?", ":", "ctrl+p", "q", "escape", "ctrl+c", "ctrl+z",
    "home", "end",
]  # fmt: skip


@pytest.mark.parametrize("pressed", EVERYWHERE)
def test_every_key_is_in_the_table(pressed):
    assert find(TABLE, pressed) is not None


def test_case_matters():
    assert [find(TABLE, pressed).id for pressed in "yYlL"] == ["copy", "copy-command", "move-right", "logarithmic"]
    assert find(TABLE, "x") is None


def test_every_key_has_an_action_a_group_and_is_shown_with_help():
    for key in TABLE:
        assert key.group in GROUPS and key.label
        assert bool(key.shown) == bool(key.help)
        name = key.action.split("(")[0]
        assert name.startswith("app.") or callable(getattr(LessonScreen, f"action_{name}"))


def test_bindings_refuse_keys_that_clash():
    first, second = Key("a", ("x",), "x", "one", "one", "one"), Key("b", ("x",), "x", "two", "two", "two")
    with pytest.raises(ValueError, match="'a' and 'b' both claim 'x'"):
        bindings((first, second))
    with pytest.raises(ValueError, match="two keys have the id 'a'"):
        bindings((first, first))
    with pytest.raises(ValueError, match="both claim 'full_stop'"):
        bindings((*TABLE, Key("dot", (".",), ".", "dot", "dot", "dot")))
    assert [binding.id for binding in bindings(TABLE)] == [key.id for key in TABLE]


def test_a_lesson_that_redefines_a_key_fails_where_it_is_written():
    with pytest.raises(ValueError, match="both claim 'space'"):
        type("Clash", (LessonScreen,), {"KEYS": (Key("mine", ("space",), "space", "x", "x", "x"),)})


def test_a_lesson_may_say_what_a_key_of_every_lesson_does_there():
    play, update = Key("run", ("space",), "space", "play", "play", "play"), Key("update", ("u",), "u", "u", "u", "u")
    keys = merged((update, play))
    assert keys[0] is play and keys[-1] is update and len(keys) == len(TABLE) + 1
    assert [key.id for key in keys[:-1]] == [key.id for key in TABLE]
    assert merged(()) == TABLE and len(bindings(keys)) == len(keys)


def test_named():
    assert named("run").keys == ("space",)
    with pytest.raises(KeyError):
        named("nothing")


@pytest.mark.parametrize("width", [0, 1, 10, 40, 80, 120, 300])
@pytest.mark.parametrize("running", [False, True])
def test_the_footer_fits_and_keeps_what_matters_most(width, running):
    text = "".join(piece for piece, _ in footer_pieces(TABLE, width, running))
    assert len(text) <= width
    if width >= 40:
        assert ("space pause" if running else "space run") in text and "? help" in text and "q back" in text
    if width >= 80:
        assert "+ - speed" in text and "tab panel" in text and ". step" in text
