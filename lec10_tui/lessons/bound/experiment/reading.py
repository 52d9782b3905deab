"""The readings of the bound lesson: the one place where they are put together."""

from __future__ import annotations

from lec10_tui.lessons.bound.experiment.bounds import Bound, QTerms
from lec10_tui.lessons.bound.experiment.toy import Place, jensen
from lec10_tui.lessons.bound.frame import BoundKnobs


def readings(
    step: int, knobs: BoundKnobs, bound: Bound, place: Place, terms: QTerms, draws: int | None = None
) -> dict[str, float]:
    """Every reading at one `step`, in nats, in order.

    `terms` are those of `bound`, coarse or refined; `draws` of its importance samples are used, None as many as are
    enough. gap = log p(x) − ELBO and KL(q‖p(z|x)) come from different quadratures.
    """
    evidence = bound.exact.integral
    _, left, right = jensen(knobs.points, knobs.spread, knobs.seed)
    return {
        "step": float(step),
        "log_likelihood": evidence.log_value,
        "elbo": terms.elbo,
        "reconstruction": terms.reconstruction,
        "kl": terms.kl,
        "gap": evidence.log_value - terms.elbo,
        "posterior_kl": terms.posterior_kl,
        "quadrature_error": evidence.error + terms.error,
        "jensen_left": left,
        "jensen_right": right,
        "importance_bound": bound.importance(knobs.samples, draws)[0],
        "toy_log_density": place.log_density,
    }
