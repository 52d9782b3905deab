"""Makes the models that ship, each by the one `lec10 run` command that is written beside it.

    python checkpoints/make_checkpoints.py [NAME ...]

Trains each model in a folder of its own, then keeps of the run what a lesson shows at once: config.json with the
command, the readings, the curves, the weights (no optimizer state) and one recorded frame.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from lec10_tui.lessons import lesson_named
from lec10_tui.opening import opener
from lec10_tui.places import places
from lec10_tui.runs.frames import write_frame
from lec10_tui.runs.snapshots import read, write
from lec10_tui.vocabulary.commands import Open
from lec10_tui.vocabulary.frames import Frame, Wanted

HERE = Path(__file__).parent

COMMANDS = {
    "vae-k2-bernoulli": "lec10 run vae --latent-dim 2 --epochs 120 --seed 0",
    "vae-k2-gaussian": "lec10 run vae --preset gaussian --epochs 120 --seed 0",
    "vae-k20-bernoulli": "lec10 run vae --latent-dim 20 --epochs 60 --seed 0",
}

RECORDED = (
    Wanted("about"),
    Wanted("curves"),
    Wanted("latent_use"),
    Wanted("means"),
    Wanted("latent_grid", 16, 12),
    Wanted("reconstructions", 20, 1),
    Wanted("samples", 20, 2),
    Wanted("walk"),
)


def make(name: str) -> None:
    """Train the model `name` and put it into its folder."""
    command = COMMANDS[name]
    with tempfile.TemporaryDirectory() as scratch:
        run = Path(scratch) / "run"
        words = [*shlex.split(command), "--run", str(run)]
        subprocess.run([sys.executable, "-m", "lec10_tui", *words[1:]], check=True)
        snapshot = read(run)
    arrays = {key: array for key, array in snapshot.arrays.items() if key.startswith(("model/", "curves/"))}
    header = {**snapshot.header, "command": command}
    folder = HERE / name
    if folder.exists():
        shutil.rmtree(folder)
    write(replace(snapshot, header=header, arrays=arrays), folder)
    record(folder)
    print(name, {key: round(value, 2) for key, value in snapshot.header["readings"].items()})


def record(folder: Path) -> None:
    """Record the frame that a lesson shows of the model in `folder` before torch is imported."""
    lesson = lesson_named("vae")
    run = opener(lesson, places())(Open(run=folder.name)).experiment
    parts = {wanted.name: run.part(wanted) for wanted in RECORDED}
    stamps = {name: f"recorded {folder.name}" for name in parts}
    frame = Frame(run.lesson, run.step, run.epoch, run.readings(), run.knobs.plain(), parts, stamps)
    write_frame(frame, folder / "frame.npz")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or COMMANDS:
        make(chosen)
