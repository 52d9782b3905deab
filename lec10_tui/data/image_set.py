"""A data set of grey images, split into what a run trains on and what it holds out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase, digits
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]


class DataError(ValueError):
    """Data that can't be used; its message is one line: which file or name, what was wrong, what would be right."""

    def __init__(self, message: str) -> None:
        # Names of files and arrays come from outside, and may hold anything.
        super().__init__("".join(sign if sign.isprintable() else "\ufffd" for sign in message))


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Grey images with 0 as background: `train` (N, H, W), `held_out` (M, H, W); labels are indices into `class_names`.

    Labels are None where there are none; then `class_names` and `class_marks` (one character a class) are empty.
    `sha256` is that of the pixels and labels, the same whatever container they came in.
    """

    name: str
    train: Images
    train_labels: Labels | None
    held_out: Images
    held_out_labels: Labels | None
    class_marks: tuple[str, ...]
    class_names: tuple[str, ...]
    source: str
    licence: str
    sha256: str

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of every image, in pixels."""
        return self.train.shape[1], self.train.shape[2]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Images (N, H, W), and their labels (N,) or None."""

    images: Images
    labels: Labels | None

    def take(self, indices: NDArray[np.int64]) -> Labelled:
        """Copies of the images and labels at `indices`, in that order."""
        return Labelled(self.images[indices], None if self.labels is None else self.labels[indices])


def image_set(
    name: str,
    train: Labelled,
    held_out: Labelled,
    class_names: tuple[str, ...],
    class_marks: tuple[str, ...],
    source: str,
    licence: str,
) -> ImageSet:
    """Put an ImageSet together; finds its sha256."""
    return ImageSet(
        name=name,
        train=train.images,
        train_labels=train.labels,
        held_out=held_out.images,
        held_out_labels=held_out.labels,
        class_marks=class_marks,
        class_names=class_names,
        source=source,
        licence=licence,
        sha256=contents_sha256(train, held_out),
    )


def contents_sha256(train: Labelled, held_out: Labelled) -> str:
    """The sha256 over train images, train labels, held-out images, held-out labels, in that order.

    Each contributes a line of ASCII with its shape (`none` without labels) and then its values in C order: pixels as
    bytes, labels as little-endian 64-bit integers.
    """
    digest = hashlib.sha256()
    for values in (train.images, train.labels, held_out.images, held_out.labels):
        if values is None:
            digest.update(b"none\n")
            continue
        digest.update(f"{'x'.join(map(str, values.shape))}\n".encode())
        plain = values if values.dtype == np.uint8 else values.astype("<i8", copy=False)
        digest.update(np.ascontiguousarray(plain).data)
    return digest.hexdigest()


def marks(class_names: tuple[str, ...]) -> tuple[str, ...]:
    """One character of one cell a class: its name where that is one, else its initial, else digits, then letters."""
    initials = tuple(name[:1].upper() for name in class_names)
    if all(_is_mark(name) for name in class_names):
        return class_names
    if len(set(initials)) == len(initials) and all(_is_mark(initial) for initial in initials):
        return initials
    signs = digits + ascii_uppercase + ascii_lowercase
    return tuple(signs[index] if index < len(signs) else "·" for index in range(len(class_names)))


def _is_mark(text: str) -> bool:
    return len(text) == 1 and text.isalnum() and east_asian_width(text) not in ("W", "F")
