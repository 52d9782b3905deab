"""Makes the models that ship, each by the one `lec10 run` command that is written beside it.

    python checkpoints/make_checkpoints.py [NAME ...]

Trains each model in a folder of its own, then keeps of the run what a lesson shows at once: config.json with the
command, the readings, the curves, the weights and one recorded frame. A whole run is kept with its optimizer and all
else that going on exactly takes, and with the length that a run of the lesson has by itself. Of a lesson whose runs
begin at once nothing is trained: the frame that a new run begins with is recorded.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lec10_tui.commands.lesson_flags import knobs_class
from lec10_tui.lessons import lesson_named
from lec10_tui.opening import opener
from lec10_tui.places import places
from lec10_tui.runs.frames import write_frame
from lec10_tui.runs.snapshots import read, write
from lec10_tui.vocabulary.commands import Open
from lec10_tui.vocabulary.frames import Frame, Wanted
from lec10_tui.vocabulary.knobs import table
from lec10_tui.vocabulary.reports import Snapshot

HERE = Path(__file__).parent

VAE = (
    Wanted("about"),
    Wanted("curves"),
    Wanted("latent_use"),
    Wanted("means"),
    Wanted("latent_grid", 16, 12),
    Wanted("reconstructions", 20, 1),
    Wanted("samples", 20, 2),
    Wanted("walk"),
)
REINFORCE = (Wanted("about"), Wanted("curves"), Wanted("episode"), Wanted("credit"))
OPENINGS = {
    "bound": (
        *map(Wanted, ("about", "terms", "pictures", "ascent", "collapse", "jensen", "importance")),
        Wanted("posterior", 96, 72),
        Wanted("toy", 120, 72),
    ),
    "reparameterization": tuple(map(Wanted, ("about", "sample", "running", "histograms", "variances", "dimensions"))),
    "amortization": (
        *map(Wanted, ("about", "ascent", "pictures", "table", "race")),
        Wanted("plane", 96, 72),
    ),
}
"""The parts of the frame that a new run of these lessons begins with."""

REFINED = ("bound",)
"""Lessons whose first frame is coarse for a moment only: it is recorded refined."""


@dataclass(frozen=True)
class Model:
    """A model that ships: the command that trains it, the parts of its recorded frame, whether it can go on."""

    command: str
    recorded: tuple[Wanted, ...]
    whole: bool = False


MODELS = {
    "vae-k2-bernoulli": Model("lec10 run vae --latent-dim 2 --epochs 120 --seed 0", VAE),
    "vae-k2-gaussian": Model("lec10 run vae --preset gaussian --epochs 120 --seed 0", VAE),
    "vae-k20-bernoulli": Model("lec10 run vae --latent-dim 20 --epochs 60 --seed 0", VAE),
    "reinforce-cartpole": Model("lec10 run reinforce --updates 12 --seed 0", REINFORCE, whole=True),
}


def make(name: str) -> None:
    """Train the model `name` and put it into its folder."""
    model = MODELS[name]
    with tempfile.TemporaryDirectory() as scratch:
        run = Path(scratch) / "run"
        words = [*shlex.split(model.command), "--run", str(run)]
        subprocess.run([sys.executable, "-m", "lec10_tui", *words[1:]], check=True)
        snapshot = read(run)
    kept = unfinished(snapshot) if model.whole else weights(snapshot)
    folder = HERE / name
    if folder.exists():
        shutil.rmtree(folder)
    write(replace(kept, header={**kept.header, "command": model.command}), folder)
    record(folder, model.recorded)
    print(name, {key: round(value, 2) for key, value in snapshot.metrics[-1].items()})


def weights(snapshot: Snapshot) -> Snapshot:
    """What there is to look at of a run: its weights and curves."""
    arrays = {key: array for key, array in snapshot.arrays.items() if key.startswith(("model/", "curves/"))}
    return replace(snapshot, arrays=arrays)


def unfinished(snapshot: Snapshot) -> Snapshot:
    """The whole run, its length again what it is by itself: cut short, it would be finished where it is opened."""
    (length,) = (knob for knob in table(knobs_class(lesson_named(snapshot.lesson))) if knob.sort == "length")
    knobs: Mapping[str, Any] = {**snapshot.header["knobs"], length.name: length.plain(length.default)}
    given = {name: value for name, value in snapshot.header["given"].items() if name != length.name}
    return replace(snapshot, header={**snapshot.header, "knobs": knobs, "given": given})


def record(folder: Path, recorded: tuple[Wanted, ...]) -> None:
    """Record the frame that a lesson shows of the model in `folder` before torch is imported."""
    write_opening(folder, read(folder).lesson, Open(run=folder.name), recorded)


def write_opening(folder: Path, lesson: str, first: Open, recorded: tuple[Wanted, ...]) -> None:
    """Write the frame that `first` opens on into `folder`."""
    run = opener(lesson_named(lesson), places())(first).experiment
    parts = {wanted.name: run.part(wanted) for wanted in recorded}
    if lesson in REFINED:
        while run.work():
            parts = {wanted.name: run.part(wanted) for wanted in recorded}
    stamps = {name: f"recorded {folder.name}" for name in parts}
    frame = Frame(run.lesson, run.step, run.epoch, run.readings(), run.knobs.plain(), parts, stamps)
    folder.mkdir(exist_ok=True)
    write_frame(frame, folder / "frame.npz")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or (*MODELS, *OPENINGS):
        if chosen in OPENINGS:
            write_opening(HERE / chosen, chosen, Open(), OPENINGS[chosen])
        else:
            make(chosen)
