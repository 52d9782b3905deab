"""`lec10 run`: the same run every time, whole JSON lines, folders that are never overwritten, endings that save."""

from __future__ import annotations

import json
import math
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from commands_shell import SMALL, Shell, process

from lec10_tui.commands.lesson_flags import Given, given, options
from lec10_tui.commands.printing import print_json, print_table
from lec10_tui.commands.run import Session, beside_the_bar, claimed
from lec10_tui.lessons import CONTENTS, lesson_named
from lec10_tui.runs.keeper import DiskKeeper
from lec10_tui.runs.snapshots import read
from lec10_tui.vocabulary.frames import Frame
from lec10_tui.vocabulary.knobs import Length
from lec10_tui.vocabulary.reports import Report, Snapshot, Status

READINGS = (
    "step", "epoch", "objective", "elbo", "reconstruction", "kl", "held_out_elbo", "held_out_reconstruction",
    "held_out_kl", "active_dimensions", "examples_per_second",
)  # fmt: skip

VAE = lesson_named("vae")


def without_rate(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in ("examples_per_second", "run")}


def test_json_lines_end_with_finished_and_name_the_run(lec10: Shell, own_home: Path) -> None:
    done = lec10("run", "vae", *SMALL, "--steps", 70, "--json")
    assert done.code == 0 and done.err == ""
    *progress, last = done.events
    assert all(event["event"] == "progress" and tuple(event)[1:] == READINGS for event in progress)
    assert last["event"] == "finished" and tuple(last)[1:-1] == READINGS
    assert last["step"] == 70 and last["kl"] >= 0
    assert last["elbo"] == pytest.approx(last["reconstruction"] - last["kl"])
    folder = Path(last["run"])
    assert folder.parent == own_home / "runs"
    assert read(folder).step == 70


def test_the_same_seed_gives_the_same_run_to_the_last_bit(lec10: Shell) -> None:
    words = ("run", "vae", *SMALL, "--steps", 60, "--json")
    first, second = (without_rate(lec10(*words, "--seed", 3).events[-1]) for _ in range(2))
    assert first == second
    assert without_rate(lec10(*words, "--seed", 4).events[-1]) != first


def test_without_json_the_readings_are_a_table(lec10: Shell) -> None:
    done = lec10("run", "vae", *SMALL, "--steps", 5)
    lines = dict(line.split("  ", 1) for line in done.out.splitlines())
    assert done.code == 0 and done.err == ""
    assert lines["step"].strip() == "5" and lines["elbo"].strip().startswith("−")
    assert Path(lines["run"].strip()).is_dir()


def test_a_knob_is_turned_at_its_step(lec10: Shell, tmp_path: Path) -> None:
    words = ("run", "vae", *SMALL, "--steps", 30, "--json")
    plain = lec10(*words).events[-1]
    turned = lec10(*words, "--at", "10:beta=8", "--run", tmp_path / "turned").events[-1]
    assert turned["held_out_elbo"] != plain["held_out_elbo"]
    assert read(tmp_path / "turned").header["changes"] == [[10, "beta", 8.0]]
    late = lec10("run", "vae", *SMALL, "--steps", 3, "--at", "9:beta=8")
    assert late.code == 0 and late.line == "--at 9:beta=… was never reached; the run ended at step 3"


def test_a_run_that_diverges_fails_in_one_line_and_leaves_no_empty_folder(lec10: Shell, own_home: Path) -> None:
    done = lec10("run", "vae", *SMALL, "--optimizer", "sgd", "--learning-rate", 100, "--steps", 100, "--json")
    assert done.code == 1
    assert "the loss became" in done.line and "lower the rate" in done.line
    last = done.events[-1]
    assert last["event"] == "failed" and "the loss became" in last["what"]
    assert (last["run"] is None) == (list((own_home / "runs").iterdir()) == [])


def test_a_data_set_that_is_not_there_fails_in_one_line(lec10: Shell, own_home: Path) -> None:
    done = lec10("run", "vae", "--data", "no-such-images", "--steps", 1)
    assert done.code == 1 and "no-such-images" in done.line
    assert list((own_home / "runs").iterdir()) == []


def test_run_refuses_what_it_would_overwrite_or_cannot_write(lec10: Shell, tmp_path: Path) -> None:
    words = ("run", "vae", *SMALL, "--steps", 2, "--run")
    assert lec10(*words, tmp_path / "new" / "run").code == 0
    again = lec10(*words, tmp_path / "new" / "run")
    assert again.code == 1 and "holds a run already" in again.line
    (tmp_path / "file").write_text("")
    assert "is a file" in lec10(*words, tmp_path / "file").line
    assert "can't be kept here: Not a directory" in lec10(*words, tmp_path / "file" / "run").line


def test_two_runs_in_one_second_get_two_folders(own_home: Path) -> None:
    assert claimed(None, VAE) != claimed(None, VAE)


def refuse(snapshot: Snapshot, folder: Path) -> None:
    raise OSError(28, "No space left on device")


def test_a_run_that_could_not_be_saved_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = claimed(tmp_path / "run", VAE)
    told = Given({"hidden": (16,), "length": Length(3, "steps")})
    assert Session(VAE, told, folder, False, DiskKeeper(refuse)).run() == 1
    out, err = capsys.readouterr()
    assert out == "" and "finished but could not be saved" in err and "No space left on device" in err
    assert not folder.exists()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no such signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_the_run_and_says_where(number: signal.Signals, code: int, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with process("run", "vae", *SMALL, "--epochs", 100_000, "--json", "--run", folder) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if json.loads(line)["step"] > 0:
                running.send_signal(number)
                break
        out, err = running.communicate(timeout=60)
    assert running.returncode == code
    last = json.loads(out.splitlines()[-1])
    assert last["event"] == "stopped" and last["run"] == str(folder)
    where = f"step {read(folder).step} is saved in {folder} (lec10 open {folder} goes on from there)"
    assert err == f"lec10: stopped; {where}\n"


def test_a_reader_that_leaves_ends_the_run_quietly(tmp_path: Path) -> None:
    with process("run", "vae", *SMALL, "--epochs", 100_000, "--json", "--run", tmp_path / "run") as running:
        assert running.stdout is not None and running.stderr is not None
        assert json.loads(running.stdout.readline())["event"] == "progress"
        running.stdout.close()
        assert running.wait(timeout=60) == 0
        assert running.stderr.read() == ""
    assert read(tmp_path / "run").step > 0


def test_numbers_that_are_not_finite_are_null(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"event": "progress", "step": 3.0, "elbo": -math.inf, "kl": math.nan, "rate": 1.5, "where": "ü"})
    line = capsys.readouterr().out
    assert json.loads(line) == {"event": "progress", "step": 3, "elbo": None, "kl": None, "rate": 1.5, "where": "ü"}
    assert line.count("\n") == 1
    print_json({"observation": [0.5, math.nan], "mean": (-math.inf,), "probabilities": [[math.nan]], "solved": False})
    told = {"observation": [0.5, None], "mean": [None], "probabilities": [[None]], "solved": False}
    assert json.loads(capsys.readouterr().out) == told


@pytest.mark.parametrize(
    ("flag", "text", "length"),
    [
        ("steps", "2000", Length(2000, "steps")),
        ("epochs", "0.5", Length(0.5, "epochs")),
        ("seconds", "20", Length(20, "seconds")),
        ("length", Length(), Length()),
    ],
)
def test_a_length_has_its_units_as_flags(flag: str, text: object, length: Length) -> None:
    assert given(VAE, {flag: text}).knobs == {"length": length}


def test_a_unit_that_a_knob_is_called_by_is_no_flag() -> None:
    flags = [option.opts[0] for option in options(lesson_named("reinforce"), app=False)]
    assert [flag for flag in flags if flag in ("--updates", "--seconds", "--steps", "--epochs")] == [
        "--updates",
        "--seconds",
    ]
    assert given(lesson_named("reinforce"), {"episodes": 4}).knobs == {"episodes": 4}


@pytest.mark.parametrize(
    ("lesson", "readings", "epoch", "unit", "words"),
    [
        ("vae", {"held_out_elbo": -151.32}, 31.4, "examples", "epoch 31.4 · ELBO  −151.32 · 20 940 examples/s"),
        ("reinforce", {"mean_return_100": 172.4}, None, "steps", "update 12 · return   172.40 · 20 940 steps/s"),
        ("reinforce", {}, None, "steps", "update 12 · 20 940 steps/s · 0:41 left"),
    ],
)
def test_beside_the_bar_each_lesson_says_how_good_it_is(
    lesson: str, readings: dict[str, float], epoch: float | None, unit: str, words: str
) -> None:
    status = Status("running", "new", 20940.0, seconds_left=41.0, unit=unit)
    report = Report(Frame(lesson, 12, epoch, readings, {}), status)
    step = "step" if epoch else "update"
    assert beside_the_bar(report, lesson_named(lesson), step).replace("\u2009", " ").startswith(words)


def test_what_is_so_is_said_in_words_and_stays_so_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    values = {"update": 12.0, "episodes": 192, "entropy": None, "mean_return_100": math.nan, "solved": True}
    print_table(values)
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["update", "12"], ["episodes", "192"], ["entropy", "—"], ["mean", "return", "100", "—"], ["solved", "yes"],
    ]  # fmt: skip
    print_json(values)
    told = json.loads(capsys.readouterr().out)
    assert told == {"update": 12, "episodes": 192, "entropy": None, "mean_return_100": None, "solved": True}
    assert told["solved"] is True


def test_without_a_length_the_lesson_decides() -> None:
    assert given(VAE, {"seed": 1, "beta": None, "at": ()}) == Given({"seed": 1})


def test_every_lesson_of_the_contents_can_be_run(lec10: Shell) -> None:
    out = lec10("run", "--help").out
    assert all(re.search(rf"^  {lesson.name} +{re.escape(lesson.title)}$", out, re.MULTILINE) for lesson in CONTENTS)
