"""Graphs to the character: boxes, edges up and down, and any graph in any size."""

from __future__ import annotations

import numpy as np
import pytest
from rich.style import Style

from lec10_tui.drawing.graphs import TALLEST_EDGE, Edge, Node, draw_graph, narrowest
from lec10_tui.drawing.lines import text_of, width_of
from lec10_tui.drawing.palette import Paper

PAPER, PLAIN = Paper(), Paper(ascii=True)


def named(name: str, *inputs: Edge, random: bool = False, second: str = "") -> Node:
    lines = ((name, "strong"), (second, "faint")) if second else ((name, "strong"),)
    return Node(lines, random, inputs)


def trick() -> Node:
    """z of μ and a random ε; something flows back to μ alone."""
    back = Edge(named("m 1.0"), "flows", "pathwise", (("mbar", "pathwise"), ("+2.0", "pathwise")))
    return named("f = 4", Edge(named("z = 2.0", back, Edge(named("e 0.5", random=True))), "flows", "pathwise"))


def test_a_graph_to_the_character() -> None:
    assert text_of(draw_graph(trick(), 24, 14, PAPER, heading=("a form", "strong"))).split("\n") == [
        "         a form",
        "       ┌───────┐",
        "       │ f = 4 │",
        "       └──▲─┰──┘",
        "          │ ┃",
        "          │ ┃",
        " ┌────────┴─▼────────┐",
        " │      z = 2.0      │",
        " └─▲─┰───────────▲───┘",
        "   │ ┃ mbar      │",
        "   │ ┃ +2.0      │",
        " ┌─┴─▼───┐   ╭╌╌╌┴╌╌╌╮",
        " │ m 1.0 │   ╎ e 0.5 ╎",
        " └───────┘   ╰╌╌╌╌╌╌╌╯",
    ]


def test_random_nodes_and_backward_edges_are_told_apart_in_ascii_and_without_colour() -> None:
    lines = text_of(draw_graph(trick(), 24, 13, PLAIN)).split("\n")
    assert lines[-1] == " +-------+   '-------'" and lines[-3] == " +-+-v---+   .---+---."
    assert lines[-2] == " | m 1.0 |   : e 0.5 :" and lines[3].split() == ["|", "!"]
    assert "".join(lines).isascii()
    grey = Paper(colour=False)
    drawn = draw_graph(trick(), 24, 13, grey)
    assert {segment.style.color for line in drawn for segment in line if segment.style} == {grey.blank.color}


def test_only_random_nodes_have_ground_of_their_own() -> None:
    drawn = draw_graph(trick(), 24, 13, PAPER)
    raised = {
        segment.text.strip()
        for line in drawn
        for segment in line
        if segment.style and segment.style.bgcolor == Style(bgcolor=PAPER.raised).bgcolor
    }
    assert raised and all("m 1.0" not in text and "z" not in text for text in raised)
    assert any("e 0.5" in text for text in raised)


def test_what_stops_ends_in_a_cross_with_its_words_and_arrives_nowhere() -> None:
    edge = Edge(named("z", random=True), "stops", "pathwise", (("zbar = +1", "pathwise"),), "no path")
    text = text_of(draw_graph(named("f", edge), 30, 9, PAPER))
    assert "✗ no path" in text and "▼" not in text and "┰" in text
    rows = text.split("\n")
    cross = next(row for row in rows if "✗" in row)
    assert rows.index(cross) == 5 and "╭" in rows[6]
    assert "┃ zbar = +1" in text


def test_an_edge_without_anything_backward_has_one_line() -> None:
    text = text_of(draw_graph(named("f", Edge(named("z"), labels=(("score", "score"),))), 20, 9, PAPER))
    assert "┃" not in text and "▼" not in text and "│ score" in text


def test_labels_give_way_from_the_last_and_second_lines_where_there_is_no_room() -> None:
    labels = tuple((f"label {number}", "score") for number in range(4))
    root = named("f", Edge(named("z", second="its second line"), labels=labels))
    roomy = text_of(draw_graph(root, 30, 14, PAPER))
    assert all(f"label {number}" in roomy for number in range(4)) and "its second line" in roomy
    tight = text_of(draw_graph(root, 30, 8, PAPER))
    assert "label 0" in tight and "label 1" in tight and "label 2" not in tight and "second" not in tight


def test_an_edge_is_never_longer_than_it_says_something() -> None:
    rows = text_of(draw_graph(named("f", Edge(named("z"))), 20, 40, PAPER)).split("\n")
    boxes = [number for number, row in enumerate(rows) if "┌" in row]
    assert boxes[1] - boxes[0] == TALLEST_EDGE + 3
    assert abs(boxes[0] - (len(rows) - (boxes[1] + 3))) <= 40 - len(rows) + 1


def test_a_node_spans_what_flows_into_it_so_that_edges_are_straight() -> None:
    leaves = tuple(Edge(named(f"leaf {number}")) for number in range(4))
    rows = text_of(draw_graph(named("sum", *leaves), 60, 9, PAPER)).split("\n")
    arrows = [place for place, sign in enumerate(rows[2]) if sign == "▲"]
    assert arrows == [place for place, sign in enumerate(rows[6]) if sign == "┴"] and len(arrows) == 4
    assert all(rows[4][place] == "│" for place in arrows)


def test_the_narrowest_graph_still_shows_every_first_line() -> None:
    width = narrowest(trick())
    text = text_of(draw_graph(trick(), width, 13, PAPER))
    assert width == len("m 1.0") + len("e 0.5") + 5
    assert all(words in text for words in ("m 1.0", "e 0.5", "z = 2.0", "f = 4"))


@pytest.mark.filterwarnings("error")
def test_no_graph_and_no_size_can_break_it() -> None:
    dice = np.random.default_rng(4)

    def grown(depth: int) -> Node:
        words = "".join(dice.choice(list("abμ̄z∂ "), int(dice.integers(0, 20))))
        count = int(dice.integers(0, 4)) if depth else 0
        edges = tuple(
            Edge(grown(depth - 1), ("", "flows", "stops")[int(dice.integers(3))], "score", ((words, "kl"),), "stop")
            for _ in range(count)
        )
        return Node(tuple((words, "") for _ in range(int(dice.integers(0, 4)))), bool(dice.integers(2)), edges)

    for turn in range(300):
        columns, rows = int(dice.choice([0, 1, 2, 5, 20, 38, 90])), int(dice.choice([0, 1, 2, 5, 9, 14, 30]))
        paper = Paper(ascii=turn % 3 == 0, colour=turn % 5 > 0, terminal=turn % 7 == 0)
        lines = draw_graph(grown(3), columns, rows, paper, heading=("a heading", "strong") if turn % 2 else ("", ""))
        assert [width_of(line) for line in lines] == [columns] * rows
        assert all(segment.style is not None for line in lines for segment in line)


def test_the_heading_stands_right_over_the_graph() -> None:
    rows = text_of(draw_graph(named("f", Edge(named("z"))), 20, 40, PAPER, heading=("a form", "strong"))).split("\n")
    (heading,) = [number for number, row in enumerate(rows) if "a form" in row]
    assert "┌" in rows[heading + 1] and heading > 5
