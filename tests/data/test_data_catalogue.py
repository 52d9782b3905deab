"""The data sets known by name."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

from lec10_tui.data.catalogue import KNOWN, NAMES, entries, load
from lec10_tui.data.image_set import DataError, Labelled, contents_sha256, marks
from lec10_tui.data.npz import Npz
from lec10_tui.vocabulary.experiments import Places

ASSETS = Path(__file__).parents[2] / "assets"

SHIPPED = {
    "mnist": ((4500, 28, 28), "40c823590d7c653d9a027916bd6bb12c08a7a156f8506ea57bd9425d0ad42cf5"),
    "fashion-mnist": ((4500, 28, 28), "818ad524dc8655814e67648effba4dd19e447702c6289e639e4fd2287bdbeae7"),
    "digits": ((1297, 8, 8), "edb91432b858306e7784edb0b611101ec4176ce215c9ee0fc7e29c0ff7027811"),
}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(assets=ASSETS, checkpoints=tmp_path / "checkpoints", home=tmp_path / "home")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_sets_and_their_split_are_these_to_the_bit(name: str, places: Places) -> None:
    shape, sha256 = SHIPPED[name]
    found = load(name, places)
    assert found.name == name
    assert found.train.shape == shape and found.train.dtype == np.uint8
    assert found.image_shape == shape[1:]
    assert found.held_out.shape == (500, *shape[1:])
    assert found.held_out_labels is not None and found.train_labels is not None
    assert np.bincount(found.held_out_labels).tolist() == [50] * 10
    assert found.held_out_labels.dtype == found.train_labels.dtype == np.int64
    assert len(found.class_names) == len(set(found.class_marks)) == 10
    assert found.sha256 == sha256


@pytest.mark.parametrize("name", SHIPPED)
def test_no_held_out_image_is_trained_on(name: str, places: Places) -> None:
    found = load(name, places)
    trained_on = {image.tobytes() for image in found.train}
    assert not any(image.tobytes() in trained_on for image in found.held_out)


def test_sources_tell_the_truth_about_the_files() -> None:
    for source in json.loads((ASSETS / "sources.json").read_text(encoding="utf-8")):
        file = ASSETS / source["file"]
        arrays = Npz(file).read(["images", "labels"])
        packed = file.read_bytes()
        contents = hashlib.sha256(arrays["images"].tobytes() + arrays["labels"].tobytes()).hexdigest()
        assert hashlib.sha256(packed).hexdigest() == source["sha256"]
        assert len(packed) == source["bytes"]
        assert list(arrays["images"].shape) == source["images"]
        assert np.bincount(arrays["labels"]).tolist() == source["per_class"]
        assert contents == source["contents_sha256"]
        assert source["sha256"] in (ASSETS / "SOURCES.md").read_text(encoding="utf-8")


def test_entries_say_what_load_finds(places: Places, tmp_path: Path) -> None:
    listed = {entry.name: entry for entry in entries(places, system=tmp_path)}
    assert tuple(listed) == NAMES
    for name in SHIPPED:
        found, entry = load(name, places), listed[name]
        assert entry.present and entry.where is not None and entry.where.is_file()
        assert (entry.images, entry.held_out) == (len(found.train) + len(found.held_out), len(found.held_out))
        assert (entry.size, entry.classes) == (found.image_shape, len(found.class_names))
    for name in ("mnist-full", "fashion-mnist-full"):
        assert not listed[name].present
        with pytest.raises(DataError, match=f"^{name}: not here yet; lec10 data get {name.removesuffix('-full')}"):
            load(name, places, system=tmp_path)


def test_names_go_before_paths_and_case_does_not_matter(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mnist").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load("MNIST", places).name == "mnist"


@pytest.mark.parametrize("name", ["emnist", "", "~nobody-is-called-so/x", "x" * 5000, "a\0b", "no\nsuch\x1b[31m"])
def test_unknown_names_get_one_line_with_the_right_ones(name: str, places: Places) -> None:
    with pytest.raises(DataError) as caught:
        load(name, places)
    line = str(caught.value)
    assert "mnist, fashion-mnist, digits" in line and ".npz" in line
    assert line.isprintable()


def test_full_fashion_mnist_is_found_by_itself(places: Places, tmp_path: Path) -> None:
    system = tmp_path / "datasets"
    write_idx_set(system / "fashion-mnist", 60000, 10000)
    found = load("fashion-mnist-full", places, system)
    assert found.train.shape == (60000, 28, 28) and found.held_out.shape == (10000, 28, 28)
    assert found.class_names[0] == "T-shirt/top" and found.class_marks[9] == "A"
    assert found.held_out_labels is not None
    assert found.held_out_labels[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]


def test_a_full_set_that_is_not_whole_says_how_to_get_it(places: Places, tmp_path: Path) -> None:
    system = tmp_path / "datasets"
    write_idx_set(system / "fashion-mnist", 100, 20)
    with pytest.raises(DataError, match="does not hold all of it; lec10 data get fashion-mnist fetches it"):
        load("fashion-mnist-full", places, system)
    (system / "fashion-mnist" / "t10k-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01\0\0")
    with pytest.raises(DataError, match=r"cut short; lec10 data get fashion-mnist fetches it"):
        load("fashion-mnist-full", places, system)


def write_idx_set(folder: Path, train: int, test: int) -> None:
    """The four files of an MNIST-like set, 28×28."""
    folder.mkdir(parents=True, exist_ok=True)
    for prefix, count in (("train", train), ("t10k", test)):
        labels = (np.arange(count) % 10).astype(np.uint8)
        images = np.repeat(labels * 20 + 5, 784)
        head = b"\0\0\x08\x03" + np.array([count, 28, 28], ">u4").tobytes()
        (folder / f"{prefix}-images-idx3-ubyte").write_bytes(head + images.tobytes())
        head = b"\0\0\x08\x01" + np.array([count], ">u4").tobytes()
        (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(head + labels.tobytes())


def test_the_sha256_is_of_contents_shapes_and_order() -> None:
    images = np.arange(320, dtype=np.int64).astype(np.uint8).reshape(20, 4, 4)
    labels = np.arange(20)
    train, held_out = Labelled(images, labels), Labelled(images[:2], labels[:2])
    same = contents_sha256(Labelled(np.asfortranarray(images), labels.astype(">i8")), held_out)
    others = [
        contents_sha256(Labelled(images.reshape(20, 2, 8), labels), held_out),
        contents_sha256(Labelled(images, None), held_out),
        contents_sha256(Labelled(images, labels[::-1]), held_out),
        contents_sha256(held_out, train),
    ]
    assert same == contents_sha256(train, held_out)
    assert len({same, *others}) == 5


def test_marks_are_one_cell_each_and_differ() -> None:
    assert marks(("0", "7")) == ("0", "7")
    assert marks(("cat", "dog", "eel")) == ("C", "D", "E")
    assert marks(("cat", "cow", "eel")) == ("0", "1", "2")
    assert marks(("ß-sharp", "x")) == ("0", "1")
    assert marks(("猫", "犬")) == ("0", "1")
    assert marks(tuple(f"c{n}" for n in range(70)))[60:64] == ("y", "z", "·", "·")
    assert marks(()) == ()
    assert all(len(set(known.class_names)) == 10 for known in KNOWN)


def test_the_official_test_set_as_ones_own_data(places: Places) -> None:
    named = os.environ.get("LEC10_TEST_DATA")
    folders = [Path(named), Path(named) / "mnist"] if named else []
    folder = next((path for path in folders if (path / "t10k-images-idx3-ubyte.gz").is_file()), None)
    if folder is None:
        pytest.skip("LEC10_TEST_DATA names no folder with MNIST's test set")
    found = load(str(folder), places)
    assert found.train.shape == (9000, 28, 28) and found.held_out.shape == (1000, 28, 28)
    assert found.class_marks == tuple("0123456789")
    official = {image.tobytes() for image in (*found.train, *found.held_out)}
    shipped = load("mnist", places)
    assert not any(image.tobytes() in official for image in (*shipped.train, *shipped.held_out))
