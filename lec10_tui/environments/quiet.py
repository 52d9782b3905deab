"""Keeping what simulators print, warn of and open off the terminal: a screen may be on it."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ctypes import CDLL
from importlib.util import find_spec
from typing import Any

_SILENT = {"PYGAME_HIDE_SUPPORT_PROMPT": "1", "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
"""No greeting, no window, and no sound device whose absence would be reported."""

_MUJOCO_DRAWS_WITH = "MUJOCO_GL"
_NOTHING = "off"


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing that is imported or made inside greets or warns; gymnasium's own warnings stay off afterwards."""
    from gymnasium import logger

    for name, value in _SILENT.items():
        os.environ.setdefault(name, value)
    if _MUJOCO_DRAWS_WITH not in os.environ and _headless() and find_spec("mujoco") is not None:
        os.environ[_MUJOCO_DRAWS_WITH] = _off_screen()
    logger.min_level = logger.ERROR
    hush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def can_draw_mujoco() -> bool:
    """Whether MuJoCo has something to draw with."""
    return os.environ.get(_MUJOCO_DRAWS_WITH) != _NOTHING


def hush(imported: Mapping[str, Any] = sys.modules) -> None:
    """Silence the simulators that are imported by now and print on their own, past Python."""
    ale = imported.get("ale_py")
    if ale is not None:
        ale.ALEInterface.setLoggerMode(ale.LoggerMode.Error)
    mujoco = imported.get("mujoco")
    if mujoco is not None:
        mujoco.set_mju_user_warning(_ignored)


def _ignored(message: str) -> None:
    """Of a simulation that goes wrong, its numbers tell."""


def _headless() -> bool:
    return sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _off_screen() -> str:
    """What MuJoCo shall draw with where there is no display: looking for one in vain twice aborts the process."""
    try:
        CDLL("libEGL.so.1")
    except OSError:
        return _NOTHING
    return "egl"
