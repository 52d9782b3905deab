"""A graph widget shows the graph it is given, and the next one instead."""

from textual.app import App, ComposeResult

from lec10_tui.drawing.graphs import Edge, Node
from lec10_tui.widgets.graph import Graph


class Board(App[None]):
    """One graph over the whole screen."""

    def compose(self) -> ComposeResult:
        yield Graph()


def chain(value: str) -> Node:
    return Node(((f"f = {value}", "strong"),), inputs=(Edge(Node((("z = 2", ""),), random=True)),))


async def test_a_graph_and_its_heading() -> None:
    app = Board()
    async with app.run_test(size=(30, 10)) as pilot:
        graph = app.query_one(Graph)
        assert graph.as_text().strip() == ""
        graph.show(chain("4"), ("Original form", "strong"))
        await pilot.pause()
        lines = graph.as_text().split("\n")
        assert lines[0].strip() == "Original form"
        assert "│ f = 4 │" in lines[2] and "╎ z = 2 ╎" in lines[8]
        graph.show(chain("9"))
        await pilot.pause()
        assert "f = 9" in graph.as_text() and "Original" not in graph.as_text()
