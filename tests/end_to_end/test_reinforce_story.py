"""The debugger of an episode in a real terminal: step, weigh anew, update, train, pause, leave, reopen."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from real_terminal import Command, Terminal

Start = Callable[..., Terminal]
ROW = re.compile(r" *▸ *(\d+)[ «»]")
UPDATE = re.compile(r"(?:at|of) update (\d[\d ]*) and start again")


def title(text: str) -> str:
    """The title line."""
    return text.splitlines()[0]


def stands(text: str) -> tuple[int, int] | None:
    """(t, T) as the title line has them, None while it names none."""
    found = re.search(r"t = +(\d+) of (\d+)", title(text))
    return (int(found[1]), int(found[2])) if found else None


def row(text: str) -> int:
    """The time step whose row of the table the keys stand at, −1 while there is none."""
    return next((int(found[1]) for line in text.splitlines() if (found := ROW.match(line))), -1)


def updates(text: str) -> int:
    """How many updates the title line says that were made."""
    found = re.search(r"update +(\d+)", title(text))
    return int(found[1]) if found else -1


def episode(text: str) -> int:
    """The number of the episode in hand, as the table's title line says; −1 while it says none."""
    found = re.search(r" episode (\d+) ·", text)
    return int(found[1]) if found else -1


def cell(text: str, name: str) -> str:
    """What the table's row that the keys stand at has in the column called `name`."""
    lines = text.splitlines()
    (head,) = [line for line in lines if re.match(r" *t  .*weight", line)]
    (row,) = [line for line in lines if ROW.match(line)]
    found = re.search(rf"(?<!\S){re.escape(name)}(?!\S)", head)
    assert found, head
    words = [word for word in re.finditer(r"\S+", row) if word.start() < found.end() and word.end() > found.start()]
    assert words, (head, row)
    return words[0][0]


def number(text: str, name: str) -> float:
    """That cell as a number."""
    return float(cell(text, name).replace("−", "-"))


def weigh(screen: Terminal, key: str, words: str) -> float:
    """Press an estimator's key; the weight at the cursor once the title and the table have it."""
    screen.press(key)
    screen.wait(lambda text: words in title(text))
    return number(screen.text, "weight")


def update_of(screen: Terminal) -> int:
    """The update a paused run stands at, as the question of `r` names it."""
    screen.press("r")
    text = screen.wait("start again?")
    screen.press("n")
    screen.wait(lambda text: "start again?" not in text)
    found = UPDATE.search(text)
    assert found, text
    return int(found[1].replace(" ", ""))


def quit_from(screen: Terminal) -> None:
    """Leave the lesson, then the program."""
    screen.press("q")
    screen.wait("enter open")
    screen.press("q")
    assert screen.left() == 0
    assert screen.restored


def test_step_weigh_anew_update_train_pause_leave_and_reopen(terminal: Start, lec10: Command, own_home: Path) -> None:
    screen = terminal("reinforce")
    text = screen.wait(lambda text: stands(text) is not None and row(text) == 0)
    start = stands(text)
    assert start is not None
    at, steps = start
    assert at == 0 and steps >= 10
    assert "CartPole-v1" in title(text) and "reward-to-go, baseline none" in title(text)

    # On, back, to the end and to the beginning.
    for key, t in ((".", 1), (".", 2), (".", 3), (",", 2), ("end", steps), (",", steps - 1), ("home", 0)):
        screen.press(key)
        screen.wait(lambda text, t=t: stands(text) == (t, steps) and row(text) == t)
    for _ in range(3):
        screen.press(".")
    screen.wait(lambda text: stands(text) == (3, steps))

    # The same episode under other estimators: its weights change at once, its actions do not.
    assert number(screen.text, "weight") == steps - 3
    taken = cell(screen.text, "log π")
    assert weigh(screen, "1", "full return, baseline none") == steps
    assert weigh(screen, "2", "reward-to-go, baseline none") == steps - 3
    less = weigh(screen, "4", "baseline mean")
    assert less < steps - 3 and "b_t]" in screen.text
    assert cell(screen.text, "log π") == taken and stands(screen.text) == (3, steps)
    weigh(screen, "2", "reward-to-go, baseline none")

    # One step of the optimizer along this episode alone.
    assert "Δ log π" not in screen.text
    screen.press("u")
    text = screen.wait(lambda text: "Δ log π" in text and "more likely" in text)
    found = re.search(rf"(\d+) of {steps}\b", "\n".join(text.splitlines()[1:]))
    assert found, text
    assert 0 < int(found[1]) <= steps
    by_hand = update_of(screen)

    # Training goes on from there, in slow motion, until it is stopped.
    screen.press("t")
    screen.wait(lambda text: "● training" in title(text) and updates(text) >= by_hand + 2)
    screen.press("t")
    screen.wait(lambda text: "‖" in title(text) and stands(text) is not None)
    stopped = update_of(screen)
    assert stopped >= by_hand + 2
    screen.press("q")
    screen.wait("enter open")
    screen.press("q")
    assert screen.left() == 0 and screen.restored

    (run,) = lec10("runs", "--json").events
    assert (run["lesson"], run["step"], run["note"]) == ("reinforce", stopped, "")
    config = json.loads((Path(run["path"]) / "config.json").read_text())
    assert config["by_hand"] == [by_hand]

    again = terminal("open", run["name"])
    again.wait(lambda text: stands(text) is not None and "reward-to-go, baseline none" in title(text))
    assert update_of(again) == updates(again.text) == stopped
    quit_from(again)


def test_an_episode_is_pushed_played_and_gone_back_to(terminal: Start) -> None:
    screen = terminal("reinforce")
    before = screen.wait(lambda text: "‖ paused at" in title(text) and row(text) == 0 and episode(text) >= 0)
    start, first = stands(before), episode(before)
    assert start is not None
    over = (start[1], start[1])
    screen.press("end")
    screen.wait(lambda text: stands(text) == over)
    # Past the end comes the next episode, before its start the one before.
    screen.press(".")
    text = screen.wait(lambda text: episode(text) == first + 1)
    other = stands(text)
    assert other is not None and other[0] == 0 and other != start
    screen.press(",")
    screen.wait(lambda text: stands(text) == over and episode(text) == first)
    screen.press("home")
    screen.wait(lambda text: text == before)

    screen.press(".", ".", ">")
    screen.wait(lambda text: re.search(r"^ *▸ *2»", text, re.M))
    screen.press("home", "space")
    screen.wait(lambda text: "playing" in title(text) and row(text) >= 3)
    screen.press("space")
    screen.wait(lambda text: "‖ paused at" in title(text))
    quit_from(screen)


def only_run(home: Path) -> Path:
    """The one run that is kept under `home`."""
    (folder,) = (home / "runs").iterdir()
    return folder


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """The run's readings as they lie on the disk, the rates aside."""
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [{name: value for name, value in row.items() if not name.endswith("_per_second")} for row in rows]


def test_three_updates_and_three_more_are_six(terminal: Start, lec10: Command, own_home: Path, tmp_path: Path) -> None:
    knobs = ("--hidden", "16", "--baseline", "value", "--seed", "5")
    assert lec10("run", "reinforce", *knobs, "--updates", "3").code == 0
    half = only_run(own_home)
    assert len(rows_of(half)) == 3

    screen = terminal("open", half.name)
    screen.wait(lambda text: stands(text) is not None and updates(text) == 3)
    screen.focus("Knobs")
    screen.choose("length")
    screen.press("enter", "ctrl+u", "6 updates", "enter")
    screen.wait(lambda text: re.search(r"▸ length +◂6 updates▸", text))
    screen.press("t")
    screen.wait(lambda text: "✓" in title(text) and updates(text) == 6)
    quit_from(screen)

    alone = tmp_path / "alone"
    assert lec10("run", "reinforce", *knobs, "--updates", "6", "--run", alone).code == 0
    assert len(rows_of(alone)) == 6
    assert rows_of(half) == rows_of(alone)


@pytest.mark.slow
def test_the_same_readings_to_the_last_bit_in_the_app_and_without_it(
    terminal: Start, lec10: Command, own_home: Path, tmp_path: Path
) -> None:
    knobs = ("--hidden", "16", "--seed", "4", "--updates", "8")
    screen = terminal("reinforce", *knobs)
    text = screen.wait(lambda text: stands(text) is not None and episode(text) >= 0)
    first = episode(text)
    # Walking, pushing, other episodes, slow motion, pauses, verdicts: nothing of it may touch the run.
    screen.press(".", ".", ">", "end", ".")
    screen.wait(lambda text: episode(text) > first)
    screen.press("space")
    screen.wait(lambda text: "playing" in title(text))
    screen.press("t")
    screen.wait(lambda text: "● training" in title(text) and updates(text) >= 2)
    screen.press("t")
    screen.wait(lambda text: "‖" in title(text))
    screen.press("v")
    screen.wait("error")
    screen.press("esc", "end", ".", "t")
    screen.wait(lambda text: "✓" in title(text) and updates(text) == 8)
    quit_from(screen)

    alone = tmp_path / "alone"
    assert lec10("run", "reinforce", *knobs, "--run", alone).code == 0
    assert rows_of(only_run(own_home)) == rows_of(alone)


def cells(screen: Terminal) -> list[list[tuple[Any, ...]]]:
    """Every cell of the screen: what stands there, and how."""
    glass = screen.screen
    return [
        [
            (cell.data, cell.fg, cell.bg, cell.bold, cell.reverse)
            for cell in (glass.buffer[y][x] for x in range(glass.columns))
        ]
        for y in range(glass.lines)
    ]


def at_rest(screen: Terminal) -> list[list[tuple[Any, ...]]]:
    """Every cell, once nothing on the screen has changed for a second."""
    now, since = cells(screen), time.monotonic()
    while time.monotonic() < since + 1:
        screen.look(0.1)
        before, now = now, cells(screen)
        since = since if now == before else time.monotonic()
    return now


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_a_table_that_the_terminal_scrolls_looks_as_if_it_were_painted_anew(
    terminal: Start, size: tuple[int, int]
) -> None:
    screen = terminal("reinforce", size=size)
    # until torch is there the title says so, and would change while this compares
    screen.wait(lambda text: "‖" in title(text) and stands(text) is not None and row(text) == 0)
    for keys, t in (("." * 30, 30), ("," * 13, 17), ("." * 40, 57), ("," * 7, 50)):
        screen.press(*keys)
        screen.wait(lambda text, t=t: row(text) == t and stands(text)[0] == t)
        walked = at_rest(screen)
        screen.press("?")
        screen.wait("one action on")
        screen.press("esc")
        screen.wait(lambda text, t=t: row(text) == t and "one action on" not in text)
        anew = at_rest(screen)
        assert [y for y, line in enumerate(walked) if line != anew[y]] == [], screen.text
    quit_from(screen)
