"""What every test stands on: a home of its own, one thread, a terminal without surprises, no dice."""

from __future__ import annotations

import os
from pathlib import Path

# Threads are counted when numpy and torch are imported, so before anything else here.
os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", OMP_WAIT_POLICY="PASSIVE")

import pytest
from hypothesis import settings

from lec10_tui.places import places as places_here
from lec10_tui.vocabulary.experiments import Places

ROOT = Path(__file__).resolve().parent.parent
TERMINAL = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLORTERM", "COLUMNS", "LINES", "TMUX", "STY", "TERM_PROGRAM")

settings.register_profile("lec10", deadline=None, derandomize=True, database=None)
settings.load_profile("lec10")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that nothing else uses, and a terminal that says 256 colours and UTF-8."""
    home = tmp_path / "home"
    monkeypatch.setenv("LEC10_HOME", str(home))
    for name in TERMINAL:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    return home


@pytest.fixture
def places(own_home: Path) -> Places:
    """What ships with this checkout, and an empty home."""
    return places_here()
