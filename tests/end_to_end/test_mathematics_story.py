"""The mathematics of the VAE in a real terminal: move, snap, step, run, pages, verify, save, leave, reopen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from real_terminal import Command, Terminal

Start = Callable[..., Terminal]
MEAN = re.compile(r"μ +([−+]?\d+\.\d+) +([−+]?\d+\.\d+)")


def title(text: str) -> str:
    """The title line."""
    return text.splitlines()[0]


def steps(text: str) -> int:
    """The step the title line says, −1 while it says none."""
    found = re.search(r"step +(\d+(?: \d{3})*)\b", title(text))
    return int(found[1].replace(" ", "")) if found else -1


def ready(text: str) -> bool:
    """Whether a run is open that has not begun."""
    return "‖ ready" in title(text)


def mean(text: str) -> tuple[float, float] | None:
    """μ as the exact picture's title has it."""
    found = MEAN.search(text)
    return (number(found[1]), number(found[2])) if found else None


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def equation(text: str) -> list[float]:
    """The numbers under the equation."""
    return [number(found) for found in re.findall(r"[−+]?\d+\.\d+", text.splitlines()[-2])]


def quit_from(screen: Terminal) -> None:
    """Leave the lesson, then the program."""
    screen.press("q")
    screen.wait("enter open")
    screen.press("q")
    assert screen.left() == 0
    assert screen.restored


def runs_of(home: Path) -> list[Path]:
    folder = home / "runs"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_q_is_moved_snapped_ascended_saved_and_found_again(terminal: Start, lec10: Command, own_home: Path) -> None:
    screen = terminal("bound")
    text = screen.wait(lambda text: ready(text) and mean(text) is not None and len(equation(text)) >= 4)
    assert "▸1 exact picture" in title(text) and "vae-k2-bernoulli" in title(text)
    log_likelihood, reconstruction, kl, gap = equation(text)[:4]
    assert log_likelihood == pytest.approx(reconstruction - kl + gap, abs=0.03) and gap > 0
    start = mean(text)
    assert start is not None

    # Moving q changes the terms and never log p(x); a puts it back; nothing of it is a run.
    screen.press("right", "right", "up")
    text = screen.wait(lambda text: (found := mean(text)) is not None and found[0] > start[0] and found[1] > start[1])
    text = screen.wait(lambda text: equation(text)[1:4] != [reconstruction, kl, gap])
    moved = mean(text)
    assert moved is not None
    assert equation(text)[0] == log_likelihood
    screen.press(">")
    screen.wait(lambda text: mean(text) == moved)
    screen.press("a")
    screen.wait(lambda text: mean(text) == start and equation(text)[1:4] == [reconstruction, kl, gap])
    assert runs_of(own_home) == []

    # A step, then the rest of them.
    screen.press(".")
    screen.wait(lambda text: steps(text) == 1 and mean(text) != start)
    screen.press("space")
    screen.wait(lambda text: "●" in title(text) or steps(text) > 3)
    screen.press("space")
    text = screen.wait(lambda text: "‖" in title(text) or "✓" in title(text))
    stopped = steps(text)
    assert stopped > 1

    # The pages, each with an equation of its own.
    screen.press("2")
    screen.wait(lambda text: "▸2 Jensen" in title(text) and "≤" in "\n".join(text.splitlines()[-3:]))
    screen.press("3")
    screen.wait("▸3 toy world")
    screen.press("1")
    screen.wait(lambda text: "▸1 exact picture" in title(text) and mean(text) is not None)

    screen.press("s")
    screen.wait("saved at step")
    text = screen.wait(lambda text: mean(text) is not None)
    standing = mean(text)
    quit_from(screen)

    (run,) = lec10("runs", "--json").events
    assert (run["lesson"], run["step"], run["summary"]) == ("bound", stopped, "vae-k2-bernoulli · image 0")
    again = terminal("open", run["name"])
    again.wait(lambda text: steps(text) == stopped and mean(text) == standing)
    quit_from(again)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_every_page_has_its_panels_and_tab_goes_round_them(terminal: Start, size: tuple[int, int]) -> None:
    screen = terminal("bound", size=size)
    screen.wait(lambda text: "ready" in title(text))
    for digit, page in (("2", "Jensen"), ("3", "toy"), ("1", "exact")):
        screen.press(digit)
        text = screen.wait(lambda text, digit=digit, page=page: f"{digit} {page}" in title(text))
        seen = {text}
        for _ in range(2):
            before = screen.text
            screen.press("tab")
            seen.add(screen.wait(lambda text, before=before: text != before))
        assert len(seen) == 3 and all(f"{digit} {page}" in title(each) for each in seen)
    quit_from(screen)


def test_two_estimators_are_run_held_verified_and_gone_on_with(terminal: Start, lec10: Command, own_home: Path) -> None:
    screen = terminal("reparameterization")
    screen.wait(ready)
    assert runs_of(own_home) == []
    screen.press(".", ".")
    screen.wait(lambda text: steps(text) == 2)
    screen.press("space")
    screen.wait(lambda text: steps(text) > 10)
    screen.press("space")
    text = screen.wait(lambda text: "‖ paused" in title(text))
    stopped = steps(text)
    exact, pathwise, score = equation(text)[:3]
    assert exact == 2.0 and abs(pathwise - exact) < 2 and abs(score - exact) < 4
    screen.press("v")
    text = screen.wait(lambda text: "truth" in text and "error" in text)
    screen.press("esc")
    quit_from(screen)
    (run,) = lec10("runs", "--json").events
    assert (run["lesson"], run["step"]) == ("reparameterization", stopped)
    again = terminal("open", run["name"])
    again.wait(lambda text: steps(text) == stopped and equation(text)[:3] == [exact, pathwise, score])
    again.press(".")
    again.wait(lambda text: steps(text) == stopped + 1)
    quit_from(again)


def test_each_image_s_q_ascends_and_the_gaps_are_kept(terminal: Start, lec10: Command, own_home: Path) -> None:
    screen = terminal("amortization", "--images", "2", "--steps", "12")
    text = screen.wait(lambda text: ready(text) and len(equation(text)) >= 4)
    assert runs_of(own_home) == []
    screen.press(".")
    screen.wait(lambda text: steps(text) == 1)
    screen.press("space")
    text = screen.wait(lambda text: "✓" in title(text) and steps(text) == 12)
    log_likelihood, amortized, amortization, approximation = equation(text)[:4]
    assert log_likelihood == pytest.approx(amortized + amortization + approximation, abs=0.03)
    assert amortization > 0
    quit_from(screen)
    (run,) = lec10("runs", "--json").events
    assert (run["lesson"], run["step"], run["summary"]) == ("amortization", 12, "vae-k2-bernoulli · image 0")
    again = terminal("open", run["name"])
    again.wait(
        lambda text: (
            "✓" in title(text) and equation(text)[:4] == [log_likelihood, amortized, amortization, approximation]
        )
    )
    quit_from(again)


def test_brackets_go_through_all_five_lessons(terminal: Start) -> None:
    screen = terminal("vae")
    screen.wait(lambda text: title(text).startswith(" vae"))
    for name in ("bound", "reparameterization", "amortization", "reinforce"):
        screen.press("]")
        screen.wait(lambda text, name=name: title(text).startswith(f" {name}"))
    screen.press("]")
    screen.wait("this is the last lesson")
    screen.press("[")
    screen.wait(lambda text: title(text).startswith(" amortization"))
    quit_from(screen)


def test_a_model_that_is_none_is_said_on_the_screen_and_another_can_be_chosen(terminal: Start) -> None:
    screen = terminal("bound", "--model", "vae-k20-bernoulli")
    screen.wait("K = 20")
    assert "vae-k2-bernoulli would be right" in " ".join(screen.text.split())
    quit_from(screen)
