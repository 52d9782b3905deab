"""The table of a page: one row an image, refined in slices, always of what its ascents have reached."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lec10_tui.lessons.amortization.experiment import estimates
from lec10_tui.lessons.amortization.experiment.ascents import Candidate, Page
from lec10_tui.lessons.amortization.experiment.estimates import Elbo, Evidence, Likelihood

UNCHANGED = 1e-3
"""Nats that a best ELBO has to rise by to be refined anew for the table."""


AT_ONCE = 2
"""Images whose log p(x) is found before the rows are looked after again."""


@dataclass(frozen=True, eq=False)
class Row:
    """What is known of one image: the encoder's ELBO, the best one of its ascents, whose it is, and the q it is of.

    It was refined when the ascents had made `steps`; `values` are their ELBOs then, by their own count.
    """

    amortized: float
    optimized: float
    winner: int
    standard_error: float
    mu: Tensor
    log_sigma: Tensor
    values: tuple[float, ...]
    steps: int


class Rows:
    """The `rows` of `page`, None until refined; what `known` has of log p(x), by held-out index, is not found anew.

    Every row and every log p(x) is a function of where the ascents stand, whatever was refined before it.
    """

    def __init__(self, page: Page, known: dict[int, Likelihood]) -> None:
        self.page, self.known = page, known
        self.version = 0
        self.encoder_milliseconds = page.encoder_milliseconds()
        self.rows: list[Row | None] = [None] * len(page)
        self._evidence: dict[int, Evidence] = {}
        self._encoder: dict[int, Elbo] = {}
        self._refined: dict[tuple[int, int], tuple[Candidate, Elbo]] = {}

    # --- log p(x) -----------------------------------------------------------------------------------------------

    def evidence(self, image: int) -> Evidence:
        """What finds log p(x) of an image of the page."""
        if image not in self._evidence:
            page = self.page
            self._evidence[image] = Evidence(page.model, page.x[image], page.seed)
            self._evidence[image].refined = self.known.get(page.indices[image])
        return self._evidence[image]

    def likelihood(self, image: int) -> Likelihood | None:
        """log p(x) of an image of the page, once it is refined."""
        return self.known.get(self.page.indices[image])

    def refine_likelihood(self, image: int) -> Generator[None, None, Likelihood]:
        """log p(x) of an image of the page, refined."""
        found = yield from self.evidence(image).refine()
        if self.likelihood(image) is None:
            self.known[self.page.indices[image]] = found
            self.version += 1
        return found

    # --- ELBOs --------------------------------------------------------------------------------------------------

    def refine(self, image: int) -> Generator[None, None, Row]:
        """The row of an image as its ascents stand now: all of it exact."""
        page = self.page
        offers = [candidate for candidate, _ in page.offers(image)]
        amortized = yield from self._amortized(image)
        best, winner, q = amortized, 0, (page.encoder_mu[image], page.encoder_log_sigma[image])
        for start, candidate in enumerate(offers):
            if page.model.latent_dim <= 2 and not candidate.resolved and candidate.value <= amortized.value:
                continue  # far too wide, and it says itself that it is no better
            found = yield from self._elbo(image, start, candidate)
            if found.value > best.value:
                best, winner, q = found, start, (candidate.mu, candidate.log_sigma)
        error = max(amortized.standard_error, best.standard_error)
        values = tuple(candidate.value for candidate in offers)
        row = Row(amortized.value, best.value, winner, error, *q, values, page.steps)
        self.rows[image] = row
        self.version += 1
        return row

    def _amortized(self, image: int) -> Generator[None, None, Elbo]:
        if image not in self._encoder:
            page = self.page
            mu, log_sigma = page.encoder_mu[image], page.encoder_log_sigma[image]
            self._encoder[image] = yield from estimates.elbo(page.model, page.x[image], mu, log_sigma, page.seed)
        return self._encoder[image]

    def _elbo(self, image: int, start: int, candidate: Candidate) -> Generator[None, None, Elbo]:
        """The exact ELBO of a candidate; not taken again while it is the same q."""
        before, found = self._refined.get((image, start), (None, None))
        if (
            before is None
            or found is None
            or not (torch.equal(before.mu, candidate.mu) and torch.equal(before.log_sigma, candidate.log_sigma))
        ):
            page = self.page
            found = yield from estimates.elbo(page.model, page.x[image], candidate.mu, candidate.log_sigma, page.seed)
            self._refined[image, start] = candidate, found
        return found

    def reached(self, image: int) -> tuple[float, int]:
        """The best ELBO that the ascents of an image have reached, and whose it is; NaN while nothing is known of it.

        It is the refined row's, or what an ascent has climbed to since, where its own count can be trusted.
        """
        row, counted = self.rows[image], self.page.counted(image)
        if row is None or (row.steps == 0 < self.page.steps and max(counted) == -math.inf):
            return math.nan, 0
        since = [(value, start) for start, value in enumerate(counted) if value > row.values[start]]
        return max([(row.optimized, row.winner), *since], key=lambda found: found[0])

    # --- the whole page -----------------------------------------------------------------------------------------

    def refine_all(self, first: int) -> Generator[None, None, None]:
        """Every row and every log p(x), the image `first` before the others; rows that grow old meanwhile once more."""
        order = [first, *(image for image in range(len(self.rows)) if image != first)]
        unknown = [image for image in order if self.likelihood(image) is None]
        while True:
            for image in order:
                if not self._fresh(image):
                    yield from self.refine(image)
                yield
            if not unknown:
                return
            for image in unknown[:AT_ONCE]:
                yield from self.refine_likelihood(image)
                yield
            unknown = unknown[AT_ONCE:]

    def _fresh(self, image: int) -> bool:
        """Whether refining the row again would not change what is read from it."""
        row, offers = self.rows[image], [candidate for candidate, _ in self.page.offers(image)]
        return row is not None and all(
            candidate.value == before or (candidate.resolved and abs(candidate.value - before) <= UNCHANGED)
            for candidate, before in zip(offers, row.values, strict=True)
        )

    @property
    def done(self) -> float:
        """How much of the page is refined, 0 … 1."""
        refined = sum(row is not None for row in self.rows)
        return (refined + sum(self.likelihood(image) is not None for image in range(len(self.rows)))) / (
            2 * len(self.rows)
        )


# --- saving -----------------------------------------------------------------------------------------------------


def likelihood_arrays(known: Mapping[int, Likelihood]) -> dict[str, NDArray[np.generic]]:
    """Every log p(x) that is known, for a snapshot."""
    if not known:
        return {}
    values = list(known.values())
    return {
        "likelihood/indices": np.array(list(known), np.int64),
        "likelihood/values": np.array([[value.value, value.error] for value in values]),
        "likelihood/boxes": torch.stack([torch.stack((value.low, value.high)) for value in values]).numpy(),
    }


def likelihoods_of(arrays: Mapping[str, NDArray[Any]]) -> dict[int, Likelihood]:
    """What `likelihood_arrays` kept."""
    if "likelihood/indices" not in arrays:
        return {}
    boxes = torch.from_numpy(np.array(arrays["likelihood/boxes"], np.float64))
    return {
        int(index): Likelihood(float(value), float(error), *box)
        for index, (value, error), box in zip(
            arrays["likelihood/indices"], arrays["likelihood/values"], boxes, strict=True
        )
    }
