"""The scenes of the bound lesson: what they set, focus and press is there, and what they say fits."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from bound_reports import parts, report
from fake_link import FakeLink
from textual.app import App
from textual.geometry import Size

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.bound.frame import BoundKnobs, Move, Snap, Stretch
from lec10_tui.lessons.bound.screen import BoundScreen
from lec10_tui.places import places
from lec10_tui.vocabulary.commands import Open, Run
from lec10_tui.vocabulary.knobs import named
from lec10_tui.widgets import keys
from lec10_tui.widgets.messages import Arrived
from lec10_tui.widgets.scenes import Deed, parse
from lec10_tui.widgets.strips import SceneStrip

LESSON = lesson_named("bound")
TEXT = files(LESSON.package).joinpath("scenes.md").read_text(encoding="utf-8")
SCENES = parse(TEXT)
DEEDS = {(deed.verb, *deed.words): deed for scene in SCENES for deed in scene.deeds}
"""Every thing a scene does, each once."""
SCREEN = BoundScreen(LESSON, FakeLink())


def test_there_are_scenes_enough_each_with_something_to_say_and_to_do() -> None:
    assert len(SCENES) >= 5 and len({scene.title for scene in SCENES}) == len(SCENES)
    for scene in SCENES:
        assert len(scene.say.split()) >= 25 and scene.deeds, scene.title


def test_what_the_slide_gets_wrong_is_said() -> None:
    assert any("minimized" in scene.say and "maximized" in scene.say for scene in SCENES)


@pytest.mark.parametrize("deed", DEEDS.values(), ids=lambda deed: f"{deed.line}-{deed.verb}")
def test_what_a_scene_does_can_be_done(deed: Deed) -> None:
    if deed.verb == "set":
        name, text = deed.words
        knob = named(BoundKnobs, name)
        assert knob.format(knob.parse(text)) == text
        if name == "model":
            assert (places().checkpoints / text / "config.json").is_file()
    elif deed.verb in ("focus", "zoom"):
        assert deed.words[0] in SCREEN.body.panels
    elif deed.verb == "press":
        assert keys.find(SCREEN.all_keys, deed.words[0]) is not None


def test_restart_knobs_are_followed_by_a_start() -> None:
    for scene in SCENES:
        verbs = [deed.verb for deed in scene.deeds]
        waiting = [
            index
            for index, deed in enumerate(scene.deeds)
            if deed.verb == "set" and named(BoundKnobs, deed.words[0]).kind == "restart"
        ]
        assert not waiting or "start" in verbs[max(waiting) :], scene.title


def test_every_page_has_a_scene() -> None:
    focused = {deed.words[0] for scene in SCENES for deed in scene.deeds if deed.verb == "focus"}
    for page in BoundScreen.PAGES:
        assert focused & page.panels, page.name


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


async def test_what_the_scenes_do_to_the_run() -> None:
    class SceneApp(App[None]):
        ENABLE_COMMAND_PALETTE = False
        link = FakeLink()
        # every scene at once: the pauses are the lecturer's
        shown = BoundScreen(
            LESSON,
            link,
            scenes="\n".join(line for line in TEXT.splitlines() if not line.startswith("wait")),
            cost=lambda: 0.0,
        )

        def on_mount(self) -> None:
            self.push_screen(self.shown)

    app = SceneApp()
    sent: dict[str, list[Any]] = {}
    pages: dict[str, str] = {}
    async with app.run_test(size=(120, 40)) as pilot:
        app.shown.post_message(Arrived(report(parts())))
        await pilot.press("d")
        for scene in SCENES:
            for _ in range(3):
                await pilot.pause()
            sent[scene.title], pages[scene.title] = app.link.took(), app.shown.body.page
            await pilot.press("n")
    assert [pages[scene.title] for scene in SCENES] == ["toy"] * 2 + ["jensen"] * 2 + ["exact"] * 5
    snapped, *moved = sent["Move q by hand"]
    assert snapped == Snap("prior") and len(moved) >= 5
    assert all(isinstance(command, Move) and command.dimension == 0 and command.by < 0 for command in moved)
    assert [Snap("prior"), Run()] == sorted(sent["Ascend the ELBO"], key=lambda command: isinstance(command, Run))
    point = [command for command in sent[SCENES[7].title] if isinstance(command, Stretch)]
    assert {command.dimension for command in point} == {0, 1} and all(command.factor < 1 for command in point)
    (opened,) = [command for command in sent["The lecture's decoder, and η"] if isinstance(command, Open)]
    assert opened.given["model"] == "vae-k2-gaussian"
