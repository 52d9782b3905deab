"""The runs screen over real folders."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from app_fakes import TOY, FakeWorker, FakeWorkers, number_report, until
from test_app import text_of

from lec10_tui.runs import snapshots
from lec10_tui.runs.folders import RunInfo, listing
from lec10_tui.shell.rows import cells
from lec10_tui.shell.runs import RunsScreen
from lec10_tui.shell.runs_drawing import draw_run, heading, last_run, result
from lec10_tui.vocabulary.commands import Open, Save
from lec10_tui.vocabulary.reports import Snapshot, Status
from lec10_tui.widgets.lesson import LessonScreen

NOW = 1e9
RUN = RunInfo("toy-1", Path("toy-1"), "toy", "mnist · K 2", 12400, 3.0, {"number": -151.34}, NOW - 180, 1000, "saved")


def keep(home: Path, name: str, lesson: str = "toy", step: int = 5) -> Path:
    folder = home / "runs" / name
    readings = {"step": float(step), "number": -150.25}
    header = {"knobs": {"data": "mnist", "latent_dim": 2}, "readings": readings}
    snapshots.write(Snapshot(lesson, step, header, {"w": np.zeros(2)}, (readings,)), folder)
    return folder


@pytest.mark.parametrize("width", [40, 60, 76, 116, 196])
@pytest.mark.parametrize("ascii", [False, True])
def test_a_run_is_one_row_whatever_the_width(width, ascii):
    for run in (
        RUN,
        replace(RUN, readings={}),
        replace(RUN, readings={"number": -1e12}),
        replace(RUN, name="x" * 99),
        replace(RUN, note="config.json: is damaged"),
    ):
        row = draw_run(run, True, width, NOW, (TOY,), ascii=ascii)
        assert cells(row) <= width
        assert not ascii or all(text.isascii() for text, _ in row)
    assert cells(heading(width)) <= width


def test_a_row_says_what_the_run_is():
    text = "".join(text for text, _ in draw_run(RUN, False, 100, NOW, (TOY,)))
    assert "toy-1" in text and "toy · mnist · K 2" in text and "12\u2009400" in text
    assert "number −151.34" in text and "3 min ago" in text


def test_names_that_begin_alike_are_told_apart_where_they_are_cut():
    rows = {
        "".join(text for text, _ in draw_run(replace(RUN, name=f"toy-20261122-18561{second}-long"), False, 60, NOW, ()))
        for second in range(3)
    }
    assert len(rows) == 3


def test_what_its_name_says_already_makes_room_in_a_row():
    def words(run: RunInfo) -> str:
        return "".join(text for text, _ in draw_run(run, False, 76, NOW, (TOY,)))

    assert "  mnist · K 2  " in words(RUN) and "…" not in words(RUN)
    assert "toy · mnist…" in words(replace(RUN, name="mine"))


def test_the_last_run_in_a_line():
    assert last_run((RUN,), NOW, (TOY,)) == "last run  toy · mnist · K 2 · 3 min ago · number −151.3"
    assert last_run((replace(RUN, readings={}),), NOW, (TOY,)) == "last run  toy · mnist · K 2 · 3 min ago"
    assert last_run((RUN,), NOW, ()) == "last run  toy · mnist · K 2 · 3 min ago"
    assert last_run((), NOW, (TOY,)) == ""


def test_each_lesson_says_in_its_own_word_how_good_a_run_is():
    said = {"held_out_elbo": -151.34, "mean_return_100": 172.4}
    assert result(replace(RUN, lesson="vae", readings=said)) == "ELBO −151.34"
    assert result(replace(RUN, lesson="reinforce", readings=said), decimals=1) == "return 172.4"


async def test_without_runs_words_say_what_makes_one(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        assert "No runs yet." in text_of(app)
        assert "let it train" in text_of(app)
        await pilot.press("enter", "D", "R", "down", "end")
        await pilot.pause()
        assert isinstance(app.screen, RunsScreen)


async def test_enter_opens_the_chosen_run_in_its_lesson(make_app, workers, places):
    keep(places.home, "first")
    keep(places.home, "second")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        assert "1 of 2" in text_of(app)
        chosen = listing(places.home)[1]
        await pilot.press("down", "enter")
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        assert workers.made[0].first == Open(run=str(chosen.path))
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("end", "enter")
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        assert len(workers.made) == 1
        assert Open(run=str(chosen.path)) in workers.made[0].sent


@dataclass
class SavingWorkers(FakeWorkers):
    """Their workers save a run called mine, a moment after they are asked to."""

    home: Path = Path()

    def open(self, lesson, first, publish):
        home = self.home

        class Saving(FakeWorker):
            def send(self, command):
                super().send(command)
                if command == Save():
                    asyncio.get_running_loop().call_later(0.1, keep, home, "mine")

        self.made.append(Saving(lesson, first, publish))
        return self.made[-1]


async def test_the_run_in_hand_is_saved_and_comes_into_the_list(make_app, places):
    workers = SavingWorkers(home=places.home)
    app = make_app(lesson="toy", workers=workers)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(workers.made and workers.made[0].started))
        worker, folder = workers.made[0], places.home / "runs" / "mine"
        worker.publish(number_report(1.0, Status("paused", "shipped", folder=folder)))
        await pilot.pause()
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("q")
        assert Save() not in worker.sent
        worker.publish(number_report(1.0, Status("paused", "new", folder=folder)))
        await pilot.pause()
        await pilot.press("o")
        await until(pilot, lambda: "mine" in text_of(app))


async def test_a_run_of_no_lesson_here_says_so(make_app, places):
    keep(places.home, "strange", lesson="alchemy")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "alchemy: no lesson of that name" in text_of(app)


async def test_deleting_asks_first(make_app, places):
    folder = keep(places.home, "doomed")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("D")
        await pilot.pause()
        assert "delete doomed?" in text_of(app)
        await pilot.press("n")
        await pilot.pause()
        assert folder.is_dir()
        await pilot.press("D", "y")
        await pilot.pause()
        assert not folder.exists()
        assert "No runs yet." in text_of(app)


async def test_renaming_keeps_the_cursor_and_refuses_a_bad_name(make_app, places):
    folder = keep(places.home, "old")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("R", "slash", "enter")
        await pilot.pause()
        assert "is no name for a run" in text_of(app)
        await pilot.press("R", "2", "enter")
        await pilot.pause()
        assert (places.home / "runs" / "old2").is_dir() and not folder.exists()
        assert "old2" in text_of(app)


async def test_a_run_that_a_lesson_has_open_is_left_alone(make_app, workers, places):
    folder = keep(places.home, "busy")
    app = make_app(lesson="toy")
    async with app.run_test(size=(120, 40)) as pilot:
        workers.made[0].publish(number_report(1.0, Status("paused", "saved", folder=folder)))
        await pilot.pause()
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("D")
        await pilot.pause()
        assert "busy is open in toy" in text_of(app)
        assert folder.is_dir()


async def test_a_damaged_run_says_what_is_wrong_and_is_not_opened(make_app, places):
    folder = places.home / "runs" / "broken"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{")
    app = make_app()
    async with app.run_test(size=(200, 40)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        assert "config.json" in text_of(app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, RunsScreen)


async def test_many_runs_scroll_with_the_cursor(make_app, places):
    for number in range(30):
        keep(places.home, f"run-{number:02}")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        names = [run.name for run in listing(places.home)]
        assert names[0] in text_of(app) and names[-1] not in text_of(app)
        await pilot.press("end")
        await pilot.pause()
        (marked,) = [line for line in text_of(app).splitlines() if "▸" in line]
        assert names[-1] in marked
        await pilot.press("pageup", "home")
        await pilot.pause()
        (marked,) = [line for line in text_of(app).splitlines() if "▸" in line]
        assert names[0] in marked


async def test_the_contents_show_the_last_run_when_one_comes_back(make_app, places):
    app = make_app()
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        assert "last run" not in text_of(app)
        await pilot.press("enter")
        await pilot.pause()
        keep(places.home, "new")
        await pilot.press("g")
        await pilot.pause()
        await pilot.pause()
        assert "last run  toy · mnist · K 2" in text_of(app)
        assert "number −150.2" in text_of(app)
