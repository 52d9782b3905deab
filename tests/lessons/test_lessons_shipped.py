"""What ships of every lesson: each has a command that makes it, a frame to show at once, and opens."""

from __future__ import annotations

import pytest

from lec10_tui.lessons import CONTENTS, Lesson, lesson_named
from lec10_tui.opening import opener
from lec10_tui.runs.snapshots import read
from lec10_tui.shell.recorded import pictured, recorded
from lec10_tui.vocabulary.commands import Open
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.frames import Wanted

SHIPPED = [(lesson, name) for lesson in CONTENTS for name in lesson.shipped]


@pytest.mark.parametrize(("lesson", "name"), SHIPPED, ids=[name for _, name in SHIPPED])
def test_it_is_shown_as_it_is_kept(lesson, name, places):
    snapshot = read(places.checkpoints / name)
    report = recorded(lesson, places.checkpoints / name)
    assert snapshot.lesson == lesson.name and snapshot.header["command"].startswith(f"lec10 run {lesson.name} ")
    assert (report.frame.lesson, report.frame.step) == (lesson.name, snapshot.step)
    assert report.frame.knobs == snapshot.header["knobs"]
    assert lesson.headline[0] in report.frame.readings
    assert pictured(report) is not None
    assert dict(report.frame.readings) == dict(snapshot.metrics[-1])


def test_a_whole_run_goes_on_as_if_it_had_never_stopped(places: Places) -> None:
    lesson = lesson_named("reinforce")
    opened = opener(lesson, places)(Open(run=lesson.shipped[0]))
    went_on = opened.experiment
    assert opened.origin == "shipped" and went_on.step > 0 and 0 < went_on.progress(0.0) < 1
    once = opener(lesson, places)(Open({"seed": went_on.knobs.seed})).experiment
    for run, until in ((went_on, went_on.step + 3), (once, went_on.step + 3)):
        while run.step < until:
            run.advance()
    assert once.step == went_on.step and dict(once.readings()) == dict(went_on.readings())
    assert read(places.checkpoints / lesson.shipped[0]).step < went_on.step


@pytest.mark.parametrize("lesson", [lesson for lesson in CONTENTS if not lesson.shipped], ids=lambda each: each.name)
def test_a_lesson_that_ships_no_run_shows_what_a_new_one_begins_with(lesson: Lesson, places: Places) -> None:
    report = recorded(lesson, places.checkpoints / lesson.name, "new")
    assert report is not None and report.frame is not None and report.status.origin == "new"
    run = opener(lesson, places)(Open()).experiment
    assert (report.frame.lesson, report.frame.step, report.frame.knobs) == (lesson.name, 0, run.knobs.plain())
    now = {name: value for name, value in run.readings().items() if not name.endswith("milliseconds")}
    assert {name: report.frame.readings[name] for name in now} == pytest.approx(now, abs=2e-3)
    assert {type(part) for part in report.frame.parts.values()} == {
        type(run.part(Wanted(name, 8, 8))) for name in report.frame.parts
    }
