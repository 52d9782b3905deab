"""What the scenes of the amortization lesson do to its run."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from amortization_reports import about, parts, report
from lesson_app import LessonApp

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.amortization.frame import AmortizationKnobs, StartRace
from lec10_tui.lessons.amortization.screen import AmortizationScreen
from lec10_tui.vocabulary.commands import Open, Run
from lec10_tui.widgets.messages import Arrived
from lec10_tui.widgets.scenes import parse

LESSON = lesson_named("amortization")
TEXT = files(LESSON.package).joinpath("scenes.md").read_text(encoding="utf-8")
SCENES = parse(TEXT)


async def test_playing_them_all_opens_the_models_they_speak_of_lets_one_ascend_and_starts_one_race() -> None:
    app = LessonApp(AmortizationScreen, LESSON, scenes=TEXT)
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
