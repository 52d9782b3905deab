"""Knobs: what they take, what they refuse and how they say it, and how they turn."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lec10_tui.lessons.vae.frame import PRESETS, VAEKnobs
from lec10_tui.vocabulary.knobs import BadValue, Length, check, named, table


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("beta", "4", 4.0),
        ("beta", " 0.5 ", 0.5),
        ("learning_rate", "3e-3", 3e-3),
        ("latent_dim", "20", 20),
        ("latent_dim", "2e1", 20),
        ("hidden", "512,256", (512, 256)),
        ("hidden", "512 256", (512, 256)),
        ("hidden", "none", ()),
        ("encoder", "conv", "conv"),
        ("encoder", "c", "conv"),
        ("length", "20s", Length(20, "seconds")),
        ("length", "20 seconds", Length(20, "seconds")),
        ("length", "2000 steps", Length(2000, "steps")),
        ("length", "1.5 epochs", Length(1.5, "epochs")),
        ("length", "endless", Length()),
    ],
)
def test_typed_text_becomes_a_value(name: str, text: str, value: object) -> None:
    assert named(VAEKnobs, name).parse(text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("beta", "x"),
        ("beta", "-1"),
        ("beta", "nan"),
        ("beta", "inf"),
        ("latent_dim", "0"),
        ("latent_dim", "2.5"),
        ("latent_dim", ""),
        ("hidden", "512,a"),
        ("hidden", "0"),
        ("hidden", "1,1,1,1,1,1,1,1,1"),
        ("encoder", "transformer"),
        ("activation", ""),
        ("length", "20"),
        ("length", "-3 steps"),
        ("length", "1.5 steps"),
        ("length", "nan epochs"),
        ("data", ""),
        ("seed", "1e400"),
    ],
)
def test_a_bad_value_gets_one_line_that_says_what_would_be_right(name: str, text: str) -> None:
    with pytest.raises(BadValue) as caught:
        named(VAEKnobs, name).parse(text)
    line = str(caught.value)
    assert "\n" not in line and line.startswith(name.replace("_", " ")) and "is not" in line


def test_unknown_knobs_are_named() -> None:
    with pytest.raises(BadValue, match=r"no knob is called 'bata': one of .*beta"):
        named(VAEKnobs, "bata")


@given(st.text(max_size=30))
def test_no_text_raises_anything_but_bad_value(text: str) -> None:
    for item in table(VAEKnobs):
        try:
            value = item.parse(text)
        except BadValue:
            continue
        assert item.parse(item.format(value)) == value


def test_every_default_and_every_ladder_value_is_in_range_and_survives_formatting() -> None:
    for item in table(VAEKnobs):
        for value in (item.default, *item.ladder, *item.choices):
            assert item.check(value) == value
            assert item.parse(item.format(value)) == value
        assert (item.help and item.label and item.ascii.isascii()) or item.label == item.ascii


def test_turning_walks_the_ladder_and_stops_at_its_ends() -> None:
    beta = named(VAEKnobs, "beta")
    assert beta.turned(1.0, 1) == 2.0 and beta.turned(1.0, -1) == 0.5
    assert beta.turned(1.5, 1) == 2.0 and beta.turned(1.5, -1) == 1.0
    assert beta.turned(50.0, 1) == 50.0 and beta.turned(0.0, -1) == 0.0
    assert beta.turned(100.0, 1) == 50.0 and beta.turned(100.0, -1) == 50.0
    encoder = named(VAEKnobs, "encoder")
    assert encoder.turned("mlp", 1) == "conv" and encoder.turned("conv", 1) == "conv"


def test_plain_values_come_back_whole() -> None:
    for given_values in ({}, {"latent_dim": 20}, *PRESETS.values()):
        knobs = VAEKnobs.complete(given_values)
        assert VAEKnobs(**check(VAEKnobs, knobs.plain())) == knobs


def test_defaults_follow_k_but_never_override_what_was_given() -> None:
    assert VAEKnobs.complete({}).hidden == (256, 128)
    assert VAEKnobs.complete({"latent_dim": 20}).hidden == (400,)
    assert VAEKnobs.complete({"preset": "20-d"}).activation == "relu"
    assert VAEKnobs.complete({"latent_dim": 20, "hidden": (64,)}).hidden == (64,)
    assert VAEKnobs.complete({"preset": "20-d", "latent_dim": 2}).activation == "tanh"
    assert VAEKnobs.complete({"latent_dim": 1}).grid_y == 1


def test_a_dimension_beyond_k_is_refused() -> None:
    with pytest.raises(BadValue, match="grid x: 3 is not a dimension of z, 1 to 2"):
        VAEKnobs.complete({"grid_x": 3})


def test_numbers_are_finite() -> None:
    with pytest.raises(BadValue):
        named(VAEKnobs, "beta").check(math.nan)
    with pytest.raises(BadValue):
        named(VAEKnobs, "latent_dim").check(True)


@given(st.floats(1e-7, 100.0))
def test_a_formatted_number_is_the_very_same_number(value: float) -> None:
    rate = named(VAEKnobs, "learning_rate")
    assert rate.parse(rate.format(value)) == value


def test_long_lengths_are_written_in_full() -> None:
    assert str(Length(1_000_000, "steps")) == "1000000 steps" and str(Length(1.5, "epochs")) == "1.5 epochs"
