"""What is in force, what waits for the next run, and the command that makes it again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shell_fakes import ToyKnobs

from lec10_tui.lessons.reinforce.frame import ReinforceKnobs
from lec10_tui.lessons.reparameterization.frame import ReparameterizationKnobs
from lec10_tui.lessons.vae.frame import VAEKnobs
from lec10_tui.vocabulary.knobs import BadValue, Knobs, Length
from lec10_tui.widgets.setting import Setting, command_line, counted, fewest, flag_units

values = st.fixed_dictionaries(
    {},
    optional={
        "size": st.integers(1, 64),
        "width": st.lists(st.integers(1, 99), max_size=3).map(tuple),
        "model": st.sampled_from(["red", "blue"]),
        "beta": st.floats(0, 100),
        "length": st.sampled_from([Length(), Length(20, "steps")]),
    },
)


@given(values)
def test_the_fewest_knobs_give_every_value_back(given_values):
    complete = ToyKnobs.complete(given_values)
    few = fewest(ToyKnobs, complete.plain())
    assert ToyKnobs.complete(few) == complete
    assert set(few) <= set(given_values)


@pytest.mark.parametrize(
    "given_values",
    [
        {"image": 3},
        {"model": "vae-k2-gaussian", "function": "sine"},
        {"image": 3, "function": "quadratic"},
        {"function": "reconstruction"},
    ],
)
def test_a_knob_may_set_the_default_of_one_before_it(given_values):
    complete = ReparameterizationKnobs.complete(given_values)
    assert ReparameterizationKnobs.complete(fewest(ReparameterizationKnobs, complete.plain())) == complete
    setting = Setting.given_at_start(ReparameterizationKnobs, given_values)
    assert setting.next_values == setting.in_force == setting.shown


def test_a_restart_knob_waits_and_takes_what_depends_on_it_along():
    setting = Setting.given_at_start(ToyKnobs, {}).with_value("size", 20)
    assert setting.pending == {"size": 20} and setting.in_force["size"] == 2
    assert setting.shown["width"] == (16, 16) and setting.waits("width") and not setting.waits("model")
    assert setting.given == {"size": 20}
    assert setting.with_value("size", 2).pending == {}
    opened = setting.opened(ToyKnobs.complete({"size": 20}).plain())
    assert opened.pending == {} and not opened.waits("width")


def test_a_live_knob_is_in_force_at_once_and_stays_given():
    setting = Setting.given_at_start(ToyKnobs, {}).with_value("beta", 4)
    assert setting.in_force["beta"] == 4.0 and setting.given == {"beta": 4.0}


def test_a_view_knob_that_no_longer_fits_does_not_hold_up_a_new_run():
    setting = Setting.given_at_start(ToyKnobs, {"size": 20, "axis": 7})
    assert setting.with_value("size", 2).given == {"size": 2}
    with pytest.raises(BadValue, match="axis: 21 is not a dimension"):
        setting.with_value("axis", 21)
    with pytest.raises(BadValue, match="size: 65 is not a whole number from 1 to 64"):
        setting.with_value("size", 65)


def test_the_command_line_says_the_step_or_else_the_length_and_no_view():
    setting = Setting.given_at_start(
        ToyKnobs, {"size": 20, "width": (4, 4), "axis": 3, "beta": 0.5, "length": Length(20, "seconds")}
    )
    knobs = "lec10 run toy --size 20 --width 4,4 --beta 0.5"
    assert command_line("toy", setting, 0) == f"{knobs} --seconds 20"
    assert command_line("toy", setting, 120) == f"{knobs} --steps 120"


def test_the_command_line_counts_as_the_lesson_does_and_names_no_knob_by_a_unit():
    given = {"environment": "Acrobot-v1", "horizon": 200, "until_return": 475.0, "episodes": 4}
    setting = Setting.given_at_start(ReinforceKnobs, {**given, "length": Length(2000, "episodes")})
    knobs = "lec10 run reinforce --environment Acrobot-v1 --episodes 4 --horizon 200 --until-return 475"
    assert command_line("reinforce", setting, 0) == f"{knobs} --length '2000 episodes'"
    assert command_line("reinforce", setting, 12) == f"{knobs} --updates 12"
    assert counted(ReinforceKnobs) == "updates" and counted(VAEKnobs) == counted(Knobs) == "steps"
    assert flag_units(ReinforceKnobs) == ("updates", "seconds") and flag_units(VAEKnobs)[0] == "steps"


def test_a_knob_without_a_value_is_given_like_any_other():
    setting = Setting.given_at_start(ReinforceKnobs, {"until_return": 475.0})
    assert setting.given == {"until_return": 475.0} and setting.in_force["length"] == Length()
    endless = setting.with_value("until_return", None)
    assert endless.given == {"length": Length()} and endless.pending == {}
    assert setting.with_value("horizon", 50).with_value("horizon", None).pending == {}


def test_choosing_a_preset_takes_back_what_an_earlier_one_or_a_person_had_set() -> None:
    setting = Setting.given_at_start(VAEKnobs, {"beta": 0.0, "seed": 7, "latent_dim": 5})
    chosen = setting.with_value("preset", "collapse")
    assert chosen.given == {"preset": "collapse", "seed": 7}
    assert VAEKnobs.complete(chosen.given).beta == 20.0
    turned = chosen.with_value("beta", 3.0)
    assert turned.given == turned.opened(turned.in_force).given == {"preset": "collapse", "seed": 7, "beta": 3.0}
    assert turned.opened(VAEKnobs.complete(turned.given).plain()).pending == {}
    assert chosen.with_value("latent_dim", 10).given == {"preset": "collapse", "seed": 7, "latent_dim": 10}
