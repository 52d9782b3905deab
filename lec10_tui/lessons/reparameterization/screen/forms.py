"""The slide's figure: the same sample through the original and the reparameterised form, as graphs with its numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lec10_tui.drawing.graphs import Edge, Node, Said
from lec10_tui.drawing.numbers import NOTHING, fixed, signed
from lec10_tui.lessons.reparameterization.frame import Sample
from lec10_tui.lessons.reparameterization.screen.words import formula, subscript
from lec10_tui.widgets.look import Look

ORIGINAL, REPARAMETERISED = "Original form", "Reparameterised form"

LONG_INDEX = 100
"""From this coordinate on its number takes the room of a decimal."""


@dataclass(frozen=True, eq=False)
class Coordinate:
    """One coordinate of a sample through both graphs; `function` is f as people write it."""

    sample: Sample
    index: int
    function: str
    look: Look

    def name(self, symbol: str, ascii: str) -> str:
        """A symbol with the coordinate's number, where there are several."""
        symbol = self.look.text(symbol, ascii)
        return symbol if len(self.sample.z) == 1 else symbol + subscript(self.index + 1, self.look.ascii)

    def number(self, name: str) -> float:
        """A number of this coordinate."""
        return float(getattr(self.sample, name)[self.index])

    def value(self, name: str, *, sign: bool = True) -> str:
        """A number of this coordinate, in the width that three of them have room for beside each other."""
        width, decimals = (6, 3) if self.index + 1 < LONG_INDEX else (5, 2)
        number = self.number(name)
        return NOTHING.center(width) if math.isnan(number) else (signed if sign else fixed)(number, width, decimals)

    def node(self, symbol: str, ascii: str, name: str, *, random: bool = False) -> Node:
        """A node nothing flows into: its symbol and its value."""
        value = self.value(name, sign=name != "sigma")
        return Node(((f"{self.name(symbol, ascii)} {value}", "strong"),), random)


def original(at: Coordinate) -> Node:
    """z is drawn from q: no derivative goes through it to μ and σ; the score function estimates what f says of them."""
    look = at.look
    drawn = Node(
        (
            (f"{at.name('z', 'z')} = {at.value('z').strip()} ~ {look.text('N(μ, σ²)', 'N(mu, s^2)')}", "strong"),
            (look.text("a draw: no function of μ, σ", "a draw: no function of mu, s"), "faint"),
        ),
        random=True,
        inputs=(
            Edge(at.node("μ", "mu", "mu"), labels=_score(at, "μ", "mu", at.number("score_mu"))),
            Edge(at.node("σ", "s", "sigma"), labels=_score(at, "σ", "s", at.number("score_sigma"))),
        ),
    )
    return _function(at, Edge(drawn, "stops", "pathwise", (_z_bar(at),), look.text("no path to μ, σ", "no path")))


def reparameterised(at: Coordinate) -> Node:
    """z is computed from μ, σ and a noise of its own: derivatives go through it to both."""
    look = at.look
    mu, sigma, epsilon = at.value("mu").strip(), at.value("sigma", sign=False).strip(), at.value("epsilon").strip()
    computed = Node(
        (
            (f"{at.name('z', 'z')} = {look.text('μ + σ·ε', 'mu + s*e')} = {at.value('z').strip()}", "strong"),
            (look.text(f"{mu} + {sigma}·({epsilon})", f"{mu} + {sigma}*({epsilon})"), "faint"),
        ),
        inputs=(
            _through(at, at.node("μ", "mu", "mu"), look.text("μ̄ = z̄", "mu_bar"), "mu_bar"),
            _through(at, at.node("σ", "s", "sigma"), look.text("σ̄ = z̄·ε", "s_bar"), "sigma_bar"),
            Edge(at.node("ε", "e", "epsilon", random=True), labels=(("N(0, 1)", "faint"),)),
        ),
    )
    return _function(at, Edge(computed, "flows", "pathwise", (_z_bar(at),)))


def _function(at: Coordinate, edge: Edge) -> Node:
    said = f"f = {formula(at.function, at.look)} = " if at.function else "f = "
    return Node(((said + fixed(at.sample.f, 8, 3).strip(), "strong"),), inputs=(edge,))


def _through(at: Coordinate, source: Node, symbol: str, name: str) -> Edge:
    """The edge from z down to one of its parameters, with what flows along it."""
    return Edge(source, "flows", "pathwise", _labels(symbol, at.number(name), "pathwise"))


def _z_bar(at: Coordinate) -> Said:
    symbol, value = at.look.text("z̄ = ∂f/∂z", "z_bar = df/dz"), signed(at.number("z_bar"), 8, 3).strip()
    return f"{symbol} = {value}", "pathwise"


def _score(at: Coordinate, symbol: str, ascii: str, score: float) -> tuple[Said, ...]:
    """What the two score-function estimators make of this sample."""
    look, f, baseline = at.look, at.sample.f, at.sample.baseline
    return (
        *_labels(look.text(f"f·∂log q/∂{symbol}", f"f*dlog q/d{ascii}"), f * score, "score"),
        *_labels(look.text("with f − b", "with f - b"), (f - baseline) * score, "score_baseline"),
    )


def _labels(symbol: str, value: float, ink: str) -> tuple[Said, ...]:
    return (symbol, ink), (signed(value, 9, 3).strip(), ink)
