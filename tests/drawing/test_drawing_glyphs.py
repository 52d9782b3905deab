"""Every way to draw pictures: complete tables, and footprints that can be read."""

import unicodedata

import pytest
from rich.cells import cell_len

from lec10_tui.drawing.glyphs import (
    BRAILLE,
    GLYPHS,
    HALF,
    OCTANT,
    QUADRANT,
    SEXTANT,
    Glyphs,
    footprint,
    glyphs_named,
)


@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=list(GLYPHS))
def test_every_pattern_has_its_own_character_of_one_cell(glyphs: Glyphs) -> None:
    assert len(set(glyphs.characters)) == len(glyphs.characters)
    assert all(len(character) == cell_len(character) == 1 for character in glyphs.characters)
    if glyphs.across * glyphs.down > 1:
        assert len(glyphs.characters) == 1 << glyphs.across * glyphs.down
    assert glyphs.characters[0] == " "


def test_sextants_are_what_unicode_names_them() -> None:
    for pattern, character in enumerate(SEXTANT.characters):
        name = unicodedata.name(character)
        if name.startswith("BLOCK SEXTANT-"):
            assert pattern == sum(1 << int(part) - 1 for part in name.removeprefix("BLOCK SEXTANT-"))
        else:
            assert (pattern, name) in {
                (0, "SPACE"),
                (0b010101, "LEFT HALF BLOCK"),
                (0b101010, "RIGHT HALF BLOCK"),
                (63, "FULL BLOCK"),
            }


def test_quadrants_are_what_unicode_names_them() -> None:
    parts = {"UPPER LEFT": 1, "UPPER RIGHT": 2, "LOWER LEFT": 4, "LOWER RIGHT": 8}
    for pattern, character in enumerate(QUADRANT.characters):
        name = unicodedata.name(character)
        if name.startswith("QUADRANT "):
            assert pattern == sum(parts[part] for part in name.removeprefix("QUADRANT ").split(" AND "))
    assert [QUADRANT.characters[pattern] for pattern in (0, 3, 5, 10, 12, 15)] == list(" ▀▌▐▄█")


def test_braille_is_what_unicode_names_it() -> None:
    reading_order = {1: 0, 4: 1, 2: 2, 5: 3, 3: 4, 6: 5, 7: 6, 8: 7}
    for pattern, character in enumerate(BRAILLE.characters[1:], start=1):
        name = unicodedata.name(character).removeprefix("BRAILLE PATTERN DOTS-")
        assert pattern == sum(1 << reading_order[int(dot)] for dot in name)


def test_octants_follow_unicode_16() -> None:
    # Python 3.11 does not know these names: a sample of the published table, and its ends.
    def octant(*parts: int) -> int:
        return ord(OCTANT.characters[sum(1 << part - 1 for part in parts)])

    assert [octant(3), octant(2, 3), octant(1, 2, 3), octant(4)] == [0x1CD00, 0x1CD01, 0x1CD02, 0x1CD03]
    assert octant(1, 2, 4, 5) == 0x1CD13
    assert octant(1, 2, 7, 8) == 0x1CDAE
    assert octant(2, 3, 4, 5, 6, 7, 8) == 0x1CDE5
    assert [octant(1), octant(2), octant(7), octant(8)] == [0x1CEA8, 0x1CEAB, 0x1CEA3, 0x1CEA0]
    assert [octant(3, 5), octant(4, 6), octant(1, 2), octant(7, 8)] == [0x1FBE6, 0x1FBE7, 0x1FB82, 0x2582]
    assert [octant(1, 2, 3, 4, 5, 6), octant(3, 4, 5, 6, 7, 8)] == [0x1FB85, 0x2586]
    assert [chr(octant(*parts)) for parts in ((1, 3), (2, 4), (1, 2, 3, 4), (1, 3, 5, 7), (2, 4, 5, 7))] == list(
        "▘▝▀▌▞"
    )
    inside = [character for character in OCTANT.characters if 0x1CD00 <= ord(character) <= 0x1CDE5]
    assert len(inside) == 230
    assert inside == sorted(inside)


def test_footprints_of_a_digit() -> None:
    shape = (28, 28)
    assert footprint(HALF, shape) == (14, 7)
    assert footprint(QUADRANT, shape) == (10, 5)
    assert [footprint(glyphs, shape) for glyphs in (SEXTANT, OCTANT, BRAILLE)] == [(8, 4)] * 3


@pytest.mark.parametrize("shape", [(8, 8), (16, 16), (28, 28), (32, 32), (64, 64), (218, 178), (1, 1), (4, 30)])
def test_footprints_keep_the_aspect_and_show_small_images_whole(shape: tuple[int, int]) -> None:
    for glyphs in (HALF, QUADRANT, SEXTANT, OCTANT, BRAILLE):
        columns, rows = footprint(glyphs, shape)
        assert rows * glyphs.down >= min(shape[0], 8)
        assert columns == max(1, round(2 * rows * shape[1] / shape[0]))


def test_an_unknown_way_is_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match="'pixels' is not a way to draw them; use half, quadrant"):
        glyphs_named("pixels")
