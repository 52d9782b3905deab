"""The reinforce experiment: the same run to the bit, exact resuming, and an episode in hand that replays exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces

from lec10_tui.environments.rollout import Rollout
from lec10_tui.learning.policy import policy_arrays
from lec10_tui.lessons.reinforce.experiment import (
    ReinforceExperiment,
    open_experiment,
    resume_experiment,
    rollout,
    training,
)
from lec10_tui.lessons.reinforce.experiment.hand import sampled
from lec10_tui.lessons.reinforce.frame import (
    About,
    Act,
    ApplyUpdate,
    Credit,
    Curves,
    Episode,
    Event,
    NextEpisode,
    PreviousEpisode,
    Push,
)
from lec10_tui.vocabulary.commands import SetKnob, Verify
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.frames import Verdicts, Wanted
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import RunFailed

NOWHERE = Places(Path("/nowhere"), Path("/nowhere"), Path("/nowhere"))
SMALL: dict[str, Any] = {"episodes": 4, "hidden": (16,), "horizon": 60}


def experiment(updates: int = 0, **given: Any) -> ReinforceExperiment:
    run = open_experiment({**SMALL, **given}, NOWHERE)
    return advanced(run, updates)


def advanced(run: ReinforceExperiment, updates: int) -> ReinforceExperiment:
    while run.step < updates:
        run.advance()
    return run


def part(run: ReinforceExperiment, name: str) -> Any:
    return run.part(Wanted(name))


def episode(run: ReinforceExperiment) -> Episode:
    found = part(run, "episode")
    assert isinstance(found, Episode)
    return found


def credit(run: ReinforceExperiment) -> Credit:
    found = part(run, "credit")
    assert isinstance(found, Credit)
    return found


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return first.keys() == second.keys() and all(np.array_equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"baseline": "value", "normalise": "on", "entropy_bonus": 0.01},
        {"baseline": "time-dependent", "estimator": "full-return", "discount": 0.9},
        {"environment": "Pendulum-v1", "horizon": 20, "baseline": "mean"},
        {"environment": "FrozenLake-v1", "optimizer": "sgd"},
        {"environment": "lec10/Swimmer-v0", "horizon": 20},
    ],
)
def test_the_same_seed_gives_the_same_run_and_resuming_is_exact_from_the_last_update(given: dict[str, Any]) -> None:
    whole, again = experiment(6, **given), experiment(6, **given)
    assert whole.record.rows == again.record.rows
    half = experiment(3, **given)
    half.advance()  # what is begun after an update is sampled again
    part(half, "credit")  # looking changes nothing
    resumed = advanced(resume_experiment(half.snapshot(), {}, NOWHERE), 6)
    assert resumed.record.rows == whole.record.rows == again.record.rows
    assert same(dict(resumed.snapshot().arrays), dict(whole.snapshot().arrays))
    assert resumed.snapshot().header == whole.snapshot().header
    assert resumed.readings() == whole.readings()


def test_another_seed_is_another_run() -> None:
    assert experiment(2).record.rows != experiment(2, seed=1).record.rows


def test_readings_are_those_of_every_update_in_order() -> None:
    run = experiment()
    assert list(run.readings()) == [
        "update", "episodes", "steps", "mean_return_100", "last_return", "entropy", "gradient_norm", "update_kl"
    ]  # fmt: skip
    assert run.readings()["update"] == 0 and math.isnan(run.readings()["entropy"])
    advanced(run, 3)
    assert [row["update"] for row in run.record.rows] == [1, 2, 3]
    readings = run.readings()
    assert readings["episodes"] == 12 and readings["steps"] == sum(run.returns)  # the reward of cart-pole is 1 a step
    assert readings["mean_return_100"] == pytest.approx(np.mean(run.returns))
    assert 0 < readings["entropy"] <= math.log(2) and readings["update_kl"] > 0
    curves = part(run, "curves")
    assert isinstance(curves, Curves) and curves.threshold == 475.0
    (earned,) = (series for series in curves.series if series.name == "return")
    batch = list(run.returns)[-4:]
    assert (earned.minimum[-1], earned.maximum[-1], earned.last[-1]) == (min(batch), max(batch), batch[-1])


def test_live_knobs_are_logged_and_a_run_with_the_same_turns_is_the_same() -> None:
    turned = experiment(2)
    turned.apply(SetKnob("estimator", "full-return"))
    turned.apply(SetKnob("learning_rate", 0.05))
    advanced(turned, 4)
    assert turned.turns.changes == ((2, "estimator", "full-return"), (2, "learning_rate", 0.05))
    told = open_experiment(SMALL, NOWHERE, turned.turns.changes)
    assert advanced(told, 4).record.rows == turned.record.rows
    about = part(turned, "about")
    assert isinstance(about, About) and about.changes == ("2:estimator=full-return", "2:learning_rate=0.05")
    with pytest.raises(BadValue, match="episodes needs a new run"):
        turned.apply(SetKnob("episodes", 8))


def test_the_run_ends_when_the_mean_return_is_reached_and_says_whether_it_is_solved() -> None:
    run = experiment(until_return=15.0, episodes=32)
    while (run.progress(0.0) or 0.0) < 1:
        run.advance()
        assert run.step < 20
    assert "solved" not in run.readings()
    run.finish()
    assert run.readings()["solved"] is True and len(run.returns) == 100
    short = experiment(1)
    short.finish()
    assert short.readings()["solved"] is False
    assert experiment(2, length=run.knobs.length.__class__(4, "updates")).progress(0.0) == 0.5
    assert experiment(2, length=run.knobs.length.__class__(80, "episodes")).progress(0.0) == pytest.approx(0.1)


# --- the episode in hand ----------------------------------------------------------------------------------------


def test_an_episode_is_whole_and_its_numbers_belong_together() -> None:
    run = experiment(2)
    run.apply(NextEpisode())
    found, given = episode(run), credit(run)
    length = len(found.rewards)
    assert found.observations.shape == (length + 1, 4) and found.probabilities.shape == (length, 2)
    np.testing.assert_allclose(found.probabilities.sum(1), 1, atol=1e-12)
    chosen = found.probabilities[np.arange(length), found.actions[:, 0].astype(int)]
    np.testing.assert_allclose(np.log(chosen), found.log_prob, atol=1e-12)
    assert given.log_prob == pytest.approx(found.log_prob.sum(), abs=1e-12)
    assert given.total_return == found.rewards.sum() == given.reward_to_go[0]
    assert found.film is not None and found.film.frames == length + 1
    assert found.ending == ("terminated" if length < 60 else "horizon")


def test_the_estimator_weighs_the_same_episode() -> None:
    run = experiment(3)
    run.apply(NextEpisode())
    before = episode(run)
    weights = {}
    for estimator in ("full-return", "reward-to-go"):
        for baseline in ("none", "constant", "mean", "time-dependent", "value"):
            run.apply(SetKnob("estimator", estimator))
            run.apply(SetKnob("baseline", baseline))
            weights[estimator, baseline] = credit(run)
    after = episode(run)
    assert np.array_equal(before.observations, after.observations) and before.number == after.number
    length = len(before.rewards)
    assert np.array_equal(weights["full-return", "none"].weight, np.full(length, before.rewards.sum()))
    assert np.array_equal(weights["reward-to-go", "none"].weight, np.arange(length, 0, -1.0))
    assert np.array_equal(weights["reward-to-go", "constant"].weight, np.arange(length, 0, -1.0) - 20)
    for given in weights.values():
        earned = given.total_return if given.estimator == "full-return" else given.reward_to_go
        np.testing.assert_allclose(given.weight, earned - given.baseline_values, atol=1e-12)
    distinct = {given.weight.tobytes() for given in weights.values()}
    assert len(distinct) == len(weights)


def test_a_persons_action_cuts_the_future_and_the_episode_replays_exactly_from_its_seed_and_events() -> None:
    run = experiment(2)
    before = episode(run)
    other = 1.0 - before.actions[5, 0]
    run.apply(Act(5, (other,)))
    run.apply(Push(7, 1.0))
    found, hand = episode(run), run.hands.now
    assert found.number == before.number and found.reset_seed == before.reset_seed
    assert np.array_equal(found.observations[:6], before.observations[:6])
    assert found.actions[5, 0] == other and found.by_person[5] and found.by_person.sum() == 1
    assert found.pushes[7] == 1.0 and [event.kind for event in found.events] == ["act", "push"]
    assert found.states[7, 1] != pytest.approx(episode_without_last(run).states[7, 1])
    again = sampled(hand.update, hand.origin, hand.policy, run.learner.architecture, run.hands.lanes, hand.events)
    assert np.array_equal(again.batch.states, hand.batch.states)
    assert np.array_equal(again.batch.actions, hand.batch.actions)


def episode_without_last(run: ReinforceExperiment) -> Episode:
    """The episode in hand after the push at 7 was taken back."""
    run.apply(Push(7, -1.0))
    found = episode(run)
    run.apply(Push(7, 1.0))
    return found


def test_pushes_that_cancel_give_the_episode_back() -> None:
    run = experiment(1)
    before = run.hands.now
    run.apply(Push(3, 1.0))
    run.apply(Push(3, 1.0))
    assert episode(run).pushes[3] == 2.0
    assert not np.array_equal(run.hands.now.batch.states[:5], before.batch.states[:5])
    run.apply(Push(3, -2.0))
    assert run.hands.now.events == () and np.array_equal(run.hands.now.batch.states, before.batch.states)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (Act(10_000, (0.0,)), "nothing can be done at t = 10000"),
        (Act(0, (2.0,)), r"^action: 2 is not one of 0 to 1$"),
        (Act(0, (0.5,)), r"^action: 0.5 is not one of 0 to 1$"),
        (Push(0, 101.0), r"^push: 101 is not a strength from -100 to 100$"),
        (Push(0, math.nan), "not a strength"),
        (Act(0, (0.0, 1.0)), r"^action: 0, 1 is not one of 0 to 1$"),
        (PreviousEpisode(), "no earlier episode"),
    ],
)
def test_what_can_not_be_done_is_refused_and_changes_nothing(command: Any, words: str) -> None:
    run = experiment(1, environment="CartPole-v1")
    before = run.hands.now
    if isinstance(command, PreviousEpisode):
        run = experiment()
        before = run.hands.now
    with pytest.raises(BadValue, match=words):
        run.apply(command)
    assert run.hands.now is before


def test_grid_worlds_can_not_be_pushed() -> None:
    run = experiment(environment="FrozenLake-v1")
    with pytest.raises(BadValue, match="nothing to push"):
        run.apply(Push(0, 1.0))
    with pytest.raises(BadValue, match="nothing to push"):
        rollout(run.snapshot(), {}, NOWHERE, 0, (Event(0, "push", (1.0,)),))


def test_what_is_learned_from_one_policy_shares_its_weights() -> None:
    run = experiment(2)
    trained = run.hands.now
    run.apply(NextEpisode())
    first = run.hands.now
    run.apply(NextEpisode())
    assert trained.applied is not None and trained.applied.policy is first.policy is run.hands.now.policy
    run.apply(ApplyUpdate())
    run.apply(NextEpisode())
    applied = run.hands.now.policy
    assert not same(dict(applied), dict(first.policy))
    assert same(dict(applied), dict(policy_arrays(run.learner.policy)))


def test_episodes_can_be_gone_back_to() -> None:
    run = experiment()
    first = episode(run)
    assert not first.earlier
    run.apply(NextEpisode())
    second = episode(run)
    assert second.earlier and second.number == first.number + 1
    assert not np.array_equal(second.observations[0], first.observations[0])
    run.apply(PreviousEpisode())
    assert np.array_equal(episode(run).observations, first.observations)
    run.apply(NextEpisode())
    assert np.array_equal(episode(run).observations, second.observations)


def test_an_update_by_hand_moves_the_policy_once_and_says_what_became_more_likely() -> None:
    run = experiment(2)
    run.apply(NextEpisode())
    before = episode(run)
    assert len(credit(run).delta_log_prob) == 0 and credit(run).applied is None
    run.apply(ApplyUpdate())
    given = credit(run)
    assert run.step == 3 and given.applied == 3 and given.batch == 1 and part(run, "about").by_hand == (3,)
    after = sampled(run.step, run.hands.now.origin, run.hands.now.policy, run.learner.architecture, run.hands.lanes)
    assert np.array_equal(after.batch.states[:, 0], run.hands.now.batch.states[:, 0])
    new = run.learner.policy.double().distribution
    import torch

    log_prob = new(torch.from_numpy(before.observations[:-1])).log_prob(
        torch.from_numpy(before.actions[:, 0].astype(np.int64))
    )
    np.testing.assert_allclose(given.delta_log_prob, log_prob.detach().numpy() - before.log_prob, atol=1e-9)
    assert given.more_likely == (given.delta_log_prob > 0).sum() and given.update_kl > 0
    with pytest.raises(BadValue, match="update 3 has learned from this episode"):
        run.apply(ApplyUpdate())


def test_the_update_is_the_slides_step_along_the_tables_gradient() -> None:
    """By plain gradient ascent θ moves by α ‖Σ_t w_t ∇ log π‖ and, to first order, Σ w Δ log π = α ‖Σ w ∇ log π‖²."""
    run = experiment(optimizer="sgd", learning_rate=1e-5)
    run.hands.begin()
    before = {name: array.copy() for name, array in run.learner.arrays().items() if name.startswith("policy/")}
    run.apply(ApplyUpdate())
    after, given = run.learner.arrays(), credit(run)
    moved = math.sqrt(sum(float(((after[name] - before[name]) ** 2).sum()) for name in before))
    assert moved == pytest.approx(1e-5 * given.update_norm, rel=1e-2)
    gained = float((given.weight * given.delta_log_prob).sum())
    assert gained == pytest.approx(1e-5 * given.update_norm**2, rel=0.05)


def test_an_episode_of_an_older_policy_is_not_learned_from() -> None:
    run = experiment()
    run.hands.begin()
    run.apply(NextEpisode())
    run.apply(ApplyUpdate())
    run.apply(PreviousEpisode())
    with pytest.raises(BadValue, match="the policy of update 0"):
        run.apply(ApplyUpdate())


def test_after_training_the_episode_in_hand_is_one_that_was_learned_from() -> None:
    run = experiment(2, normalise="on", baseline="value")
    found, given = episode(run), credit(run)
    assert found.trained and found.update == 1 and given.applied == 2 and given.batch == 4
    assert given.update_kl == run.readings()["update_kl"] and len(given.delta_log_prob) == len(found.rewards)
    before = run.hands.now
    assert before.peers is not None and given.spread > 0
    run.apply(Act(0, (0.0,)))
    cut = episode(run)
    assert np.array_equal(cut.observations[0], found.observations[0]) and not cut.trained
    with pytest.raises(BadValue, match="the policy of update 1"):
        run.apply(ApplyUpdate())


def test_an_update_by_hand_is_kept_by_the_run_and_going_on_is_exact() -> None:
    run = experiment(2)
    run.apply(NextEpisode())
    run.apply(ApplyUpdate())
    run.advance()
    resumed = resume_experiment(run.snapshot(), {}, NOWHERE)
    assert resumed.by_hand == (3,)
    assert advanced(resumed, 5).record.rows == advanced(run, 5).record.rows


def test_a_rate_that_ruins_the_policy_keeps_the_last_good_one() -> None:
    run = experiment(1, environment="Pendulum-v1", optimizer="sgd", learning_rate=1e-6)
    run.apply(SetKnob("learning_rate", 100.0))
    with pytest.raises(RunFailed) as failure:
        advanced(run, 200)
    assert "lower α" in failure.value.advice and str(run.step) in failure.value.advice
    assert all(np.isfinite(array).all() for array in run.learner.arrays().values())
    run.apply(SetKnob("learning_rate", 1e-6))
    advanced(run, run.step + 1)


class Faulty(gymnasium.Env[Any, Any]):
    """Ten steps an episode; of all copies together, those after the `sound` ones bring `value`."""

    observation_space = spaces.Box(-1, 1, (2,))
    action_space = spaces.Discrete(2)
    taken = 0

    def __init__(self, sound: int, value: float) -> None:
        self.sound, self.value = sound, value

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.time = 0
        return self.np_random.uniform(-1, 1, 2).astype(np.float32), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.time += 1
        Faulty.taken += 1
        reward = 1.0 if Faulty.taken <= self.sound else self.value
        return self.np_random.uniform(-1, 1, 2).astype(np.float32), reward, self.time == 10, False, {}


@pytest.fixture
def faulty() -> Iterator[Callable[[int, float], str]]:
    """Registers the one whose rewards go wrong after so many steps."""

    def registered(sound: int, value: float) -> str:
        gymnasium.register("Faulty-v0", entry_point=Faulty, kwargs={"sound": sound, "value": value})
        Faulty.taken = 0
        return "Faulty-v0"

    yield registered
    del gymnasium.registry["Faulty-v0"]


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_fails_and_leaves_the_policy_of_the_last_update(faulty: Any, value: float) -> None:
    run = experiment(environment=faulty(4 * 10 * 3 + 2, value), baseline="value")
    with pytest.raises(RunFailed) as failure:
        advanced(run, 9)
    assert run.step == 3
    assert failure.value.what == "Faulty-v0 broke in step: a reward is no number within ±1e+30"
    assert failure.value.advice == "the policy of update 3 is kept; mend the environment, or choose another"
    sound = experiment(3, environment=faulty(10_000, value), baseline="value")
    assert same(dict(run.snapshot().arrays), dict(sound.snapshot().arrays))


def test_rewards_that_gradients_can_not_hold_are_told_with_what_helps(faulty: Any) -> None:
    run = experiment(environment=faulty(0, 1e29))
    with pytest.raises(RunFailed) as failure:
        advanced(run, 1)
    assert "not finite at update 1" in failure.value.what
    assert failure.value.advice.startswith("no update was made; normalise, or lower α (now 0.01)")
    run.apply(SetKnob("normalise", "on"))
    advanced(run, 3)
    assert all(np.isfinite(array).all() for array in run.learner.arrays().values())


def test_episodes_that_do_not_fit_are_told_with_what_helps(faulty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "Rollout", partial(Rollout, largest=100))
    run = experiment(environment=faulty(10_000, 0.0))
    with pytest.raises(RunFailed) as failure:
        run.advance()
    assert failure.value.what.endswith("take more than 100 bytes")
    assert failure.value.advice == "no update was made; fewer episodes or a shorter T is needed"


def test_what_was_learned_in_an_environment_that_was_another_is_refused() -> None:
    snapshot = experiment(1).snapshot()
    knobs = {**snapshot.header["knobs"], "environment": "Acrobot-v1"}
    other = replace(snapshot, header={**snapshot.header, "knobs": knobs})
    for use in (lambda: resume_experiment(other, {}, NOWHERE), lambda: rollout(other, {}, NOWHERE, 0)):
        with pytest.raises(RunFailed, match="what was learned does not fit Acrobot-v1 as it is here"):
            use()


@pytest.mark.parametrize(
    "environment",
    [
        "Acrobot-v1",
        "MountainCar-v0",
        "MountainCarContinuous-v0",
        "Pendulum-v1",
        "FrozenLake-v1",
        "CliffWalking-v1",
        "lec10/Swimmer-v0",
    ],
)
def test_every_environment_is_trained_stepped_through_and_drawn(environment: str) -> None:
    run = experiment(2, environment=environment, horizon=25, episodes=3)
    run.apply(NextEpisode())
    found, given = episode(run), credit(run)
    length = len(found.rewards)
    assert found.film is not None and found.film.frames == length + 1 == len(found.states)
    assert len(found.state_labels) == found.states.shape[1]
    assert np.isfinite(given.gradient_norm).all() and np.isfinite(found.log_prob).all()
    about = part(run, "about")
    for _, action in about.arrows:
        run.apply(Act(0, action))
        assert episode(run).by_person[0]
    run.apply(ApplyUpdate())
    assert len(credit(run).delta_log_prob) == len(episode(run).rewards)


def test_a_rollout_is_the_episode_the_lesson_takes_in_hand() -> None:
    run = experiment(3)
    fresh = resume_experiment(run.snapshot(), {}, NOWHERE)
    found, given = episode(fresh), credit(fresh)
    *rows, last = rollout(run.snapshot(), {}, NOWHERE, found.number)
    assert [row["t"] for row in rows] == list(range(len(found.rewards)))
    assert np.array_equal([row["observation"] for row in rows], found.observations[:-1])
    assert np.array_equal([row["weight"] for row in rows], given.weight)
    assert np.array_equal([row["gradient_norm"] for row in rows], given.gradient_norm)
    assert list(rows[0]) == [
        "t", "observation", "probabilities", "action", "log_prob", "reward", "reward_to_go", "weight", "gradient_norm"
    ]  # fmt: skip
    assert last["return"] == found.rewards.sum() and last["log_prob"] == pytest.approx(found.log_prob.sum())
    assert list(rollout(run.snapshot(), {}, NOWHERE, 0)) == [*rows, last]
    (first, *_), gaussian = rollout(None, {"environment": "Pendulum-v1", "horizon": 5}, NOWHERE, 0), True
    assert gaussian and len(first["mean"]) == len(first["scale"]) == len(first["action"]) == 1


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"normalise": "on", "baseline": "time-dependent", "entropy_bonus": 0.1},
        {"environment": "Pendulum-v1", "baseline": "value", "horizon": 20},
        {"environment": "Acrobot-v1", "estimator": "full-return", "horizon": 30},
        {"environment": "lec10/Swimmer-v0", "horizon": 20},
        {"environment": "FrozenLake-v1", "discount": 0.9},
    ],
)
def test_every_number_on_the_screen_stands_beside_its_truth(given: dict[str, Any]) -> None:
    run = experiment(2, **given)
    run.apply(Verify())
    while run.work():
        pass
    verdicts = part(run, "verdicts")
    assert isinstance(verdicts, Verdicts) and verdicts.waiting == 0
    assert [verdict for verdict in verdicts.verdicts if verdict.holds is False] == []
    held = {verdict.name.partition(",")[0] for verdict in verdicts.verdicts if verdict.holds}
    table = {"r_t(τ)", "r(τ)", "weight", "log π", "Σ log π", "‖w ∇ log π‖", "‖Σ w ∇ log π‖", "Δ log π"}
    assert held >= table | {"entropy", "update_kl", "gradient_norm", "last_return"}
    assert "lec10" in run.description.id or any(name.startswith("s at t") for name in held)


def test_a_wrong_number_would_be_found() -> None:
    run = experiment(1)
    hand = run.hands.now
    hand.batch.rewards[3] += 0.01  # what the table's numbers come from, after the film of it was made
    run.record.rows[-1]["entropy"] *= 1.01  # type: ignore[index]
    run.apply(Verify())
    while run.work():
        pass
    wrong = {verdict.name for verdict in part(run, "verdicts").verdicts if verdict.holds is False}
    assert "entropy" in wrong


def test_the_spread_of_an_episode_alone_is_verified_too() -> None:
    run = experiment(2, normalise="on", baseline="mean")
    run.apply(NextEpisode())
    assert credit(run).spread != 1
    run.apply(Verify())
    while run.work():
        pass
    (weight,) = [verdict for verdict in part(run, "verdicts").verdicts if verdict.name.startswith("weight")]
    assert weight.holds and weight.truth == pytest.approx(weight.reading)
    assert part(run, "verdicts").step == 2
