"""The recorded frame of a model that ships, or of a lesson's new run: on the screen before torch is imported."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lec10_tui.lessons import Lesson
from lec10_tui.shell.desk import RECORD
from lec10_tui.vocabulary.film import Film
from lec10_tui.vocabulary.frames import Part
from lec10_tui.vocabulary.reports import Origin, Report, Status


def recorded(lesson: Lesson, folder: Path, origin: Origin = "shipped") -> Report | None:
    """What the frame in `folder` looks like, as a report of a lesson that is still loading; None without one.

    Raises RunError when the file is damaged.
    """
    if not (folder / RECORD).is_file():
        return None
    from lec10_tui.runs.frames import read_frame

    words = vars(import_module(lesson.frame_module)).values()
    classes = {_snake(item.__name__): item for item in words if isinstance(item, type) and issubclass(item, Part)}
    return Report(read_frame(folder / RECORD, classes), Status("loading", origin))


def pictured(report: Report | None) -> NDArray[np.uint8] | Film | None:
    """The first grid of pictures, uint8 (rows, columns, height, width), or the first film in a report, if any."""
    parts = report.frame.parts.values() if report is not None and report.frame is not None else ()
    for part in parts:
        images, film = getattr(part, "images", None), getattr(part, "film", None)
        if isinstance(images, np.ndarray) and images.ndim == 4 and images.size:
            return images
        if isinstance(film, Film):
            return film
    return None


def _snake(name: str) -> str:
    """The part's name in a frame: LatentGrid is latent_grid."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
