"""An app with a fake worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from app_fakes import ROOT, TOY, FakeWorkers

from lec10_tui.app import Lec10App
from lec10_tui.lessons import Lesson
from lec10_tui.vocabulary.experiments import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The assets that ship, no models, and a home of its own."""
    return Places(ROOT / "assets", tmp_path / "checkpoints", tmp_path / "home")


@pytest.fixture
def workers() -> FakeWorkers:
    return FakeWorkers()


@pytest.fixture
def lessons() -> tuple[Lesson, ...]:
    """Two lessons, in the two halves."""
    return (TOY, replace(TOY, number=8, name="second", title="Look again", half=2, shipped=()))


@pytest.fixture
def make_app(places: Places, workers: FakeWorkers, lessons: tuple[Lesson, ...]) -> Callable[..., Lec10App]:
    """An app over fakes in a colourful terminal; keywords go to the app."""

    def make(**keywords: Any) -> Lec10App:
        env = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
        return Lec10App(
            places, **{"lessons": lessons, "workers": workers, "env": env, "clock": lambda: 1e9, **keywords}
        )

    return make
