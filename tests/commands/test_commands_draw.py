"""`lec10 draw`: what lies where in the PNG."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from commands_shell import SMALL, Shell
from numpy.typing import NDArray
from PIL import Image

from lec10_tui.commands.draw import images
from lec10_tui.lessons.vae.frame import LatentGrid, Reconstructions, Samples
from lec10_tui.runs.snapshots import write
from lec10_tui.vocabulary.reports import Snapshot


@pytest.fixture
def run(lec10: Shell, tmp_path: Path) -> Path:
    """A run of one step."""
    assert lec10("run", "vae", *SMALL, "--latent-dim", 3, "--steps", 1, "--run", tmp_path / "run").code == 0
    return tmp_path / "run"


def pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_each_picture_has_the_images_that_were_asked_for(lec10: Shell, run: Path, tmp_path: Path) -> None:
    for what, height in (("latent-grid", 2 * 29 - 1), ("samples", 2 * 29 - 1), ("reconstructions", 4 * 29 - 1)):
        path = tmp_path / f"{what}.png"
        done = lec10("draw", run, "--what", what, "--across", 3, "--down", 2, "-o", path)
        assert (done.code, done.out, done.err) == (0, f"{path}\n", "")
        assert pixels(path).shape == (height, 3 * 29 - 1)


def test_view_knobs_choose_what_is_drawn(lec10: Shell, run: Path, tmp_path: Path) -> None:
    for name, view in (("a", "grid_y=2"), ("b", "grid-y=3")):
        assert lec10("draw", run, "--view", view, "-o", tmp_path / f"{name}.png").code == 0
    assert (pixels(tmp_path / "a.png") != pixels(tmp_path / "b.png")).any()


def test_without_a_file_a_new_one_is_made_here(
    lec10: Shell, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = [Path(lec10("draw", run).out.strip()) for _ in range(2)]
    assert [path.name for path in made] == ["run-latent-grid.png", "run-latent-grid-2.png"]


def test_what_can_not_be_drawn_is_told_in_one_line(lec10: Shell, run: Path, tmp_path: Path) -> None:
    assert lec10("draw", "no-such-run").code == 1
    jpg = lec10("draw", run, "-o", tmp_path / "x.jpg")
    assert jpg.code == 2 and "does not end in .png" in jpg.line
    assert "is not KNOB=VALUE of a view knob" in lec10("draw", run, "--view", "beta=2").line
    assert "is not a dimension of z" in lec10("draw", run, "--view", "grid_x=4").line
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in lec10("draw", run, "-o", tmp_path / "file" / "x.png").line


def test_what_has_no_pictures_is_told_in_one_line(lec10: Shell, tmp_path: Path) -> None:
    write(Snapshot("reinforce", 3, {"knobs": {}}, {"policy/weight": np.zeros(2)}), tmp_path / "walk")
    done = lec10("draw", tmp_path / "walk")
    assert done.code == 2 and done.line.endswith("walk: a run of reinforce has no pictures to draw; those of vae have")


def test_originals_stand_over_their_reconstructions() -> None:
    originals = np.arange(5, dtype=np.uint8).reshape(5, 1, 1)
    part = Reconstructions(originals, originals + 10, ("",) * 5)
    assert images(part, 2).ravel().tolist() == [0, 1, 10, 11, 2, 3, 12, 13, 4, 14]


def test_grids_and_samples_are_read_in_order() -> None:
    grid = np.arange(6, dtype=np.uint8).reshape(2, 3, 1, 1)
    assert images(LatentGrid(grid, np.zeros(3), np.zeros(2), (1, 2), ""), 3).ravel().tolist() == list(range(6))
    assert images(Samples(grid.reshape(6, 1, 1)), 3).shape == (6, 1, 1)
