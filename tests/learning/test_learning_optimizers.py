"""Optimizers by name, and that a run resumed from arrays goes on to the last bit."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.binarise import binarise
from lec10_tui.learning.elbo import training_loss
from lec10_tui.learning.optimizers import NAMES, Optimizer, build, optimizer_arrays, restore_optimizer
from lec10_tui.learning.random import generator
from lec10_tui.learning.vae import VAE, model_arrays, open_model

ARCHITECTURE = Architecture((6, 5), 2, "mlp", (16,), "tanh", "bernoulli")
RATES = {"adam": 1e-3, "adamw": 1e-3, "sgd": 1e-3, "momentum": 1e-3, "rmsprop": 1e-3, "adagrad": 1e-2}


def train(model: VAE, optimizer: Optimizer | torch.optim.Optimizer, first: int, last: int) -> list[float]:
    """The losses of steps `first` … `last` − 1; every draw is keyed by its step."""
    losses = []
    for step in range(first, last):
        x = binarise(torch.rand(32, 30, generator=generator(0, 0, "images")), generator(0, step, "binarise"))
        optimizer.zero_grad()
        loss, _, _ = training_loss(model, x, torch.randn(32, 2, generator=generator(0, step, "epsilon")), 0.05, 1.0)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stop", [0, 1, 12])
def test_a_resumed_run_is_the_same_run(name: str, stop: int) -> None:
    model = VAE(ARCHITECTURE)
    optimizer = build(name, model.parameters(), RATES[name])
    train(model, optimizer, 0, stop)
    weights, state = model_arrays(model), optimizer_arrays(optimizer)
    straight = train(model, optimizer, stop, 24)

    resumed = open_model(ARCHITECTURE, weights)
    again = build(name, resumed.parameters(), RATES[name])
    restore_optimizer(again, state)
    assert {key: array.tobytes() for key, array in optimizer_arrays(again).items()} == {
        key: array.tobytes() for key, array in state.items()
    }
    assert train(resumed, again, stop, 24) == straight
    for key, array in model_arrays(model).items():
        np.testing.assert_array_equal(model_arrays(resumed)[key], array)


LIBRARY: dict[str, Any] = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "sgd": torch.optim.SGD,
    "momentum": partial(torch.optim.SGD, momentum=0.9),
    "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad,
}


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_steps_as_the_librarys_own_class(name: str) -> None:
    model, other = VAE(ARCHITECTURE), VAE(ARCHITECTURE)
    losses = train(model, build(name, model.parameters(), RATES[name]), 0, 30)
    library = LIBRARY[name](other.parameters(), lr=RATES[name])
    np.testing.assert_allclose(losses, train(other, library, 0, 30), rtol=1e-5)
    for key, array in model_arrays(model).items():
        np.testing.assert_allclose(array, model_arrays(other)[key], rtol=0, atol=2e-6)


def test_a_step_needs_gradients() -> None:
    with pytest.raises(RuntimeError, match="call backward first"):
        build("adam", VAE(ARCHITECTURE).parameters(), 1e-3).step()


def test_gradients_are_forgotten_or_zeroed() -> None:
    model = VAE(ARCHITECTURE)
    optimizer = build("sgd", model.parameters(), 1e-3)
    train(model, optimizer, 0, 1)
    optimizer.zero_grad(set_to_none=False)
    assert all(parameter.grad is not None and not parameter.grad.any() for parameter in model.parameters())
    optimizer.zero_grad()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_first_step_does_not_wait_for_torch_dynamo() -> None:
    code = """
import sys, torch
from lec10_tui.learning.optimizers import NAMES, build
for name in NAMES:
    weight = torch.ones(3, requires_grad=True)
    optimizer = build(name, [weight], 0.1)
    weight.sum().backward()
    optimizer.step()
    assert (weight < 1).all()
sys.exit("torch._dynamo" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_optimizer_learns(name: str) -> None:
    model = VAE(ARCHITECTURE)
    losses = train(model, build(name, model.parameters(), RATES[name]), 0, 300)
    assert np.mean(losses[-20:]) < np.mean(losses[:20])


def test_arrays_are_copies() -> None:
    model = VAE(ARCHITECTURE)
    optimizer = build("adam", model.parameters(), 1e-3)
    train(model, optimizer, 0, 3)
    arrays = optimizer_arrays(optimizer)
    kept = arrays["0.exp_avg"].copy()
    train(model, optimizer, 3, 6)
    np.testing.assert_array_equal(arrays["0.exp_avg"], kept)
    restore_optimizer(optimizer, arrays)
    train(model, optimizer, 3, 6)
    np.testing.assert_array_equal(arrays["0.exp_avg"], kept)


def test_the_rate_turns_and_stays_out_of_the_arrays() -> None:
    model = VAE(ARCHITECTURE)
    optimizer = build("sgd", model.parameters(), 0.5)
    optimizer.learning_rate = 0.0
    before = model_arrays(model)
    train(model, optimizer, 0, 2)
    for name, array in model_arrays(model).items():
        np.testing.assert_array_equal(array, before[name])
    assert optimizer_arrays(optimizer) == {}


def test_state_of_another_optimizer_is_refused_in_one_line() -> None:
    model = VAE(ARCHITECTURE)
    optimizer = build("adam", model.parameters(), 1e-3)
    train(model, optimizer, 0, 1)
    arrays = optimizer_arrays(optimizer)
    without = {name: array for name, array in arrays.items() if name != "1.exp_avg_sq"}
    extra = {**arrays, "99.step": arrays["0.step"]}
    turned = {**arrays, "0.exp_avg": arrays["0.exp_avg"].T}
    for wrong, said in (
        (without, "1.exp_avg_sq is missing"),
        (extra, "99.step is not a part"),
        (turned, r"0.exp_avg is \(30, 16\), \(16, 30\) is needed"),
        ({"0.momentum_buffer": arrays["0.exp_avg"]}, "0.step is missing"),
        ({}, "0.step is missing"),
    ):
        with pytest.raises(ValueError, match=said) as raised:
            restore_optimizer(optimizer, wrong)
        assert "\n" not in str(raised.value)


def test_an_unknown_optimizer_is_refused() -> None:
    with pytest.raises(ValueError, match="'lion' is not one of adam, adamw, sgd, momentum, rmsprop, adagrad"):
        build("lion", VAE(ARCHITECTURE).parameters(), 1e-3)
