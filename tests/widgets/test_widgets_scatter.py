"""Scatters show their marks in their places."""

import numpy as np
from textual.app import App, ComposeResult

from lec10_tui.widgets.scatter import Scatter


class Board(App[None]):
    """One scatter over the whole screen."""

    def compose(self) -> ComposeResult:
        yield Scatter(circles=(1.0, 2.0))


async def test_marks_labels_and_circles() -> None:
    app = Board()
    async with app.run_test(size=(60, 20)) as pilot:
        scatter = app.query_one(Scatter)
        scatter.show(np.array([[-1.5, -1.5], [1.5, 1.5]]), ["3", "8"], x_label="z₁", y_label="z₂")
        await pilot.pause()
        lines = scatter.as_text().split("\n")
        rows = {mark: next(y for y, line in enumerate(lines[:-1]) if mark in line[5:]) for mark in "38"}
        assert rows["8"] < rows["3"]
        assert lines[rows["8"]].rindex("8") > lines[rows["3"]].rindex("3")
        assert lines[-1].endswith("z₁") and lines[0][5:].startswith("z₂")
        assert scatter.as_text().count("·") > 20
        scatter.show(np.empty((0, 2)), [])
        await pilot.pause()
        assert "·" in scatter.as_text()
