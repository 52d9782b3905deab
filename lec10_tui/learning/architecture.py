"""What a variational autoencoder looks like, as plain values that are stored beside its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

ENCODERS = ("mlp", "conv")
ACTIVATIONS = ("tanh", "relu")
OBSERVATIONS = ("bernoulli", "gaussian")


@dataclass(frozen=True)
class Architecture:
    """The shape of a VAE; raises ValueError with one line for values that describe none.

    `image_shape` is (height, width), `latent_dim` K. `hidden` are the encoder's layers in order, widths for `mlp` and
    channels for `conv`; the decoder mirrors them; () leaves one linear map on each side. `observation` is p(x|z):
    `bernoulli` (the decoder gives logits) or `gaussian` (it gives means).
    """

    image_shape: tuple[int, int]
    latent_dim: int
    encoder: str
    hidden: tuple[int, ...]
    activation: str
    observation: str

    def __post_init__(self) -> None:
        if len(self.image_shape) != 2 or not all(map(_is_size, self.image_shape)):
            raise ValueError(f"image_shape: {self.image_shape!r} is not a height and a width, as (28, 28)")
        if not _is_size(self.latent_dim):
            raise ValueError(f"latent_dim: {self.latent_dim!r} is not a whole number from 1 up")
        if not all(map(_is_size, self.hidden)):
            raise ValueError(f"hidden: {self.hidden!r} are not whole numbers from 1 up, as (512, 256)")
        for name, choices in (("encoder", ENCODERS), ("activation", ACTIVATIONS), ("observation", OBSERVATIONS)):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name}: {getattr(self, name)!r} is not one of {', '.join(choices)}")

    @property
    def pixels(self) -> int:
        """D, the number of pixels of an image."""
        height, width = self.image_shape
        return height * width

    def plain(self) -> dict[str, Any]:
        """These values as JSON has them: numbers, strings and lists."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Architecture:
        """The architecture that `plain` gave; raises ValueError with one line when it is none."""
        names = [field.name for field in fields(cls)]
        if not isinstance(plain, Mapping) or sorted(plain) != sorted(names):
            raise ValueError(f"architecture: {plain!r} does not have exactly the values {', '.join(names)}")
        for name in ("image_shape", "hidden"):
            if not isinstance(plain[name], (list, tuple)):
                raise ValueError(f"{name}: {plain[name]!r} is not a list of whole numbers")
        return cls(**{**plain, "image_shape": tuple(plain["image_shape"]), "hidden": tuple(plain["hidden"])})


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
