"""The learner: a model and its optimizer, stepped together and saved together."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.elbo import training_loss
from lec10_tui.learning.optimizers import build, optimizer_arrays, restore_optimizer
from lec10_tui.learning.random import generator
from lec10_tui.learning.vae import VAE, model_arrays
from lec10_tui.lessons.vae.frame import VAEKnobs
from lec10_tui.models.stored import MODEL, Arrays, stored_model, within

OPTIMIZER = "optimizer/"


class Learner:
    """A VAE and its optimizer on `device`; its first weights are keyed by the seed, or come from `arrays`."""

    def __init__(
        self, architecture: Architecture, knobs: VAEKnobs, device: torch.device, arrays: Arrays | None = None
    ) -> None:
        if arrays is None:
            model = VAE(architecture, generator(knobs.seed, 0, "weights"))
        else:
            model = stored_model(architecture, arrays)
        self.model = model.to(device)
        self.optimizer = build(knobs.optimizer, self.model.parameters(), knobs.learning_rate)
        if arrays is not None:
            self._restore_optimizer(arrays)

    def step(self, x: Tensor, epsilon: Tensor, variance: float, kl_weight: float) -> tuple[float, float, float]:
        """One optimizer step on images `x` (B, D); the loss, the reconstruction term and the KL before it.

        Nothing is changed when one of them is no finite number.
        """
        self.optimizer.zero_grad(set_to_none=True)
        loss, reconstruction, kl = training_loss(self.model, x, epsilon, variance, kl_weight)
        values = torch.stack((loss, reconstruction, kl)).detach().tolist()
        if all(map(math.isfinite, values)):
            torch.autograd.backward(loss)
            self.optimizer.step()
        return values[0], values[1], values[2]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Copies of the weights and of the optimizer's state, by name."""
        weights = {MODEL + name: array for name, array in model_arrays(self.model).items()}
        return weights | {OPTIMIZER + name: array for name, array in optimizer_arrays(self.optimizer).items()}

    def load(self, arrays: Arrays) -> None:
        """Go back to what `arrays` of an earlier call hold."""
        weights = within(arrays, MODEL)
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(torch.from_numpy(np.asarray(weights[name])))
        self._restore_optimizer(arrays)

    def _restore_optimizer(self, arrays: Arrays) -> None:
        state = within(arrays, OPTIMIZER)
        if state:  # a model that ships has weights alone
            restore_optimizer(self.optimizer, state)
