"""The pseudo-terminal: keys in, drawn text out, and an end to every program."""

import os
import re
import sys

import pytest

from lec10_tui.bench.figures import BenchError
from lec10_tui.bench.minimal_app import WORDS
from lec10_tui.bench.processes import environment, python
from lec10_tui.bench.terminal import Terminal, plain

LONG = 10.0

RAW = "import os, sys, tty, time, signal; tty.setraw(0); out = lambda t: os.write(1, t.encode());"


def script(code, columns=120, rows=40):
    return Terminal([sys.executable, "-S", "-E", "-c", RAW + code], dict(os.environ), columns, rows)


def test_plain_text_is_what_is_drawn_without_colours_and_places():
    drawn = b"\x1b[?1049h\x1b[2;3H\x1b[1;38;5;253;48;5;235m\xe2\x96\xb8 \x1b[0mdata\x1b]22;default\x07\x1b[?25l \x1b(B!"
    assert plain(drawn) == "▸ data !"


def test_a_key_and_what_it_draws():
    with script(
        "out('ready'); k = os.read(0, 9); out('\\x1b[31mgot \\x1b[0m' + k.decode()); time.sleep(60)"
    ) as terminal:
        ready = terminal.wait_for("ready", LONG)
        pressed = terminal.press(b"q")
        painted = terminal.wait_for("got q", LONG)
        assert terminal.started < ready < pressed < painted
        assert terminal.received == len("ready") + len("\x1b[31mgot \x1b[0mq")


def test_what_was_drawn_before_the_key_is_not_taken_for_its_answer():
    with script("out('same'); os.read(0, 9); out('other'); time.sleep(60)") as terminal:
        terminal.wait_for("same", LONG)
        terminal.press(b"x")
        with pytest.raises(BenchError, match="did not draw 'same' within"):
            terminal.wait_for("same", 0.2)


def test_questions_are_answered_even_in_two_pieces():
    code = "out('\\x1b[?20'); time.sleep(.05); out('26$p\\x1b[5n'); a = b''\n"
    code += "while not a.endswith(b'n'): a += os.read(0, 99)\nout('heard ' + a.hex()); time.sleep(60)"
    with script(code) as terminal:
        terminal.wait_for("heard [0-9a-f]+", LONG)
        assert bytes.fromhex(re.search("heard ([0-9a-f]+)", plain(terminal._mark))[1]) == b"\x1b[?2026;2$y\x1b[0n"


def test_bytes_are_counted_while_pumped():
    with script("out('x' * 1000); os.read(0, 9); out('y' * 500); time.sleep(60)") as terminal:
        terminal.wait_for("x{1000}", LONG)
        assert terminal.pump(0.02) == 0
        terminal.press(b"k")
        assert terminal.drawn(0.3) == "y" * 500


def test_the_size_is_the_one_given_and_can_be_changed():
    code = "size = lambda *_: out(repr(os.get_terminal_size(0))); signal.signal(signal.SIGWINCH, size); size()\n"
    code += "while True: time.sleep(1)"
    with script(code, columns=97, rows=31) as terminal:
        terminal.wait_for("columns=97, lines=31", LONG)
        terminal.resize(50, 20)
        terminal.wait_for("columns=50, lines=20", LONG)


def test_a_program_that_ends_is_said_with_its_last_words():
    with (
        script("out('Traceback: no torch')") as terminal,
        pytest.raises(BenchError, match=r"ended; last drawn: 'Trace.*torch'"),
    ):
        terminal.wait_for("never", LONG)


def test_closing_lets_a_program_end_by_itself():
    terminal = script("signal.signal(signal.SIGTERM, lambda *a: sys.exit(7)); out('ready')\nwhile True: time.sleep(1)")
    terminal.wait_for("ready", LONG)
    assert terminal.close() == 7
    assert terminal.close() == 7
    with pytest.raises(BenchError, match="not there any more"):
        terminal.press(b"x")


def test_closing_ends_a_program_that_does_not_want_to():
    terminal = script("signal.signal(signal.SIGTERM, signal.SIG_IGN); out('ready')\nwhile True: time.sleep(1)")
    terminal.wait_for("ready", LONG)
    assert terminal.close(patience=0.05) == -9


def test_the_minimal_app_paints_its_words(tmp_path):
    with Terminal(python("lec10_tui.bench.minimal_app"), environment(tmp_path)) as terminal:
        assert terminal.wait_for(WORDS, 30.0) > terminal.started
