"""What --data PATH takes, and what it says about what it can't take."""

from __future__ import annotations

import gzip
import io
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lec10_tui.data.image_set import DataError
from lec10_tui.data.readers import read, read_parts

RANDOM = np.random.default_rng(7)
IMAGES = RANDOM.integers(0, 256, (40, 6, 5)).astype(np.uint8)
LABELS = np.arange(40) % 4


def save(path: Path, **arrays: Any) -> Path:
    np.savez_compressed(path, **arrays)
    return path


def refused(path: Path) -> str:
    """The one line with which `path` is refused."""
    with pytest.raises(DataError) as caught:
        read(path)
    line = str(caught.value)
    assert line.isprintable()
    assert path.name in line
    return line


def idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return head + array.astype(np.uint8).tobytes()


def npy(header: str, data: bytes = b"", version: int = 1) -> bytes:
    text = header.encode("latin-1") + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + len(text).to_bytes(2 if version == 1 else 4, "little") + text + data


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return path


# .npz


@pytest.mark.parametrize("keys", [("images", "labels"), ("x", "y"), ("X", "y"), ("data", "target"), ("arr_0", "arr_1")])
def test_npz_by_its_usual_keys(tmp_path: Path, keys: tuple[str, str]) -> None:
    path = save(tmp_path / "own.npz", **{keys[0]: IMAGES, keys[1]: LABELS})
    parts = read_parts(path)
    assert (parts.train.images == IMAGES).all()
    assert parts.train.labels is not None and (parts.train.labels == LABELS).all()
    assert parts.test is None and parts.class_names == ("0", "1", "2", "3")


def test_ones_own_data_holds_out_a_tenth(tmp_path: Path) -> None:
    found = read(save(tmp_path / "own.npz", images=IMAGES, labels=LABELS))
    assert (found.train.shape, found.held_out.shape) == ((36, 6, 5), (4, 6, 5))
    assert found.name == "own.npz" and found.source == str(tmp_path / "own.npz")
    assert found.class_marks == ("0", "1", "2", "3")
    assert found.train.flags.writeable and found.train.flags.c_contiguous
    without = read(save(tmp_path / "bare.npz", images=IMAGES))
    assert without.train_labels is None and without.class_names == () and without.class_marks == ()
    assert (without.held_out == found.held_out).all()


def test_the_official_test_set_is_held_out(tmp_path: Path) -> None:
    arrays = {"x_test": IMAGES[30:], "x_train": IMAGES[:30], "y_train": LABELS[:30], "y_test": LABELS[30:]}
    found = read(save(tmp_path / "mnist.npz", **arrays))
    assert (found.train == IMAGES[:30]).all() and (found.held_out == IMAGES[30:]).all()
    assert found.held_out_labels is not None and found.held_out_labels.tolist() == LABELS[30:].tolist()


def test_the_same_contents_have_the_same_sha256_in_any_container(tmp_path: Path) -> None:
    folder = tmp_path / "idx"
    folder.mkdir()
    (folder / "train-images-idx3-ubyte").write_bytes(idx(IMAGES))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(LABELS)))
    fortran = save(tmp_path / "a.npz", images=np.asfortranarray(IMAGES), labels=LABELS.astype(">i2"))
    assert read(folder).sha256 == read(fortran).sha256


def test_truths_floats_and_colour_become_grey_bytes(tmp_path: Path) -> None:
    truths = IMAGES > 127
    assert (read_parts(save(tmp_path / "b.npz", images=truths)).train.images == truths * 255).all()
    for dtype in (np.float16, np.float32, np.float64, ">f4"):
        floats = (IMAGES / 255).astype(dtype)
        assert (read_parts(save(tmp_path / "f.npz", images=floats)).train.images == IMAGES).all()
    colour = RANDOM.integers(0, 256, (20, 4, 4, 3)).astype(np.uint8)
    pillow = np.stack([np.asarray(Image.fromarray(image).convert("L")) for image in colour])
    found = read_parts(save(tmp_path / "c.npz", images=colour)).train.images
    assert np.abs(found.astype(int) - pillow).max() <= 1
    scaled = read_parts(save(tmp_path / "d.npz", images=colour / 255)).train.images
    assert (scaled == found).mean() > 0.99 and np.abs(scaled.astype(int) - found).max() <= 1
    assert (read_parts(save(tmp_path / "e.npz", images=IMAGES[..., None])).train.images == IMAGES).all()
    assert (read_parts(save(tmp_path / "g.npz", images=IMAGES[:, None])).train.images == IMAGES).all()


def test_labels_become_indices_of_names(tmp_path: Path) -> None:
    words = np.array(["cat", "dog"])[LABELS % 2]
    parts = read_parts(save(tmp_path / "w.npz", images=IMAGES, labels=words))
    assert parts.class_names == ("cat", "dog")
    assert parts.train.labels is not None and (parts.train.labels == LABELS % 2).all()
    sparse = read_parts(save(tmp_path / "s.npz", images=IMAGES, labels=LABELS * 10 - 5))
    assert sparse.class_names == ("-5", "5", "15", "25")
    assert sparse.train.labels is not None and (sparse.train.labels == LABELS).all()


BAD_ARRAYS: dict[str, tuple[dict[str, Any], str]] = {
    "integers": ({"images": IMAGES.astype(np.int64)}, "int64; uint8, or bool, or floats from 0 to 1 are needed"),
    "flat": ({"images": np.full((40, 36), 9, np.uint8)}, "shape (40, 36); reshape it to (40, 6, 6)"),
    "one": ({"images": IMAGES[0]}, "shape (6, 5); images as (N, H, W)"),
    "four": ({"images": np.full((20, 6, 6, 4), 9, np.uint8)}, "shape (20, 6, 6, 4)"),
    "scalar": ({"images": np.uint8(3)}, "shape ()"),
    "few": ({"images": IMAGES[:19]}, "19 images; at least 20"),
    "none": ({"images": IMAGES[:0]}, "0 images; at least 20"),
    "small": ({"images": np.full((20, 3, 9), 9, np.uint8)}, "3×9; from 4×4 to 128×128"),
    "large": ({"images": np.full((20, 129, 9), 9, np.uint8)}, "129×9; from 4×4 to 128×128"),
    "nan": ({"images": np.where(IMAGES > 9, IMAGES / 255, np.nan)}, "not numbers"),
    "infinite": ({"images": np.where(IMAGES > 9, IMAGES / 255, np.inf)}, "not numbers"),
    "range": ({"images": IMAGES.astype(np.float32)}, "floats from 0 to 255; floats from 0 to 1"),
    "negative": ({"images": IMAGES / 127.5 - 1}, "floats from -1 to 1; floats from 0 to 1"),
    "binary": ({"images": IMAGES // 128}, "no value is above 1 of 255"),
    "black": ({"images": np.zeros((20, 4, 4))}, "no value is above 1 of 255"),
    "complex": ({"images": IMAGES * 1j}, "holds '<c16'"),
    "text": ({"images": np.full((20, 4, 4), "x")}, "values are <U1"),
    "objects": ({"images": np.array([{}] * 20, object)}, "holds '|O'"),
    "fields": ({"images": np.zeros(20, [("a", "u1")])}, "holds [('a', '|u1')]"),
    "short labels": ({"images": IMAGES, "labels": LABELS[1:]}, "39 labels for 40 images"),
    "one-hot": ({"images": IMAGES, "labels": np.eye(4)[LABELS]}, "labels have the shape (40, 4)"),
    "float labels": ({"images": IMAGES, "labels": LABELS * 1.0}, "labels are float64"),
    "odd labels": ({"images": IMAGES, "labels": np.array(["a\x1b[2J"] * 40)}, "can't be printed"),
    "keys": ({"pixels": IMAGES}, "holds pixels; arrays called images and labels"),
    "empty": ({}, "holds no arrays"),
    "half": ({"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES}, "labels for only one of its training and test"),
    "sizes": (
        {"x_train": IMAGES, "x_test": np.full((2, 7, 7), 9, np.uint8)},
        "7×7 in the test set, 6×5 in the training",
    ),
    "mixed": ({"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES[:1], "y_test": ["a"]}, "some labels are text"),
    "no test": ({"x_train": IMAGES, "x_test": IMAGES[:0]}, "test set: 0 images; at least 1"),
}


@pytest.mark.parametrize("case", BAD_ARRAYS)
def test_a_bad_npz_gets_one_line(tmp_path: Path, case: str) -> None:
    arrays, told = BAD_ARRAYS[case]
    assert told in refused(save(tmp_path / "bad.npz", **arrays))


HUGE = "{'descr': '|u1', 'fortran_order': False, 'shape': (%s,28,28)}"
BAD_HEADERS = {
    "huge": (npy(HUGE % 10**9), "claims 784,000,000,000 bytes; at most 2 GiB"),
    "absurd": (npy(HUGE % 10**400), "at most 2 GiB"),
    "lying": (npy(HUGE % 10**6), "ends after 0 of 784,000,000 bytes"),
    "negative": (npy(HUGE % -4), "gives the shape (-4, 28, 28)"),
    "truth": (npy(HUGE % True), "gives the shape (True, 28, 28)"),
    "longer": (npy(HUGE % 20, bytes(20 * 784 + 1)), "goes on after the values its header announces"),
    "no dict": (npy("[1, 2]"), "header can't be read"),
    "no python": (npy("{'descr': "), "header can't be read"),
    "deep": (npy("(" * 4000), "header can't be read"),
    "code": (npy("{'descr': __import__('os').getcwd()}"), "header can't be read"),
    "long": (npy("{}" + " " * 20000), "header is 20,003 bytes long"),
    "version": (npy(HUGE % 20, version=9), "not an array that numpy saved"),
    "other": (b"GIF89a..", "not an array that numpy saved"),
    "nothing": (b"", "ends after 0 of 8 bytes"),
}


@pytest.mark.parametrize("case", BAD_HEADERS)
def test_a_header_that_lies_costs_no_memory(tmp_path: Path, case: str) -> None:
    data, told = BAD_HEADERS[case]
    path = zipped(tmp_path / "bad.npz", images=data)
    tracemalloc.start()
    try:
        assert told in refused(path)
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def test_all_versions_of_the_npy_header_are_read(tmp_path: Path) -> None:
    for version in ((1, 0), (2, 0), (3, 0)):
        member = io.BytesIO()
        np.lib.format.write_array(member, IMAGES, version)
        assert (read_parts(zipped(tmp_path / "v.npz", images=member.getvalue())).train.images == IMAGES).all()


def test_other_files_get_one_line(tmp_path: Path) -> None:
    for name, data, told in (
        (
            "notes.txt",
            b"hello",
            "a file of another kind; an .npz of images, a folder of idx files, or a folder of pictures",
        ),
        ("empty.npz", b"", "a file of another kind"),
        ("cut.npz", b"PK\x03\x04 and then nothing", "not a whole .npz file"),
        ("one.npy", npy(HUGE % 20), "save it as an .npz with np.savez"),
        ("train-images-idx3-ubyte", idx(IMAGES), f"give the folder it lies in, {tmp_path}"),
    ):
        (tmp_path / name).write_bytes(data)
        assert told in refused(tmp_path / name)
    assert "nothing lies there" in refused(tmp_path / "absent.npz")
    os.mkfifo(tmp_path / "pipe.npz")
    assert "neither a file nor a folder" in refused(tmp_path / "pipe.npz")


def test_a_damaged_npz_is_never_anything_but_a_data_error(tmp_path: Path) -> None:
    path = save(tmp_path / "own.npz", images=IMAGES[:20, :4, :4], labels=np.array(["a", "b"] * 10))
    check_mutations(path, path, 700)


def test_a_damaged_npy_inside_an_npz_is_never_anything_but_a_data_error(tmp_path: Path) -> None:
    for array, key in ((IMAGES[:20, :4, :4] / 255, "images"), (np.array(["a", "b"] * 10), "labels")):
        member = io.BytesIO()
        np.lib.format.write_array(member, array)
        good = bytes(member.getvalue())
        others = {} if key == "images" else {"images": npy(HUGE % 20, bytes(range(49)) * 320)}
        random = np.random.default_rng(5)
        outcomes = set()
        for _ in range(400):
            outcomes.add(survives(zipped(tmp_path / "own.npz", **others, **{key: mutated(good, random)})))
        assert outcomes == {True, False}


# idx


def idx_folder(folder: Path, **files: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("__", ".").replace("_", "-")).write_bytes(data)
    return folder


def test_idx_files_with_the_official_test_set(tmp_path: Path) -> None:
    folder = idx_folder(
        tmp_path / "set",
        train_images_idx3_ubyte__gz=gzip.compress(idx(IMAGES)),
        train_labels_idx1_ubyte__gz=gzip.compress(idx(LABELS)),
        t10k_images__idx3_ubyte=idx(IMAGES[:7]),
        t10k_labels__idx1_ubyte=idx(LABELS[:7]),
    )
    found = read(folder)
    assert found.name == "set/"
    assert (found.train == IMAGES).all() and (found.held_out == IMAGES[:7]).all()
    assert found.held_out_labels is not None and found.held_out_labels.tolist() == LABELS[:7].tolist()
    assert found.train.flags.writeable


def test_only_a_test_set_is_split_like_ones_own(tmp_path: Path) -> None:
    found = read(idx_folder(tmp_path / "set", t10k_images_idx3_ubyte=idx(IMAGES)))
    assert (len(found.train), len(found.held_out), found.train_labels) == (36, 4, None)


def test_a_file_beside_its_own_gz_is_read_once(tmp_path: Path) -> None:
    files = {"images_idx3_ubyte": idx(IMAGES), "images_idx3_ubyte__gz": gzip.compress(idx(IMAGES))}
    assert len(read_parts(idx_folder(tmp_path / "set", **files)).train.images) == 40


BAD_IDX: dict[str, tuple[bytes, str]] = {
    "magic": (b"\x01\x02\x03\x04" + bytes(2000), "not an idx file: it should begin 00 00 08 03, not 01 02 03 04"),
    "type": (b"\0\0\x0d\x03" + idx(IMAGES)[4:], "idx type 0x0d; unsigned bytes (0x08) are needed"),
    "dimensions": (idx(LABELS), "holds 1 dimensions; 3 are needed"),
    "huge": (b"\0\0\x08\x03" + b"\xff" * 12 + bytes(99), "at most 2 GiB"),
    "lying": (idx(IMAGES)[:4] + np.array([2**20, 40, 40], ">u4").tobytes(), "ends after 0 of 1,677,721,600 bytes"),
    "cut": (idx(IMAGES)[:-1], "ends after 1,199 of 1,200 bytes"),
    "cut head": (idx(IMAGES)[:9], "ends after 5 of 12 bytes"),
    "longer": (idx(IMAGES) + b"x", "goes on after"),
    "empty": (b"", "ends after 0 of 4 bytes"),
    "cut gz": (gzip.compress(idx(IMAGES))[:-20], "not a whole file"),
    "damaged gz": (gzip.compress(idx(IMAGES))[:100] + bytes(500), "not a whole file"),
    "false gz": (b"\x1f\x8b\0\0", "not a whole file"),
    "no images": (idx(IMAGES[:0]), "0 images; at least 20 are needed"),
    "labels": (idx(IMAGES[:39]), "40 labels for 39 images"),
}


@pytest.mark.parametrize("case", BAD_IDX)
def test_a_bad_idx_file_gets_one_line(tmp_path: Path, case: str) -> None:
    data, told = BAD_IDX[case]
    folder = idx_folder(tmp_path / "set", train_images_idx3_ubyte=data, train_labels_idx1_ubyte=idx(LABELS))
    tracemalloc.start()
    try:
        assert told in refused(folder)
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def test_bad_idx_folders_get_one_line(tmp_path: Path) -> None:
    lone = idx_folder(tmp_path / "lone", train_labels_idx1_ubyte=idx(LABELS))
    assert "holds train-labels-idx1-ubyte but no images" in refused(lone)
    two = idx_folder(tmp_path / "two", a_train_images_idx3=idx(IMAGES), b_train_images_idx3=idx(IMAGES))
    assert "both a-train-images-idx3 and b-train-images-idx3 could be its images" in refused(two)


def test_a_gz_that_grows_without_end_is_left_in_time(tmp_path: Path) -> None:
    bomb = gzip.compress(idx(IMAGES) + bytes(64 << 20))
    folder = idx_folder(tmp_path / "set", train_images_idx3_ubyte__gz=bomb)
    tracemalloc.start()
    try:
        assert "goes on after" in refused(folder)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_damaged_idx_file_is_never_anything_but_a_data_error(tmp_path: Path) -> None:
    for zip_it in (False, True):
        folder = tmp_path / f"set{zip_it}"
        data = idx(IMAGES[:20])
        idx_folder(folder, images_idx3_ubyte=gzip.compress(data) if zip_it else data)
        check_mutations(folder / "images-idx3-ubyte", folder, 400)


# pictures


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    for number, image in enumerate(IMAGES):
        suffix = ("png", "BMP", "webp")[number % 3]
        Image.fromarray(image).save(tmp_path / f"{number:03}.{suffix}", lossless=True)
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / ".hidden.png").write_bytes(b"not a picture")
    parts = read_parts(tmp_path)
    assert (parts.train.images == IMAGES).all()
    assert parts.train.labels is None and parts.class_names == ()


def test_subfolders_are_classes(tmp_path: Path) -> None:
    for number, image in enumerate(IMAGES):
        folder = tmp_path / ("zebra", "ape")[number % 2]
        folder.mkdir(exist_ok=True)
        Image.fromarray(image).save(folder / f"{number:03}.png")
    (tmp_path / "empty").mkdir()
    found, parts = read(tmp_path), read_parts(tmp_path)
    assert found.class_names == ("ape", "zebra") and found.class_marks == ("A", "Z")
    assert parts.train.labels is not None and parts.train.labels.tolist() == [0] * 20 + [1] * 20
    assert (parts.train.images == np.concatenate([IMAGES[1::2], IMAGES[::2]])).all()


def test_every_mode_becomes_grey(tmp_path: Path) -> None:
    image = IMAGES[0]
    grey = Image.fromarray(image)
    half = grey.convert("LA")
    half.putalpha(128)
    pictures = {
        "grey": (grey, image),
        "colour": (grey.convert("RGB"), image),
        "palette": (grey.convert("P"), image),
        "bits": (Image.fromarray(image > 127), (image > 127) * 255),
        "deep": (Image.fromarray(image.astype(np.uint16) * 257), image),
        "clear": (half, image * (128 / 255)),
    }
    for number in range(24):
        name, (picture, _) = list(pictures.items())[number % 6]
        suffix = "pgm" if name in ("grey", "deep") and number > 9 else "png"
        picture.save(tmp_path / f"{name}{number:02}.{suffix}")
    images = read_parts(tmp_path).train.images
    names = sorted(path.name for path in tmp_path.iterdir())
    for found, name in zip(images, names, strict=True):
        wanted = pictures[name[:-6]][1]
        assert np.abs(found.astype(float) - wanted).max() <= 1, name


def many(folder: Path, count: int = 20, suffix: str = "png") -> None:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        Image.fromarray(IMAGES[number]).save(folder / f"{number:03}.{suffix}")


def test_bad_pictures_get_one_line(tmp_path: Path) -> None:
    many(tmp_path / "sizes")
    Image.new("L", (9, 8)).save(tmp_path / "sizes" / "zz.png")
    assert f"zz.png: 8×9, but {tmp_path / 'sizes' / '000.png'} is 6×5; make all" in refused(tmp_path / "sizes")
    many(tmp_path / "broken")
    whole = (tmp_path / "broken" / "003.png").read_bytes()
    (tmp_path / "broken" / "003.png").write_bytes(whole[:50])
    assert "003.png: not a whole picture; mend it or take it out" in refused(tmp_path / "broken")
    (tmp_path / "broken" / "000.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0")
    assert "000.png: not a whole picture" in refused(tmp_path / "broken")
    many(tmp_path / "few", 19)
    assert "19 pictures; at least 20 are needed" in refused(tmp_path / "few")
    many(tmp_path / "both")
    many(tmp_path / "both" / "cats")
    assert "000.png lies beside the folder cats, which holds pictures too" in refused(tmp_path / "both")
    (tmp_path / "large").mkdir()
    for number in range(20):
        Image.new("L", (200, 100)).save(tmp_path / "large" / f"{number}.png")
    assert "100×200; from 4×4 to 128×128" in refused(tmp_path / "large")
    (tmp_path / "bits").mkdir()
    for number in range(20):
        Image.fromarray(IMAGES[number].astype(np.float32)).save(tmp_path / "bits" / f"{number}.ppm")
    assert "pixels are floats; 8 or 16 bits are needed" in refused(tmp_path / "bits")
    (tmp_path / "none").mkdir()
    assert "0 pictures" in refused(tmp_path / "none")
    (tmp_path / "odd").mkdir()
    many(tmp_path / "odd" / "\x1b[2J")
    assert "name can't be printed" in refused(tmp_path / "odd")


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "gif", "webp", "pgm"])
def test_a_damaged_picture_is_never_anything_but_a_data_error(tmp_path: Path, suffix: str) -> None:
    many(tmp_path / "set", suffix=suffix)
    check_mutations(tmp_path / "set" / f"000.{suffix}", tmp_path / "set", 60)


# damage


def mutated(data: bytes, random: np.random.Generator) -> bytes:
    """`data` with some bytes changed, a piece cut out, put in twice, or its end gone."""
    kind, place = random.integers(6), int(random.integers(len(data)))
    if kind == 0:
        return data[:place]
    if kind == 1:
        return data[:place] + data[place + int(random.integers(1, 40)) :]
    if kind == 2:
        return data[:place] + data[max(0, place - int(random.integers(1, 40))) :]
    changed = bytearray(data)
    for _ in range(int(random.integers(1, 6))):
        # the headers at both ends are where the harm is
        edge = int(random.integers(min(90, len(data))))
        at = (edge, -1 - edge, place)[int(random.integers(3))]
        changed[at] = int(random.choice([0, 1, 0x7F, 0x80, 0xFF, random.integers(256)]))
    return bytes(changed)


def survives(path: Path) -> bool:
    """Whether `path` is read; what is refused is refused with one line."""
    try:
        found = read(path)
    except DataError as error:
        assert str(error).isprintable() and len(str(error)) < 2000
        return False
    assert found.train.dtype == np.uint8 and found.train.ndim == 3
    assert found.train_labels is None or len(found.train_labels) == len(found.train)
    return True


def check_mutations(file: Path, path: Path, count: int) -> None:
    """Damage `file` in `count` ways; reading `path` must end well or with a DataError, and both must happen."""
    random = np.random.default_rng(11)
    files = sorted(file.parent.glob(file.name + "*")) if not file.exists() else [file]
    good = files[0].read_bytes()
    outcomes = []
    for _ in range(count):
        files[0].write_bytes(mutated(good, random))
        outcomes.append(survives(path))
    assert outcomes.count(False) > count // 5
    files[0].write_bytes(good)
    assert survives(path)
