"""Colours by meaning, and the paper that everything is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.color import Color, ColorParseError
from rich.style import Style

OKABE_ITO = {
    "orange": "#E69F00",
    "sky blue": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
}
"""The series colours of Okabe and Ito (2008), told apart with any colour vision."""

ON_LIGHT = {
    "orange": "#A87000",
    "sky blue": "#1C7CB8",
    "green": "#007A58",
    "yellow": "#857A00",
    "blue": "#005A8E",
    "vermilion": "#B34D00",
    "purple": "#A34C7C",
}
"""The same hues dark enough for light paper."""

TERMINAL = {
    "orange": "yellow",
    "sky blue": "bright_cyan",
    "green": "green",
    "yellow": "bright_yellow",
    "blue": "bright_blue",
    "vermilion": "red",
    "purple": "magenta",
}
"""The nearest of the terminal's own sixteen, for its own themes on dark paper."""

TERMINAL_ON_LIGHT = TERMINAL | {"sky blue": "cyan", "yellow": "bright_black", "blue": "blue"}
"""The nearest of the terminal's own sixteen on light paper."""

PALE = {
    "orange": "#875f00",
    "sky blue": "#005f87",
    "green": "#005f5f",
    "yellow": "#5f5f00",
    "blue": "#0000af",
    "vermilion": "#870000",
    "purple": "#5f005f",
}
"""The same hues standing back on dark paper; exact in 256 colours."""

SHADES = PALE | {"blue": "#000087", "vermilion": "#5f0000"}
"""The same as whole areas, which are seen where dots would not be."""

PALE_ON_LIGHT = {
    "orange": "#ffd787",
    "sky blue": "#afd7ff",
    "green": "#afd7af",
    "yellow": "#d7d787",
    "blue": "#87afd7",
    "vermilion": "#ffaf87",
    "purple": "#d7afd7",
}
"""The same on light paper."""

MEANINGS = {
    "elbo": "orange",
    "reconstruction": "sky blue",
    "kl": "green",
    "return": "vermilion",
    "reward_to_go": "blue",
    "baseline": "purple",
    "objective": "yellow",
    "gap": "vermilion",
    "posterior_kl": "vermilion",
    "log_likelihood": "foreground",
    "posterior": "foreground",
    "q": "orange",
    "encoder": "purple",
    "prior": "green",
    "pathwise": "blue",
    "score": "vermilion",
    "score_baseline": "purple",
}
"""What each series colour means, everywhere; what is true is drawn in the colour of text."""

LETTERS = {"blue": "#5f87ff"}
"""Hues that are too dark on dark paper for letters, light enough to be read from afar; exact in 256 colours."""

FILM = {
    "limb": "#d7af87",
    "joint": "#afafd7",
    "agent": "#ffd75f",
    "force": "#5fd7ff",
    "goal": "#87d787",
    "danger": "#ff5f5f",
    "faint": "#585858",
}
"""What the shapes of a film are drawn in on dark paper, where not as text; exact in 256 colours."""

FILM_ON_LIGHT = {
    "limb": "#875f00",
    "joint": "#5f5faf",
    "agent": "#af5f00",
    "force": "#0087af",
    "goal": "#008700",
    "danger": "#d70000",
    "faint": "#bcbcbc",
}
"""The same on light paper."""

FILM_OF_TERMINAL = {
    "limb": "yellow",
    "joint": "blue",
    "agent": "bright_yellow",
    "force": "bright_cyan",
    "goal": "green",
    "danger": "red",
    "faint": "bright_black",
}
"""The nearest of the terminal's own sixteen."""


@dataclass(frozen=True)
class Paper:
    """What a drawing is made on: its colours, and what the terminal can show.

    Colours are rich's names ("#RRGGBB", "default", "bright_black"). `colour` False draws with bold, dim and reverse
    alone (NO_COLOR); `shades` False says that exact colours are not to be had (16 colours), so pictures are drawn
    with dots; `terminal` takes series from the terminal's own sixteen colours; `ascii` keeps lines and numbers to
    ASCII.
    """

    foreground: str = "#e0e0e0"
    background: str = "#121212"
    dim: str = "#8a8a8a"
    accent: str = "#ffa62b"
    dark: bool = True
    colour: bool = True
    shades: bool = True
    terminal: bool = False
    ascii: bool = False

    @property
    def blank(self) -> Style:
        """Plain text and empty cells."""
        return self.style()

    @property
    def faint(self) -> Style:
        """What stands back: axes, grids, what is inactive."""
        return self.style(self.dim) if self.colour else self.style(dim=True)

    @property
    def strong(self) -> Style:
        """What stands out without a colour."""
        return self.style(bold=True)

    @property
    def focus(self) -> Style:
        """What the keys act on."""
        return self.style(self.accent, bold=True) if self.colour else self.style(reverse=True)

    def ink(self, colour: str, *, bold: bool = False) -> Style:
        """A series' style: `colour` is a meaning (elbo), an Okabe–Ito name (sky blue) or a rich colour; else plain."""
        return self.style(self.resolve(colour), bold=bold)

    def letters(self, colour: str, *, background: str = "", bold: bool = False) -> Style:
        """The style of a series' words and numbers, and of its signs on a `background`: as light as they have to be."""
        name = MEANINGS.get(colour, colour)
        light = LETTERS.get(name) if self.dark and not self.terminal else None
        return self.style(light or self.resolve(colour), background=background, bold=bold)

    def pale(self, colour: str) -> Style:
        """The style of a series' surroundings, the spread of its values: its colour, standing back."""
        if not self.colour:
            return self.style(dim=True)
        name = MEANINGS.get(colour, colour)
        pale = PALE if self.dark else PALE_ON_LIGHT
        if self.terminal or name not in pale:
            return self.style(self.resolve(colour), dim=True)
        return self.style(pale[name])

    def shade(self, colour: str) -> str:
        """The rich colour of a series' surroundings as a whole area; "" where there is none."""
        if self.terminal or not self.colour:
            return ""
        return (SHADES if self.dark else PALE_ON_LIGHT).get(MEANINGS.get(colour, colour), "")

    def film(self, ink: str) -> Style:
        """The style of a film's shape by what it is, one of vocabulary.film.INKS."""
        if not self.colour:
            return self.style(dim=ink in ("ground", "faint"), bold=ink in ("agent", "force", "goal", "danger"))
        inks = FILM_OF_TERMINAL if self.terminal else FILM if self.dark else FILM_ON_LIGHT
        return self.style(self.dim if ink == "ground" else inks.get(ink, self.foreground), bold=ink == "force")

    @property
    def raised(self) -> str:
        """The background of the line that the keys act on, a little nearer to the text; "" where there is none."""
        paper, text = (Color.parse(name).triplet for name in (self.background, self.foreground))
        if self.terminal or not self.colour or not self.shades or paper is None or text is None:
            return ""
        return "#" + "".join(f"{round(a + 0.15 * (b - a)):02x}" for a, b in zip(paper, text, strict=True))

    def resolve(self, colour: str) -> str:
        """The rich colour that `colour` stands for on this paper."""
        name = MEANINGS.get(colour, colour)
        if name == "foreground":
            return self.foreground
        if self.terminal:
            named = TERMINAL if self.dark else TERMINAL_ON_LIGHT
        else:
            named = OKABE_ITO if self.dark else ON_LIGHT
        return named.get(name, name)

    def style(
        self,
        colour: str = "",
        *,
        background: str = "",
        bold: bool = False,
        dim: bool = False,
        reverse: bool = False,
    ) -> Style:
        """A style on this paper; without `colour` in its foreground, an unknown colour too."""
        chosen = colour if colour and self.colour else self.foreground
        behind = background if background and self.colour else self.background
        return _style(chosen, self.foreground, behind, bold, dim, reverse)


@lru_cache(maxsize=4096)
def _style(colour: str, otherwise: str, background: str, bold: bool, dim: bool, reverse: bool) -> Style:
    try:
        chosen = Color.parse(colour)
    except ColorParseError:
        chosen = Color.parse(otherwise)
    return Style(
        color=chosen, bgcolor=Color.parse(background), bold=bold or None, dim=dim or None, reverse=reverse or None
    )
