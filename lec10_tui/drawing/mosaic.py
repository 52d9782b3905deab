"""Pixels into cells: area averages, then for each cell the pattern and the two shades that come closest."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.drawing.glyphs import Glyphs

Grey = NDArray[np.float32]
Cells = NDArray[np.int64]

_BAYER = (np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) + 0.5) / 16


@lru_cache(maxsize=256)
def _averaging(pixels: int, parts: int) -> Grey:
    """(parts, pixels) weights: the share of each pixel in each of `parts` equal parts; rows sum to 1."""
    edges = np.arange(parts + 1) * (pixels / parts)
    starts = np.arange(pixels)
    overlap = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    weights = np.clip(overlap, 0, None)
    shares: Grey = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    return shares


def resample(images: NDArray[np.uint8], height: int, width: int) -> Grey:
    """Images (..., h, w) area-averaged to (..., height, width), values 0 … 255."""
    down, across = _averaging(images.shape[-2], height), _averaging(images.shape[-1], width)
    averaged: Grey = down @ images.astype(np.float32) @ across.T
    return averaged


def cell_parts(grey: Grey, glyphs: Glyphs) -> Grey:
    """(..., rows·down, columns·across) → (..., rows, columns, down·across): the parts of each cell in reading order."""
    *lead, height, width = grey.shape
    rows, columns = height // glyphs.down, width // glyphs.across
    split = grey.reshape(*lead, rows, glyphs.down, columns, glyphs.across)
    return np.ascontiguousarray(np.swapaxes(split, -3, -2)).reshape(*lead, rows, columns, -1)


def two_shades(parts: Grey, levels: int) -> tuple[Cells, Cells, Cells]:
    """For each cell its (pattern, foreground level, background level): the best two means of its parts.

    On a line the best two clusters are a cut of the sorted values; every cut is tried and the one with the greatest
    spread between the means taken. The brighter mean is the foreground; cells of one level have pattern 0.
    """
    count = parts.shape[-1]
    ordered = np.sort(parts, axis=-1)
    sums = np.cumsum(ordered, axis=-1)
    total = sums[..., -1:]
    below = np.arange(1, count, dtype=np.float32)
    low = sums[..., :-1] / below
    high = (total - sums[..., :-1]) / (count - below)
    cut = np.argmax(below * (count - below) * (high - low) ** 2, axis=-1)[..., None]
    dark = np.take_along_axis(low, cut, -1)
    light = np.take_along_axis(high, cut, -1)
    scale = (levels - 1) / 255
    background, foreground = np.rint(dark * scale).astype(np.int64), np.rint(light * scale).astype(np.int64)
    flat = foreground == background
    lit = parts > (dark + light) / 2
    pattern = np.where(flat[..., 0], 0, (lit * (1 << np.arange(count))).sum(-1))
    mean = np.rint(total / count * scale).astype(np.int64)
    background = np.where(flat, mean, background)[..., 0]
    return pattern, np.where(flat, mean, foreground)[..., 0], background


def dots(grey: Grey, glyphs: Glyphs) -> Cells:
    """For each cell the pattern of its inked dots, from (..., height, width) parts of values 0 … 255.

    A dot is inked where the image is brighter than its surroundings' mean, so that strokes stay thin and open; where
    most of the image is neither dark nor bright (a photograph), an ordered dither keeps its shades and never
    flickers.
    """
    ink: Grey = grey / np.float32(255)
    between = np.mean((ink > 0.2) & (ink < 0.8))
    if between > 0.45:
        repeats = (-(-grey.shape[-2] // 4), -(-grey.shape[-1] // 4))
        threshold: NDArray[np.floating[Any]] = np.tile(_BAYER, repeats)[: grey.shape[-2], : grey.shape[-1]]
    else:
        threshold = np.clip(0.5 * _surroundings(ink) + 0.22, 0.25, 0.6)
    parts = cell_parts((ink > threshold).astype(np.float32), glyphs).astype(np.int64)
    patterns: Cells = (parts << np.arange(parts.shape[-1])).sum(-1)
    return patterns


def _surroundings(ink: Grey) -> Grey:
    """The mean of the 5 × 5 parts around each part, edges repeated."""
    padded = np.pad(ink, [(0, 0)] * (ink.ndim - 2) + [(2, 2), (2, 2)], mode="edge")
    down = np.lib.stride_tricks.sliding_window_view(padded, 5, axis=-2).mean(-1)
    around: Grey = np.lib.stride_tricks.sliding_window_view(down, 5, axis=-1).mean(-1)
    return around
