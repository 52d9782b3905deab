"""Figures, and the command that takes and prints them."""

import json
from collections.abc import Iterator
from importlib import import_module

import pytest
from click.testing import CliRunner

from lec10_tui.bench.figures import BenchError, Figure, percentile
from lec10_tui.bench.measures import MEASURES, Measure, Setup
from lec10_tui.commands.bench import command, take


def figure(value, side="at most", bound=2.0, **detail):
    return Figure("group.name", value, "ms", side, bound, "what it is", detail)


@pytest.mark.parametrize(
    ("value", "side", "met"),
    [(2.0, "at most", True), (2.1, "at most", False), (2.0, "at least", True), (1.9, "at least", False)],
)
def test_a_figure_is_met_on_the_good_side_of_its_bound(value, side, met):
    assert figure(value, side).met is met


def test_a_figure_that_is_no_number_is_never_met():
    assert not figure(float("nan")).met
    assert not figure(float("nan"), "at least").met


def test_targets_are_words():
    assert figure(1.0).target == "at most 2 ms"
    assert figure(1.0, "at least", -150.0).target == "at least −150 ms"


def test_percentiles_are_values_that_were_measured():
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.5) == 50.0
    assert percentile(values, 0.99) == 99.0
    assert percentile(values, 1.0) == 100.0
    assert percentile([7.0], 0.01) == 7.0


def test_every_measure_has_its_module():
    names = ["startup", "keys", "rate", "script", "bytes", "elbo", "stepping", "bound", "cartpole", "swimmer"]
    assert [measure.name for measure in MEASURES] == names
    for measure in MEASURES:
        assert callable(import_module(f"lec10_tui.bench.{measure.name}").measure)


class Fake(Measure):
    """Gives what it is made of; an exception is raised where it stands."""

    def __init__(self, name, *things):
        super().__init__(name, f"what {name} is")
        object.__setattr__(self, "things", things)

    def figures(self, setup: Setup) -> Iterator[Figure]:
        for thing in self.things:
            if isinstance(thing, Exception):
                raise thing
            yield thing


def test_figures_are_printed_as_json_as_they_come(tmp_path, capsys):
    measures = [Fake("one", figure(1.5, pairs=3)), Fake("two", figure(3.5))]
    assert take(measures, Setup(tmp_path), as_json=True) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {
        "name": "group.name",
        "value": 1.5,
        "unit": "ms",
        "target": "at most 2 ms",
        "met": True,
        "detail": {"pairs": 3},
    }
    assert lines[1]["met"] is False


def test_figures_are_printed_as_a_table(tmp_path, capsys):
    assert take([Fake("one", figure(1.5), figure(-3456.7, "at least", -3000.0))], Setup(tmp_path), as_json=False) == 0
    out, err = capsys.readouterr()
    assert "1.50 ms" in out
    assert "✓" in out
    assert "−3\u2009457 ms" in out
    assert "✗" in out
    assert "measuring one" in err


def test_what_cannot_be_measured_is_said_and_the_rest_is_measured(tmp_path, capsys):
    measures = [Fake("one", figure(1.0), BenchError("it ended")), Fake("two", figure(1.25))]
    assert take(measures, Setup(tmp_path), as_json=False) == 1
    out, err = capsys.readouterr()
    assert "lec10: bench one: it ended" in err
    assert "1.25 ms" in out


def test_the_command_lists_its_groups_and_refuses_others():
    listed = CliRunner().invoke(command, ["--list"], standalone_mode=False)
    assert [line.split()[0] for line in listed.output.splitlines()] == [measure.name for measure in MEASURES]
    refused = CliRunner().invoke(command, ["speed"])
    assert refused.exit_code == 2
    assert "there is no 'speed' to measure" in refused.output
