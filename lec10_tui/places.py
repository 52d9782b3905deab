"""Finds where things lie: what ships beside the code, and what belongs to the person."""

from __future__ import annotations

import os
from pathlib import Path

from lec10_tui.vocabulary.experiments import Places

PACKAGE = Path(__file__).resolve().parent


def places() -> Places:
    """What ships and what a person owns: `$LEC10_HOME`, else the platform's user data folder."""
    return Places(assets=_shipped("assets"), checkpoints=_shipped("checkpoints"), home=_home())


def _shipped(name: str) -> Path:
    # A wheel carries the folder inside the package; a checkout has it at its root.
    packaged = PACKAGE / name
    return packaged if packaged.is_dir() else PACKAGE.parent / name


def _home() -> Path:
    chosen = os.environ.get("LEC10_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("lec10", appauthor=False)
