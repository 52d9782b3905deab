"""What is held out: balanced, disjoint, and the same for ever."""

from __future__ import annotations

import numpy as np
import pytest

from lec10_tui.data.image_set import Labelled
from lec10_tui.data.split import split_balanced, split_tenth


def numbered(count: int, labels: np.ndarray | None) -> Labelled:
    """Images that each hold their own number, so that membership can be read off."""
    pixels = np.zeros((count, 4, 4), np.uint8)
    pixels[:, 0, 0], pixels[:, 0, 1] = np.divmod(np.arange(count), 256)
    return Labelled(pixels, labels)


def numbers(part: Labelled) -> list[int]:
    return (part.images[:, 0, 0].astype(int) * 256 + part.images[:, 0, 1]).tolist()


def test_balanced_split_takes_as_many_of_each_class_and_goes_round_them() -> None:
    labels = np.random.default_rng(3).integers(0, 10, 1797)
    train, held_out = split_balanced(numbered(1797, labels))
    assert held_out.labels is not None and train.labels is not None
    assert held_out.labels.tolist() == list(range(10)) * 50
    assert sorted(numbers(train) + numbers(held_out)) == list(range(1797))
    assert numbers(train) == sorted(numbers(train))
    assert (labels[numbers(held_out)] == held_out.labels).all()
    assert (labels[numbers(train)] == train.labels).all()


def test_balanced_split_refuses_what_cannot_be_shared() -> None:
    with pytest.raises(ValueError, match="500 images can't be shared evenly by 3 classes"):
        split_balanced(numbered(600, np.arange(600) % 3))


def test_a_tenth_is_held_out() -> None:
    for count in (20, 29, 1000):
        train, held_out = split_tenth(numbered(count, None))
        assert len(held_out.images) == count // 10
        assert sorted(numbers(train) + numbers(held_out)) == list(range(count))
        assert held_out.labels is None


def test_membership_never_changes() -> None:
    assert numbers(split_tenth(numbered(50, None))[1]) == [5, 16, 18, 36, 49]
    assert numbers(split_balanced(numbered(50, np.arange(50) % 2), 6)[1]) == [36, 49, 18, 5, 16, 43]
