"""The scenes of the reinforce lesson: what they set, open, focus and press is there, and what they say fits."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from fake_link import FakeLink
from reinforce_reports import parts, report
from textual.app import App
from textual.geometry import Size

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.reinforce.frame import PRESETS, ReinforceKnobs
from lec10_tui.lessons.reinforce.screen import TRAINING_SPEEDS, ReinforceScreen
from lec10_tui.places import places
from lec10_tui.vocabulary.commands import Open
from lec10_tui.vocabulary.knobs import named
from lec10_tui.widgets import keys
from lec10_tui.widgets.messages import Arrived
from lec10_tui.widgets.scenes import Scene, parse
from lec10_tui.widgets.strips import SceneStrip

LESSON = lesson_named("reinforce")
TEXT = files(LESSON.package).joinpath("scenes.md").read_text(encoding="utf-8")
SCENES = parse(TEXT)
DEEDS = [pytest.param(scene, deed, id=f"{deed.line}-{deed.verb}") for scene in SCENES for deed in scene.deeds]
SCREEN = ReinforceScreen(LESSON, FakeLink())


def test_there_are_scenes_enough_each_with_something_to_say_and_to_do() -> None:
    titles = {scene.title for scene in SCENES}
    assert len(SCENES) >= 7 and len(titles) == len(SCENES)
    assert {"The same episode under three estimators", "Why the full return fails"} <= titles
    for scene in SCENES:
        assert len(scene.say.split()) >= 15 and scene.deeds, scene.title


@pytest.mark.parametrize(("scene", "deed"), DEEDS)
def test_what_a_scene_does_can_be_done(scene: Scene, deed: Any) -> None:
    if deed.verb == "set":
        name, text = deed.words
        knob = named(ReinforceKnobs, name)
        assert knob.format(knob.parse(text)) == text
    elif deed.verb == "open":
        assert deed.words[0] in LESSON.shipped
        assert (places().checkpoints / deed.words[0] / "config.json").is_file()
    elif deed.verb in ("focus", "zoom"):
        assert deed.words[0] in SCREEN.body.panels
    elif deed.verb == "press":
        assert keys.find(SCREEN.all_keys, deed.words[0]) is not None


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.title)
def test_the_knobs_of_a_scene_go_together(scene: Scene) -> None:
    given = {
        deed.words[0]: named(ReinforceKnobs, deed.words[0]).parse(deed.words[1])
        for deed in scene.deeds
        if deed.verb == "set"
    }
    knobs = ReinforceKnobs.complete(given)
    for name, value in {**PRESETS.get(str(given.get("preset")), {}), **given}.items():
        assert getattr(knobs, name) == value


def test_restart_knobs_are_followed_by_a_start() -> None:
    for scene in SCENES:
        verbs = [deed.verb for deed in scene.deeds]
        waiting = [
            index
            for index, deed in enumerate(scene.deeds)
            if deed.verb == "set" and named(ReinforceKnobs, deed.words[0]).kind == "restart"
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


async def test_a_scene_that_starts_a_run_asks_for_what_it_has_set_and_nothing_of_the_scenes_before() -> None:
    class SceneApp(App[None]):
        ENABLE_COMMAND_PALETTE = False
        link = FakeLink()
        shown = ReinforceScreen(LESSON, link, scenes=TEXT, cost=lambda: 0.0)

        def on_mount(self) -> None:
            self.push_screen(self.shown)

    app = SceneApp()
    opened: dict[str, dict[str, Any]] = {}
    async with app.run_test(size=(120, 40)) as pilot:
        in_force: dict[str, Any] = {}
        app.shown.post_message(Arrived(report(parts())))
        await pilot.press("d")
        for scene in SCENES:
            for _ in range(4):
                await pilot.pause()
            for command in app.link.took():
                if isinstance(command, Open) and command.run is None:
                    in_force = opened[scene.title] = dict(command.given)
            given = {name: value for name, value in in_force.items() if name != "preset"}
            app.shown.post_message(Arrived(report(parts(), knobs={**in_force, **given})))
            await pilot.press("n")
    assert opened == {
        "Why the full return fails": {"preset": "full-return", "seed": 1},
        "A learned baseline": {"preset": "learned-baseline", "seed": 1},
        "A body that swims": {"preset": "reward-to-go", "environment": "lec10/Swimmer-v0", "seed": 1},
    }


def test_full_speed_is_reached_from_slow_motion_by_as_many_keys_as_a_scene_presses() -> None:
    for scene in SCENES:
        pressed = [deed.words[0] for deed in scene.deeds if deed.verb == "press"].count("+")
        assert pressed in (0, len(TRAINING_SPEEDS) - 1), scene.title
