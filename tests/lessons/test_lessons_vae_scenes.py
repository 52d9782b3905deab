"""The scenes of the vae lesson: what they set, open, focus and press is there, and what they say fits the screen."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from textual.app import App
from textual.geometry import Size

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.vae.frame import PRESETS, VAEKnobs
from lec10_tui.lessons.vae.screen import VAEScreen
from lec10_tui.places import places
from lec10_tui.vocabulary.commands import Command
from lec10_tui.vocabulary.frames import Request
from lec10_tui.vocabulary.knobs import named
from lec10_tui.widgets import keys
from lec10_tui.widgets.scenes import Scene, parse
from lec10_tui.widgets.strips import SceneStrip

LESSON = lesson_named("vae")
SCENES = parse(files(LESSON.package).joinpath("scenes.md").read_text(encoding="utf-8"))
DEEDS = [pytest.param(scene, deed, id=f"{deed.line}-{deed.verb}") for scene in SCENES for deed in scene.deeds]


class NoLink:
    """Goes nowhere."""

    def send(self, command: Command) -> None: ...

    def ask(self, request: Request) -> None: ...


def panels() -> set[str]:
    return set(VAEScreen(LESSON, NoLink()).body.panels)


def test_there_are_scenes_enough_each_with_something_to_say_and_to_do() -> None:
    assert len(SCENES) >= 5
    assert len({scene.title for scene in SCENES}) == len(SCENES)
    for scene in SCENES:
        assert len(scene.say.split()) >= 15 and scene.deeds, scene.title


@pytest.mark.parametrize(("scene", "deed"), DEEDS)
def test_what_a_scene_does_can_be_done(scene: Scene, deed: Any) -> None:
    if deed.verb == "set":
        name, text = deed.words
        knob = named(VAEKnobs, name)
        assert knob.format(knob.parse(text)) == text
    elif deed.verb == "open":
        assert deed.words[0] in LESSON.shipped
        assert (places().checkpoints / deed.words[0] / "config.json").is_file()
    elif deed.verb in ("focus", "zoom"):
        assert deed.words[0] in panels()
    elif deed.verb == "press":
        assert keys.find((*keys.TABLE, *VAEScreen.KEYS), deed.words[0]) is not None


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.title)
def test_the_knobs_of_a_scene_go_together(scene: Scene) -> None:
    given = {
        deed.words[0]: named(VAEKnobs, deed.words[0]).parse(deed.words[1]) for deed in scene.deeds if deed.verb == "set"
    }
    knobs = VAEKnobs.complete(given)
    for name, value in {**PRESETS.get(str(given.get("preset")), {}), **given}.items():
        assert getattr(knobs, name) == value


def test_restart_knobs_are_followed_by_a_start() -> None:
    for scene in SCENES:
        verbs = [deed.verb for deed in scene.deeds]
        waiting = [
            index
            for index, deed in enumerate(scene.deeds)
            if deed.verb == "set" and named(VAEKnobs, deed.words[0]).kind == "restart"
        ]
        assert not waiting or "start" in verbs[max(waiting) :], scene.title


def test_a_zoom_is_left_by_the_scenes_that_need_the_whole_screen() -> None:
    zoomed = False
    for scene in SCENES:
        for deed in scene.deeds:
            zoomed = deed.verb == "zoom" or (zoomed and deed.verb not in ("unzoom", "focus"))
        assert not zoomed or any(deed.verb in ("zoom", "unzoom") for deed in scene.deeds), scene.title


@pytest.mark.parametrize("width", [80, 120, 200])
async def test_what_a_lecturer_says_fits_its_strip(width: int) -> None:
    strip = SceneStrip()

    class StripApp(App[None]):
        def compose(self):
            yield strip

    async with StripApp().run_test(size=(width, 24)):
        for number, scene in enumerate(SCENES, 1):
            strip.place = f"{number} of {len(SCENES)}"
            strip.scene = scene
            lines = ["".join(text for text, _ in line) for line in strip.lines(width)]
            assert len(lines) <= strip.get_content_height(Size(width, 24), Size(width, 24), width), (scene.title, lines)
            assert len(lines[0].partition("   ")[0]) <= width and scene.title in lines[0]
            assert all(len(line) <= width for line in lines[1:]), scene.title
            assert " ".join(scene.say.split()) == " ".join(" ".join(lines[1:]).split())
