"""What the app remembers from one time to the next: a small JSON file in the person's folder."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FILE = "settings.json"


@dataclass(frozen=True)
class Settings:
    """The remembered choices; None leaves a choice to the terminal and the defaults."""

    theme: str | None = None
    glyphs: str | None = None
    ascii: bool | None = None


def load(home: Path) -> Settings:
    """The settings under `home`; what is missing, damaged or of the wrong type is at its default."""
    try:
        stored = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(stored, dict):
        return Settings()
    sorts = {field.name: bool if field.name == "ascii" else str for field in fields(Settings)}
    return Settings(**{name: stored[name] for name, sort in sorts.items() if isinstance(stored.get(name), sort)})


def save(settings: Settings, home: Path) -> str | None:
    """Write the settings atomically; answers why not, in one line, where the folder can't be written."""
    temporary = None
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=FILE, dir=home)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(settings), file, indent=2)
            file.write("\n")
        os.replace(temporary, home / FILE)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        return f"settings are not remembered: {home / FILE}: {error.strerror or error}"
    return None
