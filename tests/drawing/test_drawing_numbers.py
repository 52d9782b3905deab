"""Numbers keep their width and read as people write them."""

import math

import pytest

from lec10_tui.drawing.numbers import ago, ascii_form, compact, duration, fixed, grouped, signed


@pytest.mark.parametrize(
    ("value", "width", "decimals", "text"),
    [
        (-151.32, 8, 2, " −151.32"),
        (5.446, 6, 2, "  5.45"),
        (-0.001, 6, 2, "  0.00"),
        (12345.678, 7, 2, "12345.7"),
        (1234567.0, 5, 2, "1.2e6"),
        (-1e300, 3, 0, "###"),
        (None, 4, 2, "   —"),
        (math.nan, 4, 2, "   —"),
        (-math.inf, 5, 1, "   −∞"),
    ],
)
def test_fixed_numbers(value: float | None, width: int, decimals: int, text: str) -> None:
    assert fixed(value, width, decimals) == text
    assert len(text) == width


def test_signed_numbers_show_their_sign() -> None:
    assert signed(0.011, 6, 3) == "+0.011"
    assert signed(-0.011, 6, 3) == "−0.011"
    assert signed(-1e-9, 5, 2) == "+0.00"


def test_groups_are_thin_and_signs_real() -> None:
    assert grouped(12400) == "12\u2009400"
    assert grouped(-1234567.891, 1) == "−1\u2009234\u2009567.9"
    assert grouped(math.nan) == "—"
    assert ascii_form(grouped(-12400)) == "-12 400"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (2000, "2k"), (-200, "−200"), (1.5e6, "1.5M"), (0.05, "0.05"), (1e-5, "1e−5"), (2.5e-7, "2.5e−7")],
)
def test_compact_numbers(value: float, text: str) -> None:
    assert compact(value) == text


def test_times() -> None:
    assert [duration(seconds) for seconds in (0, 41.2, 725, 3723, None, math.inf)] == [
        "0:00",
        "0:41",
        "12:05",
        "1:02:03",
        "—",
        "—",
    ]
    assert [ago(seconds) for seconds in (3, 190, 7300, 5 * 86400)] == [
        "just now",
        "3 min ago",
        "2 h ago",
        "5 days ago",
    ]
