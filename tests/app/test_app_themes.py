"""The themes that ship."""

from __future__ import annotations

import pytest
from app_fakes import ROOT
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from lec10_tui.shell import themes

AVAILABLE = {theme.name for theme in themes.load(ROOT / "assets")} | set(BUILTIN_THEMES)


@pytest.mark.parametrize("theme", themes.load(ROOT / "assets"), ids=lambda theme: theme.name)
def test_words_can_be_read_on_every_shade(theme):
    """WCAG 2: 4.5 for text, 3 for large or bold marks; the projector's text has 7."""
    wanted = 7 if theme.name == "lec10-projector" else 4.5
    for paper in (theme.background, theme.surface, theme.panel):
        assert contrast(theme.foreground, paper) >= wanted
        assert contrast(theme.accent, paper) >= 4.5
        for mark in (theme.warning, theme.error, theme.success):
            assert contrast(mark, paper) >= 3


def contrast(front: str, back: str) -> float:
    """The contrast ratio of WCAG 2.1."""
    brighter, darker = sorted((luminance(front), luminance(back)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in Color.parse(colour).normalized
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def test_one_key_walks_through_them_and_comes_back():
    name, seen = themes.DEFAULT, []
    for _ in themes.CYCLE:
        seen.append(name)
        name = themes.after(name, AVAILABLE)
    assert tuple(seen) == themes.CYCLE
    assert name == themes.DEFAULT


def test_from_a_theme_outside_the_walk_it_begins_anew():
    assert themes.after("dracula", AVAILABLE) == themes.DEFAULT
    assert set(themes.CYCLE) <= AVAILABLE


def test_the_first_wish_that_exists_is_taken():
    assert themes.chosen(AVAILABLE, None, "gone", "nord") == "nord"
    assert themes.chosen(AVAILABLE, None) == themes.DEFAULT
