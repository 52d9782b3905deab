"""Pictures and curves that are exported can be read back by other programs."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from PIL import Image

from lec10_tui.runs.errors import RunError
from lec10_tui.runs.exports import tile, unique_path, write_csv, write_png
from lec10_tui.vocabulary.series import Ladder, Series


def series(name, steps, values) -> Series:
    last = np.array(values, np.float64)
    return Series(name, 1, np.array(steps, np.int64), last - 1, last + 1, last)


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (1, 1)])
def test_a_picture_comes_back_pixel_by_pixel(tmp_path, shape):
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    write_png(image, tmp_path / "new" / "picture.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "new" / "picture.png")), image)


def test_a_picture_that_is_a_view_comes_back(tmp_path):
    image = np.arange(48, dtype=np.uint8).reshape(6, 8)[::2, ::-1]
    write_png(image, tmp_path / "picture.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "picture.png")), image)


@pytest.mark.parametrize("image", [np.zeros((2, 2)), np.zeros((2, 2, 4), np.uint8), np.zeros((0, 3), np.uint8)])
def test_what_is_no_picture_is_refused(tmp_path, image):
    with pytest.raises(ValueError, match="an image is uint8"):
        write_png(image, tmp_path / "picture.png")


def test_tiles_stand_in_reading_order():
    images = np.arange(1, 6, dtype=np.uint8)[:, None, None] * np.ones((5, 2, 3), np.uint8)
    assert tile(images, across=2, gap=1, ground=9).tolist() == [
        [1, 1, 1, 9, 2, 2, 2],
        [1, 1, 1, 9, 2, 2, 2],
        [9, 9, 9, 9, 9, 9, 9],
        [3, 3, 3, 9, 4, 4, 4],
        [3, 3, 3, 9, 4, 4, 4],
        [9, 9, 9, 9, 9, 9, 9],
        [5, 5, 5, 9, 9, 9, 9],
        [5, 5, 5, 9, 9, 9, 9],
    ]


def test_tiles_without_a_gap_and_one_tile():
    images = np.arange(24, dtype=np.uint8).reshape(4, 2, 3)
    assert np.array_equal(tile(images, 2, gap=0), np.block([[images[0], images[1]], [images[2], images[3]]]))
    assert np.array_equal(tile(images[:1], 1, gap=5), images[0])


@pytest.mark.parametrize(("shape", "across"), [((0, 2, 2), 1), ((2, 2), 1), ((1, 2, 2), 0)])
def test_no_tiles_are_refused(shape, across):
    with pytest.raises(ValueError, match="images to tile"):
        tile(np.zeros(shape, np.uint8), across)


def test_curves_are_joined_on_their_steps(tmp_path):
    curves = (
        series("elbo", [0, 20, 40], [-200.5, -180.0, 1 / 3]),
        series("held-out, elbo", [20, 50], [-190, math.nan]),
    )
    write_csv(curves, tmp_path / "curves.csv")
    data = (tmp_path / "curves.csv").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") == 5
    rows = list(csv.reader(data.decode().splitlines()))
    columns = [f"{name}_{what}" for name in ("elbo", "held-out, elbo") for what in ("last", "min", "max")]
    assert rows[0] == ["step", *columns]
    assert rows[1] == ["0", "-200.5", "-201.5", "-199.5", "", "", ""]
    assert rows[2] == ["20", "-180.0", "-181.0", "-179.0", "-190.0", "-191.0", "-189.0"]
    assert [float(rows[3][1]), rows[3][4:]] == [1 / 3, ["", "", ""]]
    assert rows[4] == ["50", "", "", "", "nan", "nan", "nan"]


def test_a_long_curve_comes_back_to_the_bit(tmp_path):
    dice, ladder = np.random.default_rng(0), Ladder("kl", bins=64)
    for step in range(1000):
        ladder.add(step, float(dice.normal()))
    curve = ladder.series()
    write_csv((curve,), tmp_path / "curves.csv")
    table = np.loadtxt(tmp_path / "curves.csv", delimiter=",", skiprows=1)
    assert np.array_equal(table[:, 0], curve.steps) and np.array_equal(table[:, 1], curve.last)
    assert np.array_equal(table[:, 2], curve.minimum) and np.array_equal(table[:, 3], curve.maximum)


def test_no_curves_make_a_header(tmp_path):
    write_csv((), tmp_path / "curves.csv")
    assert (tmp_path / "curves.csv").read_bytes() == b"step\r\n"


def test_paths_are_unique(tmp_path):
    made = []
    for _ in range(3):
        made.append(unique_path(tmp_path, "latent-grid", ".png").name)
        (tmp_path / made[-1]).write_text("")
    assert made == ["latent-grid.png", "latent-grid-2.png", "latent-grid-3.png"]
    assert unique_path(tmp_path, "curves", "csv").name == "curves.csv"


def test_an_export_that_can_not_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    for write in (lambda path: write_csv((), path), lambda path: write_png(np.zeros((2, 2), np.uint8), path)):
        with pytest.raises(RunError, match="can't be written") as caught:
            write(tmp_path / "file" / "export")
        assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
