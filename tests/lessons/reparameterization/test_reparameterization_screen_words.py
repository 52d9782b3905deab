"""How the lesson writes numbers of any size so that they line up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lec10_tui.lessons.reparameterization.screen.words import alike, formula, times
from lec10_tui.widgets.look import Look


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((4.0056, 30.41, 114.7), ["  4.006", " 30.410", "114.700"]),
        ((-0.0123, 2.5), ["−0.01230", " 2.50000"]),
        ((4.0, 265_740.0, 1548.0), ["      4.000", "265 740.000", "  1 548.000"]),
        ((1e-6, 2.0, 3e9), ["1.00e−6", "2.00e0 ", "3.00e9 "]),
        ((1.5e12, 2e-7), ["1.50e12", "2.00e−7"]),
        ((0.0, math.nan, 1.0), ["0.000", "    —", "1.000"]),
        ((math.inf, -math.inf, 2.0), ["    ∞", "   −∞", "2.000"]),
        ((), []),
    ],
)
def test_numbers_of_one_kind_are_written_alike(values: tuple[float, ...], texts: list[str]) -> None:
    assert [text.replace("\u2009", " ") for text in alike(values)] == texts


def test_signs_are_written_where_they_are_asked_for() -> None:
    assert alike([1.0, -2.0], 3, sign=True) == ["+1.00", "−2.00"]


def test_any_three_numbers_are_equally_long_and_not_too_long() -> None:
    dice = np.random.default_rng(0)
    for _ in range(2000):
        values = (dice.choice([-1, 1], 3) * 10.0 ** dice.uniform(-12, 14, 3)).tolist()
        texts = alike(values)
        assert len({len(text) for text in texts}) == 1 and len(texts[0]) <= 17
        for value, text in zip(values, texts, strict=True):
            read = float(text.replace("−", "-").replace("\u2009", "").strip())
            assert read == pytest.approx(value, rel=6e-3)


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.853, "0.85 ×"), (1.0, "1.0 ×"), (7.46, "7.5 ×"), (28.9, "29 ×"), (999.4, "999 ×"),
        (6012.0, "6 010 ×"), (66_435.0, "66 400 ×"), (1.23e9, "1.2e9 ×"), (math.nan, "— ×"), (math.inf, "∞ ×"),
        (0.0, "0.00 ×"), (9.99, "10.0 ×"),
    ],
)  # fmt: skip
def test_ratios_in_words(ratio: float, text: str) -> None:
    assert times(ratio).replace("\u2009", " ").replace("\u00a0", " ") == text
    assert " " not in times(ratio)  # no line is broken between the number and its sign


def test_formulas_have_an_ascii_form() -> None:
    assert formula("Σ z²", Look()) == "Σ z²"
    assert formula("Σ z²", Look(ascii=True)) == "sum z^2"
