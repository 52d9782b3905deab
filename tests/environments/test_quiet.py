"""Simulators keep off the terminal."""

from __future__ import annotations

import os
import warnings
from types import SimpleNamespace
from typing import Any

import pytest

from lec10_tui.environments.quiet import can_draw_mujoco, hush, quiet


def test_what_a_person_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    monkeypatch.delenv("SDL_AUDIODRIVER", raising=False)
    with quiet():
        assert os.environ["SDL_VIDEODRIVER"] == "x11"
        assert os.environ["SDL_AUDIODRIVER"] == "dummy"


def test_warnings_are_heard_again_afterwards() -> None:
    with quiet():
        warnings.warn("unheard", stacklevel=1)
    with pytest.warns(UserWarning, match="heard"):
        warnings.warn("heard", stacklevel=1)


def test_simulators_that_print_past_python_are_silenced() -> None:
    told: dict[str, Any] = {}
    ale = SimpleNamespace(
        ALEInterface=SimpleNamespace(setLoggerMode=lambda mode: told.update(ale=mode)),
        LoggerMode=SimpleNamespace(Error="errors alone"),
    )
    mujoco = SimpleNamespace(set_mju_user_warning=lambda handler: told.update(mujoco=handler))
    hush({})
    assert not told
    hush({"ale_py": ale, "mujoco": mujoco})
    assert told["ale"] == "errors alone"
    assert told["mujoco"]("WARNING: unstable") is None


@pytest.mark.parametrize("drawn_with, able", [("off", False), ("egl", True), ("glfw", True)])
def test_mujoco_draws_where_it_has_something_to_draw_with(
    monkeypatch: pytest.MonkeyPatch, drawn_with: str, able: bool
) -> None:
    monkeypatch.setenv("MUJOCO_GL", drawn_with)
    assert can_draw_mujoco() is able
