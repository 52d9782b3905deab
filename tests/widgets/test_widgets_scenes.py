"""Scenes are read with the line of every mistake, and played in order with their pauses."""

from __future__ import annotations

import pytest
from shell_fakes import SCENES

from lec10_tui.widgets.player import Player
from lec10_tui.widgets.scenes import Deed, Scene, ScenesError, parse


def test_titles_prose_and_deeds():
    one, two = parse(SCENES)
    assert one == Scene(
        "One",
        "Say *this* and that.\nAnd then this.",
        (Deed("set", ("beta", "4"), 10), Deed("press", ("z",), 11), Deed("focus", ("curves",), 12)),
    )
    assert two.title == "Two" and [deed.verb for deed in two.deeds] == ["set", "start", "wait", "pause"]


def test_a_value_may_have_blanks():
    (scene,) = parse("## A\n```lec10\nset length 20 seconds\n```\n")
    assert scene.deeds == (Deed("set", ("length", "20 seconds"), 3),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no scene"),
        ("# only a heading\nprose", "there is no scene"),
        ("```lec10\nrun\n```", "line 1: a block needs a scene"),
        ("## A\n```python\n```", "line 2: '```python' opens no block of scenes"),
        ("## A\n```lec10\nrun", "line 2: the block that opens here is never closed"),
        ("## A\n\n```lec10\nfly\n```", "line 4: 'fly' is nothing a scene does: one of set, press"),
        ("## A\n```lec10\nset beta\n```", "line 3: 'set beta' is not of the form set NAME VALUE"),
        ("## A\n```lec10\nrun now\n```", "line 3: 'run now' is not of the form run"),
        ("## A\n```lec10\nwait long\n```", "line 3: wait takes seconds, 0 to 600, not 'long'"),
        ("## A\n```lec10\nwait nan\n```", "line 3: wait takes seconds"),
        ("## A\n```lec10\nwait -1\n```", "line 3: wait takes seconds"),
    ],
)
def test_a_mistake_is_named_with_its_line(text, message):
    with pytest.raises(ScenesError) as error:
        parse(text)
    assert message in str(error.value) and "\n" not in str(error.value)


class Clock:
    """Remembers what was set to happen later."""

    def __init__(self):
        self.waiting = []

    def __call__(self, seconds, call):
        timer = Timer(seconds, call)
        self.waiting.append(timer)
        return timer


class Timer:
    def __init__(self, seconds, call):
        self.seconds, self.call, self.stopped = seconds, call, False

    def stop(self):
        self.stopped = True


def test_a_player_waits_and_forgets_what_it_waited_for_when_the_lecturer_moves_on():
    done, shown, clock = [], [], Clock()
    scenes = parse("## A\n```lec10\nrun\nwait 2\npause\nwait 3\nunzoom\n```\n## B\n```lec10\nstart\n```\n")
    player = Player(scenes, lambda deed: done.append(deed.verb), clock, lambda scene, index: shown.append(index))
    player.move(1)
    assert not player.playing and shown == []
    player.play(0)
    assert done == ["run"] and clock.waiting[0].seconds == 2.0
    clock.waiting[0].call()
    assert done == ["run", "pause"] and clock.waiting[1].seconds == 3.0
    player.move(-1)
    assert not clock.waiting[1].stopped
    player.move(1)
    assert clock.waiting[1].stopped and done == ["run", "pause", "start"]
    player.move(1)
    player.leave()
    assert shown == [0, 1, -1] and not player.playing
