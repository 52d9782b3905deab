"""What the scenes of the bound lesson say of its slides and do to its run, and that every page has one."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any

from bound_models import walk
from bound_reports import parts, report
from lesson_app import LessonApp

from lec10_tui.lessons import lesson_named
from lec10_tui.lessons.bound.experiment import open_experiment
from lec10_tui.lessons.bound.frame import BoundKnobs, Move, Snap, Stretch
from lec10_tui.lessons.bound.screen import BoundScreen
from lec10_tui.runs.folders import find
from lec10_tui.runs.snapshots import restore
from lec10_tui.vocabulary.commands import Open, Run, SetKnob
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import named
from lec10_tui.widgets.messages import Arrived
from lec10_tui.widgets.scenes import parse

LESSON = lesson_named("bound")
TEXT = files(LESSON.package).joinpath("scenes.md").read_text(encoding="utf-8")
SCENES = parse(TEXT)


def test_what_the_slide_gets_wrong_is_said() -> None:
    assert any("minimized" in scene.say and "maximized" in scene.say for scene in SCENES)


def test_every_page_has_a_scene() -> None:
    focused = {deed.words[0] for scene in SCENES for deed in scene.deeds if deed.verb == "focus"}
    for page in BoundScreen.PAGES:
        assert focused & page.panels, page.name


async def test_what_the_scenes_do_to_the_run() -> None:
    # every scene at once: the pauses are the lecturer's
    hurried = "\n".join(line for line in TEXT.splitlines() if not line.startswith("wait"))
    app = LessonApp(BoundScreen, LESSON, scenes=hurried)
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
    ascends = [command for command in sent["Ascend the ELBO"] if not isinstance(command, SetKnob)]
    assert [Snap("prior"), Run()] == sorted(ascends, key=lambda command: isinstance(command, Run))
    point = [command for command in sent[SCENES[7].title] if isinstance(command, Stretch)]
    assert {command.dimension for command in point} == {0, 1} and all(command.factor < 1 for command in point)
    (opened,) = [command for command in sent["The lecture's decoder, and η"] if isinstance(command, Open)]
    assert opened.given["model"] == "vae-k2-gaussian"


def test_from_the_prior_the_ascent_closes_the_gap_as_the_scene_says(places: Places) -> None:
    (scene,) = (scene for scene in SCENES if scene.title == "Ascend the ELBO")
    words = [deed.words for deed in scene.deeds if deed.verb == "set"]
    given = {name: named(BoundKnobs, name).parse(text) for name, text in words}
    here = replace(places, open_model=lambda name: restore(find(name, places)).snapshot)
    run = open_experiment(given, here)
    encoder = run.readings()["gap"]
    run.apply(Snap("prior"))
    walk(run, int(run.knobs.length.amount or 0))
    run.finish()
    assert 0 < run.readings()["gap"] < 0.5 < encoder / 4
