"""What a person takes along: pictures as PNG, curves as CSV; each file is whole or not there."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lec10_tui.runs.files import export
from lec10_tui.vocabulary.series import Series

Bytes = NDArray[np.uint8]


def write_png(image: Bytes, path: Path) -> None:
    """Write an image, uint8 (H, W) in grey or (H, W, 3) in colour; raises RunError when the disk refuses."""
    if image.dtype != np.uint8 or not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)) or not image.size:
        raise ValueError(f"an image is uint8 of shape (H, W) or (H, W, 3), not {image.dtype} {image.shape}")
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image)).save(data, "PNG")
    export(path, data.getvalue())


def tile(images: Bytes, across: int, gap: int = 1, ground: int = 0) -> Bytes:
    """One picture (H, W) of images (n, h, w) in reading order, `across` in a row, `gap` pixels of `ground` between."""
    if images.ndim != 3 or not images.size or across < 1 or gap < 0:
        raise ValueError(f"images to tile have shape (n, h, w) with n ≥ 1, not {images.shape}; at least 1 in a row")
    number, height, width = images.shape
    down = -(-number // across)
    cells = np.full((down * across, height + gap, width + gap), ground, np.uint8)
    cells[:number, :height, :width] = images
    picture = cells.reshape(down, across, height + gap, width + gap).swapaxes(1, 2)
    return picture.reshape(down * (height + gap), -1)[: down * (height + gap) - gap, : across * (width + gap) - gap]


def write_csv(series: Sequence[Series], path: Path) -> None:
    """Write curves as RFC 4180: `step`, then `last`, `min` and `max` of each; empty where a curve has no such step.

    Raises RunError when the disk refuses.
    """
    steps = np.unique(np.concatenate([one.steps for one in series])) if series else np.zeros(0, np.int64)
    columns: list[tuple[str, list[str]]] = [("step", [str(step) for step in steps.tolist()])]
    for one in series:
        rows = np.searchsorted(steps, one.steps).tolist()
        for what, values in (("last", one.last), ("min", one.minimum), ("max", one.maximum)):
            cells = [""] * len(steps)
            for row, value in zip(rows, values.tolist(), strict=True):
                cells[row] = repr(value)
            columns.append((f"{one.name}_{what}", cells))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([name for name, _ in columns])
    writer.writerows(zip(*(cells for _, cells in columns), strict=True))
    export(path, text.getvalue().encode())


def unique_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path in `folder` that is not there yet: stem.png, stem-2.png, … for the suffix ".png"."""
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    paths = (folder / f"{name}.{suffix.removeprefix('.')}" for name in names)
    return next(path for path in paths if not os.path.lexists(path))
