"""Policies against torch.distributions: log π, entropy, KL; their first weights, and the way to arrays and back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from leaning_policies import SHAPES, leaning, plain, steps

from lec10_tui.learning.policy import Categorical, Gaussian, Policy, PolicyArchitecture, open_policy, policy_arrays
from lec10_tui.learning.random import generator
from lec10_tui.learning.truths.episode_truths import log_of_product


@pytest.mark.parametrize("shape", SHAPES)
@torch.no_grad()
def test_log_prob_entropy_and_kl_are_the_librarys(shape: PolicyArchitecture) -> None:
    policy, other = leaning(shape).double(), leaning(shape, seed=1).double()
    observations, actions = steps(shape)
    here, there = policy.distribution(observations), other.distribution(observations)
    truth, seen, taken = plain(policy), observations.numpy(), actions.numpy()
    close = {"rtol": 0, "atol": 1e-12}
    torch.testing.assert_close(here.log_prob(actions), truth.log_prob(seen, taken).detach(), **close)
    torch.testing.assert_close(here.entropy(), truth.entropy(seen), **close)
    torch.testing.assert_close(here.kl(there), truth.kl(plain(other), seen), **close)
    assert (here.kl(there) > 1e-3).any() and not here.kl(here).any()


@pytest.mark.parametrize("shape", SHAPES)
@torch.no_grad()
def test_what_training_computes_in_float32_is_the_same(shape: PolicyArchitecture) -> None:
    policy, other = leaning(shape), leaning(shape, seed=1)
    observations, actions = steps(shape)
    here, truth = policy.distribution(observations.float()), plain(policy)
    assert here.log_prob(actions).dtype == torch.float32
    torch.testing.assert_close(
        here.log_prob(actions).double(),
        truth.log_prob(observations.float().numpy(), actions.numpy()),
        rtol=2e-6,
        atol=2e-5,
    )
    divergence = here.kl(other.distribution(observations.float())).double()
    torch.testing.assert_close(divergence, truth.kl(plain(other), observations.float().numpy()), rtol=1e-5, atol=2e-5)


@pytest.mark.parametrize("shape", SHAPES)
@torch.no_grad()
def test_the_sum_of_log_probs_is_the_log_of_the_product(shape: PolicyArchitecture) -> None:
    policy = leaning(shape).double()
    observations, actions = steps(shape, count=500)
    factors = plain(policy).log_prob(observations.numpy(), actions.numpy()).exp().tolist()
    total = float(policy.distribution(observations).log_prob(actions).sum())
    assert total == pytest.approx(log_of_product(factors), rel=1e-12)


@torch.no_grad()
def test_a_distribution_says_what_it_is_made_of() -> None:
    categorical = leaning(SHAPES[0]).distribution(torch.zeros(7, 4))
    assert isinstance(categorical, Categorical)
    assert categorical.probabilities.shape == (7, 3) and categorical.mean.shape == categorical.scale.shape == (7, 0)
    torch.testing.assert_close(categorical.probabilities.sum(1), torch.ones(7))
    gaussian = leaning(SHAPES[2]).distribution(torch.zeros(7, 3))
    assert isinstance(gaussian, Gaussian)
    assert gaussian.probabilities.shape == (7, 0) and gaussian.mean.shape == gaussian.scale.shape == (7, 2)
    assert (gaussian.scale > 0).all() and (gaussian.scale == gaussian.scale[0]).all()
    with pytest.raises(TypeError, match="discrete"):
        categorical.kl(gaussian)
    with pytest.raises(TypeError, match="continuous"):
        gaussian.kl(categorical)


@torch.no_grad()
def test_a_chance_that_is_none_adds_nothing() -> None:
    sure = Categorical(torch.tensor([[0.0, -200.0]]).log_softmax(1))
    assert sure.entropy().item() == 0.0
    assert sure.log_prob(torch.tensor([1])).item() == -200.0
    assert math.isfinite(sure.kl(Categorical(torch.tensor([[-200.0, 0.0]]).log_softmax(1))).item())


@pytest.mark.parametrize("shape", SHAPES)
@torch.no_grad()
def test_the_first_policy_leans_nowhere(shape: PolicyArchitecture) -> None:
    found = Policy(shape, generator(0, 0, "policy")).distribution(steps(shape)[0].float())
    if shape.continuous:
        assert found.mean.abs().max() < 0.1 and (found.scale == 1).all()
    else:
        assert (found.probabilities - 1 / shape.actions).abs().max() < 0.05
    assert found.kl(Policy(shape, generator(1, 0, "policy")).distribution(steps(shape)[0].float())).max() > 0


def test_weights_come_from_the_given_generator_alone() -> None:
    before = torch.get_rng_state()
    first, same = (policy_arrays(Policy(SHAPES[2], generator(5, 0, "policy"))) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert {name: array.tobytes() for name, array in first.items()} == {
        name: array.tobytes() for name, array in same.items()
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_arrays_make_the_same_policy_to_the_bit(shape: PolicyArchitecture) -> None:
    policy = leaning(shape)
    arrays = policy_arrays(policy)
    again = open_policy(PolicyArchitecture.of_plain(shape.plain()), arrays)
    assert {name: array.tobytes() for name, array in policy_arrays(again).items()} == {
        name: array.tobytes() for name, array in arrays.items()
    }
    observations = steps(shape)[0].float()
    with torch.no_grad():
        assert torch.equal(policy.network(observations), again.network(observations))
        next(policy.parameters()).zero_()
    assert all(array.any() for array in arrays.values())


def test_weights_of_another_policy_are_refused_in_one_line() -> None:
    arrays = policy_arrays(Policy(SHAPES[0]))
    name = "network.0.weight"
    for wrong, message in [
        ({**arrays, "more": arrays[name]}, "more is not a part"),
        ({key: array for key, array in arrays.items() if key != name}, f"{name} is missing"),
        ({**arrays, name: arrays[name].T}, r"float32 \(4, 16\), floats \(16, 4\) are needed"),
        ({**arrays, name: arrays[name].astype(np.int64)}, "int64"),
    ]:
        with pytest.raises(ValueError, match=message) as caught:
            open_policy(SHAPES[0], wrong)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"observations": 0}, "observations: 0 is not a whole number from 1 up"),
        ({"actions": True}, "actions: True"),
        ({"continuous": 1}, "continuous: 1 is not True or False"),
        ({"hidden": [64, 0]}, "are not whole numbers from 1 up"),
        ({"hidden": 64}, "hidden: 64 is not a list"),
        ({"activation": "sine"}, "activation: 'sine' is not one of tanh, relu"),
        ({"depth": 3}, "does not have exactly the values observations, actions"),
    ],
)
def test_an_architecture_that_is_none_is_refused_in_one_line(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        PolicyArchitecture.of_plain({**SHAPES[0].plain(), **values})
    assert "\n" not in str(caught.value)
