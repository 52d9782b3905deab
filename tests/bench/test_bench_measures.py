"""What the measures are made of: processes, rates, keys, and the usual script."""

import re
import sys

import numpy as np
import pytest

from lec10_tui.bench import elbo, keys, startup
from lec10_tui.bench.figures import BenchError
from lec10_tui.bench.processes import cpu_seconds, environment, finished, json_lines
from lec10_tui.bench.training import rates


def shell(code):
    return [sys.executable, "-S", "-E", "-c", code]


def test_the_environment_is_a_plain_lines_with_a_home_of_its_own(tmp_path, monkeypatch):
    for name in ("COLORTERM", "NO_COLOR", "TMUX"):
        monkeypatch.setenv(name, "1")
    env = environment(tmp_path)
    assert not {"COLORTERM", "NO_COLOR", "TMUX"} & env.keys()
    assert (env["TERM"], env["LEC10_HOME"], env["OMP_NUM_THREADS"]) == ("xterm-256color", str(tmp_path), "1")


def test_cpu_time_is_counted_and_sleep_is_not(tmp_path):
    sleeping = cpu_seconds(shell("import time; time.sleep(0.3)"), tmp_path)
    counting = cpu_seconds(shell("import time\nwhile time.process_time() < 0.35: pass"), tmp_path)
    assert 0 < sleeping < 0.3 <= counting


def test_a_command_that_fails_cannot_be_measured(tmp_path):
    with pytest.raises(BenchError, match="exit code 3"):
        cpu_seconds(shell("raise SystemExit(3)"), tmp_path)
    with pytest.raises(BenchError, match="no such data"):
        finished(shell("import sys; print('{}'); sys.exit('first\\nno such data')"), tmp_path)
    with pytest.raises(BenchError, match="printed nothing"):
        finished(shell("pass"), tmp_path)


def test_json_lines_come_with_their_times_and_the_last_one_counts(tmp_path):
    code = "print('{\"step\": 1}', flush=True); import time; time.sleep(0.03); print('{\"step\": 2}')"
    (first, one), (second, two) = json_lines(shell(code), tmp_path)
    assert (one, two) == ({"step": 1}, {"step": 2})
    assert second > first
    assert finished(shell(code), tmp_path) == {"step": 2}


def test_a_command_that_is_not_listened_to_any_more_is_ended(tmp_path):
    lines = json_lines(shell("print('{}', flush=True); import time; time.sleep(60)"), tmp_path)
    next(lines)
    lines.close()


def test_rates_are_read_off_the_title_line():
    text = "● training  20\u2009940 img/s · epoch 31 … ● training    9\u2009412 img/s · epoch 32  ● training 873 img/s"
    assert rates(text) == [20940.0, 9412.0, 873.0]
    assert rates("‖ paused  epoch 4") == []


def test_the_keys_lead_back_and_each_draws_what_no_other_does():
    drawn = {
        "j": " ▸ data      mnist",
        "k": " ▸ preset    2-d",
        "tab": "╭ ELBO and its terms ──╮",
        "shift+tab": "╭ Knobs ──╮",
    }
    for name, _, pattern in keys.KEYS:
        assert [other for other, text in drawn.items() if re.search(pattern, text)] == [name]


def test_targets_are_the_ones_agreed_on():
    assert elbo.BOUNDS == ((2, -150.0), (20, -110.0))
    assert startup.PAIRS % 2 == startup.STARTS % 2 == 1


def test_the_usual_script_trains_on_every_item_of_an_epoch():
    from torch.utils.data import DataLoader

    from lec10_tui.bench.usual_script import Digits, losses

    images = np.random.default_rng(0).integers(0, 256, (300, 28, 28)).astype(np.uint8)
    digits = Digits(images)
    assert digits[7].shape == (1, 28, 28)
    np.testing.assert_array_equal((digits[7][0] * 255).round().numpy(), images[7])
    steps = losses(DataLoader(digits, batch_size=128, shuffle=True))
    assert [next(steps) for _ in range(4)] == [128, 128, 44, 128]
