"""Plots show their curves, turn their axes, and send little while a curve grows."""

import numpy as np
from textual.app import App, ComposeResult

from lec10_tui.drawing.plots import Curve
from lec10_tui.widgets.plot import Plot


class Board(App[None]):
    """One plot over the whole screen."""

    def compose(self) -> ComposeResult:
        yield Plot(x_label="step", y_label="nats an image")


def curve(n: int) -> Curve:
    x = np.arange(1.0, n + 1)
    return Curve.line("elbo", "elbo", x, -150 - 30 * np.exp(-x / 300))


async def test_curves_with_axes_and_labels() -> None:
    app = Board()
    async with app.run_test(size=(60, 16)) as pilot:
        plot = app.query_one(Plot)
        plot.show([curve(500)])
        await pilot.pause()
        lines = plot.as_text().split("\n")
        assert lines[0] == "nats an image"
        assert sum("elbo" in line for line in lines) == 1
        assert lines[-1].split() == ["0", "200", "400", "step"]


async def test_a_logarithmic_axis_and_back() -> None:
    app = Board()
    async with app.run_test(size=(60, 16)) as pilot:
        plot = app.query_one(Plot)
        plot.x_log = True
        plot.show([curve(1000)])
        await pilot.pause()
        assert plot.as_text().split("\n")[-1].split() == ["1", "10", "100", "1k", "step"]
        plot.x_log = False
        plot.show([curve(1000)])
        await pilot.pause()
        assert "500" in plot.as_text().split("\n")[-1]


async def test_without_curves_there_is_no_error() -> None:
    app = Board()
    async with app.run_test(size=(60, 16)) as pilot:
        plot = app.query_one(Plot)
        plot.show([])
        await pilot.pause()
        assert plot.as_text().startswith("nats an image")
