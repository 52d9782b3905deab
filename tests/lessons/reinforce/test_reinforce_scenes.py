"""What the scenes of the reinforce lesson are about, and what they do to its run."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from lesson_app import LessonApp
from reinforce_reports import parts, report

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.reinforce.screen import TRAINING_SPEEDS, ReinforceScreen
from lec10_tui.vocabulary.commands import Open
from lec10_tui.widgets.messages import Arrived
from lec10_tui.widgets.scenes import parse

LESSON = lesson_named("reinforce")
TEXT = files(LESSON.package).joinpath("scenes.md").read_text(encoding="utf-8")
SCENES = parse(TEXT)


def test_there_is_a_scene_of_all_that_the_lesson_promises() -> None:
    assert len(SCENES) >= 7
    assert {"The same episode under three estimators", "Why the full return fails"} <= {scene.title for scene in SCENES}


async def test_a_scene_that_starts_a_run_asks_for_what_it_has_set_and_nothing_of_the_scenes_before() -> None:
    app = LessonApp(ReinforceScreen, LESSON, scenes=TEXT)
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
