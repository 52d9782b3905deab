"""What the tests in a real terminal, and those of whole commands, stand on."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from real_terminal import LEC10, PATIENCE, ROOT, Command, Done, Terminal


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home that nothing else uses, with a name so short that a line of the screen holds it."""
    with tempfile.TemporaryDirectory(prefix="lec10-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        monkeypatch.setenv("LEC10_HOME", str(home))
        yield home


@pytest.fixture
def terminal(own_home: Path) -> Iterator[Callable[..., Terminal]]:
    """Starts lec10 in terminals that end with the test."""
    opened: list[Terminal] = []

    def start(*words: object, **options: Any) -> Terminal:
        own_home.mkdir(exist_ok=True)
        opened.append(Terminal(*words, **{"home": own_home, **options}))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def environment(own_home: Path) -> dict[str, str]:
    """The environment of a whole command, in a home of its own."""
    own_home.mkdir(exist_ok=True)
    return {**os.environ, "PYTHONPATH": str(ROOT), "LEC10_HOME": str(own_home)}


@pytest.fixture
def lec10(environment: dict[str, str], tmp_path: Path) -> Command:
    """Gives a command as a shell would, with nothing to read and no terminal."""

    def give(*words: object) -> Done:
        done = subprocess.run(
            [*LEC10, *map(str, words)],
            env=environment,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return give
