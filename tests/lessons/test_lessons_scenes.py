"""The scenes of every lesson: what they set, open, focus and press is there, and what they say fits the screen."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest
from fake_link import FakeLink
from textual.app import App
from textual.geometry import Size

from lec10_tui.lessons import CONTENTS, Lesson
from lec10_tui.places import places
from lec10_tui.vocabulary.knobs import Knobs, named
from lec10_tui.widgets import keys
from lec10_tui.widgets.scenes import Deed, Scene, parse
from lec10_tui.widgets.strips import SceneStrip

SCENES = {lesson: parse(files(lesson.package).joinpath("scenes.md").read_text(encoding="utf-8")) for lesson in CONTENTS}
EACH_SCENE = [
    pytest.param(lesson, scene, id=f"{lesson.name}-{scene.title}") for lesson in CONTENTS for scene in SCENES[lesson]
]
EACH_DEED = [
    pytest.param(lesson, deed, id=f"{lesson.name}-{deed.line}-{deed.verb}")
    for lesson in CONTENTS
    for deed in {(deed.verb, *deed.words): deed for scene in SCENES[lesson] for deed in scene.deeds}.values()
]
"""Every thing that the scenes of a lesson do, each once."""
SCREENS: dict[str, Any] = {
    lesson.name: getattr(import_module(lesson.screen_module), lesson.screen)(lesson, FakeLink()) for lesson in CONTENTS
}

every_lesson = pytest.mark.parametrize("lesson", CONTENTS, ids=lambda lesson: lesson.name)


def knobs_of(lesson: Lesson) -> type[Knobs]:
    return getattr(import_module(lesson.frame_module), lesson.knobs)


@every_lesson
def test_there_are_scenes_enough_each_with_something_to_say_and_to_do(lesson: Lesson) -> None:
    scenes = SCENES[lesson]
    assert len(scenes) >= 5 and len({scene.title for scene in scenes}) == len(scenes)
    for scene in scenes:
        assert len(scene.say.split()) >= 25 and scene.deeds, scene.title


@pytest.mark.parametrize(("lesson", "deed"), EACH_DEED)
def test_what_a_scene_does_can_be_done(lesson: Lesson, deed: Deed) -> None:
    screen = SCREENS[lesson.name]
    if deed.verb == "set":
        name, text = deed.words
        knob = named(knobs_of(lesson), name)
        assert knob.format(knob.parse(text)) == text
        if name == "model":
            assert (places().checkpoints / text / "config.json").is_file()
    elif deed.verb == "open":
        assert deed.words[0] in lesson.shipped
        assert (places().checkpoints / deed.words[0] / "config.json").is_file()
    elif deed.verb in ("focus", "zoom"):
        assert deed.words[0] in screen.body.panels
    elif deed.verb == "press":
        assert keys.find(screen.all_keys, deed.words[0]) is not None
    else:
        assert deed.verb in ("start", "run", "pause", "wait", "unzoom")


@pytest.mark.parametrize(("lesson", "scene"), EACH_SCENE)
def test_the_knobs_of_a_scene_go_together(lesson: Lesson, scene: Scene) -> None:
    of = knobs_of(lesson)
    given = {deed.words[0]: named(of, deed.words[0]).parse(deed.words[1]) for deed in scene.deeds if deed.verb == "set"}
    presets = getattr(import_module(lesson.frame_module), "PRESETS", {})
    knobs = of.complete(given)
    for name, value in {**presets.get(str(given.get("preset")), {}), **given}.items():
        assert getattr(knobs, name) == value


@pytest.mark.parametrize(("lesson", "scene"), EACH_SCENE)
def test_restart_knobs_are_followed_by_a_start(lesson: Lesson, scene: Scene) -> None:
    verbs = [deed.verb for deed in scene.deeds]
    waiting = [
        index
        for index, deed in enumerate(scene.deeds)
        if deed.verb == "set" and named(knobs_of(lesson), deed.words[0]).kind == "restart"
    ]
    assert not waiting or "start" in verbs[max(waiting) :]


@every_lesson
def test_a_zoom_is_left_by_the_scene_after_it(lesson: Lesson) -> None:
    zoomed = False
    for scene in SCENES[lesson]:
        verbs = [deed.verb for deed in scene.deeds]
        assert not zoomed or "unzoom" in verbs, scene.title
        zoomed = "zoom" in verbs
    assert not zoomed


@pytest.mark.parametrize("width", [80, 120, 200])
@every_lesson
async def test_what_a_lecturer_says_fits_its_strip(lesson: Lesson, width: int) -> None:
    strip, scenes = SceneStrip(), SCENES[lesson]

    class StripApp(App[None]):
        def compose(self):  # type: ignore[no-untyped-def]
            yield strip

    async with StripApp().run_test(size=(width, 24)):
        for number, scene in enumerate(scenes, 1):
            strip.place = f"{number} of {len(scenes)}"
            strip.scene = scene
            lines = ["".join(text for text, _ in line) for line in strip.lines(width)]
            assert len(lines) <= strip.get_content_height(Size(width, 24), Size(width, 24), width), (scene.title, lines)
            assert len(lines[0].partition("   ")[0]) <= width and scene.title in lines[0]
            assert all(len(line) <= width for line in lines[1:]), scene.title
            assert " ".join(scene.say.split()) == " ".join(" ".join(lines[1:]).split())
