"""What can be said of a run folder without opening the run: one line of the list, whatever state the folder is in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lec10_tui.runs import checkpoints, plain
from lec10_tui.runs.errors import RunError
from lec10_tui.runs.files import read_safely
from lec10_tui.runs.snapshots import checkpoint_paths
from lec10_tui.vocabulary.reports import Origin

_LARGEST_CONFIG = 16 * 1024**2


@dataclass(frozen=True)
class RunInfo:
    """One line of the list of runs.

    `summary` is what the run is ("mnist · K 2 · bernoulli"), `readings` its last ones as far as they are finite
    numbers, `saved_at` unix time; `note` says what is wrong with the folder, if anything is.
    """

    name: str
    path: Path
    lesson: str
    summary: str
    step: int
    epoch: float | None
    readings: Mapping[str, float]
    saved_at: float
    size_bytes: int
    origin: Origin
    note: str = ""


def info(folder: Path, origin: Origin = "saved") -> RunInfo:
    """One run's line; a damaged folder has a `note`, never an exception."""
    config, note = _config(folder)
    knobs, readings = _mapping(config.get("knobs")), _mapping(config.get("readings"))
    epoch = _finite(readings.get("epoch"))
    step, lesson = config.get("step"), config.get("lesson")
    size, changed = _measure(folder)
    return RunInfo(
        name=folder.name,
        path=folder,
        lesson=_shown(lesson),
        summary=_summary(config, knobs),
        step=step if isinstance(step, int) and 0 <= step < 10**15 else 0,
        epoch=epoch if epoch is not None else _finite(config.get("epoch")),
        readings={_shown(name): number for name, value in readings.items() if (number := _finite(value)) is not None},
        saved_at=_time(config.get("saved_at"), changed),
        size_bytes=size,
        origin=origin,
        note=note,
    )


def _config(folder: Path) -> tuple[Mapping[str, Any], str]:
    """What config.json says, or where it is missing, damaged or behind, what the newest checkpoint says; and a note."""
    note = ""
    try:
        config = _mapping(plain.loads(read_safely(folder / "config.json", folder, _LARGEST_CONFIG)))
    except RunError as error:
        config, note = {}, str(error)
    except ValueError as error:
        config, note = {}, str(RunError(f"{folder / 'config.json'}: is damaged: {error}"))
    try:
        for step, path in checkpoint_paths(folder)[:1]:
            if config.get("step") != step:
                contents = checkpoints.peek(path, folder)
                readings = contents.metrics[-1] if contents.metrics else {}
                stands = {"lesson": contents.lesson, "step": contents.step, "readings": readings}
                return {**contents.header, **stands}, ""
    except RunError as error:
        note = str(error)
    return config, note


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _finite(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e300:
        return None
    return float(value)


def _summary(config: Mapping[str, Any], knobs: Mapping[str, Any]) -> str:
    """What the run is, in a few words: the header's own `summary`, or the knobs that lessons have in common."""
    own = config.get("summary")
    if isinstance(own, str):
        return _shown(own)
    data, latent_dim, observation = (knobs.get(name) for name in ("data", "latent_dim", "observation"))
    dimensions = f"K {latent_dim}" if isinstance(latent_dim, int) else ""
    environment, estimator, baseline = (_shown(knobs.get(name)) for name in ("environment", "estimator", "baseline"))
    words = [Path(_shown(data)).name, dimensions, _shown(observation), environment, estimator]
    words += [baseline] if baseline != "none" else []
    words += _studied(knobs)
    return " · ".join(word for word in words if word)


def _studied(knobs: Mapping[str, Any]) -> list[str]:
    """What a study is of: a function of so many dimensions, or a trained model and one of its images."""
    function, model = _shown(knobs.get("function")), _shown(knobs.get("model"))
    dimension, image = knobs.get("dimension"), knobs.get("image")
    if function and function != "reconstruction":
        return [function, f"{dimension} dimensions" if dimension != 1 else "1 dimension"]
    return [function, model, f"image {image}" if model and isinstance(image, int) else ""]


def _shown(value: object) -> str:
    """Text from a file, made harmless for a terminal; empty for anything else."""
    return "".join(filter(str.isprintable, value))[:80] if isinstance(value, str) else ""


def _time(saved_at: object, otherwise: float) -> float:
    try:
        return datetime.fromisoformat(saved_at).timestamp() if isinstance(saved_at, str) else otherwise
    except (ValueError, OverflowError, OSError):
        return otherwise


def _measure(folder: Path) -> tuple[int, float]:
    """The bytes of all files under a folder, and when the newest of them changed."""
    size, changed = 0, 0.0
    for status in _statuses(folder):
        size += status.st_size
        changed = max(changed, status.st_mtime)
    return size, changed


def _statuses(folder: Path) -> Iterator[os.stat_result]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _statuses(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    yield entry.stat(follow_symlinks=False)
    except OSError:
        return  # removed while it was being listed, or closed to us: its size is what could be seen
