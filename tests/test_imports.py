"""When things are imported: what a room has loaded once all of it is imported, asked of a fresh interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "lec10_tui"

REPORT = "import sys, json; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"

SCREEN = {"torch", "gymnasium", "PIL"}
NEVER = {
    "vocabulary": {"torch", "textual", "rich", "plotext", "safetensors", "PIL", "gymnasium", "click"},
    "drawing": {"torch", "textual", "safetensors", "PIL", "gymnasium", "click"},
    "widgets": SCREEN,
    "shell": SCREEN,
    "worker": {"torch", "textual", "rich", "plotext", "safetensors", "PIL", "gymnasium"},
    "runs": {"torch", "textual", "rich", "plotext", "PIL"},
    "data": {"torch", "textual", "rich", "plotext", "PIL"},
    "environments": {"torch", "textual", "rich", "plotext", "safetensors", "PIL"},
    "learning": {"textual", "rich", "plotext", "safetensors", "PIL", "gymnasium"},
    "commands": {"torch", "textual", "rich", "plotext", "PIL", "gymnasium"},
}


def loaded_after(statements: str) -> set[str]:
    """The top-level modules that are loaded once `statements` were executed."""
    code = f"{statements}\n{REPORT}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def modules_under(folder: Path) -> list[str]:
    """The dotted names of all modules under `folder` of the package."""
    paths = (path.relative_to(PACKAGE.parent).with_suffix("") for path in sorted(folder.rglob("*.py")))
    return [".".join(path.parts).removesuffix(".__init__") for path in paths]


def imports(names: list[str]) -> str:
    return "\n".join(f"import {name}" for name in names)


@pytest.mark.parametrize("room", NEVER)
def test_a_room_brings_nothing_it_must_not(room: str) -> None:
    names = modules_under(PACKAGE / room)
    assert names
    assert loaded_after(imports(names)).isdisjoint(NEVER[room])


def test_the_command_line_starts_with_click_alone() -> None:
    slow = {"torch", "textual", "rich", "numpy", "plotext", "safetensors", "PIL", "gymnasium", "platformdirs"}
    assert loaded_after("import lec10_tui.cli").isdisjoint(slow)
    version = "import lec10_tui.cli\ntry: lec10_tui.cli.main(['--version'])\nexcept SystemExit: pass"
    assert loaded_after(version).isdisjoint(slow | {"asyncio"})


def test_the_app_and_every_screen_come_without_torch() -> None:
    screens = [name for name in modules_under(PACKAGE / "lessons") if ".screen" in name]
    assert screens
    assert loaded_after(imports(["lec10_tui.app", *screens])).isdisjoint(SCREEN)


def test_a_lessons_words_come_with_numpy_alone() -> None:
    frames = [name for name in modules_under(PACKAGE / "lessons") if name.endswith(".frame")]
    assert loaded_after(imports(frames)).isdisjoint(NEVER["vocabulary"])


def test_opening_a_lesson_imports_torch_only_when_it_is_called() -> None:
    assert loaded_after("import lec10_tui.opening").isdisjoint({"torch", "textual", "rich", "PIL"})
