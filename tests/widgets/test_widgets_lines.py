"""The title line and the equation strip at every width; words in ASCII; a line under a cursor."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lec10_tui.vocabulary.frames import Frame
from lec10_tui.vocabulary.reports import Report, Status
from lec10_tui.widgets.editing import Line
from lec10_tui.widgets.equation import Equation, Note, Term, equation_rows
from lec10_tui.widgets.inked import apart, length
from lec10_tui.widgets.look import Look
from lec10_tui.widgets.title import Heading, pace, pulse, title_pieces

HEADING = Heading(
    "vae", "Train a variational autoencoder", ("mnist 4 500", "K 2", "Bernoulli", "cpu 1"), "running", "training",
    "training", 20940.0, "img/s", "", "epoch  31", 0.61, 41.0,
)  # fmt: skip
TABS = ("knobs", "curves", "kl", "grid", "recon", "samples", "means", "step")
UNICODE, PLAIN = Look(), Look(ascii=True)
EQUATION = Equation(
    (
        Term("ELBO", "ELBO", -151.324, ink="elbo"),
        Term("E_q[log p(x|z)]", "E_q[log p(x|z)]", -145.87, "="),
        Term("KL(q ‖ p)", "KL(q||p)", 5.45, "−"),
    ),
    (Note("held-out ELBO", "−153.90"), Note("active", "2 of 2")),
)


def written(pieces):
    return "".join(text for text, _ in pieces).replace("\u2009", " ")


@pytest.mark.parametrize("look", [UNICODE, PLAIN])
@pytest.mark.parametrize("tabs", [(), TABS])
@pytest.mark.parametrize("tab", range(len(TABS)))
def test_the_title_is_one_line_at_every_width(look, tabs, tab):
    for width in range(0, 200, 7):
        pieces = title_pieces(replace(HEADING, tabs=tabs, tab=tab), width, look)
        assert length(pieces) == width
        if look.ascii:
            assert look.say(written(pieces)).isascii()
        if tabs and width >= 40:
            assert TABS[tab] in written(pieces)


def test_the_title_says_everything_where_there_is_room():
    text = written(title_pieces(HEADING, 160, UNICODE))
    assert text.startswith(" vae · Train a variational autoencoder   mnist 4 500 · K 2 · Bernoulli · cpu 1 ")
    assert text.endswith("● training  20 940 img/s · epoch  31 ━━━━━━━╸────  0:41 left ")


def test_nothing_on_the_right_moves_while_the_numbers_change():
    later = replace(HEADING, rate=987.0, pace="epoch 132", progress=0.9, seconds_left=601.0)
    first, second = (written(title_pieces(heading, 160, UNICODE)) for heading in (HEADING, later))
    assert [first.index(word) for word in ("●", "img/s", "epoch", "left")] == [
        second.index(word) for word in ("●", "img/s", "epoch", "left")
    ]


def test_what_is_left_out_does_not_depend_on_the_state():
    paused = replace(HEADING, state="paused", word="paused", progress=None, seconds_left=None)
    for width in (100, 120):
        assert "Train a" not in written(title_pieces(HEADING, width, UNICODE))
        assert "Train a" not in written(title_pieces(paused, width, UNICODE))


def test_a_long_word_takes_the_room_of_what_matters_less_and_none_that_is_not_there():
    stands = replace(HEADING, state="paused", word="paused at t = 17 of 500", progress=None, seconds_left=None)
    for width in (40, 60, 80, 100, 120):
        text = written(title_pieces(stands, width, UNICODE))
        assert len(text) == width and text.startswith(" vae ")
        assert width < 60 or "‖ paused at t = 17 of 500" in text


@pytest.mark.parametrize("epoch, said", [(31.4, "epoch  31"), (None, "update  12")])
def test_how_far_a_run_has_come_is_said_in_epochs_or_in_the_steps_it_counts(epoch, said):
    there = Report(Frame("toy", 12, epoch, {}, {}), Status("running", "new", 987.0))
    assert pace(there, "updates") == said and pace(None, "updates") == ""
    words = pulse(there, "steps/s", "updates")
    assert words == "    987 steps/s · " + ("epoch 31 · update 12" if epoch else "update 12")


@pytest.mark.parametrize("look", [UNICODE, PLAIN])
def test_numbers_stand_under_their_symbols_at_their_point(look):
    rule, symbols, numbers = map(written, equation_rows(EQUATION, 120, 3, look))
    assert set(rule) == {look.text("─", "-")}
    for symbol, number in ((" ELBO ", "151.32"), ("E_q[log p(x|z)]", "145.87"), ("KL", "5.45")):
        start, at = symbols.index(symbol), numbers.index(number)
        assert start - 4 <= at <= start + len(symbol) + 4
    assert symbols.rstrip().endswith("active") and numbers.rstrip().endswith("2 of 2")
    other = Equation(tuple(Term(t.symbol, t.ascii, -1.5, t.sign) for t in EQUATION.terms), EQUATION.notes)
    both = [written(equation_rows(each, 120, 3, look)[2])[:80] for each in (EQUATION, other)]
    points = [[column for column, sign in enumerate(row) if sign == "."] for row in both]
    assert points[0] == points[1]


@pytest.mark.parametrize("look", [UNICODE, PLAIN])
def test_the_equation_fits_every_size(look):
    for width in range(0, 130, 3):
        for height in range(4):
            rows = equation_rows(EQUATION, width, height, look)
            assert len(rows) == height and all(length(row) == width for row in rows)
            if width >= 60 and height:
                assert "151.32" in written(rows[-1])
    assert "held-out ELBO" in written(equation_rows(EQUATION, 80, 2, look)[0])


def test_a_term_without_a_number_says_so():
    rows = equation_rows(Equation((Term("ELBO", "ELBO"),)), 40, 2, UNICODE)
    assert "—" in written(rows[1])


def test_words_are_spelled_out_in_ascii():
    assert PLAIN.say("μ₁ → x̂², “η” −1 12\u2009400") == 'mu1 -> x^2, "eta" -1 12 400'
    assert UNICODE.say("μ") == "μ"


@given(st.text())
def test_any_words_become_ascii(text):
    assert PLAIN.say(text).isascii()


@given(st.text(max_size=20), st.text(max_size=20), st.integers(0, 60))
def test_two_ends_of_a_line_fill_it(left, right, width):
    assert length(apart([(left, "")], [(right, "")], width)) == width


def test_editing_a_line():
    line = Line.holding("0.5")
    for key, character in (("backspace", None), ("7", "7"), ("home", None), ("delete", None), ("minus", "-")):
        line = line.after(key, character)
    assert line == Line("-.7", 1)
    assert line.after("f5", None) == line and line.after("ctrl+u", "\x15") == Line(".7", 0)
    assert line.put("12\n34") == Line("-12.7", 3)
    assert Line().after("backspace", "\x08") == Line() and Line().after("left", None) == Line()


@given(st.lists(st.sampled_from(["left", "right", "home", "end", "backspace", "delete", "ctrl+u", "a"])))
def test_the_cursor_never_leaves_the_line(pressed):
    line = Line()
    for key in pressed:
        line = line.after(key, "a" if key == "a" else None)
        assert 0 <= line.cursor <= len(line.text)
