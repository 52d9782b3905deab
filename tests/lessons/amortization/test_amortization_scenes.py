"""The scenes of the amortization lesson: what they set, focus and press is there, and what they say fits the screen."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from amortization_reports import about, parts, report
from fake_link import FakeLink
from textual.app import App
from textual.geometry import Size

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.amortization.frame import AmortizationKnobs, StartRace
from lec10_tui.lessons.amortization.screen import AmortizationScreen
from lec10_tui.places import places
from lec10_tui.vocabulary.commands import Open, Run
from lec10_tui.vocabulary.knobs import named
from lec10_tui.widgets import keys
from lec10_tui.widgets.messages import Arrived
from lec10_tui.widgets.scenes import Scene, parse
from lec10_tui.widgets.strips import SceneStrip

LESSON = lesson_named("amortization")
TEXT = files(LESSON.package).joinpath("scenes.md").read_text(encoding="utf-8")
SCENES = parse(TEXT)
DEEDS = [pytest.param(scene, deed, id=f"{deed.line}-{deed.verb}") for scene in SCENES for deed in scene.deeds]
SCREEN = AmortizationScreen(LESSON, FakeLink())


def test_there_are_scenes_enough_each_with_something_to_say_and_to_do() -> None:
    titles = {scene.title for scene in SCENES}
    assert len(SCENES) >= 5 and len(titles) == len(SCENES) and "The race" in titles
    for scene in SCENES:
        assert len(scene.say.split()) >= 15 and scene.deeds, scene.title


@pytest.mark.parametrize(("scene", "deed"), DEEDS)
def test_what_a_scene_does_can_be_done(scene: Scene, deed: Any) -> None:
    if deed.verb == "set":
        name, text = deed.words
        knob = named(AmortizationKnobs, name)
        assert knob.format(knob.parse(text)) == text
        if name == "model":
            assert (places().checkpoints / text / "config.json").is_file()
    elif deed.verb in ("focus", "zoom"):
        assert deed.words[0] in SCREEN.body.panels
    elif deed.verb == "press":
        assert keys.find(SCREEN.all_keys, deed.words[0]) is not None
    else:
        assert deed.verb in ("start", "run", "pause", "unzoom", "wait")


def test_restart_knobs_are_followed_by_a_start() -> None:
    for scene in SCENES:
        verbs = [deed.verb for deed in scene.deeds]
        waiting = [
            index
            for index, deed in enumerate(scene.deeds)
            if deed.verb == "set" and named(AmortizationKnobs, deed.words[0]).kind == "restart"
        ]
        assert not waiting or "start" in verbs[max(waiting) :], scene.title


def test_a_zoom_is_left_by_the_scene_after_it() -> None:
    zoomed = False
    for scene in SCENES:
        verbs = [deed.verb for deed in scene.deeds]
        assert not zoomed or "unzoom" in verbs, scene.title
        zoomed = any(verb == "zoom" for verb in verbs)


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


async def test_playing_them_all_opens_the_models_they_speak_of_lets_one_ascend_and_starts_one_race() -> None:
    class SceneApp(App[None]):
        ENABLE_COMMAND_PALETTE = False
        link = FakeLink()
        shown = AmortizationScreen(LESSON, link, scenes=TEXT, cost=lambda: 0.0)

        def on_mount(self) -> None:
            self.push_screen(self.shown)

    app = SceneApp()
    opened: dict[str, dict[str, Any]] = {}
    did: dict[str, list[type]] = {}
    in_force: dict[str, Any] = {"image": 3}
    async with app.run_test(size=(120, 40)) as pilot:
        app.shown.post_message(Arrived(report()))
        await pilot.press("d")
        for scene in SCENES:
            for _ in range(4):
                await pilot.pause()
            commands = app.link.took()
            did[scene.title] = [type(command) for command in commands]
            for command in commands:
                if isinstance(command, Open):
                    in_force = opened[scene.title] = dict(command.given)
            app.shown.post_message(Arrived(report(parts(about_it=about()), knobs=in_force)))
            await pilot.press("n")
    assert [given.get("model", AmortizationKnobs.model) for given in opened.values()] == [
        "vae-k2-bernoulli",
        "vae-k20-bernoulli",
    ]
    assert [title for title, kinds in did.items() if StartRace in kinds] == ["The race"]
    assert [title for title, kinds in did.items() if Run in kinds] == ["Many steps of gradient ascent on F"]
