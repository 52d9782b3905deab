"""What the scenes of the reparameterization lesson show, and what they do to its run."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from fake_link import FakeLink
from lesson_app import LessonApp
from reparameterization_reports import report

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.reparameterization.screen import ReparameterizationScreen
from lec10_tui.vocabulary.commands import Open, Pause, Run, SetSpeed, Step
from lec10_tui.widgets.messages import Arrived
from lec10_tui.widgets.scenes import parse

LESSON = lesson_named("reparameterization")
TEXT = files(LESSON.package).joinpath("scenes.md").read_text(encoding="utf-8")
SCENES = parse(TEXT)
SCREEN = ReparameterizationScreen(LESSON, FakeLink())


def test_every_panel_but_the_knobs_has_its_scene() -> None:
    shown = {deed.words[0] for scene in SCENES for deed in scene.deeds if deed.verb in ("focus", "zoom")}
    assert shown == set(SCREEN.body.panels) - {"knobs"}


async def test_scenes_start_what_they_talk_about_and_draw_the_samples_they_press_for() -> None:
    app, sent = LessonApp(ReparameterizationScreen, LESSON, scenes=TEXT), dict[str, list[Any]]()
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
