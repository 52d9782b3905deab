"""What the terminal is likely to draw, read from the environment alone: nothing is sent, nothing is waited for."""

from __future__ import annotations

from collections.abc import Mapping

from lec10_tui.widgets.look import Look

SEXTANT_TERMS = ("xterm-kitty", "foot", "alacritty", "xterm-ghostty", "ghostty", "wezterm")
SEXTANT_PROGRAMS = ("kitty", "ghostty", "WezTerm", "alacritty", "foot")
VTE_WITH_SEXTANTS = 7800
PLAIN_TERMS = ("", "dumb", "linux", "unknown")


def default_ascii(env: Mapping[str, str]) -> bool:
    """Whether only ASCII is safe: no UTF-8 in the locale, or a terminal without the characters."""
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    return "utf8" not in locale.lower().replace("-", "") or env.get("TERM", "") in PLAIN_TERMS


def default_glyphs(env: Mapping[str, str]) -> str:
    """How pictures are drawn until a person says otherwise: ascii, braille, quadrant or sextant.

    Few colours or NO_COLOR leave braille; sextants only where the terminal says who it is and draws them itself;
    under tmux and screen the outer terminal may change, so quadrants, which nearly every font has.
    """
    if default_ascii(env):
        return "ascii"
    if env.get("NO_COLOR") or not _many_colours(env):
        return "braille"
    if env.get("TMUX") or env.get("STY") or env["TERM"].startswith(("tmux", "screen")):
        return "quadrant"
    return "sextant" if _draws_sextants(env) else "quadrant"


def _many_colours(env: Mapping[str, str]) -> bool:
    term = env["TERM"]
    named = "256" in term or "direct" in term or term.startswith(SEXTANT_TERMS)
    return named or env.get("COLORTERM", "") in ("truecolor", "24bit")


def _draws_sextants(env: Mapping[str, str]) -> bool:
    if env["TERM"].startswith(SEXTANT_TERMS) or env.get("TERM_PROGRAM") in SEXTANT_PROGRAMS:
        return True
    if env.get("KITTY_WINDOW_ID") or env.get("WT_SESSION"):
        return True
    version = env.get("VTE_VERSION", "")
    return version.isdecimal() and int(version) >= VTE_WITH_SEXTANTS


def look(env: Mapping[str, str], glyphs: str | None, ascii: bool | None) -> Look:
    """How things are drawn: what a person chose before, as far as this terminal can show it."""
    plain = default_ascii(env) if ascii is None else ascii or default_ascii(env)
    if plain:
        return Look(glyphs="ascii", available=("ascii",), ascii=True)
    best = default_glyphs(env)
    chosen = glyphs if glyphs in Look().available and best != "braille" else best
    return Look(glyphs=chosen or best)
