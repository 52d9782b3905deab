"""RankingTable: the cursor keeps its row through every order, titles are chosen, only changed lines are repainted."""

from typing import Any

import numpy as np
from textual.app import App, ComposeResult
from textual.geometry import Region

from lec10_tui.drawing.ranking import Measure, Ranking
from lec10_tui.widgets.ranking import RankingTable


def gaps(count: int = 30, **changes: float) -> Ranking:
    """Rows whose gap jumps about; `changes` sets single ones: row_3=9.0."""
    values = np.arange(count) * 7.0 % count
    for name, value in changes.items():
        values[int(name.removeprefix("row_"))] = value
    return Ranking(
        (
            Measure("place", "place", np.arange(float(count)), "mean", decimals=0),
            Measure("gap", "gap", values, float(values.mean()), bar=True),
            Measure("start", "start", tuple("ab"[number % 2] for number in range(count))),
        )
    )


class Watched(RankingTable):
    """A table that notes what it repaints."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.repainted: list[Region] = []

    def refresh(self, *regions: Region, **options: Any) -> "Watched":
        self.repainted += regions
        return super().refresh(*regions, **options)

    def shown(self) -> list[str]:
        """The lines in sight."""
        return ["".join(segment.text for segment in self.render_line(y)) for y in range(self.content_size.height)]

    def rows_in_sight(self) -> list[int]:
        """The places of the rows in sight, from the top."""
        return [int(line[2:].split()[0]) for line in self.shown()[1:] if line[2:].split()[:1] not in ([], ["mean"])]


class TableApp(App[None]):
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        self.table = Watched()
        yield self.table


async def test_the_cursor_stays_in_sight_and_the_titles_stay() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table, ranking = app.table, gaps()
        for cursor in (0, 29, 14, 15, 16, 0):
            table.show(ranking, cursor)
            await pilot.pause()
            lines = table.shown()
            assert "gap" in lines[0] and lines[-1].split()[0] == "mean" and len(lines) == 12
            marked = [line for line in lines if line.startswith("▸")]
            assert len(marked) == 1 and int(marked[0][1:].split()[0]) == cursor
            assert len(table.rows_in_sight()) == table.page == 10


async def test_sorting_goes_from_the_largest_down_and_back_and_the_cursor_keeps_its_row() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 40)) as pilot:
        table = app.table
        table.show(gaps(), 4)
        table.choose(1)
        await pilot.pause()
        assert table.chosen == "gap" and table.rows_in_sight() == list(range(30))
        table.sort()
        await pilot.pause()
        values = [float(line.split()[2 if line.startswith("▸") else 1]) for line in table.shown()[1:31]]
        assert values == sorted(values, reverse=True) and table.shown()[0].split()[1] == "gap▾"
        assert next(line for line in table.shown() if line.startswith("▸")).split()[1] == "4"
        table.sort()
        await pilot.pause()
        assert table.rows_in_sight() == list(table.order) and table.order[0] == 0
        assert table.shown()[0].split()[1] == "gap▴"


async def test_words_go_from_the_first_letter_up() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 40)):
        app.table.show(gaps(4), 0)
        app.table.choose(5)
        app.table.sort()
        assert app.table.chosen == "start" and app.table.order == (0, 2, 1, 3)


async def test_the_order_lasts_when_numbers_change() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 40)) as pilot:
        table = app.table
        table.show(gaps(5), 2)
        table.choose(1)
        table.sort()
        before = table.order
        table.show(gaps(5, row_0=99.0), 2)
        await pilot.pause()
        assert table.order == (0, *(number for number in before if number != 0))


async def test_the_row_beside_the_cursor_is_that_of_the_order_in_sight() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 40)):
        table = app.table
        assert table.beside(1) is None and table.order == ()
        table.show(gaps(5), None)
        assert table.beside(1) == 0
        table.choose(1)
        table.sort()
        order = table.order
        table.show(gaps(5), order[1])
        assert [table.beside(lines) for lines in (-9, -1, 0, 1, 9)] == [
            order[0],
            order[0],
            order[1],
            order[2],
            order[-1],
        ]


async def test_a_step_of_the_cursor_repaints_two_lines() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 40)) as pilot:
        table, ranking = app.table, gaps()
        table.show(ranking, 4)
        await pilot.pause()
        table.shown()
        table.repainted.clear()
        table.show(ranking, 5)
        assert sorted(region.y for region in table.repainted) == [5, 6]


async def test_other_columns_are_taken_as_they_come() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 10)) as pilot:
        table = app.table
        table.show(gaps(3), 0)
        table.choose(2)
        table.sort()
        table.show(Ranking((Measure("height", "height", np.array([1.0, 2.0])),)), 1)
        await pilot.pause()
        assert (table.sorted_by, table.chosen, table.order) == ("height", "height", (0, 1))
        table.show(Ranking(()))
        table.choose(1)
        await pilot.pause()
        assert not "".join(table.shown()).strip()


async def test_it_is_copied_whole_in_the_order_in_sight() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 6)):
        table = app.table
        table.show(gaps(), 0)
        table.choose(1)
        table.sort()
        lines = table.as_text().splitlines()
        assert len(lines) == 32 and lines[0].split()[1] == "gap▾" and lines[-1].split()[0] == "mean"
        assert [int(line.replace("▸", "").split()[0]) for line in lines[1:-1]] == list(table.order)
