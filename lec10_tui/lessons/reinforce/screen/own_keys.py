"""The keys of the reinforce lesson: its own, and those of every lesson that mean the episode here."""

from __future__ import annotations

from lec10_tui.widgets.keys import Key

BASELINES = (
    ("3", "constant", "a constant baseline b"),
    ("4", "mean", "the mean as the baseline"),
    ("5", "time-dependent", "the mean at each t as the baseline"),
    ("6", "value", "a learned V(s) as the baseline"),
)

OWN_KEYS = (
    Key("run", ("space",), "space", "toggle_run", "play", "play the episode; pause it, or the training", "Run", 1,
        running="pause"),
    Key("step", (".",), ".", "step(1)", "next", "one action on; past the end the next episode", "Run", 2,
        foot=(". ,", "step")),
    Key("step-back", ("comma",), ",", "step(-1)", "step back",
        "one action back; before the first the previous episode", "Run"),
    Key("update", ("u",), "u", "update_once", "update", "one step of the optimizer along this episode alone", "Run", 4),
    Key("train", ("t",), "t", "train", "train", "train on; stop training", "Run", 4),
    Key("full-return", ("1",), "1", "weigh('full-return')", "full return",
        "weigh every action with the full return r(τ), no baseline", "Run", 5, foot=("1-6", "estimator")),
    Key("reward-to-go", ("2",), "2", "weigh('reward-to-go')", "reward-to-go",
        "weigh each action with its reward-to-go, no baseline", "Run"),
    *(Key(f"baseline-{name}", (key,), key, f"compare({name!r})", f"baseline: {name}", f"subtract {words}", "Run")
      for key, name, words in BASELINES),
    Key("push-left", ("<",), "< >", "push(-1)", "push left", "push to the left, to the right, before the action", "Run",
        12, foot=("< >", "push")),
    Key("push-right", (">",), "", "push(1)", "push right", "push to the right before the action", "Run"),
    Key("faster", ("+", "="), "+", "speed(1)", "faster", "play faster; while it trains, train faster", "Run", 6,
        foot=("+ -", "speed")),
    Key("slower", ("-", "_"), "-", "speed(-1)", "slower", "play slower; while it trains, train slower", "Run"),
)  # fmt: skip
