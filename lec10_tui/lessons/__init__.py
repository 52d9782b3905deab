"""The ordered contents of the lecture: every lesson's name, title, slides, and where it lives (as strings)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One line of the contents; the modules are imported by whoever opens it.

    `package` holds the four rooms: frame.py (with the knobs class `knobs`), experiment.py (with `open_experiment`),
    screen.py (with the screen class `screen`) and scenes.md. `shipped` names the models to show at once, by folder.
    `headline` is the reading that says how good a run is, and what it is called where there is room for one word.
    """

    number: int
    name: str
    title: str
    summary: str
    slides: tuple[str, ...]
    opening: str
    package: str
    knobs: str
    screen: str
    headline: tuple[str, str]
    shipped: tuple[str, ...] = ()
    half: int = 1

    @property
    def frame_module(self) -> str:
        """The lesson's words."""
        return f"{self.package}.frame"

    @property
    def experiment_module(self) -> str:
        """What runs on the worker."""
        return f"{self.package}.experiment"

    @property
    def screen_module(self) -> str:
        """What shows it."""
        return f"{self.package}.screen"


CONTENTS: tuple[Lesson, ...] = (
    Lesson(
        number=2,
        name="vae",
        title="Train a variational autoencoder",
        summary="train one",
        slides=("VAE", "Variational Inference", "Summary"),
        opening="Opens on a trained model (K = 2); space trains a new one.",
        package="lec10_tui.lessons.vae",
        knobs="VAEKnobs",
        screen="VAEScreen",
        headline=("held_out_elbo", "ELBO"),
        shipped=("vae-k2-bernoulli", "vae-k2-gaussian", "vae-k20-bernoulli"),
    ),
    Lesson(
        number=3,
        name="bound",
        title="Why a lower bound, and how loose is it?",
        summary="how loose is it?",
        slides=("Observation Model", "Variational Inference"),
        opening="Opens on a digit's true posterior; arrows move q, a snaps it to the encoder's.",
        package="lec10_tui.lessons.bound",
        knobs="BoundKnobs",
        screen="BoundScreen",
        headline=("gap", "gap"),
    ),
    Lesson(
        number=4,
        name="reparameterization",
        title="How do you differentiate through a sample?",
        summary="gradients through a sample",
        slides=("Reparameterization Trick",),
        opening="Opens on E[z²]; . draws one batch, space draws on.",
        package="lec10_tui.lessons.reparameterization",
        knobs="ReparameterizationKnobs",
        screen="ReparameterizationScreen",
        headline=("score_variance", "variance"),
    ),
    Lesson(
        number=5,
        name="amortization",
        title="What does the encoder save, and what does it cost?",
        summary="what the encoder saves",
        slides=("Amortization",),
        opening="Opens on sixteen digits; space ascends each one's ELBO, t races the two strategies.",
        package="lec10_tui.lessons.amortization",
        knobs="AmortizationKnobs",
        screen="AmortizationScreen",
        headline=("amortization_gap", "gap"),
    ),
    Lesson(
        number=8,
        name="reinforce",
        title="Step through an episode",
        summary="step through an episode",
        slides=("Reinforcement Learning", "Markov Decision Processes", "REINFORCE"),
        opening="Opens on a half-trained cart-pole; . steps, t trains.",
        package="lec10_tui.lessons.reinforce",
        knobs="ReinforceKnobs",
        screen="ReinforceScreen",
        headline=("mean_return_100", "return"),
        shipped=("reinforce-cartpole",),
        half=2,
    ),
)


def lesson_named(name: str) -> Lesson:
    """The lesson called `name`; raises KeyError when the contents have none."""
    for lesson in CONTENTS:
        if lesson.name == name:
            return lesson
    raise KeyError(name)
