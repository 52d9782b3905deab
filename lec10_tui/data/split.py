"""Which images are held out: by fixed seeds, so that every run and every seed of a run is measured on the same ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lec10_tui.data.image_set import Labelled

SPLIT_SEED = 10
HELD_OUT = 500
TENTH = 10


def split_balanced(whole: Labelled, held_out: int = HELD_OUT) -> tuple[Labelled, Labelled]:
    """Hold out `held_out` images, as many of each class; returns what is left, in its order, and what is held out.

    The held-out images go round the classes (0 1 2 … 9 0 1 2 …), so any first few of them show every class.
    Needs labels, and `held_out` divisible by the number of classes.
    """
    assert whole.labels is not None
    classes = np.unique(whole.labels)
    each, rest = divmod(held_out, len(classes))
    if rest:
        raise ValueError(f"{held_out} images can't be shared evenly by {len(classes)} classes")
    order = _shuffled(len(whole.labels))
    of_class = [order[whole.labels[order] == label][:each] for label in classes]
    return _parted(whole, np.stack(of_class, axis=1).ravel())


def split_tenth(whole: Labelled) -> tuple[Labelled, Labelled]:
    """Hold out a tenth of the images, rounded down; returns what is left, in its order, and what is held out."""
    count = len(whole.images)
    return _parted(whole, np.sort(_shuffled(count)[: count // TENTH]))


def _parted(whole: Labelled, held_out: NDArray[np.int64]) -> tuple[Labelled, Labelled]:
    left = np.setdiff1d(np.arange(len(whole.images)), held_out, assume_unique=True)
    return whole.take(left), whole.take(held_out)


def _shuffled(count: int) -> NDArray[np.int64]:
    """A fixed permutation of range(count)."""
    # numpy promises the raw stream of a bit generator for ever, but not what Generator.permutation makes of it
    return np.argsort(np.random.PCG64(SPLIT_SEED).random_raw(count), kind="stable")
