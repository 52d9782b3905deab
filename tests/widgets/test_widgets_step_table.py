"""StepTable repaints the lines a step changes, moves by half a window, and scrolls its columns."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from lec10_tui.drawing.table import StepRows
from lec10_tui.widgets.step_table import StepTable, settled


def episode(steps: int = 100) -> StepRows:
    """Steps that are told apart by t alone."""
    ones = np.ones(steps)
    return StepRows(
        state_labels=("x", "ẋ"),
        states=np.zeros((steps + 1, 2)),
        action_labels=("←", "→"),
        probabilities=np.full((steps, 2), 0.5),
        mean=np.zeros((steps, 0)),
        scale=np.zeros((steps, 0)),
        actions=np.zeros((steps, 1)),
        log_prob=np.log(0.5) * ones,
        rewards=ones,
        reward_to_go=np.arange(steps, 0.0, -1),
        weight=ones,
        gradient_norm=ones,
        delta_log_prob=np.zeros(0),
        by_person=np.zeros(steps, np.bool_),
        pushes=np.zeros(steps),
        estimator="reward-to-go",
        baseline="none",
        ending="the end",
    )


class Watched(StepTable):
    """A table that notes what it repaints."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.repainted: list[Region] = []

    def refresh(self, *regions: Region, **options: Any) -> "Watched":
        self.repainted += regions
        return super().refresh(*regions, **options)

    def lines_of(self, cursor: int) -> list[int]:
        """The lines that are painted when the cursor goes there."""
        self.repainted.clear()
        self.cursor = cursor
        return sorted(region.y for region in self.repainted)

    def shown(self) -> list[str]:
        """The lines in sight."""
        return ["".join(segment.text for segment in self.render_line(y)) for y in range(self.content_size.height)]


class Stage(App[None]):
    """A table alone."""

    def __init__(self, ascii: bool = False) -> None:
        super().__init__()
        self.ascii = ascii

    def compose(self) -> ComposeResult:
        yield Watched(ascii=self.ascii)


async def test_a_step_paints_two_lines() -> None:
    app = Stage()
    async with app.run_test(size=(100, 13)) as pilot:
        table = app.query_one(Watched)
        await pilot.pause()
        table.show(episode(), cursor=3)
        await pilot.pause()
        assert table.shown()[4].startswith("▸") and table.shown()[0].split()[0] == "t"
        assert table.lines_of(4) == [4, 5]
        assert table.lines_of(3) == [4, 5]
        assert table.lines_of(3) == []
        assert table.lines_of(6) == [4, 5, 6, 7]
        assert table.shown()[7].startswith("▸")


async def test_it_moves_by_half_a_window_near_the_edge() -> None:
    app = Stage()
    async with app.run_test(size=(100, 13)) as pilot:
        table = app.query_one(Watched)
        await pilot.pause()
        table.show(episode(), cursor=0)
        assert table.page == 12
        painted = [len(table.lines_of(t)) for t in range(1, 90)]
        assert set(painted) == {2, 12} and painted.count(12) == pytest.approx(89 / 6, abs=1.5)
        table.show(episode(), cursor=0)
        for t in (*range(1, 101), *range(99, -1, -1)):
            table.cursor = t
            assert table.top <= t < table.top + table.page
            assert sum(line.startswith("▸") for line in table.shown()) == 1
        assert table.top == 0


async def test_home_end_and_pages() -> None:
    app = Stage()
    async with app.run_test(size=(100, 13)) as pilot:
        table = app.query_one(Watched)
        await pilot.pause()
        table.page_down()
        assert table.cursor == 0
        table.show(episode())
        table.end()
        assert table.cursor == 100 and table.shown()[12].rstrip().endswith("the end")
        table.page_up()
        assert table.cursor == 88
        table.cursor = 1000
        assert table.cursor == 100
        table.home()
        table.page_down()
        assert table.cursor == 12
        table.cursor = -4
        assert table.cursor == 0 and table.shown()[1].startswith("▸")


async def test_other_rows_keep_the_cursor_where_they_can() -> None:
    app = Stage()
    async with app.run_test(size=(100, 13)) as pilot:
        table = app.query_one(Watched)
        await pilot.pause()
        table.show(episode(), cursor=50)
        table.repainted.clear()
        changed = replace(episode(), weight=np.where(np.arange(100) == 50, 2.0, 1.0))
        table.show(changed)
        assert table.cursor == 50
        assert len(table.repainted) == 1 and "+2.00" in table.shown()[table.repainted[0].y]
        table.show(episode(10))
        assert table.cursor == 10 and table.shown()[11].startswith("▸ 10")


async def test_columns_scroll_where_not_all_fit() -> None:
    app = Stage()
    async with app.run_test(size=(50, 13)) as pilot:
        table = app.query_one(Watched)
        await pilot.pause()
        assert not table.scroll_columns(1)
        table.show(episode())
        assert table.hidden[:2] == ("x", "ẋ")
        assert table.scroll_columns(1) and table.shown()[0].split()[:3] == ["t", "x", "ẋ"]
        while table.scroll_columns(1):
            pass
        assert table.shown()[0].split()[-1] == "‖∇‖"
        assert table.scroll_columns(-100) and not table.scroll_columns(-1)
        await pilot.resize_terminal(120, 13)
        await pilot.pause()
        assert not table.hidden and not table.scroll_columns(1)


async def test_as_text_is_the_whole_table() -> None:
    app = Stage(ascii=True)
    async with app.run_test(size=(80, 6)) as pilot:
        table = app.query_one(Watched)
        await pilot.pause()
        assert table.as_text() == ""
        table.show(episode(30), cursor=2)
        lines = table.as_text().split("\n")
        assert len(lines) == 32 and lines[3].startswith(">") and lines[-1].endswith("the end")
        assert table.as_text().isascii()


def test_the_window_holds_the_cursor_whatever_happens() -> None:
    for page in (1, 2, 3, 7, 20):
        for count in (0, 1, 5, 20, 100):
            for top in (0, 3, 50, 200):
                for cursor in range(0, max(count, 1), 3):
                    first = settled(top, cursor, page, count)
                    assert 0 <= first <= max(count - page, 0) and first <= cursor < first + page
                    assert settled(first, cursor, page, count) == first
