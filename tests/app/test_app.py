"""The app with a fake worker: opening, leaving, coming back, quitting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from app_fakes import PAUSED, FakeWorker, number_report, until

from lec10_tui.app import Lec10App
from lec10_tui.runs.frames import write_frame
from lec10_tui.shell.contents import ContentsScreen
from lec10_tui.shell.desk import RealWorkers
from lec10_tui.shell.runs import RunsScreen
from lec10_tui.vocabulary.commands import Open, Pause
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import Failure, Report, Status
from lec10_tui.widgets.help import HelpScreen
from lec10_tui.widgets.lesson import LessonScreen

TRAINING = Status("running", "new")


def text_of(app: Lec10App) -> str:
    """What a person reads on the screen."""
    compositor = app.screen._compositor
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in compositor.render_strips())


async def test_contents_come_first_and_nothing_else_is_made(make_app, workers):
    app = make_app()
    async with app.run_test(size=(80, 24)):
        assert isinstance(app.screen, ContentsScreen)
        assert "Look at a number" in text_of(app)
        assert workers.made == []


async def test_enter_opens_a_lesson_and_starts_its_worker_once(make_app, workers):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        (worker,) = workers.made
        assert isinstance(app.screen, LessonScreen)
        assert (worker.lesson.name, worker.first) == ("toy", Open())
        await until(pilot, lambda: worker.started == 1)
        worker.publish(number_report(7.5, PAUSED))
        await pilot.pause()
        assert "the number is 7.5" in text_of(app)
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, ContentsScreen)
        assert worker.sent == [Pause()]
        await pilot.press("enter")
        await pilot.pause()
        assert workers.made == [worker]
        assert worker.started == 1
        assert "the number is 7.5" in text_of(app)


async def test_a_shipped_model_is_shown_from_its_record(make_app, workers, places):
    folder = places.checkpoints / "toy-model"
    folder.mkdir(parents=True)
    write_frame(number_report(4.5, PAUSED).frame, folder / "frame.npz")
    app = make_app(lesson="toy")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert workers.made[0].first == Open(run="toy-model")
        await until(pilot, lambda: workers.made[0].started == 1)
        assert "the number is 4.5" in text_of(app)


async def test_a_damaged_record_is_said_and_the_lesson_opens(make_app, workers, places):
    folder = places.checkpoints / "toy-model"
    folder.mkdir(parents=True)
    (folder / "frame.npz").write_bytes(b"no archive")
    app = make_app(lesson="toy")
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        await until(pilot, lambda: workers.made[0].started == 1)
        assert "frame.npz" in text_of(app)


@pytest.mark.parametrize(
    ("given", "run", "first"),
    [({"rate": 0.25}, None, Open(given={"rate": 0.25})), ({}, "somewhere", Open(run="somewhere"))],
)
async def test_what_was_asked_for_is_opened_instead_of_a_shipped_model(make_app, workers, places, given, run, first):
    (places.checkpoints / "toy-model").mkdir(parents=True)
    app = make_app(lesson="toy", given=given, run=run)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert workers.made[0].first == first


async def test_brackets_go_through_the_lessons_and_hold_the_one_that_is_left(make_app, workers):
    app = make_app(lesson="toy")
    async with app.run_test() as pilot:
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert [worker.lesson.name for worker in workers.made] == ["toy", "second"]
        assert workers.made[0].sent == [Pause()]
        assert len(app.screen_stack) == 2
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert "last lesson" in text_of(app)
        await pilot.press("g")
        await pilot.pause()
        assert isinstance(app.screen, ContentsScreen)


async def test_demo_plays_the_scenes(make_app):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("d")
        await pilot.pause()
        await pilot.pause()
        assert "A first look" in text_of(app)


async def test_runs_from_a_lesson_and_back(make_app, workers):
    app = make_app(lesson="toy")
    async with app.run_test() as pilot:
        await pilot.press("o")
        await pilot.pause()
        assert isinstance(app.screen, RunsScreen)
        assert workers.made[0].sent == []
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)


async def test_quitting_asks_while_a_run_is_training(make_app, workers):
    app = make_app(lesson="toy")
    async with app.run_test(size=(80, 24)) as pilot:
        workers.made[0].publish(number_report(1.0, TRAINING))
        await pilot.pause()
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "toy is training" in text_of(app)
        await pilot.press("n")
        await pilot.pause()
        assert app.is_running and app._exit is False
        await pilot.press("ctrl+c", "y")
        await pilot.pause()
        assert app._exit is True


async def test_quitting_from_the_help_page_asks_too(make_app, workers):
    app = make_app(lesson="toy")
    async with app.run_test(size=(80, 24)) as pilot:
        workers.made[0].publish(number_report(1.0, TRAINING))
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert "toy is training" in text_of(app)


async def test_quitting_does_not_ask_when_nothing_trains(make_app):
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert app._exit is True


async def test_leaving_soon_exits_from_any_place(make_app, workers):
    app = make_app(lesson="toy")
    async with app.run_test() as pilot:
        workers.made[0].publish(number_report(1.0, TRAINING))
        app.leave_soon()
        await pilot.pause()
        assert app._exit is True


async def test_the_theme_is_changed_and_remembered(make_app, places):
    app = make_app()
    async with app.run_test() as pilot:
        assert app.theme == "lec10-dark"
        await pilot.press("T")
        await pilot.pause()
        assert app.theme == "lec10-light"
    again = make_app()
    assert again.theme == "lec10-light"
    assert make_app(theme="nord").theme == "nord"


def test_an_unknown_theme_is_refused_in_one_line(make_app):
    with pytest.raises(BadValue, match=r"^theme: 'mauve' is none of .*lec10-dark") as error:
        make_app(theme="mauve")
    assert "\n" not in str(error.value)


async def test_a_home_that_cannot_be_written_is_said_and_survived(make_app, places):
    places.home.parent.mkdir(parents=True, exist_ok=True)
    places.home.write_text("a file where the folder should be")
    app = make_app()
    async with app.run_test(size=(160, 24)) as pilot:
        await pilot.press("T")
        await pilot.pause()
        assert app.theme == "lec10-light"
        assert "settings are not remembered" in text_of(app)


async def test_pictures_drawn_another_way_are_remembered(make_app):
    app = make_app(lesson="toy")
    async with app.run_test() as pilot:
        assert app.look.glyphs == "quadrant"
        await pilot.press("i")
        await pilot.pause()
        assert app.look.glyphs == "sextant"
    assert make_app().look.glyphs == "sextant"


async def test_copying_goes_to_the_clipboard_and_a_file_and_says_so(make_app, places):
    app = make_app(lesson="toy")
    async with app.run_test(size=(160, 40)) as pilot:
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard == "the number"
        assert (places.home / "copied.txt").read_text() == "the number\n"
        assert "copied.txt" in text_of(app)


async def test_exporting_writes_picture_curves_and_screen_and_says_where(make_app, places):
    app = make_app(lesson="toy")
    async with app.run_test(size=(160, 40)) as pilot:
        for _ in range(2):
            await pilot.press("e")
            await app.workers.wait_for_complete()
            await pilot.pause()
        assert str(places.home / "exports") in text_of(app)
    names = sorted(path.name for path in (places.home / "exports").iterdir())
    assert names == [
        "number-2.csv",
        "number-2.png",
        "number.csv",
        "number.png",
        "toy-screen-2.svg",
        "toy-screen.svg",
    ]
    assert (places.home / "exports" / "toy-screen.svg").read_text().startswith("<svg")


async def test_a_failures_traceback_goes_to_the_log_once(make_app, workers, places):
    app = make_app(lesson="toy")
    async with app.run_test() as pilot:
        report = number_report(1.0, Status("failed", "new"))
        failed = Report(
            report.frame, report.status, Failure("the loss is NaN", "lower the rate", detail="Traceback: x")
        )
        workers.made[0].publish(failed)
        workers.made[0].publish(failed)
        await pilot.pause()
    assert (places.home / "lec10.log").read_text().count("Traceback: x") == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_palette_offers_keys_presets_lessons_and_themes(make_app, workers, size):
    app = make_app(lesson="toy")
    async with app.run_test(size=size) as pilot:
        await pilot.press("colon")
        await pilot.pause()
        await pilot.press(*"wild")
        await app.workers.wait_for_complete()
        await pilot.pause(0.3)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert workers.made[0].sent == [Open(given={"preset": "wild"})]


async def test_nothing_is_repainted_while_nothing_happens(make_app):
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.pause(0.1)
        painted = []
        original = app._display
        app._display = lambda *given: (painted.append(given), original(*given))
        await pilot.pause(0.5)
        assert painted == []


async def test_what_nobody_foresaw_is_one_line_and_a_log(make_app, places, capsys):
    app = make_app()
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            app.screen.action_open = lambda demo: 1 // 0
            await pilot.press("enter")
            await pilot.pause()
    assert app.return_code == 1
    said = capsys.readouterr().err
    assert re.fullmatch(r"lec10: ZeroDivisionError: [^\n]*lec10\.log\)", " ".join(said.split()))
    assert "Traceback" in (places.home / "lec10.log").read_text()


async def test_closing_the_desk_stops_every_worker_and_says_what_is_not_kept(make_app, workers):
    app = make_app(lesson="toy")
    async with app.run_test() as pilot:
        await pilot.pause()
        workers.made[0].publish(number_report(1.0, Status("paused", "new", folder=Path("somewhere"))))
        await pilot.pause()
    assert app.desk.close() is None
    assert workers.made[0].stopped == 1
    assert workers.closed
    workers.unkept = "the disk is full"
    assert app.desk.close() == "the disk is full"
    workers.made[0].stops = False
    assert "did not stop" in (app.desk.close() or "")


async def test_a_process_can_be_started_from_inside_the_app(make_app, places):
    """What an import of the worker's may do: Textual's standard error has no descriptor to hand on."""
    from multiprocessing import get_context

    workers = RealWorkers(places)
    worker = FakeWorker(None, Open(), print)
    app = make_app()
    async with app.run_test():
        workers.start(worker)
        process = get_context("spawn").Process(target=int)
        process.start()
        process.join(20)
        assert process.exitcode == 0
    assert worker.started == 1
    assert workers.close(0.0) is None


@pytest.mark.parametrize("no_color", [False, True])
@pytest.mark.parametrize("theme", ["lec10-dark", "lec10-projector", "ansi-dark", "ansi-light"])
async def test_every_theme_draws_with_and_without_colour(make_app, workers, monkeypatch, theme, no_color):
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.delenv("NO_COLOR", raising=False)
    app = make_app(theme=theme)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Look at a number" in text_of(app)
        await pilot.press("o")
        await pilot.pause()
        assert "No runs yet." in text_of(app)
        await pilot.press("q", "enter")
        await pilot.pause()
        workers.made[0].publish(number_report(7.5, PAUSED))
        await pilot.pause()
        assert "the number is 7.5" in text_of(app)
        await pilot.press("question_mark")
        await pilot.pause()
    assert app.return_code in (None, 0)


async def test_plain_ascii_is_plain_ascii(make_app, workers):
    app = make_app(ascii=True)
    async with app.run_test(size=(80, 24)) as pilot:
        assert text_of(app).isascii()
        await pilot.press("o")
        await pilot.pause()
        assert text_of(app).isascii()
