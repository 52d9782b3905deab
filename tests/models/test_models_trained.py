"""A trained VAE is opened from a run or from what ships, and again from what another run keeps of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lec10_tui.models.trained import open_trained, trained
from lec10_tui.places import places
from lec10_tui.runs.folders import find
from lec10_tui.runs.snapshots import restore
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import Snapshot


@pytest.fixture
def here(tmp_path: Path) -> Places:
    bare = replace(places(), home=tmp_path)
    return replace(bare, open_model=lambda name: restore(find(name, bare)).snapshot)


@pytest.mark.parametrize("name, latent_dim", [("vae-k2-gaussian", 2), ("vae-k20-bernoulli", 20)])
def test_what_ships_is_opened_in_single_and_double_precision(here: Places, name: str, latent_dim: int) -> None:
    model = open_trained(name, here)
    assert model.name == name and model.latent_dim == latent_dim == model.architecture.latent_dim
    index, x = model.image(3)
    assert index == model.images.shown(3, 1)[0] and x.shape == (784,)
    single, double = model.network.encode(x[None])[0], model.exact.encode(x[None].double())[0]
    assert single.dtype == torch.float32 and double.dtype == torch.float64
    assert torch.allclose(single.double(), double, atol=1e-4)
    assert not any(weight.requires_grad for net in (model.network, model.exact) for weight in net.parameters())


def test_a_run_that_keeps_it_opens_it_without_the_run_it_came_from(here: Places) -> None:
    model = open_trained("vae-k2-gaussian", here)
    again = trained(model.header(), model.arrays(), replace(here, open_model=places().open_model))
    assert again.header() == model.header() and again.observation_variance == model.observation_variance == 0.04
    assert all(np.array_equal(array, model.arrays()[name]) for name, array in again.arrays().items())
    assert again.arrays().keys() == model.arrays().keys()


def test_what_is_no_vae_or_has_other_images_is_refused_in_one_line(here: Places) -> None:
    with pytest.raises(BadValue, match=r"^model: reinforce-cartpole is a run of reinforce; a run of vae, or vae-k2"):
        open_trained("reinforce-cartpole", here)
    model = open_trained("vae-k2-gaussian", here)
    header = model.header()
    header["data"] = {**header["data"], "sha256": "0" * 64}
    with pytest.raises(BadValue, match=r"^mnist is not the data set vae-k2-gaussian was trained on"):
        trained(header, model.arrays(), here)


def test_where_no_runs_are_at_hand_none_is_opened(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match=r"^model: mine can't be opened here"):
        Places(tmp_path, tmp_path, tmp_path).open_model("mine")


def test_what_an_opener_hands_over_is_all_that_is_needed(here: Places) -> None:
    given: list[str] = []

    def handed(name: str) -> Snapshot:
        given.append(name)
        return here.open_model(name)

    open_trained("vae-k2-bernoulli", replace(here, open_model=handed))
    assert given == ["vae-k2-bernoulli"]
