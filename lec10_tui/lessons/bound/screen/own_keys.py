"""The keys of the bound lesson: its own, and what those of every lesson do to q here."""

from __future__ import annotations

from lec10_tui.widgets.keys import Key

OWN_KEYS = (
    Key("run", ("space",), "space", "toggle_run", "ascend", "ascend the ELBO in μ and log σ; pause", "Run", 1,
        running="pause"),
    Key("step", (".",), ".", "step(1)", "one step", "one step of ascent of the ELBO", "Run", 4),
    Key("step-back", ("comma",), ",", "step(-1)", "step back", "ascent has no step back: a and 0 put q back", "Run"),
    Key("snap", ("a",), "a", "snap('encoder')", "encoder", "put q at the encoder's answer; toy world: x on the curve",
        "Run", 3),
    Key("snap-prior", ("0",), "0", "snap('prior')", "prior", "put q at the prior N(0, I)", "Run", 7),
    Key("narrow", ("<",), "< >", "stretch(0, -1)", "σ₁", "shrink, grow σ₁ of q; toy world: the noise η", "Run", 5,
        foot=("< >", "σ₁")),
    Key("widen", (">",), "", "stretch(0, 1)", "grow σ₁", "grow σ₁ of q", "Run"),
    Key("narrow-second", ("{",), "{ }", "stretch(1, -1)", "σ₂", "shrink, grow σ₂ of q", "Run", 6,
        foot=("{ }", "σ₂")),
    Key("widen-second", ("}",), "", "stretch(1, 1)", "grow σ₂", "grow σ₂ of q", "Run"),
)  # fmt: skip

TOY_KEYS = {
    "snap": Key("snap", ("a",), "a", "snap('encoder')", "x on curve", "put x on the curve", "Run", 3),
    "snap-prior": Key("snap-prior", ("0",), "0", "snap('prior')", "prior", "there is no q here", "Run"),
    "narrow": Key("narrow", ("<",), "< >", "stretch(0, -1)", "η", "less noise η, more noise", "Run", 5,
        foot=("< >", "η")),
    "narrow-second": Key("narrow-second", ("{",), "{ }", "stretch(1, -1)", "σ₂", "there is no q here", "Run"),
}  # fmt: skip
"""What keys are called in the toy world, where there is a point x and no q."""
