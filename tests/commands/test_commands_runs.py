"""`lec10 runs` as a person types it: what it prints, what it changes, and how it leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from lec10_tui.commands.runs import command, runs
from lec10_tui.runs.folders import RunInfo, listing
from lec10_tui.runs.snapshots import write
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.reports import Snapshot

DAY = 86_400.0


@pytest.fixture
def where(tmp_path):
    return Places(tmp_path / "assets", tmp_path / "shipped", tmp_path / "own home")


@pytest.fixture
def lec10_runs(where):
    """Calls the command as `lec10 runs …`, with nobody at the keyboard."""
    return lambda *words: CliRunner().invoke(runs, words, obj=where, prog_name="lec10 runs")


def save(where: Places, name: str, days: float = 0.0, step: int = 12_400) -> Path:
    knobs = {"data": "mnist", "latent_dim": 2, "observation": "bernoulli"}
    rows = ({"step": float(step), "epoch": 31.5, "held_out_elbo": -151.32},)
    snapshot = Snapshot("vae", step, {"knobs": knobs}, {"model/w": np.zeros(300_000, np.float32)}, rows)
    folder = where.home / "runs" / name
    write(snapshot, folder, now=datetime.fromtimestamp(time.time() - days * DAY, UTC))
    return folder


def names(where):
    return [run.name for run in listing(where.home)]


def test_no_runs_yet(lec10_runs):
    done = lec10_runs()
    assert done.exit_code == 0 and "no saved run" in done.output and "lec10 run vae" in done.output
    assert lec10_runs("--json").output == ""


def test_the_list(lec10_runs, where):
    save(where, "vae-20260131-120000-with-a-long-name-that-is-not-folded", days=3)
    save(where, "[b]odd[b]")
    done = lec10_runs()
    head, newest, older = done.output.splitlines()
    assert head.split() == ["name", "lesson", "what", "step", "epoch", "result", "saved", "size"]
    assert newest.startswith("[b]odd[b]  ") and "just now" in newest
    for words in ("with-a-long-name-that-is-not-folded", "mnist · K 2 · bernoulli", "12\u2009400", "31.5", "−151.32"):
        assert words in older
    assert "3 days ago" in older and "1.2 MB" in older and done.stderr == ""


def test_the_list_as_json(lec10_runs, where):
    folder = save(where, "one", days=1)
    save(where, "two")
    rows = [json.loads(line) for line in lec10_runs("--json").output.splitlines()]
    assert [row["name"] for row in rows] == ["two", "one"]
    assert (
        rows[1]["path"] == str(folder) and rows[1]["readings"]["held_out_elbo"] == -151.32 and rows[1]["step"] == 12_400
    )
    assert list(rows[1]) == [field.name for field in fields(RunInfo)]


def test_a_damaged_run_is_listed_and_named_on_standard_error(lec10_runs, where):
    folder = save(where, "broken")
    (folder / "config.json").write_text("{")
    for path in (folder / "checkpoints").iterdir():
        path.write_bytes(b"")
    done = lec10_runs()
    assert done.exit_code == 0 and "broken" in done.stdout
    assert done.stderr.startswith("broken: ") and done.stderr.count("\n") == 1


def test_renaming(lec10_runs, where):
    save(where, "old")
    done = lec10_runs("rename", "old", "new")
    assert (done.exit_code, done.output) == (0, f"{where.home / 'runs' / 'new'}\n")
    assert names(where) == ["new"]


def test_deleting_several(lec10_runs, where):
    for name in ("a", "b", "c"):
        save(where, name)
    done = lec10_runs("delete", "a", "c", "a", "--yes")
    assert (done.exit_code, done.output) == (0, "deleted a\ndeleted c\n")
    assert names(where) == ["b"]


def test_one_wrong_name_deletes_nothing(lec10_runs, where):
    save(where, "a")
    done = lec10_runs("delete", "a", "nothing", "--yes")
    assert done.exit_code == 1 and "nothing: no run has this name" in done.stderr
    assert names(where) == ["a"]


@pytest.mark.parametrize("words", [("delete", "a"), ("prune", "--keep", "0")])
def test_nothing_is_lost_where_nobody_can_be_asked(lec10_runs, where, words):
    save(where, "a")
    done = lec10_runs(*words)
    assert done.exit_code == 2 and "--yes" in done.stderr
    assert names(where) == ["a"]


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals here")
@pytest.mark.parametrize(("answer", "left", "code"), [("n", ["a"], 1), ("y", [], 0)])
def test_on_a_terminal_it_asks(where, answer, left, code):
    save(where, "a")
    keyboard, terminal = os.openpty()
    script = (
        "import sys; from pathlib import Path; from lec10_tui.commands.runs import runs;"
        "from lec10_tui.vocabulary.experiments import Places;"
        "runs(['delete', 'a'], obj=Places(*map(Path, sys.argv[1:])))"
    )
    places = map(str, (where.assets, where.checkpoints, where.home))
    os.write(keyboard, f"{answer}\n".encode())
    call = subprocess.run([sys.executable, "-c", script, *places], stdin=terminal, capture_output=True, timeout=60)
    os.close(keyboard)
    os.close(terminal)
    assert b"Delete a for good?" in call.stdout and call.returncode == code
    assert names(where) == left


def test_pruning(lec10_runs, where):
    for days in range(4):
        save(where, f"age-{days}", days=days + 0.5)
    dry = lec10_runs("prune", "--keep", "2", "--dry-run")
    assert dry.exit_code == 0 and "2 runs (2.4 MB) would be deleted." in dry.output
    assert "age-2" in dry.output and "age-1" not in dry.output
    assert len(names(where)) == 4
    done = lec10_runs("prune", "--older-than", "3", "--keep", "1", "--yes")
    assert (done.exit_code, done.output) == (0, "1 run (1.2 MB) deleted.\n")
    assert names(where) == ["age-0", "age-1", "age-2"]
    assert lec10_runs("prune", "--keep", "5").output == "Nothing to prune.\n"


def test_the_path_of_a_run_and_of_a_shipped_model(lec10_runs, where):
    folder = save(where, "mine")
    shipped = where.checkpoints / "vae-k2"
    folder.rename(folder.with_name("other"))
    write(Snapshot("vae", 1, {}, {}), shipped)
    assert lec10_runs("path", "other").output == f"{folder.with_name('other')}\n"
    assert lec10_runs("path", "vae-k2").output == f"{shipped}\n"


@pytest.mark.parametrize(
    "words",
    [("rename", "none", "new"), ("rename", "a", ".."), ("delete", "..", "--yes"), ("path", "none")],
)
def test_a_refusal_is_one_line_and_exit_1(lec10_runs, where, words):
    save(where, "a")
    done = lec10_runs(*words)
    assert done.exit_code == 1 and done.stdout == "" and done.stderr.count("\n") == 1
    assert names(where) == ["a"]


@pytest.mark.parametrize(
    "words",
    [
        ("rename", "a"),
        ("delete", "--yes"),
        ("prune",),
        ("prune", "--keep", "-1"),
        ("prune", "--older-than", "x"),
        ("path",),
        ("lists",),
        ("--json", "path", "a"),
    ],
)
def test_misuse_is_exit_2(lec10_runs, words):
    assert lec10_runs(*words).exit_code == 2


@pytest.mark.parametrize("words", [(), ("rename",), ("delete",), ("prune",), ("path",)])
def test_there_is_help(lec10_runs, words):
    done = lec10_runs(*words, "--help")
    assert done.exit_code == 0 and "Example:" in done.output


def test_the_command_line_finds_it_under_both_names():
    assert command is runs


def test_without_places_in_the_context_it_asks_for_the_persons_own(own_home):
    own = Places(Path(), Path(), own_home)
    save(own, "here")
    assert "here" in CliRunner().invoke(runs, [], obj={"ascii": False}).output


def test_a_shell_completes_names(own_home):
    own = Places(Path(), Path(), own_home)
    for name in ("vae-1", "vae-2", "other"):
        save(own, name)
    complete = ShellComplete(runs, {}, "lec10", "_LEC10_COMPLETE")
    for words in (["delete"], ["rename"]):
        assert {item.value for item in complete.get_completions(words, "vae")} == {"vae-1", "vae-2"}
    found = {item.value for item in complete.get_completions(["path"], "vae")}
    assert {"vae-1", "vae-2", "vae-k2-bernoulli"} <= found and "other" not in found
