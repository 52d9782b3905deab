"""The problem of one run: what is averaged, under which q, and one batch of it through the three estimators."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from lec10_tui.learning.estimators import ExactGradient, hermite_gradient, pathwise, sampled_gradient, score
from lec10_tui.learning.estimators import score_function as weighed
from lec10_tui.learning.random import generator
from lec10_tui.learning.targets import SEPARABLE, Reconstruction, Separable
from lec10_tui.lessons.reparameterization.frame import Floats, ReparameterizationKnobs
from lec10_tui.models.trained import TrainedModel

NUMBERS_AT_ONCE = 50_000
WEIGHTS_AT_ONCE = 60_000_000
MOST_AT_ONCE = 400
SAMPLES_OF_EXACT = 100_000

Clock = Callable[[], float]


@dataclass(frozen=True, eq=False)
class Problem:
    """∂/∂μ₁ E[f(z)] for z ~ N(`mu`, diag `sigma`²), (K,) each, in float64; `model` is that of a reconstruction term."""

    function: Separable | Reconstruction
    mu: Tensor
    sigma: Tensor
    model: TrainedModel | None = None
    label: str = ""

    @property
    def dimension(self) -> int:
        """K."""
        return len(self.mu)

    @property
    def formula(self) -> str:
        """f as people write it: of one dimension there is no sum."""
        formula = self.function.formula
        return formula.removeprefix("Σ ") if self.dimension == 1 else formula

    @property
    def at_once(self) -> int:
        """How many samples go through all estimators in well under 50 ms; it depends on nothing but the problem."""
        if self.model is None:
            return max(1, NUMBERS_AT_ONCE // self.dimension)
        weights = sum(weight.numel() for weight in self.model.exact.decoder.parameters())
        return max(1, min(MOST_AT_ONCE, WEIGHTS_AT_ONCE // weights))

    def in_dimensions(self, dimension: int) -> Problem:
        """The same sum over another number of dimensions, all alike."""
        return replace(self, mu=self.mu[:1].repeat(dimension), sigma=self.sigma[:1].repeat(dimension))

    def exact_gradient(self, seed: int) -> Generator[None, None, ExactGradient]:
        """The exact gradient, in slices: in closed form, by Gauss–Hermite, or from a stream of samples of its own."""
        if isinstance(self.function, Separable):
            return ExactGradient(self.function.gradient(float(self.mu[0]), float(self.sigma[0])), 0.0, "closed form")
        if self.dimension <= 2:
            return (yield from hermite_gradient(self.function, self.mu, self.sigma, chunk=self.at_once))
        stream = generator(seed, 0, "exact gradient")
        return (
            yield from sampled_gradient(
                self.function, self.mu, self.sigma, stream, SAMPLES_OF_EXACT, chunk=self.at_once
            )
        )

    def closed_variances(self, baseline: float) -> Floats:
        """The variances of one sample's estimates in closed form, (3,); NaN where there is none."""
        if isinstance(self.function, Reconstruction):
            return np.full(3, np.nan)
        mu, sigma = float(self.mu[0]), float(self.sigma[0])
        return np.array(self.function.variances(mu, sigma, self.dimension, baseline))


def problem_of(knobs: ReparameterizationKnobs, model: TrainedModel | None) -> Problem:
    """What the knobs describe; `model` is the one of the reconstruction term, whose q is the encoder's answer."""
    if model is None:
        mu, sigma = (torch.full((knobs.dimension,), value, dtype=torch.float64) for value in (knobs.mu, knobs.sigma))
        return Problem(SEPARABLE[knobs.function], mu, sigma)
    index, x = model.image(knobs.image)
    x = x.double()
    with torch.no_grad():
        means, log_sigmas = model.exact.encode(x[None])
    function = Reconstruction(model.exact, x, model.observation_variance)
    return Problem(function, means[0], log_sigmas[0].exp(), model, model.images.mark(index))


@dataclass(frozen=True, eq=False)
class Batch:
    """Samples through all estimators: ∂/∂μ₁ of each, `estimates` (3, n), the last ε (K,), `seconds` (3,) each took."""

    estimates: Floats
    last: Tensor
    seconds: Floats

    @property
    def samples(self) -> int:
        """n."""
        return int(self.estimates.shape[1])


def draw(problem: Problem, samples: int, stream: torch.Generator) -> Tensor:
    """ε ~ N(0, I) of so many samples, (samples, K), from `stream`."""
    return torch.randn((samples, problem.dimension), generator=stream, dtype=torch.float64)


@torch.no_grad()
def estimate(problem: Problem, epsilon: Tensor, baseline: float, clock: Clock) -> Batch:
    """`epsilon` (n, K) through the three estimators, each timed with all that it needs once ε is drawn.

    f and the score serve both score-function estimators, and count in full for both.
    """
    mu, sigma = problem.mu, problem.sigma
    times = [clock()]
    through = pathwise(problem.function, mu, sigma, epsilon).mu_bar
    times.append(clock())
    z = torch.addcmul(mu, sigma, epsilon)
    f, scores = problem.function(z), score(z, mu, sigma).mu
    times.append(clock())
    plain = weighed(f, scores)
    times.append(clock())
    lowered = weighed(f, scores, baseline)
    times.append(clock())
    back, shared, *own = np.diff(times)
    estimates = torch.stack((through[:, 0], plain[:, 0], lowered[:, 0])).numpy()
    return Batch(estimates, epsilon[-1].clone(), np.array([back, *(shared + one for one in own)]))


def batches(problem: Problem, samples: int, stream: torch.Generator, baseline: float, clock: Clock) -> Iterator[Batch]:
    """`samples` drawn from `stream` in batches of at most `problem.at_once`."""
    for start in range(0, samples, problem.at_once):
        epsilon = draw(problem, min(problem.at_once, samples - start), stream)
        yield estimate(problem, epsilon, baseline, clock)
