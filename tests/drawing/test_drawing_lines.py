"""Lines, sheets and papers: exact widths, and a style on everything."""

import pytest
from rich.segment import Segment
from rich.style import Style

from lec10_tui.drawing.lines import Sheet, beside, blank, clip, fit, pad_text, text_of, width_of
from lec10_tui.drawing.palette import MEANINGS, OKABE_ITO, ON_LIGHT, Paper
from lec10_tui.drawing.shades import GREYS, MAGNITUDES, PALETTES, shades

PLAIN = Style(color="white", bgcolor="black")
BOLD = Style(color="white", bgcolor="black", bold=True)


def test_text_is_clipped_and_padded_in_cells_not_characters() -> None:
    assert clip("漢字漢字", 5) == "漢字"
    assert clip("abc", 0) == ""
    assert [pad_text("ab", 5, align) for align in ("left", "right", "center")] == ["ab   ", "   ab", " ab  "]
    assert width_of([Segment(pad_text("漢字", 3), PLAIN)]) == 3


def test_fit_crops_and_fills() -> None:
    lines = fit([[Segment("abcdef", BOLD)], [Segment("漢字", BOLD)], [Segment("x", BOLD)]], 3, 2, PLAIN)
    assert text_of(lines) == "abc\n漢"
    assert [width_of(line) for line in lines] == [3, 3]
    assert text_of(fit([], 2, 2, PLAIN)) == "\n"
    assert blank(0, 2, PLAIN) == [[], []]


def test_beside() -> None:
    one, two = [[Segment("ab", PLAIN)]], [[Segment("c", PLAIN)], [Segment("d", PLAIN)]]
    joined = beside([one, two], 1, PLAIN)
    assert text_of(joined) == "ab c\n   d"
    assert [width_of(line) for line in joined] == [4, 4]


def test_a_sheet_cuts_off_what_lies_outside() -> None:
    sheet = Sheet(4, 2, PLAIN)
    sheet.put(-1, 0, "abcdefg", BOLD)
    sheet.put(0, 5, "never", BOLD)
    sheet.put(2, 1, "x̂字", BOLD)
    sheet.dot(9, 9, "x", BOLD)
    assert text_of(sheet.lines()) == "bcde\n  x̂"
    assert [width_of(line) for line in sheet.lines()] == [4, 4]


def test_blanks_join_their_neighbours_where_nobody_sees_it() -> None:
    sheet = Sheet(9, 1, PLAIN)
    sheet.put(2, 0, "ab", BOLD)
    sheet.put(6, 0, "c", BOLD)
    assert sheet.lines() == [[Segment("  ab  c  ", BOLD)]]
    reverse = Style(color="white", bgcolor="black", reverse=True)
    sheet.put(6, 0, "c", reverse)
    assert sheet.lines() == [[Segment("  ab  ", BOLD), Segment("c", reverse), Segment("  ", PLAIN)]]


def test_series_colours_mean_the_same_everywhere() -> None:
    assert Paper().ink("elbo").color == Style(color=OKABE_ITO["orange"]).color
    assert Paper(dark=False).ink("kl").color == Style(color=ON_LIGHT["green"]).color
    assert Paper(terminal=True).ink("reconstruction").color == Style(color="bright_cyan").color
    assert set(MEANINGS.values()) <= {*OKABE_ITO, "foreground"}
    assert Paper().ink("no such colour") == Paper().blank


def test_without_colour_only_the_papers_own_two_are_used() -> None:
    paper = Paper(colour=False)
    styles = [paper.blank, paper.faint, paper.strong, paper.focus, paper.ink("elbo"), paper.pale("kl")]
    assert {style.color.name for style in styles if style.color} == {paper.foreground}
    assert {style.bgcolor.name for style in styles if style.bgcolor} == {paper.background}
    assert len({str(style) for style in (paper.blank, paper.faint, paper.strong, paper.focus)}) == 4


@pytest.mark.parametrize("palette", PALETTES)
def test_shades_go_through_all_their_levels(palette: str) -> None:
    for dark in (True, False):
        colours = shades(palette, Paper(dark=dark))
        assert len(set(colours)) == (GREYS if palette == "grey" else MAGNITUDES)


def test_grey_is_ink_on_paper() -> None:
    assert shades("grey", Paper())[0] == "#000000"
    assert shades("grey", Paper(dark=False))[0] == "#ffffff"
    with pytest.raises(ValueError, match="'jet' is not one; use grey, viridis"):
        shades("jet", Paper())
