"""`lec10 draw RUN`: one picture of a saved run or a shipped model, as a PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from lec10_tui.commands.runs import run_names
from lec10_tui.vocabulary.frames import Part

DRAWN = "vae"
PARTS = {"latent-grid": "latent_grid", "reconstructions": "reconstructions", "samples": "samples"}

HELP = """Draw one picture of a run of vae as a PNG: its latent grid, reconstructions or samples from the prior.

RUN is a run's name (lec10 runs lists them), its folder, or the name of a model that ships. Of reconstructions, each row
of held-out images stands over the row of what the model makes of them.

\b
Examples: lec10 draw vae-k2-bernoulli -o grid.png
          lec10 draw vae-k20-bernoulli --what latent-grid --view grid_x=3 --view others=image
"""


@click.command("draw", help=HELP)
@click.argument("run", shell_complete=run_names)
@click.option("--what", type=click.Choice(tuple(PARTS)), default="latent-grid", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE.png",
    help="Where to; an older file is replaced. By default a new file here.",
)  # fmt: skip
@click.option(
    "--across", type=click.IntRange(1, 200), metavar="N", default=12, show_default=True, help="Images in a row."
)
@click.option("--down", type=click.IntRange(1, 200), metavar="N", default=12, show_default=True, help="Rows of images.")
@click.option("--view", multiple=True, metavar="KNOB=VALUE", help="Set a view knob of the lesson; may be given again.")
def command(run: str, what: str, output: Path | None, across: int, down: int, view: tuple[str, ...]) -> None:
    """Write the picture and print where; raises UsageError, BadValue, RunError or OSError with one line."""
    from lec10_tui.lessons import lesson_named
    from lec10_tui.opening import opener
    from lec10_tui.places import places
    from lec10_tui.runs.exports import tile, unique_path, write_png
    from lec10_tui.runs.folders import find
    from lec10_tui.runs.snapshots import read
    from lec10_tui.vocabulary.commands import Open
    from lec10_tui.vocabulary.frames import Wanted
    from lec10_tui.vocabulary.knobs import BadValue

    if output is not None and output.suffix.lower() != ".png":
        raise click.UsageError(f"--output: {str(output)!r} does not end in .png", click.get_current_context())
    where = places()
    folder = find(run, where)
    lesson = lesson_named(read(folder).lesson)
    if lesson.name != DRAWN:
        raise BadValue(f"{run}: a run of {lesson.name} has no pictures to draw; those of {DRAWN} have")
    experiment = opener(lesson, where)(Open(_views(lesson.name, view), str(folder))).experiment
    part = experiment.part(Wanted(PARTS[what], across, down))
    path = output or unique_path(Path.cwd(), f"{folder.name}-{what}", ".png")
    write_png(tile(images(part, across), across), path)
    click.echo(str(path))


def _views(lesson_name: str, settings: tuple[str, ...]) -> dict[str, Any]:
    """View knobs from KNOB=VALUE texts; raises BadValue."""
    from lec10_tui.commands.lesson_flags import knobs_class
    from lec10_tui.lessons import lesson_named
    from lec10_tui.vocabulary.knobs import BadValue, named, table

    cls = knobs_class(lesson_named(lesson_name))
    views = {}
    for text in settings:
        name, equals, value = text.partition("=")
        item = named(cls, name.strip().removeprefix("--").replace("-", "_"))
        if not equals or item.kind != "view":
            names = ", ".join(other.name for other in table(cls) if other.kind == "view")
            raise BadValue(f"--view: {text!r} is not KNOB=VALUE of a view knob ({names})")
        views[item.name] = item.parse(value)
    return views


def images(part: Part, across: int) -> NDArray[np.uint8]:
    """The images of `part` (n, height, width) in reading order; originals over their reconstructions, row by row."""
    from lec10_tui.lessons.vae.frame import LatentGrid, Reconstructions, Samples

    if isinstance(part, LatentGrid):
        return part.images.reshape(-1, *part.images.shape[2:])
    if isinstance(part, Samples):
        return part.images
    assert isinstance(part, Reconstructions)
    rows = range(0, len(part.originals), across)
    both = [stack[start : start + across] for start in rows for stack in (part.originals, part.reconstructions)]
    return np.concatenate(both)
