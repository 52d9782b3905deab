"""From the arrays people have to grey bytes and class indices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.data.image_set import DataError, Images, Labels

SMALLEST, LARGEST_SIDE, FEWEST = 4, 128, 20
LUMINANCE = (0.299, 0.587, 0.114)

_CHUNK_PIXELS = 1 << 20


def grey(array: NDArray[Any], what: str, fewest: int = FEWEST) -> Images:
    """`array` as uint8 (N, H, W): colour (N, H, W, 3) by its luminance, truths and floats in [0, 1] scaled to 255.

    Raises DataError for any other shape or type, for sides outside 4 … 128 and for fewer than `fewest` images.
    """
    shape = _checked_shape(array.shape, what)
    if shape[0] < fewest:
        raise DataError(f"{what}: {shape[0]} images; at least {fewest} are needed")
    if array.dtype.kind not in "bf" and array.dtype != np.uint8:
        raise DataError(f"{what}: values are {array.dtype}; uint8, or bool, or floats from 0 to 1 are needed")
    images = np.empty(shape[:3], np.uint8)
    array = array.reshape(shape)
    step = _CHUNK_PIXELS // (shape[1] * shape[2])
    for start in range(0, len(array), step):
        images[start : start + step] = _grey_bytes(array[start : start + step], what)
    if images.max() <= 1:
        raise DataError(f"{what}: no value is above 1 of 255; give pixels as 0 to 255, or bool, or floats from 0 to 1")
    return images


def classes(
    labels: NDArray[Any], test_labels: NDArray[Any] | None, what: str
) -> tuple[Labels, Labels | None, tuple[str, ...]]:
    """Labels as indices into the sorted names of the classes, of both arrays together, and these names."""
    both = [part for part in (labels, test_labels) if part is not None]
    for part in both:
        if part.dtype.kind not in "biuU":
            raise DataError(f"{what}: labels are {part.dtype}; whole numbers or text are needed")
        if part.dtype.kind != both[0].dtype.kind and "U" in (part.dtype.kind, both[0].dtype.kind):
            raise DataError(f"{what}: some labels are text and some are numbers; one or the other is needed")
    values, indices = np.unique(np.concatenate(both), return_inverse=True)
    names = tuple(str(value) for value in values.tolist())
    if not all(name.isprintable() for name in names):
        raise DataError(f"{what}: a label holds signs that can't be printed; whole numbers or text are needed")
    indices = indices.astype(np.int64)
    return indices[: len(labels)], None if test_labels is None else indices[len(labels) :], names


def check_count(images: int, labels: NDArray[Any], what: str) -> None:
    """Raises DataError unless `labels` is one label an image."""
    if labels.ndim != 1:
        raise DataError(
            f"{what}: labels have the shape {_times(labels.shape)}; one label an image, ({images},), is needed"
        )
    if len(labels) != images:
        raise DataError(f"{what}: {len(labels)} labels for {images} images; one label an image is needed")


def check_side(height: int, width: int, what: str) -> None:
    """Raises DataError for images too small or too large."""
    if not (SMALLEST <= height <= LARGEST_SIDE and SMALLEST <= width <= LARGEST_SIDE):
        limits = f"{SMALLEST}×{SMALLEST} to {LARGEST_SIDE}×{LARGEST_SIDE}"
        raise DataError(f"{what}: images are {height}×{width}; from {limits} is what is read")


def _checked_shape(shape: tuple[int, ...], what: str) -> tuple[int, ...]:
    wanted = "images as (N, H, W), or (N, H, W, 3) in colour, are needed"
    if len(shape) == 4 and shape[3] == 1:
        shape = shape[:3]
    elif len(shape) == 4 and shape[1] == 1:
        shape = (shape[0], *shape[2:])
    if len(shape) == 2 and (side := round(shape[1] ** 0.5)) ** 2 == shape[1] and side >= SMALLEST:
        wanted = f"reshape it to ({shape[0]}, {side}, {side})"
    if len(shape) != 3 and not (len(shape) == 4 and shape[3] == 3):
        raise DataError(f"{what}: has the shape {_times(shape)}; {wanted}")
    check_side(shape[1], shape[2], what)
    return shape


def _grey_bytes(part: NDArray[Any], what: str) -> NDArray[Any]:
    if part.dtype.kind == "f":
        if not np.isfinite(part).all():
            raise DataError(f"{what}: some values are not numbers; uint8, or floats from 0 to 1 are needed")
        if part.min() < 0 or part.max() > 1:
            low, high = float(part.min()), float(part.max())
            raise DataError(f"{what}: floats from {low:g} to {high:g}; floats from 0 to 1, or uint8, are needed")
    if part.dtype == np.uint8 and part.ndim == 3:
        return part
    scaled = part.astype(np.float64) * (1.0 if part.dtype == np.uint8 else 255.0)
    return np.rint(scaled @ np.array(LUMINANCE) if part.ndim == 4 else scaled)


def _times(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
