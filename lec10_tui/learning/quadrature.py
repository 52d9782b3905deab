"""log p(x) = log ∫ p(x|z) p(z) dz for K = 1 or 2, on panels that are split where it matters (slide: Observation Model).

Every panel has a product of Gauss–Legendre rules. One that may hold mass is cut into 2ᴷ parts; where the parts say the
same as the whole they are settled, elsewhere they are cut again.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from lec10_tui.learning.panels import Panels, cut, lattice, log_difference, measured, rule

LogJoint = Callable[[Tensor], Tensor]
"""log p(x|z) + log p(z) in nats, (n, K) float64 → (n,): all that is known of the model here."""

CHUNK = 1024
"""Codes decoded in one slice."""

MOST = {1: 65_536, 2: 524_288}
"""Nodes after which refining gives up; the error then says so."""

_ORDER = {1: 16, 2: 8}
"""Gauss–Legendre nodes of a panel, a dimension."""

_FIRST = {1: 32, 2: 8}
"""Panels that [−reach, reach] is cut into at first, a dimension."""

_COARSE = {1: 512, 2: 1500}
"""Nodes that the coarse answer has."""

_SCAN, _ZOOM = {1: 192, 2: 26}, {1: 64, 2: 13}
"""Its nodes a dimension where it looks for the mass, and in every box that zooms in."""

_HOPELESS = 14.0
"""Nats below the integral from where on a panel's promise counts as nothing."""

_DOUBTFUL = 0.05
"""The part of the tolerance by which a panel may differ from what it was cut from, and be settled."""

_RESOLVED = 4.0
"""Nats that a panel may promise beyond what its nodes show, once it is fine enough to be believed."""

_NOTHING = 1e-7
"""The share of the integral below which a panel is left out of the box that holds it."""

_FARTHEST = 64.0
"""How far out mass is looked for where it leans against the edge."""


@dataclass(frozen=True, eq=False)
class Integral:
    """∫ exp(log_joint) dz: its log and by how much that may be wrong, in nats; how many nodes it took.

    `mean` and `scale` (K,) are the moments of the normalised integrand, the posterior; `low` and `high` (K,) the edges
    of a box that holds nearly all of it.
    """

    log_value: float
    error: float
    nodes: int
    mean: Tensor
    scale: Tensor
    low: Tensor
    high: Tensor


class GlobalQuadrature:
    """log ∫ exp(`log_joint`) dz over ℝᴷ, K = 1 or 2: an answer at once, then a better one in slices.

    Mass is looked for in [−`reach`, `reach`]ᴷ, and farther out where it leans against the edge. Raises ValueError for
    other K, and where log_joint is not finite.
    """

    def __init__(self, log_joint: LogJoint, latent_dim: int, tolerance: float = 1e-3, reach: float = 8.0) -> None:
        if latent_dim not in (1, 2):
            raise ValueError(f"quadrature: K = {latent_dim} is not 1 or 2, importance sampling is for more")
        self.log_joint, self.latent_dim, self.tolerance, self.reach = log_joint, latent_dim, tolerance, reach
        self.done = False
        self._coarse: Integral | None = None
        self._unseen = self._sliced(*lattice(latent_dim, _FIRST[latent_dim], reach))
        self._panels: Panels | None = None
        self._nodes = 0

    @property
    def integral(self) -> Integral:
        """The best answer so far: the coarse one until refining has done better."""
        coarse = self.coarse()
        if self._panels is None or self._unseen:
            return coarse
        refined = self._sum(self._panels)
        return refined if self.done or refined.error < coarse.error else coarse

    @torch.no_grad()
    def coarse(self) -> Integral:
        """The integral from at most 1,500 nodes, on boxes that zoom in on the mass: the last two tell the error."""
        if self._coarse is None:
            self._coarse = self._zoom()
        return self._coarse

    @torch.no_grad()
    def refine(self, seconds: float) -> bool:
        """Go on for so long, at least one slice of `CHUNK` nodes; True once resolutions agree or the limit is reached.

        How far it is after a slice depends on the clock; where it ends does not.
        """
        until = time.perf_counter() + seconds
        self.coarse()
        while not self.done:
            self._split()
            if time.perf_counter() >= until:
                break
        return self.done

    def masses(self) -> tuple[Tensor, Tensor]:
        """Where the mass is, once it is refined: codes (n, K) and their shares (n,), for means over the posterior.

        Each panel is replaced by 2ᴷ codes with its mean and variances; those that hold next to nothing are left out.
        """
        assert self._panels is not None
        log_mass = self._panels.log_mass
        panels = self._panels.at(log_mass > log_mass.logsumexp(0) + math.log(_NOTHING))
        signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * self.latent_dim)
        codes = panels.mean[:, None] + panels.variance.sqrt()[:, None] * signs.view(-1, self.latent_dim)
        parts = 2**self.latent_dim
        return codes.flatten(0, 1), panels.log_mass.softmax(0).repeat_interleave(parts) / parts

    # --- the coarse answer ------------------------------------------------------------------------------------------

    def _zoom(self) -> Integral:
        """Scan, then zoom in as long as the box shrinks, then spend what nodes are left on the last box."""
        dimensions, budget = self.latent_dim, _COARSE[self.latent_dim]
        low = torch.full((1, dimensions), -self.reach, dtype=torch.float64)
        # Nothing is known yet, but that the prior is where codes crowd.
        codes, log_weights = _crowded(*rule(low, -low, _SCAN[dimensions]), self.reach)
        log_values, size, last = list[float](), (2 * self.reach) ** dimensions, False
        while True:
            values = self._evaluate(codes)
            masses = (values + log_weights).flatten()
            log_values.append(float(masses.logsumexp(0)))
            self._nodes += values.numel()
            low, high = _holding_mass(codes[0], values[0])
            if last:
                break
            left, before, size = budget - self._nodes, size, float((high - low).prod())
            last = size > before / 4 or left < 2 * _ZOOM[dimensions] ** dimensions
            codes, log_weights = rule(low, high, math.floor(left ** (1 / dimensions)) if last else _ZOOM[dimensions])
        share, places = masses.softmax(0), codes[0]
        mean = share @ places
        scale = (share @ (places - mean).square()).sqrt()
        error = abs(log_values[-1] - log_values[-2])
        return Integral(log_values[-1], error, self._nodes, mean, scale, low[0], high[0])

    # --- the refined one --------------------------------------------------------------------------------------------

    def _split(self) -> None:
        """Look at panels not yet seen, else cut the most promising that are not settled; as many as make one slice."""
        if self._unseen or self._panels is None:
            self._add(self._made(*self._unseen.pop(0)))
            return
        panels = self._panels
        total = panels.log_mass.logsumexp(0)
        waiting = torch.nonzero(self._open(panels, total)).flatten()
        if len(waiting) == 0 and self._leans(panels, total):
            self._reach_out()
        elif len(waiting) == 0 or self._nodes >= MOST[self.latent_dim]:
            self.done = True
        else:
            parts = 2**self.latent_dim
            chosen = waiting[panels.hope[waiting].argsort(descending=True)[: max(1, self._at_once // parts)]]
            parents = panels.at(chosen)
            children = self._made(*cut(parents.low, parents.high))
            sums = children.log_mass.view(-1, parts).logsumexp(1)
            change = log_difference(sums, parents.log_mass) - math.log(parts)
            rest = torch.ones(len(panels.log_mass), dtype=torch.bool)
            rest[chosen] = False
            self._panels = panels.at(rest)
            self._add(children._replace(log_change=change.repeat_interleave(parts)))

    @property
    def _at_once(self) -> int:
        """How many panels make one slice."""
        return int(CHUNK // _ORDER[self.latent_dim] ** self.latent_dim)

    def _sliced(self, low: Tensor, high: Tensor) -> list[tuple[Tensor, Tensor]]:
        """The edges of panels, a slice of them at a time."""
        return list(zip(torch.split(low, self._at_once), torch.split(high, self._at_once), strict=True))

    def _add(self, panels: Panels) -> None:
        self._panels = panels if self._panels is None else self._panels.beside(panels)

    def _open(self, panels: Panels, total: Tensor) -> Tensor:
        doubtful = panels.log_change > total + math.log(self.tolerance * _DOUBTFUL)
        return (panels.hope > total - _HOPELESS) & (doubtful | (panels.rise > _RESOLVED))

    def _leans(self, panels: Panels, total: Tensor) -> bool:
        """Whether what is at the edge promises something beyond it."""
        outer = ((panels.low <= -self.reach) | (panels.high >= self.reach)).any(1)
        return self.reach < _FARTHEST and bool((panels.hope[outer] > total - _HOPELESS).any())

    def _reach_out(self) -> None:
        """Have panels looked at around all there are, out to twice the reach."""
        low, high = lattice(self.latent_dim, _FIRST[self.latent_dim], 2 * self.reach)
        outside = ((low < -self.reach) | (high > self.reach)).any(1)
        self._unseen += self._sliced(low[outside], high[outside])
        self.reach *= 2

    def _sum(self, panels: Panels) -> Integral:
        total = panels.log_mass.logsumexp(0)
        share = (panels.log_mass - total).exp()
        mean = share @ panels.mean
        scale = (share @ (panels.variance + (panels.mean - mean).square())).sqrt()
        doubt = (torch.minimum(panels.log_change, panels.hope) - total).exp()
        unresolved = (panels.hope > total - _HOPELESS) & (panels.rise > _RESOLVED)
        error = float(torch.where(unresolved, torch.maximum(doubt, share), doubt).sum())
        holding = share > _NOTHING
        low, high = panels.low[holding].amin(0), panels.high[holding].amax(0)
        return Integral(float(total), error, self._nodes, mean, scale, low, high)

    def _made(self, low: Tensor, high: Tensor) -> Panels:
        """Panels with these edges, their values taken."""
        codes, _ = rule(low, high, _ORDER[self.latent_dim])
        values = self._evaluate(codes)
        self._nodes += values.numel()
        return measured(low, high, values)

    def _evaluate(self, codes: Tensor) -> Tensor:
        """log_joint at `codes` (P, n, K), (P, n)."""
        flat = codes.reshape(-1, self.latent_dim)
        values = torch.cat([self.log_joint(part) for part in torch.split(flat, CHUNK)]).double()
        if not bool(values.isfinite().all()):
            worst = int(torch.nonzero(~values.isfinite())[0])
            raise ValueError(f"quadrature: log p(x, z) is {float(values[worst]):g} at z = {flat[worst].tolist()}")
        return values.view(codes.shape[:-1])


def _crowded(codes: Tensor, log_weights: Tensor, reach: float) -> tuple[Tensor, Tensor]:
    """The rule with its codes drawn towards the origin: z ↦ reach · sinh(az/reach) / sinh a, dimension by dimension."""
    bend = 1.5
    moved = reach * torch.sinh(bend * codes / reach) / math.sinh(bend)
    stretch = bend * torch.cosh(bend * codes / reach) / math.sinh(bend)
    return moved, log_weights + stretch.log().sum(-1)


def _holding_mass(codes: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """The box (1, K) twice, low and high, around all nodes (n, K) near the top, one node's distance more each way."""
    inside = values >= values.max() - 20.0
    low, high = [], []
    for places in codes.T:
        axis = torch.unique(places)
        first, last = (int(place) for place in torch.searchsorted(axis, torch.stack(places[inside].aminmax())))
        low.append(axis[first - 1] if first else 2 * axis[0] - axis[1])
        high.append(axis[last + 1] if last < len(axis) - 1 else 2 * axis[-1] - axis[-2])
    return torch.stack(low)[None], torch.stack(high)[None]
