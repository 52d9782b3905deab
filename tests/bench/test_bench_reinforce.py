"""What the measures of the reinforce lesson are made of: runs that are read, walks, ratios, and the usual script."""

import json
import re

import pytest

from lec10_tui.bench import cartpole, stepping, swimmer, trained
from lec10_tui.bench.figures import BenchError
from lec10_tui.bench.trained import Trained


def named(figures):
    return {figure.name: figure for figure in figures}


def test_a_trained_run_is_read_with_the_seconds_that_the_worker_counted(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"elapsed": 4.0}))
    found = trained.ended({"steps": 1000, "solved": True, "run": str(tmp_path)})
    assert (found.seconds, found.steps_per_second, found.readings["solved"]) == (4.0, 250.0, True)


@pytest.mark.parametrize("config", [None, "{}", "[", '{"elapsed": null}'])
def test_a_run_that_left_nothing_to_be_read_cannot_be_measured(config, tmp_path):
    if config is not None:
        (tmp_path / "config.json").write_text(config)
    with pytest.raises(BenchError, match="left no run that can be read"):
        trained.ended({"steps": 1000, "run": str(tmp_path)})


def test_a_run_that_was_not_kept_cannot_be_measured():
    with pytest.raises(BenchError, match="left no run that can be read"):
        trained.ended({"steps": 1000, "run": None})


def turn(seconds, solved=True, rate=None, script=None):
    return cartpole.Turn(Trained(seconds, {"solved": solved}), rate, script)


def script(seconds, steps, solved=True):
    return {"seconds": seconds, "steps": steps, "solved": solved}


TURNS = [
    turn(2.0, True, 100_000.0, script(30.0, 60_000)),
    turn(1.0, True, 120_000.0, script(45.0, 90_000, solved=False)),
    turn(4.0, True, 90_000.0, script(20.0, 50_000)),
    turn(60.0, False),
    turn(1.5, True),
]


def test_solving_counts_seeds_and_compares_medians():
    figures = named(cartpole.solving(TURNS))
    assert (figures["cartpole.solved"].value, figures["cartpole.solved"].met) == (4, False)
    assert figures["cartpole.seconds"].value == 2.0
    assert figures["cartpole.seconds"].detail["seed_3_seconds"] == 60.0
    ratio = figures["cartpole.script"]
    assert (ratio.value, ratio.met) == (15.0, True)
    assert (ratio.detail["script_seeds"], ratio.detail["script_solved"]) == (3, 2)


def test_steps_a_second_are_compared_seed_by_seed():
    figure = cartpole.stepping(TURNS)
    assert figure.value == 50.0
    assert figure.detail["pairs"] == 3


def test_the_swimmers_figure_is_a_ratio_of_distances():
    figure = swimmer.figure(3.0, 0.15, {"update": 40, "steps": 1})
    assert figure.value == pytest.approx(20.0)
    assert figure.met
    assert not swimmer.figure(-3.0, 0.15, {"update": 40, "steps": 1}).met


def test_a_walk_turns_before_the_episodes_end_and_comes_back():
    walked = list(stepping.walk(4, 9))
    assert [time for _, time in walked] == [1, 2, 3, 2, 1, 0, 1, 2, 3]
    assert b"".join(key for key, _ in walked) == b"...,,,..."
    assert max(time for _, time in stepping.walk(500, 160)) == stepping.FURTHEST
    with pytest.raises(BenchError, match="too short"):
        next(stepping.walk(1, 9))


def test_steps_are_told_by_their_slowest_and_their_largest():
    milliseconds = [5.0] * 98 + [28.0, 90.0]
    figures = named(stepping.figures([value / 1000 for value in milliseconds], [2000] * 98 + [3900, 9000], 41))
    slowest = figures["stepping.p99"]
    assert (slowest.value, slowest.detail["p50_ms"], slowest.detail["largest_ms"]) == (28.0, 5.0, 90.0)
    bytes_ = figures["stepping.bytes"]
    assert (bytes_.value, bytes_.detail["largest_bytes"], bytes_.met) == (3.9, 9000, True)
    assert (bytes_.detail["p50_bytes"], bytes_.detail["larger_than_wanted"]) == (2000, 1)


def test_targets_are_the_ones_agreed_on():
    figures = {
        **named(cartpole.solving(TURNS)),
        "cartpole.steps": cartpole.stepping(TURNS),
        "swimmer.displacement": swimmer.figure(1.0, 1.0, {"update": 1, "steps": 1}),
        **named(stepping.figures([0.01], [100], 41)),
    }
    assert {name: figure.target for name, figure in figures.items()} == {
        "cartpole.solved": "at least 5 seeds",
        "cartpole.seconds": "at most 3 s",
        "cartpole.script": "at least 10 ×",
        "cartpole.steps": "at least 40 ×",
        "swimmer.displacement": "at least 10 ×",
        "stepping.p99": "at most 30 ms",
        "stepping.bytes": "at most 4 kB",
    }
    assert stepping.PRESSES >= 150


def test_the_row_the_keys_stand_at_is_told_from_a_knob():
    pattern = stepping.STANDS.format(r"\d+")
    assert re.findall(pattern, " ▸ preset  reward-to-go  ▸ 17  −0.09  +0.60") == ["17"]
    assert not re.search(stepping.STANDS.format(1), "▸  17  −0.09")


def test_the_usual_script_trains_and_stops_when_its_time_is_up_or_it_is_solved():
    import torch

    from lec10_tui.bench.usual_reinforce_script import EPISODES, learn, train

    stopped = train(until_return=475.0, seconds=0.05, seed=0)
    assert (stopped.solved, stopped.mean_return) == (False, 0.0)
    assert stopped.seconds >= 0.05
    assert stopped.steps >= stopped.episodes >= 1
    easy = train(until_return=1.0, seconds=60.0, seed=0)
    assert (easy.solved, easy.episodes) == (True, EPISODES)
    assert easy.mean_return == easy.steps / easy.episodes

    # the first action is followed by more reward than the last, so it becomes likelier
    logit = torch.zeros(2, requires_grad=True)
    log_probs = [torch.nn.functional.logsigmoid(value).unsqueeze(0) for value in logit]
    learn(torch.optim.SGD([logit], lr=1.0), log_probs, [1.0, 1.0])
    assert logit[0] > 0 > logit[1]
