"""What the measure of the bound lesson is made of: its figures, and what it waits for."""

from __future__ import annotations

import random
import re

import pytest

from lec10_tui.bench import bound
from lec10_tui.bench.figures import BenchError


def test_the_figures_are_of_all_keys_with_each_beside() -> None:
    median, tail = bound.figures({"right": [0.010, 0.020, 0.030], "η": [0.040, 0.060]})
    assert (median.name, median.value, median.met) == ("bound.p50", pytest.approx(30.0), True)
    assert tail.name == "bound.p99" and tail.value > 50 and not tail.met
    assert median.detail["presses"] == 5 and median.detail["largest_ms"] == pytest.approx(60)
    assert median.detail["right_p50_ms"] == pytest.approx(20) and median.detail["η_p99_ms"] > 50


def test_it_waits_for_what_the_keys_alone_draw() -> None:
    assert re.search(bound.Q, "╭ p(z|x), q(z)─ μ −0.85 +5.59  σ 0.046 0.109 ─╮")
    assert re.search(bound.LOG_LIKELIHOOD, "  log p(x)            703.20  ████████ELBO")
    assert not re.search(bound.LOG_LIKELIHOOD, "= E_q[log p(x|z)]     705.63  log p(x) − ELBO 1.0")
    assert not re.search(bound.Q, "▸ image             ◂1▸~")


class Script:
    """A terminal that refines for a while, then draws what each key is said to draw."""

    def __init__(self, refining: int = 0, drawn: dict[bytes, str] | None = None) -> None:
        self.refining, self.said = refining, drawn or {}
        self.pumped: list[float] = []
        self.text = ""

    def pump(self, seconds: float) -> int:
        self.pumped.append(seconds)
        self.refining -= 1
        return max(self.refining, 0)

    def press(self, keys: bytes) -> float:
        self.text = self.said.get(keys, "")
        return 10.0

    def wait_for(self, pattern: str, timeout: float) -> float:
        assert re.search(pattern, self.text)
        return 10.025

    def drawn(self, seconds: float) -> str:
        return self.text


def test_a_key_is_pressed_once_nothing_is_refined_any_more() -> None:
    terminal = Script(3, {b">": "μ −0.85"})
    assert bound._answer(terminal, random.Random(0), b">", bound.Q) == pytest.approx(0.025)
    assert terminal.pumped[:-1] == [bound.QUIET_SECONDS] * 3
    assert bound.PAUSES[0] <= terminal.pumped[-1] <= bound.PAUSES[1]


def test_what_refines_for_ever_does_not_hold_the_measure_up_for_ever() -> None:
    terminal = Script(10**9, {b">": "μ −0.85"})
    bound._answer(terminal, random.Random(0), b">", bound.Q)
    assert sum(terminal.pumped) < bound.REFINING_SECONDS + 1


def test_a_lesson_without_these_knobs_cannot_be_measured() -> None:
    with pytest.raises(BenchError, match="does not lead to the knobs"):
        bound._to_the_knobs(Script())
    with pytest.raises(BenchError, match="no row 'image'"):
        bound._to_the_row(Script(), "image")
    bound._to_the_knobs(Script(drawn={b"\t": "╭ Knobs ──"}))
    bound._to_the_row(Script(drawn={b"j": "▸ η  ◂trained▸~"}), "η")
