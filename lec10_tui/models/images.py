"""The images of a data set as the model sees them: training images by the batch, held-out images once and for all."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.data.image_set import ImageSet
from lec10_tui.learning.binarise import binarise
from lec10_tui.learning.random import generator

HELD_OUT_SEED = 413
"""Held-out images are binarised once, by this seed, whatever the run's: readings of different runs can be compared."""

MONITORED = 500
"""Of a larger held-out set this many, chosen by HELD_OUT_SEED, give the held-out readings while training."""


class Images:
    """One data set on one device, flattened: (N, D); `observation` says whether pixels are binarised or grey."""

    def __init__(self, data: ImageSet, observation: str, device: torch.device) -> None:
        self.data = data
        self.device = device
        self.binary = observation == "bernoulli"
        self.train = torch.from_numpy(data.train).reshape(len(data.train), -1).to(device)
        self._order: tuple[tuple[int, int], Tensor] | None = None
        grey = torch.from_numpy(data.held_out).reshape(len(data.held_out), -1).float() / 255
        held_out = binarise(grey, generator(HELD_OUT_SEED, 0, "held-out pixels")) if self.binary else grey
        self.held_out = held_out.to(device)
        self.order = torch.arange(len(grey))
        if len(grey) > MONITORED:
            self.order = torch.randperm(len(grey), generator=generator(HELD_OUT_SEED, 0, "monitored"))
        self._shown = _class_by_class(data)
        self.monitored = self.held_out[self.order[:MONITORED].to(device)]

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        _, height, width = self.data.train.shape
        return height, width

    def epoch_steps(self, batch_size: int) -> int:
        """How many steps go through the training images once; the last batch may be smaller."""
        return -(-len(self.train) // batch_size)

    def seen(self, step: int, batch_size: int) -> int:
        """How many training images the steps before `step` have used."""
        epoch, place = divmod(step, self.epoch_steps(batch_size))
        return epoch * len(self.train) + place * batch_size

    def batch(self, seed: int, step: int, batch_size: int) -> Tensor:
        """The images of training step `step`, counted from 0: (B, D), as the observation model sees them.

        Each epoch goes through the images in an order of its own, keyed by (seed, epoch).
        """
        epoch, place = divmod(step, self.epoch_steps(batch_size))
        if self._order is None or self._order[0] != (seed, epoch):
            order = torch.randperm(len(self.train), generator=generator(seed, epoch, "order"))
            self._order = ((seed, epoch), order.to(self.device))
        chosen = self._order[1][place * batch_size : (place + 1) * batch_size]
        grey = self.train.index_select(0, chosen).float().div_(255)
        if not self.binary:
            return grey
        if self.device.type == "cpu":
            return binarise(grey, generator(seed, step, "pixels"))
        return (torch.rand(grey.shape, generator=generator(seed, step, "pixels")).to(self.device) < grey).float()

    def shown(self, first: int, count: int) -> list[int]:
        """The held-out images at places `first` … of the order they are shown in: one of each class, then again."""
        places = np.arange(first, first + min(count, len(self._shown))) % len(self._shown)
        return [int(index) for index in self._shown[places]]

    def mark(self, index: int) -> str:
        """The one-character mark of a held-out image's class; empty without labels."""
        labels = self.data.held_out_labels
        return "" if labels is None else self.data.class_marks[labels[index]]


def _class_by_class(data: ImageSet) -> NDArray[np.int64]:
    if data.held_out_labels is None:
        return np.arange(len(data.held_out))
    labels = data.held_out_labels
    turn = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        turn[labels == label] = np.arange((labels == label).sum())
    return np.lexsort((labels, turn))


def noise(shape: tuple[int, ...], seed: int, step: int, purpose: str, device: torch.device) -> Tensor:
    """ε ~ N(0, I) keyed by (seed, step, purpose); drawn on the CPU, so that it is the same on every device."""
    return torch.randn(shape, generator=generator(seed, step, purpose)).to(device)


def device_named(name: str) -> torch.device:
    """The device a person means; raises ValueError with one line when this machine has none of it."""
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(kind for kind, present in here.items() if present)
    if not here[name]:
        raise ValueError(f"device: this machine has no {name}; auto or cpu would work")
    return torch.device(name)
