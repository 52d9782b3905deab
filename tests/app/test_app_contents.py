"""The contents as rows, with one lesson and with eleven, at every size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from app_fakes import PAUSED, TOY, number_report, until
from test_app import text_of
from toy_lesson.frame import ToyGrid, ToyWalk

from lec10_tui.runs.frames import write_frame
from lec10_tui.shell.contents_drawing import Contents, draw_contents
from lec10_tui.shell.cover import Cover, thinned
from lec10_tui.shell.rows import cells, cut, spread, wrap
from lec10_tui.vocabulary.film import Film, Stroke
from lec10_tui.widgets.film import FilmView

NAMES = (
    "autoencoder vae bound reparameterization amortization latent families reinforce estimators classification tricks"
)
ELEVEN = tuple(
    replace(TOY, number=number, name=name, summary=f"all about {name}", half=1 if number < 8 else 2)
    for number, name in enumerate(NAMES.split(), 1)
)
LAST = "last run  vae · mnist · K 2 · 3 min ago · ELBO −151.3"
SIZES = [(80, 22), (80, 23), (120, 39), (200, 49)]


def lines(contents: Contents, width: int, height: int) -> list[str]:
    rows = draw_contents(contents, width, height)
    assert len(rows) == height
    assert max(map(cells, rows)) <= width
    return ["".join(text for text, _ in row).rstrip() for row in rows]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lessons", [(TOY,), ELEVEN], ids=["one", "eleven"])
def test_everything_that_matters_is_there(lessons, size):
    text = "\n".join(lines(Contents(lessons, lessons[-1].number, LAST), *size))
    for lesson in lessons:
        assert lesson.name in text
    for words in ("CSC413 · 10", "Generative models", "policy gradients", lessons[-1].title, "More numbers"):
        assert words in text
    assert lessons[-1].opening in text
    assert LAST in text
    assert "o enter opens it" in text


@pytest.mark.parametrize("size", SIZES)
def test_a_half_without_lessons_has_no_heading(size):
    text = "\n".join(lines(Contents((TOY,), 2), *size))
    assert "before the break" in text
    assert "after the break" not in text
    assert "last run" not in text


@pytest.mark.parametrize("size", [*SIZES, (74, 39), (124, 49)])
def test_the_halves_stand_beside_each_other_line_by_line(size):
    drawn = lines(Contents((ELEVEN[1], ELEVEN[7]), 8), *size)
    assert any("before the break" in line and "after the break" in line for line in drawn)
    assert any("2  vae" in line and "▸  8  reinforce" in line for line in drawn)
    assert any("KL(q" in line and "∇R" in line for line in drawn)


@pytest.mark.parametrize("size", SIZES)
def test_a_summary_is_whole_or_not_there(size):
    drawn = lines(Contents(ELEVEN, 1), *size)
    assert not any("…" in line for line in drawn)


def test_only_the_chosen_lesson_is_marked():
    (marked,) = [line for line in lines(Contents(ELEVEN, 9), 80, 22) if "▸" in line]
    assert "▸  9  estimators" in marked


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (10, 5), (20, 8), (40, 10), (60, 15), (300, 100)])
@pytest.mark.parametrize("lessons", [(TOY,), ELEVEN], ids=["one", "eleven"])
def test_no_size_is_refused(lessons, size):
    width, height = size
    assert len(draw_contents(Contents(lessons, 2, LAST), width, height)) == height


def test_small_screens_keep_the_lessons():
    text = "\n".join(lines(Contents(ELEVEN, 1), 60, 16))
    assert all(lesson.name in text for lesson in ELEVEN)


@pytest.mark.parametrize("size", SIZES)
def test_ascii_is_ascii_and_as_wide(size):
    contents = Contents(ELEVEN, 4, LAST, ascii=True)
    drawn = lines(contents, *size)
    assert all(line.isascii() for line in drawn)
    assert any("E_q[log p(x|z)] - KL(q || p)" in line for line in drawn)


def test_words_are_cut_broken_and_set_apart():
    assert cut("abcdef", 4) == "abc…"
    assert cut("abc", 3) == "abc"
    assert cut("日本語", 4) == "日…"
    assert wrap("one two three", 8) == ["one two", "three"]
    assert cells(spread((("a", ""),), (("b", ""),), 10)) == 10
    assert spread((("a", ""),), (("b", ""),), 2) == (("a", ""),)


def test_a_cover_keeps_the_edges_of_the_grid():
    grid = np.arange(9 * 7, dtype=np.uint8).reshape(9, 7, 1, 1)
    chosen = thinned(grid, 3, 2)[:, :, 0, 0]
    assert chosen.tolist() == [[0, 3, 6], [56, 59, 62]]
    assert thinned(grid, 20, 20).shape == grid.shape
    assert thinned(grid, 0, 4).size == 0


@pytest.fixture
def model(places):
    """The folder of a shipped model with a recorded grid of pictures."""
    folder = places.checkpoints / "toy-model"
    folder.mkdir(parents=True)
    frame = number_report(1.0, PAUSED).frame
    grid = ToyGrid(np.full((12, 12, 28, 28), 255, np.uint8))
    write_frame(replace(frame, parts={**frame.parts, "toy_grid": grid}), folder / "frame.npz")
    return folder


@pytest.mark.parametrize(("size", "covered"), [((80, 24), False), ((120, 40), True), ((200, 50), True)])
async def test_a_model_that_ships_is_the_cover_where_there_is_room(make_app, model, size, covered):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        before = text_of(app)
        if covered:
            await until(pilot, lambda: bool(app.screen.query(Cover)))
            await pilot.pause()
            shown = app.screen.query_one(Cover).images
            assert shown is not None and shown.size
            assert app.screen.query_one(Cover).region.right <= size[0]
        else:
            await pilot.pause(0.1)
            assert not app.screen.query(Cover)
        assert [line[:40] for line in text_of(app).splitlines()] == [line[:40] for line in before.splitlines()]


async def test_arrows_go_from_half_to_half(make_app):
    app = make_app(lessons=ELEVEN)
    async with app.run_test(size=(80, 24)) as pilot:
        for key, number in (("right", 8), ("right", 8), ("down", 9), ("left", 2), ("end", 11), ("h", 4), ("l", 11)):
            await pilot.press(key)
            assert app.screen.contents.selected == number, key


async def test_coming_back_from_a_lesson_the_cursor_is_on_it(make_app, lessons):
    app = make_app(lesson=lessons[1].name)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("g")
        await pilot.pause()
        assert app.screen.contents.selected == lessons[1].number
        await pilot.press("enter", "[", "q")
        await pilot.pause()
        assert app.screen.contents.selected == lessons[0].number


async def test_the_cover_is_of_the_lesson_that_is_chosen(make_app, model, places, lessons):
    walk = places.checkpoints / "walk"
    walk.mkdir()
    moving = Stroke(np.array([[[0.0, 0.0], [x, 1.0]] for x in (0.0, 0.5, 1.0)]), "limb", 0.1)
    frame = replace(number_report(1.0, PAUSED).frame, lesson="second", epoch=None)
    film = Film(3, (-1.0, 0.0, 1.0, 1.0), (moving,))
    write_frame(replace(frame, parts={"toy_walk": ToyWalk(film)}), walk / "frame.npz")
    app = make_app(lessons=(lessons[0], replace(lessons[1], shipped=("walk",))))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Cover)))
        before = [line[:70] for line in text_of(app).splitlines()]
        await pilot.press("down")
        await until(pilot, lambda: bool(app.screen.query(FilmView)))
        view = app.screen.query_one(FilmView)
        assert view.display and not app.screen.query_one(Cover).display
        assert view.film.frames == 3 and view.frame == 1 and view.region.right <= 120
        await pilot.press("up")
        await until(pilot, lambda: not view.display)
        assert app.screen.query_one(Cover).display
        assert [line[:70] for line in text_of(app).splitlines()] == before


async def test_a_damaged_cover_is_said(make_app, model):
    (model / "frame.npz").write_bytes(b"no archive")
    app = make_app()
    async with app.run_test(size=(200, 50)) as pilot:
        await until(pilot, lambda: "frame.npz" in text_of(app))
        assert "Look at a number" in text_of(app)


async def test_a_lesson_with_which_no_model_ships_has_the_cover_of_the_one_before_it(make_app, model, lessons):
    study = replace(lessons[1], shipped=(), half=lessons[0].half)
    other_half = replace(lessons[1], name="third", number=9, shipped=(), half=3 - lessons[0].half)
    app = make_app(lessons=(lessons[0], study, other_half))
    assert app.desk.covers(app.lessons) == {lesson.name: (lessons[0], model) for lesson in (lessons[0], study)}
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Cover)))
        (cover,) = app.screen.query(Cover)
        await pilot.press("down")
        await pilot.pause()
        assert app.screen.contents.selected == study.number and cover.display
        await pilot.press("down")
        await until(pilot, lambda: not cover.display)


def test_summaries_that_do_not_fit_beside_the_names_stand_under_them_where_there_is_room():
    lessons = tuple(replace(lesson, summary="what it is all about") for lesson in ELEVEN[2:9])
    roomy = lines(Contents(lessons, 3), 80, 49)
    row = next(number for number, line in enumerate(roomy) if "reparameterization" in line)
    assert "what it is" not in roomy[row] and roomy[row + 1].startswith(" " * 10 + "what it is all about")
    assert not any("what it is" in line for line in lines(Contents(lessons, 3), 80, 22))
