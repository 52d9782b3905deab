"""The networks: shapes for any image, initial weights from one generator alone, weights that travel as arrays."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.random import generator
from lec10_tui.learning.vae import VAE, model_arrays, open_model

MLP = Architecture((6, 5), 3, "mlp", (8, 4), "tanh", "bernoulli")
CONV = Architecture((9, 6), 2, "conv", (3, 5), "relu", "gaussian")


@pytest.mark.parametrize("image_shape", [(8, 8), (28, 28), (32, 32), (7, 9), (1, 1), (13, 2)])
@pytest.mark.parametrize(("encoder", "hidden"), [("mlp", ()), ("mlp", (6, 4)), ("conv", ()), ("conv", (3, 4, 2))])
def test_images_come_back_in_their_shape(image_shape: tuple[int, int], encoder: str, hidden: tuple[int, ...]) -> None:
    architecture = Architecture(image_shape, 2, encoder, hidden, "relu", "bernoulli")
    model = VAE(architecture)
    mu, log_sigma = model.encode(torch.rand(5, architecture.pixels))
    assert mu.shape == log_sigma.shape == (5, 2)
    assert model.decode(mu).shape == (5, architecture.pixels)


def test_a_network_without_hidden_layers_is_affine() -> None:
    model = VAE(Architecture((4, 4), 2, "mlp", (), "tanh", "gaussian"))
    first, second = torch.randn(2, 3, 2, generator=torch.Generator().manual_seed(0))
    middle = (model.decode(first) + model.decode(second)) / 2
    torch.testing.assert_close(model.decode((first + second) / 2), middle)


def test_the_decoder_mirrors_the_encoder() -> None:
    weights = {name: array.shape for name, array in model_arrays(VAE(MLP)).items() if name.endswith("weight")}
    assert list(weights.values()) == [(8, 30), (4, 8), (6, 4), (4, 3), (8, 4), (30, 8)]


@pytest.mark.parametrize("architecture", [MLP, CONV])
def test_initial_weights_come_from_the_generator_alone(architecture: Architecture) -> None:
    before = torch.get_rng_state()
    first, again = (model_arrays(VAE(architecture, generator(3, 0, "weights"))) for _ in range(2))
    other = model_arrays(VAE(architecture, generator(4, 0, "weights")))
    assert torch.equal(torch.get_rng_state(), before)
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
        assert not np.array_equal(first[name], other[name])
        assert np.isfinite(first[name]).all() and first[name].dtype == np.float32


def test_signals_neither_vanish_nor_explode_at_the_start() -> None:
    for encoder, hidden in (("mlp", (512, 256)), ("mlp", (400,)), ("conv", (16, 32))):
        model = VAE(Architecture((28, 28), 2, encoder, hidden, "relu", "bernoulli"), generator(0, 0, "weights"))
        with torch.no_grad():
            mu, log_sigma = model.encode(torch.rand(64, 784, generator=generator(0, 0, "images")))
            output = model.decode(torch.randn(64, 2, generator=generator(0, 0, "codes")))
        assert log_sigma.abs().max() < 1.0 and mu.abs().max() < 1.0
        assert 1e-3 < output.std() < 1.0


@pytest.mark.parametrize("architecture", [MLP, CONV])
def test_weights_travel_as_arrays(architecture: Architecture) -> None:
    model = VAE(architecture, generator(1, 0, "weights"))
    arrays = model_arrays(model)
    opened = open_model(architecture, arrays)
    z = torch.randn(4, architecture.latent_dim, generator=generator(0, 0, "z"))
    assert torch.equal(opened.decode(z), model.decode(z))
    for array in arrays.values():
        array[:] = np.nan
    assert torch.isfinite(opened.decode(z)).all() and torch.isfinite(model.decode(z)).all()


def test_weights_of_another_architecture_are_refused_in_one_line() -> None:
    arrays = model_arrays(VAE(MLP))
    without = {name: array for name, array in arrays.items() if name != "encoder.2.bias"}
    turned = {**arrays, "decoder.0.weight": arrays["decoder.0.weight"].T}
    whole = {**arrays, "encoder.0.bias": np.zeros(8, dtype=np.int64)}
    extra = {**arrays, "encoder.9.bias": np.zeros(3, dtype=np.float32)}
    for wrong, said in (
        (without, "encoder.2.bias is missing"),
        (turned, r"decoder.0.weight is float32 \(3, 4\), floats \(4, 3\)"),
        (whole, "encoder.0.bias is int64"),
        (extra, "encoder.9.bias is not a part"),
    ):
        with pytest.raises(ValueError, match=said) as raised:
            open_model(MLP, wrong)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize("architecture", [MLP, CONV])
def test_an_architecture_goes_through_json(architecture: Architecture) -> None:
    assert Architecture.of_plain(json.loads(json.dumps(architecture.plain()))) == architecture


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"encoder": "transformer"}, "'transformer' is not one of mlp, conv"),
        ({"activation": ["tanh"]}, r"\['tanh'\] is not one of tanh, relu"),
        ({"observation": "poisson"}, "'poisson' is not one of bernoulli, gaussian"),
        ({"latent_dim": 0}, "0 is not a whole number from 1 up"),
        ({"latent_dim": True}, "True is not a whole number"),
        ({"hidden": [512, -1]}, r"\(512, -1\) are not whole numbers"),
        ({"hidden": 512}, "512 is not a list"),
        ({"image_shape": [28]}, r"\(28,\) is not a height and a width"),
        ({"image_shape": "28x28"}, "'28x28' is not a list"),
        ({"dropout": 0.5}, "does not have exactly the values image_shape, latent_dim"),
    ],
)
def test_what_is_no_architecture_is_refused_in_one_line(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said) as raised:
        Architecture.of_plain({**MLP.plain(), **changed})
    assert "\n" not in str(raised.value)
