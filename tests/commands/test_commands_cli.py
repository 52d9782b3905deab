"""The command line as a whole: what starts, what is refused in one line, how it leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from commands_shell import LEC10, Shell, process

from lec10_tui import __version__, cli
from lec10_tui.commands.mishaps import explain
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import Length


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """What an app that only takes notes was opened with, on a terminal."""
    calls: list[Mapping[str, Any]] = []

    def run_app(**how: Any) -> int:
        calls.append(how)
        return 0

    app = ModuleType("lec10_tui.app")
    vars(app)["run_app"] = run_app
    monkeypatch.setitem(sys.modules, "lec10_tui.app", app)
    monkeypatch.setattr("lec10_tui.commands.contents.on_terminal", lambda stream: True)
    return calls


def test_version(lec10: Shell) -> None:
    done = lec10("--version")
    assert (done.code, done.out, done.err) == (0, f"lec10 {__version__}\n", "")


def test_help_lists_every_lesson_and_command_without_importing_them() -> None:
    code = "import sys, lec10_tui.cli as cli\ntry: cli.main(['--help'])\nexcept SystemExit: print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert all(f"  {name} " in out for name in (*cli.LESSONS, *cli.COMMANDS))
    assert "lec10_tui.commands.run" not in out and "numpy" not in out.split()


@pytest.mark.parametrize("command", [*cli.LESSONS, *cli.COMMANDS, "run vae", "run reinforce", "data get"])
def test_every_command_has_help(lec10: Shell, command: str) -> None:
    done = lec10(*command.split(), "--help")
    assert done.code == 0 and done.err == ""
    assert done.out.startswith("Usage: lec10 ")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("vea", "there is no 'vea': did you mean 'vae'?"),
        ("evalaute", "there is no 'evalaute': did you mean 'evaluate'?"),
        ("zzz", f"there is no 'zzz': one of {', '.join((*cli.LESSONS, *cli.COMMANDS))}"),
        ("run", "run: name one of vae"),
        ("run vaee", "run: there is no 'vaee': did you mean 'vae'?"),
        ("vae --bta 1", "vae: No such option '--bta'. (Did you mean one of: '--beta', '--data'?)"),
        ("vae --beta x", "beta: 'x' is not a number from 0 to 1000"),
        ("vae --observation b --grid-x 3", "grid x: 3 is not a dimension of z, 1 to 2"),
        ("run vae --steps 5 --epochs 2", "--steps and --epochs: a run has one length; give one of them"),
        ("run vae --steps 1.5", "--steps: '1.5' is not a whole number of steps from 1"),
        ("run vae --steps 0", "--steps: '0' is not a whole number of steps from 1"),
        ("run bound --steps -1", "--steps: '-1' is not a whole number of steps from 0"),
        ("run vae --seconds -1", "--seconds: '-1' is not a number of seconds above 0"),
        ("run vae --at 5:seed=1", "--at: seed can't be turned while a run is going; "),
        ("run vae --at beta=1", "--at: 'beta=1' is not STEP:KNOB=VALUE, as 500:beta=1"),
        ("run reinforce --at 5", "--at: '5' is not STEP:KNOB=VALUE, as 500:discount=1"),
        ("run reparameterization --at foo", "--at: 'foo' is not STEP:KNOB=VALUE, as 500:length=10000 samples"),
        ("run reinforce --updates 1.5", "--updates: '1.5' is not a whole number of updates from 1"),
        ("run reinforce --updates 5 --seconds 2", "--updates and --seconds: a run has one length; give one of them"),
        ("run reinforce --epochs 5", "run reinforce: No such option '--epochs'"),
        ("run reinforce --horizon none", "horizon: 'none' is not a whole number from 1 to 100 000, or own"),
        ("rollout", "rollout: name a RUN or an --environment, one of them"),
        ("rollout some-run --environment CartPole-v1", "rollout: name a RUN or an --environment, one of them"),
        ("rollout vae-k2-bernoulli", "vae-k2-bernoulli: a run of vae has no episodes; lec10 rollout takes one of "),
        ("rollout some-run --estimator best", "estimator: 'best' is not one of full-return, reward-to-go"),
        ("evaluate vae-k2-bernoulli --episodes 3", "episodes: a vae is evaluated on images, with data and importance"),
        ("run vae --at 5:beta=x", "beta: 'x' is not a number from 0 to 1000"),
        ("completion tcsh", "completion: Invalid value for '[SHELL]': 'tcsh' is not one of 'bash', 'zsh', 'fish'."),
    ],
)
def test_what_is_misused_is_told_in_one_line(lec10: Shell, words: str, line: str) -> None:
    done = lec10(*words.split())
    assert done.code == 2 and done.out == ""
    assert done.line.replace("\u2009", " ").startswith(line)


@pytest.mark.parametrize("words", [(), ("vae",), ("open", "vae-k2-bernoulli")])
def test_without_a_terminal_the_app_points_to_lec10_run(lec10: Shell, words: tuple[str, ...]) -> None:
    done = lec10(*words)
    assert done.code == 2 and "lec10 run vae" in done.line


def test_without_a_terminal_a_run_points_to_its_own_lesson(lec10: Shell, places: Places) -> None:
    path = places.checkpoints / "reinforce-cartpole"
    done = lec10("open", "reinforce-cartpole")
    assert done.code == 2 and f"lec10 evaluate {path} says" in done.line and "lec10 run reinforce" in done.line


def test_alone_it_opens_the_contents(lec10: Shell, opened: list[Mapping[str, Any]], places: Places) -> None:
    assert lec10("--ascii", "--theme", "nord").code == 0
    assert opened == [dict(lesson=None, given={}, run=None, places=places, ascii=True, theme="nord")]


def test_a_lesson_opens_with_the_knobs_that_were_set(lec10: Shell, opened: list[Mapping[str, Any]]) -> None:
    assert lec10("--ascii", "vae", "--latent-dim", "20", "--grid-y", "7", "--epochs", "3", "--theme", "nord").code == 0
    (how,) = opened
    assert how["lesson"] == "vae" and how["ascii"] is True and how["theme"] == "nord"
    assert how["given"] == {"latent_dim": 20, "grid_y": 7, "length": Length(3, "epochs")}


def test_a_knob_may_be_told_to_have_no_value(lec10: Shell, opened: list[Mapping[str, Any]]) -> None:
    words = ("reinforce", "--horizon", "own", "--until-return", "475", "--episodes", "8", "--length", "2000 episodes")
    assert lec10(*words).code == 0
    length = Length(2000, "episodes")
    assert opened[0]["given"] == {"horizon": None, "until_return": 475.0, "episodes": 8, "length": length}


def test_open_finds_shipped_models_by_name(lec10: Shell, opened: list[Mapping[str, Any]], places: Places) -> None:
    assert lec10("open", "vae-k2-bernoulli").code == 0
    assert opened[0]["run"] == str(places.checkpoints / "vae-k2-bernoulli")


def test_open_without_a_run_says_how_to_get_one(lec10: Shell, opened: list[Mapping[str, Any]]) -> None:
    done = lec10("open")
    assert done.code == 2 and done.line == "open: there is no saved run yet: lec10 vae trains one"
    assert lec10("open", "nothing-of-the-kind").code == 1
    assert opened == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(lec10: Shell, shell: str) -> None:
    done = lec10("completion", shell)
    assert done.code == 0 and "_LEC10_COMPLETE" in done.out


def test_the_shell_completes_commands_flags_and_choices(lec10: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def complete(words: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", f"lec10 {words}")
        monkeypatch.setenv("COMP_CWORD", str(len(words.split(" "))))
        return [line.partition(",")[2] for line in lec10().out.splitlines()]

    monkeypatch.setenv("_LEC10_COMPLETE", "bash_complete")
    assert complete("ev") == ["evaluate"]
    assert complete("run v") == ["vae"]
    assert complete("run vae --enc") == ["--encoder"]
    assert complete("run vae --encoder c") == ["conv"]
    assert complete("vae --data fa") == ["fashion-mnist"]
    for command in ("open", "evaluate", "rollout", "draw"):
        assert complete(f"{command} reinforce-c") == ["reinforce-cartpole"]


def test_a_fault_leaves_one_line_and_its_traceback_in_a_file(own_home: Path) -> None:
    try:
        raise ZeroDivisionError("two\nlines")
    except ZeroDivisionError as error:
        line, code = explain(error)
    log = own_home / "lec10.log"
    assert (line, code) == (f"ZeroDivisionError: two lines (details in {log})", 1)
    assert "test_commands_cli.py" in log.read_text()


def test_a_fault_is_told_where_no_file_can_be_written(own_home: Path) -> None:
    own_home.write_text("in the way")
    assert explain(ZeroDivisionError("x")) == ("ZeroDivisionError: x (no log can be written)", 1)


def test_a_closed_pipe_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with process("vae", "--help", stdout=writing) as running:
        os.close(writing)
        _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("w") as full, process("--help", stdout=full) as running:
        _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert err == "lec10: No space left on device\n"


def test_python_m_is_the_same_command() -> None:
    done = subprocess.run([*LEC10, "--version"], capture_output=True, text=True)
    assert done.stdout == f"lec10 {__version__}\n"
