"""Small things the panels share: the shape of an image, one picture out of many, subscripts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lec10_tui.lessons.vae.frame import About
from lec10_tui.vocabulary.reports import Report

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def image_shape(report: Report | None) -> tuple[int, int]:
    """Height and width of the data set's images; those of MNIST before anything is known."""
    about = report.frame.parts.get("about") if report is not None and report.frame is not None else None
    return about.image_shape if isinstance(about, About) else (28, 28)


def mosaic(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images (rows, columns, height, width) as one picture (rows·height, columns·width)."""
    rows, columns, height, width = images.shape
    return images.swapaxes(1, 2).reshape(rows * height, columns * width)


def subscript(number: int, ascii: bool) -> str:
    """`number` as a subscript."""
    return str(number) if ascii else str(number).translate(_SUBSCRIPTS)
