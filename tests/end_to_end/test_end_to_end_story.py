"""A session from end to end in a real terminal: open, train, change β, zoom, save, quit, reopen, go on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from real_terminal import Command, Terminal


def epoch(text: str) -> float:
    """The epoch that the title line says; −1 while it says none."""
    found = re.search(r"epoch +(\d+)", text.splitlines()[0])
    return float(found[1]) if found else -1.0


def elbo(text: str) -> float:
    """The number under ELBO; NaN while there is none."""
    lines = text.splitlines()
    row = max(row for row, line in enumerate(lines) if line.split()[:2] == ["ELBO", "="])
    number = lines[row + 1].split()[0].replace("−", "-")
    return float(number) if number != "—" else float("nan")


def step_of(screen: Terminal) -> int:
    """The step a paused run stands at, as the question of `r` names it."""
    screen.press("r")
    text = screen.wait("start again?")
    screen.press("n")
    screen.wait(lambda text: "start again?" not in text)
    found = re.search(r"at step ([\d ]+) and start again", text)
    assert found, text
    return int(found[1].replace(" ", ""))


def test_open_train_change_beta_zoom_save_quit_reopen_and_go_on(
    terminal: Callable[..., Terminal], lec10: Command, own_home: Path
) -> None:
    screen = terminal("vae", "--hidden", "64")
    screen.wait(lambda text: "ready" in text.splitlines()[0])
    assert screen.on_alternate_screen

    screen.press("space")
    screen.wait(lambda text: "● training" in text and epoch(text) >= 1 and elbo(text) < -100)
    assert "img/s" in screen.lines[0] and "left" in screen.lines[0]

    screen.focus("Knobs")
    screen.choose("β")
    screen.press("enter")
    screen.look(0.3)  # a person sees the edit begin
    screen.press("ctrl+u", "4.5", "enter")
    screen.wait(lambda text: re.search(r"▸ β +◂4\.5▸", text) and "β·KL" in text)

    screen.focus("Latent grid")
    screen.press("z")
    screen.wait(lambda text: "Latent grid" in text and "Knobs" not in text and "KL(q ‖ p)" in text)
    screen.press("z")
    screen.wait("Knobs")

    screen.press("space")
    screen.wait("‖ paused")
    screen.press("s")
    saved = screen.wait("saved at step")
    stopped = step_of(screen)
    assert f"saved at step {stopped:,}".replace(",", " ") in saved
    assert str(own_home / "runs") in saved

    screen.press("q")
    screen.wait("enter open")
    screen.press("q")
    assert screen.left() == 0
    assert screen.restored

    listed = lec10("runs", "--json")
    (run,) = listed.events
    assert listed.code == 0 and run["lesson"] == "vae" and run["step"] == stopped and run["epoch"] > 1
    assert run["name"] in saved
    config = json.loads((Path(run["path"]) / "config.json").read_text())
    ((turned, name, value),) = config["changes"]
    assert (name, value) == ("beta", 4.5) and 0 < turned <= stopped
    assert config["knobs"]["beta"] == 4.5 and config["knobs"]["hidden"] == [64]

    again = terminal("open", run["name"])
    again.wait(lambda text: "‖ paused" in text and "K 2" in text)
    assert step_of(again) == stopped
    again.focus("Knobs")
    assert re.search(r"β +4\.5", again.text) and re.search(r"hidden +64 ", again.text)
    before = epoch(again.text)
    again.press("space")
    again.wait(lambda text: "● training" in text and epoch(text) >= before + 1)
    again.press("space")
    again.wait("‖ paused")
    assert step_of(again) > stopped
    again.press("q")
    again.wait(lambda text: "last run" in text and f"vae · {run['summary']} · just now" in text)
    again.press("q")
    assert again.left() == 0 and again.restored
    (gone_on,) = lec10("runs", "--json").events
    assert gone_on["name"] == run["name"] and gone_on["step"] > stopped


def test_the_shipped_model_is_there_before_any_training_and_space_trains_a_new_one(
    terminal: Callable[..., Terminal], own_home: Path
) -> None:
    screen = terminal("vae")
    screen.wait(lambda text: re.search(r"z₂ █+▎?.* \d\.\d\d", text) and "Latent grid" in text)
    # Pressed at once, while the worker is still busy opening.
    screen.press("space")
    screen.wait(lambda text: "● training" in text and epoch(text) < 5)
    screen.wait(lambda text: epoch(text) >= 1 and elbo(text) < -150)
    assert "✗" not in screen.text
    screen.press("ctrl+c")
    screen.wait("save it and quit?")
    screen.press("y")
    assert screen.left() == 0 and screen.restored
    (folder,) = (own_home / "runs").iterdir()
    assert json.loads((folder / "config.json").read_text())["step"] >= 35


def rows_of(folder: Path) -> list[str]:
    """The run's metrics as they lie on the disk, the rates aside."""
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert len(lines) > 3
    return [re.sub(r', "examples_per_second": [^,}]+', "", line) for line in lines]


def only_run(home: Path) -> Path:
    """The one run that is kept under `home`."""
    (folder,) = (home / "runs").iterdir()
    return folder


@pytest.mark.slow
def test_the_same_readings_to_the_last_bit_in_the_app_and_without_it(
    terminal: Callable[..., Terminal], lec10: Command, own_home: Path, tmp_path: Path
) -> None:
    knobs = ("--hidden", "48", "--latent-dim", "3", "--seed", "5", "--steps", "90")
    screen = terminal("vae", *knobs)
    screen.wait(lambda text: "ready" in text.splitlines()[0])
    # Looking about, one step alone, slow motion, a pause, verdicts: nothing of it may touch the run.
    screen.press("right", ".")
    screen.wait(lambda text: elbo(text) == elbo(text) or "paused" in text)
    screen.press("-", "space")
    screen.wait("● training")
    screen.press("v")
    screen.wait("error")
    screen.press("esc", "space")
    screen.wait("‖ paused")
    screen.press("+", "space", "i", "L", "tab", "tab")
    screen.wait("✓ finished")
    screen.press("q")
    screen.wait("enter open")
    screen.press("q")
    assert screen.left() == 0

    alone = tmp_path / "alone"
    assert lec10("run", "vae", *knobs, "--run", alone).code == 0
    assert rows_of(only_run(own_home)) == rows_of(alone)


@pytest.mark.slow
def test_the_command_that_is_copied_makes_what_is_on_the_screen_even_after_beta_was_turned(
    terminal: Callable[..., Terminal], lec10: Command, own_home: Path, tmp_path: Path
) -> None:
    screen = terminal("vae", "--hidden", "32", "--seed", "2")
    screen.wait(lambda text: "ready" in text.splitlines()[0])
    screen.focus("Knobs")
    screen.choose("β")
    screen.press("-", "-", "space")
    screen.wait(lambda text: elbo(text) < 0)
    screen.press("right")
    screen.wait(lambda text: re.search(r"▸ β +◂2▸", text))
    screen.press("+", "+")
    screen.wait(lambda text: epoch(text) >= 1)
    screen.press("space")
    screen.wait("‖ paused")
    screen.press("Y")
    screen.wait("copied")
    command = (own_home / "copied.txt").read_text().split()
    assert command[:3] == ["lec10", "run", "vae"]
    screen.press("q")
    screen.wait("enter open")
    screen.press("q")
    assert screen.left() == 0

    alone = tmp_path / "alone"
    done = lec10(*command[1:], "--run", alone)
    assert done.code == 0, done.err
    config: list[dict[str, Any]] = [
        json.loads((folder / "config.json").read_text()) for folder in (only_run(own_home), alone)
    ]
    assert config[0]["step"] == config[1]["step"]
    assert [turn[1:] for turn in config[1]["changes"]] == [["beta", 2.0]]
    shared = [row for row in rows_of(only_run(own_home)) if row in rows_of(alone)]
    # The run that was stopped by hand has no closing reading.
    assert len(shared) >= len(rows_of(only_run(own_home))) - 1
