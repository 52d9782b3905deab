"""The reparameterization experiment on the reconstruction term of trained models: truths, ratios, exact resuming."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lec10_tui.learning.architecture import Architecture
from lec10_tui.learning.truths import observation
from lec10_tui.learning.truths.finite_differences import gradient
from lec10_tui.learning.truths.gauss_hermite import expectation
from lec10_tui.learning.vae import VAE, model_arrays
from lec10_tui.lessons.reparameterization.experiment import (
    ReparameterizationExperiment,
    open_experiment,
    resume_experiment,
)
from lec10_tui.lessons.reparameterization.experiment.problem import problem_of
from lec10_tui.lessons.reparameterization.frame import ESTIMATORS, ReparameterizationKnobs
from lec10_tui.models.stored import MODEL
from lec10_tui.models.trained import open_trained
from lec10_tui.places import places
from lec10_tui.runs.folders import find
from lec10_tui.runs.snapshots import restore
from lec10_tui.vocabulary.commands import Verify
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.frames import Verdict, Wanted
from lec10_tui.vocabulary.knobs import BadValue
from lec10_tui.vocabulary.reports import Snapshot


@pytest.fixture
def here(tmp_path: Path) -> Places:
    bare = replace(places(), home=tmp_path)
    return replace(bare, open_model=lambda name: restore(find(name, bare)).snapshot)


def with_model(here: Places, weight: float = 1.0, **other: Any) -> Places:
    """A small vae with K = 3 under the name mine, its weights `weight` times as large as at first."""
    architecture = Architecture(**{**SMALL, **other})
    arrays = {MODEL + name: weight * array for name, array in model_arrays(VAE(architecture)).items()}  # type: ignore[operator]

    def opened(name: str) -> Snapshot:
        shipped = here.open_model("vae-k2-bernoulli")
        return replace(shipped, header={**shipped.header, "architecture": architecture.plain()}, arrays=arrays)

    return replace(here, open_model=opened)


SMALL: dict[str, Any] = {
    "image_shape": (28, 28), "latent_dim": 3, "encoder": "mlp", "hidden": (8,), "activation": "tanh",
    "observation": "bernoulli",
}  # fmt: skip


def experiment(here: Places, steps: int = 0, **given: Any) -> ReparameterizationExperiment:
    return advanced(open_experiment({"function": "reconstruction", **given}, here), steps)


def advanced(run: ReparameterizationExperiment, steps: int) -> ReparameterizationExperiment:
    while run.step < steps:
        run.advance()
    return run


def worked(run: ReparameterizationExperiment) -> ReparameterizationExperiment:
    while run.work():
        pass
    return run


def verified(run: ReparameterizationExperiment) -> dict[str, Verdict]:
    run.apply(Verify())
    found: Any = worked(run).part(Wanted("verdicts"))
    return {verdict.name: verdict for verdict in found.verdicts}


@pytest.mark.parametrize("model", ["vae-k2-bernoulli", "vae-k2-gaussian"])
def test_on_a_trained_vae_all_three_means_are_the_gradient_and_the_variances_thousands_apart(
    here: Places, model: str
) -> None:
    run = experiment(here, 40, model=model, image=2, batch_size=100)
    trained = open_trained(model, here)
    index, x = trained.image(2)
    with torch.no_grad():
        mu, log_sigma = (value[0] for value in trained.exact.encode(x[None].double()))

    @torch.no_grad()
    def log_likelihood(z: torch.Tensor) -> torch.Tensor:
        output = trained.exact.decode(z)
        if model == "vae-k2-bernoulli":
            return observation.bernoulli(output, x.double())
        return observation.gaussian(output, x.double(), trained.observation_variance)

    def expected(mean: torch.Tensor) -> torch.Tensor:
        return torch.tensor(expectation(log_likelihood, mean, log_sigma.exp(), nodes=40), dtype=torch.float64)

    moved = gradient(expected, mu, width=1e-3)
    readings = run.readings()
    assert readings["exact_gradient"] == pytest.approx(float(moved[0]), rel=1e-6)
    for name in ESTIMATORS:
        error = (readings[f"{name}_variance"] / 4000) ** 0.5
        assert abs(readings[f"{name}_mean"] - float(moved[0])) <= 4 * error
    ratio = readings["score_variance"] / readings["pathwise_variance"]
    lowered = readings["score_baseline_variance"] / readings["pathwise_variance"]
    assert 1000 < ratio < 1e6 and 2 < lowered < ratio
    assert trained.images.mark(index) == run.problem.label


@pytest.mark.parametrize("model", ["vae-k2-bernoulli", "vae-k2-gaussian"])
def test_every_reading_of_a_trained_vae_holds_beside_its_truth(here: Places, model: str) -> None:
    verdicts = verified(experiment(here, 100, model=model, image=1))
    others = [verdict for name, verdict in verdicts.items() if name not in ("step", "samples")]
    assert len(others) == 12 and all(verdict.holds for verdict in others), others


def test_its_run_is_the_same_again_and_goes_on_without_the_run_its_model_came_from(here: Places) -> None:
    whole, half = experiment(here, 24, image=3), experiment(here, 12, image=3)
    bare = replace(here, open_model=places().open_model)
    resumed = advanced(resume_experiment(half.snapshot(), {}, bare), 24)
    one, other = resumed.snapshot(), whole.snapshot()
    assert (
        one.header == other.header and one.metrics == other.metrics and one.header["model"]["name"] == whole.knobs.model
    )
    assert one.arrays.keys() == other.arrays.keys()
    assert all(np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays)


def test_about_and_its_dimension_are_the_models(here: Places) -> None:
    run = worked(experiment(here, dimension=7, image=4))
    about: Any = run.part(Wanted("about"))
    assert (about.formula, about.dimension, about.model, about.image) == ("log p(x|z)", 2, "vae-k2-bernoulli", 4)
    assert about.exact_by.startswith("Gauss–Hermite, ") and about.label == run.problem.label != ""
    found: Any = run.part(Wanted("dimensions"))
    assert found.dimensions.tolist() == [2] and found.done == 1.0 and np.isnan(found.closed).all()
    assert found.measured[0, 1] > 1000 * found.measured[0, 0]
    variances: Any = run.part(Wanted("variances"))
    assert np.isnan(variances.closed).all() and np.isnan(variances.closed_ratios).all()


def test_no_sample_is_drawn_before_the_exact_gradient_is_known(here: Places) -> None:
    run = experiment(here)
    about: Any = run.part(Wanted("about"))
    running: Any = run.part(Wanted("running"))
    assert about.exact_by == "" and np.isnan(running.exact) and dict(run.readings()) == {}
    assert run.advance() == 0 and run.step == 0 and verified(run) is not None
    saved = run.snapshot()
    assert advanced(run, 1).readings()["exact_gradient"] == pytest.approx(run.exact.value if run.exact else None)
    again = advanced(resume_experiment(saved, {}, here), 1)
    assert again.readings() == run.readings()
    ended = experiment(here)
    ended.finish()
    assert list(ended.readings()) == ["step", "samples", "exact_gradient"]


def test_the_exact_gradient_goes_before_all_that_is_measured_beside_it(here: Places) -> None:
    run = experiment(here)
    slices = sum(1 for _ in run.problem.exact_gradient(run.knobs.seed))
    for _ in range(slices + 1):
        assert run.exact is None and set(run.waiting) == {"exact", "dimensions"}
        run.work()
    assert run.exact is not None and run.waiting == ("dimensions",)


def test_in_more_than_two_dimensions_the_gradient_comes_from_samples_and_mirrored_ones_agree(here: Places) -> None:
    run = experiment(with_model(here, weight=2.0), 100, model="mine")
    about: Any = run.part(Wanted("about"))
    assert about.exact_by == "100\u2009000 pathwise samples" and about.dimension == 3
    assert run.exact is not None and run.exact.error > 0
    verdicts = verified(run)
    for name, verdict in verdicts.items():
        known = name not in ("step", "samples") and not name.endswith("_variance")
        assert verdict.holds is (True if known else None), verdict
    assert verdicts["score_variance"].note == "quadrature needs K ≤ 2, here K = 3"
    exact, tolerance = run.exact, verdicts["exact_gradient"].tolerance
    run.record.add({**run.readings(), "exact_gradient": exact.value + 2 * tolerance})
    assert verified(run)["exact_gradient"].holds is False


def test_q_is_the_encoders_answer_for_the_image(here: Places) -> None:
    trained = open_trained("vae-k2-gaussian", here)
    problem = problem_of(ReparameterizationKnobs(function="reconstruction", image=5, mu=3.0), trained)
    _, x = trained.image(5)
    mu, log_sigma = trained.exact.encode(x[None].double())
    assert torch.equal(problem.mu, mu[0]) and torch.equal(problem.sigma, log_sigma[0].exp())
    assert problem.mu.dtype == torch.float64


def test_models_that_will_not_do_are_refused_in_one_line(here: Places) -> None:
    with pytest.raises(BadValue, match=r"^model: reinforce-cartpole is a run of reinforce; a run of vae, or vae-k2"):
        experiment(here, model="reinforce-cartpole")
    with pytest.raises(
        BadValue, match=r"^model: mine gives a log p\(x\|z\) that is no finite number; another would do$"
    ):
        experiment(with_model(here, weight=float("nan")), model="mine")
    with pytest.raises(Exception, match="nothing-like-this") as error:
        experiment(here, model="nothing-like-this")
    assert "\n" not in str(error.value)
