"""The app's own themes, read from data files, and the order in which a key walks through them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from textual.theme import Theme

DEFAULT = "lec10-dark"
OWN = (DEFAULT, "lec10-light", "lec10-projector")
CYCLE = (*OWN, "nord", "gruvbox", "catppuccin-mocha", "solarized-light", "ansi-dark", "ansi-light")


def load(assets: Path) -> tuple[Theme, ...]:
    """The themes that ship under `assets`; raises OSError or ValueError when the installation is damaged."""
    return tuple(Theme(**json.loads((assets / "themes" / f"{name}.json").read_text(encoding="utf-8"))) for name in OWN)


def chosen(available: Iterable[str], *wishes: str | None) -> str:
    """The first wish that names an available theme, else the default."""
    names = set(available)
    return next((wish for wish in wishes if wish in names), DEFAULT)


def after(name: str, available: Iterable[str]) -> str:
    """The theme that follows `name` when a key walks through them."""
    names = set(available)
    cycle = [theme for theme in CYCLE if theme in names]
    return cycle[(cycle.index(name) + 1) % len(cycle)] if name in cycle else cycle[0]
