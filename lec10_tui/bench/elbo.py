"""What is learned in twenty seconds: the held-out ELBO on the shipped digits."""

from __future__ import annotations

from collections.abc import Iterator

from lec10_tui.bench.figures import Figure
from lec10_tui.bench.measures import Setup
from lec10_tui.bench.processes import finished, lec10

SECONDS = 20
BOUNDS = ((2, -150.0), (20, -110.0))


def measure(setup: Setup) -> Iterator[Figure]:
    """`lec10 run vae --seconds 20` at both sizes of the code, everything else as it comes."""
    for latent_dim, bound in BOUNDS:
        arguments = ("--latent-dim", str(latent_dim), "--seconds", str(SECONDS), "--json")
        last = finished(lec10("run", "vae", *arguments), setup.home)
        yield Figure(
            f"elbo.k{latent_dim}",
            float(last["held_out_elbo"]),
            "nats",
            "at least",
            bound,
            f"held-out ELBO after {SECONDS} s, K = {latent_dim}, Bernoulli",
            {"step": last["step"], "examples_per_second": last["examples_per_second"]},
        )
