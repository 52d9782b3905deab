"""The scenes of the reparameterization lesson: what they set, focus and press is there, and what they say fits."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from fake_link import FakeLink
from reparameterization_reports import report
from textual.app import App
from textual.geometry import Size

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.reparameterization.frame import ReparameterizationKnobs
from lec10_tui.lessons.reparameterization.screen import ReparameterizationScreen
from lec10_tui.vocabulary.commands import Open, Pause, Run, SetSpeed, Step
from lec10_tui.vocabulary.knobs import named
from lec10_tui.widgets import keys
from lec10_tui.widgets.messages import Arrived
from lec10_tui.widgets.scenes import Scene, parse
from lec10_tui.widgets.strips import SceneStrip

LESSON = lesson_named("reparameterization")
TEXT = files(LESSON.package).joinpath("scenes.md").read_text(encoding="utf-8")
SCENES = parse(TEXT)
DEEDS = [pytest.param(scene, deed, id=f"{deed.line}-{deed.verb}") for scene in SCENES for deed in scene.deeds]
SCREEN = ReparameterizationScreen(LESSON, FakeLink())


def test_there_are_scenes_enough_each_with_something_to_say_and_to_do() -> None:
    assert len(SCENES) >= 5 and len({scene.title for scene in SCENES}) == len(SCENES)
    for scene in SCENES:
        assert len(scene.say.split()) >= 15 and scene.deeds, scene.title


def test_every_panel_but_the_knobs_has_its_scene() -> None:
    shown = {deed.words[0] for scene in SCENES for deed in scene.deeds if deed.verb in ("focus", "zoom")}
    assert shown == set(SCREEN.body.panels) - {"knobs"}


@pytest.mark.parametrize(("scene", "deed"), DEEDS)
def test_what_a_scene_does_can_be_done(scene: Scene, deed: Any) -> None:
    if deed.verb == "set":
        name, text = deed.words
        knob = named(ReparameterizationKnobs, name)
        assert knob.format(knob.parse(text)) == text
    elif deed.verb in ("focus", "zoom"):
        assert deed.words[0] in SCREEN.body.panels
    elif deed.verb == "press":
        assert keys.find(SCREEN.all_keys, deed.words[0]) is not None
    else:
        assert deed.verb in ("start", "run", "pause", "wait", "unzoom")


def test_restart_knobs_are_followed_by_a_start() -> None:
    for scene in SCENES:
        verbs = [deed.verb for deed in scene.deeds]
        waiting = [
            index
            for index, deed in enumerate(scene.deeds)
            if deed.verb == "set" and named(ReparameterizationKnobs, deed.words[0]).kind == "restart"
        ]
        assert not waiting or "start" in verbs[max(waiting) :], scene.title


def test_a_zoom_is_left_by_the_scene_after_it() -> None:
    zoomed = False
    for scene in SCENES:
        verbs = [deed.verb for deed in scene.deeds]
        assert not zoomed or "unzoom" in verbs, scene.title
        zoomed = any(verb == "zoom" for verb in verbs)
    assert not zoomed


@pytest.mark.parametrize("width", [80, 120, 200])
async def test_what_a_lecturer_says_fits_its_strip(width: int) -> None:
    strip = SceneStrip()

    class StripApp(App[None]):
        def compose(self):  # type: ignore[no-untyped-def]
            yield strip

    async with StripApp().run_test(size=(width, 24)):
        for number, scene in enumerate(SCENES, 1):
            strip.place = f"{number} of {len(SCENES)}"
            strip.scene = scene
            lines = ["".join(text for text, _ in line) for line in strip.lines(width)]
            assert len(lines) <= strip.get_content_height(Size(width, 24), Size(width, 24), width), (scene.title, lines)
            assert all(len(line) <= width for line in lines[1:]), scene.title
            assert " ".join(scene.say.split()) == " ".join(" ".join(lines[1:]).split())


async def test_scenes_start_what_they_talk_about_and_draw_the_samples_they_press_for() -> None:
    class SceneApp(App[None]):
        ENABLE_COMMAND_PALETTE = False
        link = FakeLink()
        shown = ReparameterizationScreen(LESSON, link, scenes=TEXT, cost=lambda: 0.0)

        def on_mount(self) -> None:
            self.push_screen(self.shown)

    app, sent = SceneApp(), dict[str, list[Any]]()
    async with app.run_test(size=(120, 40)) as pilot:
        in_force: dict[str, Any] = {}
        app.shown.post_message(Arrived(report(knobs=in_force)))
        await pilot.press("d")
        for scene in SCENES:
            for _ in range(4):
                await pilot.pause()
            sent[scene.title] = app.link.took()
            for command in sent[scene.title]:
                if isinstance(command, Open):
                    in_force = dict(command.given)
            app.shown.post_message(Arrived(report(knobs=in_force)))
            await pilot.press("n")
    opened = {
        title: dict(command.given) for title, took in sent.items() for command in took if isinstance(command, Open)
    }
    assert opened == {
        "Where the gradient stops": {},
        "What the dimension does": {"dimension": 64},
        "A trained VAE's own gradient": {"function": "reconstruction", "dimension": 1},
        "When there is no derivative": {"function": "sine", "dimension": 16, "sigma": 0.5},
    }
    assert [type(command) for command in sent["Where the gradient stops"]] == [SetSpeed, Open, Pause]
    assert [type(command) for command in sent["The trick, sample by sample"]] == [Step]
    assert any(isinstance(command, Run) for command in sent["Two estimators, one gradient"])
