"""The keys of the app's own screens, beside those that are the same everywhere."""

from __future__ import annotations

from dataclasses import replace

from lec10_tui.widgets.keys import Key, named


def _everywhere() -> tuple[Key, ...]:
    """The keys of every lesson that mean the same here; the app itself does what they ask."""
    return (
        replace(named("theme"), action="app.theme"),
        replace(named("help"), priority=2),
        replace(named("palette"), action="app.visit('palette')", priority=4, shown=":", help="palette, as ctrl+p"),
        replace(named("quit"), action="app.leave"),
        named("suspend"),
    )


CONTENTS_KEYS: tuple[Key, ...] = (
    Key("open", ("enter",), "enter", "open(False)", "open", "open the lesson", "Lecture", 1),
    Key("demo", ("d",), "d", "open(True)", "demo", "open the lesson and play its scenes", "Lecture", 5),
    Key("runs", ("o",), "o", "app.visit('runs')", "runs", "the runs that are kept", "Keep", 6),
    Key("up", ("up", "k"), "up down kj", "select(-1)", "up", "choose a lesson", "Lecture", palette=False),
    Key("down", ("down", "j"), "", "select(1)", "down", "", "Lecture", palette=False),
    Key("left", ("left", "h"), "left right hl", "half(1)", "left", "to the other half", "Lecture", palette=False),
    Key("right", ("right", "l"), "", "half(2)", "right", "", "Lecture", palette=False),
    Key("first", ("home",), "home end", "select(-99)", "first", "the first, the last lesson", "Lecture", palette=False),
    Key("last-lesson", ("end",), "", "select(99)", "last", "", "Lecture", palette=False),
    *(
        Key(
            f"number-{digit}",
            (digit,),
            "0 … 9" if digit == "0" else "",
            f"number({digit})",
            "number",
            "choose a lesson by its number" if digit == "0" else "",
            "Lecture",
            palette=False,
        )
        for digit in "0123456789"
    ),
    *_everywhere(),
    Key("back", ("q",), "q", "app.leave", "quit", "quit; asks while a run is training", "Program", 3),
)

RUNS_KEYS: tuple[Key, ...] = (
    Key("open", ("enter",), "enter", "open", "open", "open the run, exactly where it stopped", "Keep", 1),
    Key("rename", ("R",), "R", "rename", "rename", "give the run another name", "Keep", 4),
    Key("delete", ("D",), "D", "delete", "delete", "delete the run; asks first", "Keep", 5),
    Key("up", ("up", "k"), "up down kj", "select(-1)", "up", "choose a run", "Keep", palette=False),
    Key("down", ("down", "j"), "", "select(1)", "down", "", "Keep", palette=False),
    Key("page-up", ("pageup",), "pgup pgdn", "page(-1)", "page", "a page up, down", "Keep", palette=False),
    Key("page-down", ("pagedown",), "", "page(1)", "page", "", "Keep", palette=False),
    Key("first", ("home",), "home end", "ends(-1)", "first", "the newest, the oldest run", "Keep", palette=False),
    Key("last", ("end",), "", "ends(1)", "last", "", "Keep", palette=False),
    Key("contents", ("g",), "g", "app.visit('contents')", "contents", "contents", "Lecture"),
    *_everywhere(),
    Key("back", ("q", "escape", "o"), "q esc", "app.back", "back", "back to where you were", "Program", 3),
)
