"""A trained VAE as a lesson studies it: its network, the images it was trained on, where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.data.catalogue import load
from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.vae import VAE, model_arrays
from lec10_tui.models.images import Images
from lec10_tui.models.stored import MODEL, Arrays, stored_model
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.knobs import BadValue


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A VAE that no longer learns, on the CPU, with the held-out images of its data set as it sees them.

    `name` is what a person calls it, `observation_variance` the η it was trained with (unused by Bernoulli models).
    `network` is in float32, as it was trained; `exact` is the same network in float64. `source` is what its data set is
    loaded by: a name, or a path.
    """

    name: str
    network: VAE
    exact: VAE
    images: Images
    source: str
    observation_variance: float
    seed: int

    @property
    def architecture(self) -> Architecture:
        """What the network is made of."""
        return self.network.architecture

    @property
    def latent_dim(self) -> int:
        """K."""
        return self.architecture.latent_dim

    def image(self, place: int) -> tuple[int, Tensor]:
        """The held-out image at `place` of the order they are shown in: its index, and its pixels (D,) float32."""
        (index,) = self.images.shown(place, 1)
        return index, self.images.held_out[index]

    def header(self) -> dict[str, Any]:
        """What a snapshot says of it, as plain values."""
        data = self.images.data
        return {
            "name": self.name,
            "architecture": self.architecture.plain(),
            "observation_variance": self.observation_variance,
            "seed": self.seed,
            "data": {"name": data.name, "source": self.source, "sha256": data.sha256},
        }

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Its weights, as a snapshot holds them: a lesson's run can be opened without the run they came from."""
        return {MODEL + name: array for name, array in model_arrays(self.network).items()}


def open_trained(name: str, places: Places) -> TrainedModel:
    """The VAE of the run or the shipped model called `name`; raises BadValue, RunError or DataError with one line."""
    snapshot = places.open_model(name)
    if snapshot.lesson != "vae":
        raise BadValue(
            f"model: {name} is a run of {snapshot.lesson}; a run of vae, or vae-k2-bernoulli, would be right"
        )
    knobs, data = snapshot.header["knobs"], snapshot.header["data"]
    header = {
        "name": name,
        "architecture": snapshot.header["architecture"],
        "observation_variance": float(knobs["observation_variance"]),
        "seed": knobs["seed"],
        "data": {"name": data["name"], "source": knobs["data"], "sha256": data["sha256"]},
    }
    return trained(header, snapshot.arrays, places)


def trained(header: Mapping[str, Any], arrays: Arrays, places: Places) -> TrainedModel:
    """The model that `header` and `arrays` of a snapshot describe; raises BadValue or DataError with one line."""
    architecture = Architecture.of_plain(header["architecture"])
    network = stored_model(architecture, arrays)
    data = load(header["data"]["source"], places)
    if data.sha256 != header["data"]["sha256"]:
        raise BadValue(f"{data.name} is not the data set {header['name']} was trained on: its sha256 differs")
    network.requires_grad_(False)
    exact = stored_model(architecture, arrays).double().requires_grad_(False)
    return TrainedModel(
        name=str(header["name"]),
        network=network,
        exact=exact,
        images=Images(data, architecture.observation, torch.device("cpu")),
        source=str(header["data"]["source"]),
        observation_variance=float(header["observation_variance"]),
        seed=int(header["seed"]),
    )
