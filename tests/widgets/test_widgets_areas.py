"""Arrangements are checked when they are written, and fill their room whatever its size."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lec10_tui.widgets.areas import Arrangement, choose, tracks

WIDE = Arrangement(120, 36, ("knobs curves grid", "knobs kl means|walk"), (26, "1fr", "2fr"), ("1fr", "1fr"))


def test_regions_follow_names_and_weights():
    regions = WIDE.regions(120, 36)
    assert tuple(regions["knobs"]) == (0, 0, 26, 36)
    assert tuple(regions["curves"]) == (26, 0, 31, 18)
    assert tuple(regions["grid"]) == (57, 0, 63, 18)
    assert tuple(regions["means|walk"]) == (57, 18, 63, 18)
    assert WIDE.panels["means|walk"] == ("means", "walk")


def test_air_is_no_panel():
    arrangement = Arrangement(10, 10, ("a .", "a b"), ("1fr", "1fr"), (3, "1fr"))
    assert arrangement.names == ("a", "b")


@pytest.mark.parametrize(
    ("areas", "columns", "rows", "message"),
    [
        (("a b", "b a"), ("1fr", "1fr"), ("1fr", "1fr"), "'a' is not a rectangle"),
        (("a b",), ("1fr",), ("1fr",), "need 1 rows of 1 names"),
        (("a",), ("1fr",), ("1fr", "1fr"), "need 2 rows"),
        (("a",), ("wide",), ("1fr",), "'wide' is neither"),
        (("a",), ("0fr",), ("1fr",), "'0fr' is neither"),
        (("a",), (-1,), ("1fr",), "0 or more"),
    ],
)
def test_what_does_not_fit_together_is_refused(areas, columns, rows, message):
    with pytest.raises(ValueError, match=message):
        Arrangement(1, 1, areas, columns, rows)


track = st.one_of(st.integers(0, 50), st.integers(1, 9).map(lambda weight: f"{weight}fr"))


@given(st.lists(track, min_size=1, max_size=6), st.integers(-3, 300))
def test_tracks_stay_inside_their_room_and_fill_it_when_one_has_a_weight(specs, total):
    edges = tracks(specs, total)
    assert edges[0] == 0 and len(edges) == len(specs) + 1
    assert all(left <= right for left, right in pairwise(edges))
    assert edges[-1] <= max(total, 0)
    if any(isinstance(spec, str) for spec in specs):
        assert edges[-1] == max(total, 0)


def test_the_largest_arrangement_that_fits_is_chosen():
    small = Arrangement(100, 24, ("knobs",), ("1fr",), ("1fr",))
    assert choose((small, WIDE), 120, 40) is WIDE
    assert choose((WIDE, small), 120, 30) is small
    assert choose((WIDE, small), 99, 60) is None
