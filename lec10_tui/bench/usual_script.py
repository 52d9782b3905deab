"""The usual script: a VAE on digits as one finds it everywhere, one item at a time through a DataLoader.

Prints one JSON line with its images a second. It shares nothing with lec10 but the file of digits.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


class Digits(Dataset[Tensor]):
    """Opens each item as a picture and converts it, as torchvision's MNIST with ToTensor does."""

    def __init__(self, images: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
        self.images = torch.from_numpy(images)

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> Tensor:
        picture = Image.fromarray(self.images[index].numpy())
        pixels = torch.from_numpy(np.array(picture, np.uint8, copy=True))
        return pixels.view(1, *pixels.shape).contiguous().to(torch.float32).div(255)


class VAE(nn.Module):
    """784-400-20, both ways."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(784, 400)
        self.mean = nn.Linear(400, 20)
        self.log_variance = nn.Linear(400, 20)
        self.widen = nn.Linear(20, 400)
        self.logits = nn.Linear(400, 784)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits, mean and log-variance."""
        h = F.relu(self.hidden(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        return self.logits(F.relu(self.widen(z))), mean, log_variance


def losses(loader: DataLoader[Tensor]) -> Iterator[int]:
    """Train for ever; gives the images of each step."""
    model = VAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    while True:
        for batch in loader:
            x = torch.bernoulli(batch.view(-1, 784))
            logits, mean, log_variance = model(x)
            reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
            kl = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
            optimizer.zero_grad()
            torch.autograd.backward(reconstruction + kl)
            optimizer.step()
            yield len(x)


def main() -> None:
    """Warm up, then count for so many seconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("images", type=Path)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--warm", type=float, default=2.0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    images = np.load(arguments.images)["images"][:4500]
    steps = losses(DataLoader(Digits(images), batch_size=128, shuffle=True))
    next(steps)
    begun, seen, counted = time.perf_counter(), 0, 0.0
    for size in steps:
        now = time.perf_counter() - begun
        if now < arguments.warm:
            counted = now
            continue
        seen += size
        if now >= arguments.warm + arguments.seconds:
            print(json.dumps({"images_per_second": seen / (now - counted), "images": seen}))
            return


if __name__ == "__main__":
    main()
