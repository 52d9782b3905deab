"""What `--data PATH` takes: an .npz, a folder of idx files, or a folder of pictures."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from lec10_tui.data.idx import read_idx
from lec10_tui.data.image_set import DataError, ImageSet, Labelled, image_set, marks
from lec10_tui.data.npz import Npz
from lec10_tui.data.pictures import read_pictures
from lec10_tui.data.pixels import check_count, classes, grey
from lec10_tui.data.split import split_tenth

FORMS = "an .npz of images, a folder of idx files, or a folder of pictures (png, jpg, …)"

_KEYS = (
    ("x_train", "y_train", "x_test", "y_test"),
    ("train_images", "train_labels", "test_images", "test_labels"),
    ("images", "labels", "test_images", "test_labels"),
    ("x", "y", "x_test", "y_test"),
    ("X", "y", "X_test", "y_test"),
    ("data", "target", "", ""),
    ("arr_0", "arr_1", "", ""),
)


@dataclass(frozen=True, eq=False)
class Parts:
    """What a reader found: all images, or the official training and test sets; and the names of the classes."""

    train: Labelled
    test: Labelled | None
    class_names: tuple[str, ...]


def read(path: Path) -> ImageSet:
    """The data set at `path`; its official test set, or else a tenth, is held out. Raises DataError."""
    parts = read_parts(path)
    train, held_out = split_tenth(parts.train) if parts.test is None else (parts.train, parts.test)
    names = parts.class_names
    shown = f"{path.name}/" if path.is_dir() else path.name
    return image_set(shown, train, held_out, names, marks(names), str(path), "not known")


def read_parts(path: Path) -> Parts:
    """What lies at `path`, not yet split. Raises DataError."""
    try:
        if path.is_dir():
            return _read_folder(path)
        if path.is_file():
            return _read_file(path)
        there = path.exists()
    except OSError as error:
        raise DataError(f"{path}: can't be read ({error.strerror or error}); {FORMS} is needed") from error
    raise DataError(f"{path}: {'neither a file nor a folder' if there else 'nothing lies there'}; {FORMS} is needed")


def _read_folder(folder: Path) -> Parts:
    idx = sorted(file for file in folder.iterdir() if _is_idx(file) and file.is_file())
    if idx:
        return _read_idx_files(folder, idx)
    images, labels, names = read_pictures(folder)
    return Parts(Labelled(grey(images, str(folder)), labels), None, names)


def _read_file(path: Path) -> Parts:
    with path.open("rb") as file:
        begins = file.read(6)
    if begins.startswith(b"PK") or zipfile.is_zipfile(path):
        return _read_npz(path)
    if begins == b"\x93NUMPY":
        raise DataError(f"{path}: a single array; save it as an .npz with np.savez(…, images=…, labels=…)")
    if _is_idx(path):
        raise DataError(f"{path}: one idx file; give the folder it lies in, {path.parent}")
    raise DataError(f"{path}: a file of another kind; {FORMS} is needed")


def _read_npz(path: Path) -> Parts:
    file = Npz(path)
    for keys in _KEYS:
        if keys[0] in file.names:
            break
    else:
        has = ", ".join(name[:40] for name in file.names[:8]) or "no arrays"
        wanted = "arrays called images and labels, or x_train, y_train, x_test and y_test"
        raise DataError(f"{path}: holds {has}; {wanted} are needed")
    arrays = file.read([key for key in keys if key and key in file.names])
    train, labels, test, test_labels = (arrays.get(key) for key in keys)
    assert train is not None
    return _parts(f"{path}, array {keys[0]}", train, labels, test, test_labels)


def _read_idx_files(folder: Path, files: list[Path]) -> Parts:
    found: dict[tuple[bool, bool], Path] = {}
    for file in files:
        key = ("labels" in file.name.lower(), _is_test(file))
        other = found.setdefault(key, file)
        if other != file and other.name.removesuffix(".gz") != file.name.removesuffix(".gz"):
            kind = ("images", "labels")[key[0]]
            raise DataError(
                f"{folder}: both {other.name} and {file.name} could be its {kind}; keep one set in a folder"
            )
    train, labels = found.get((False, False)), found.get((True, False))
    test, test_labels = found.get((False, True)), found.get((True, True))
    if train is None:
        train, labels, test, test_labels = test, test_labels, None, None
    if train is None:
        raise DataError(
            f"{folder}: holds {files[0].name} but no images; a file such as train-images-idx3-ubyte is needed"
        )
    return _parts(
        str(folder),
        read_idx(train, 3),
        None if labels is None else read_idx(labels, 1),
        None if test is None else read_idx(test, 3),
        None if test_labels is None else read_idx(test_labels, 1),
    )


def _parts(
    what: str,
    train: NDArray[Any],
    labels: NDArray[Any] | None,
    test: NDArray[Any] | None,
    test_labels: NDArray[Any] | None,
) -> Parts:
    images = grey(train, what)
    test_images = None if test is None else grey(test, f"{what}, test set", fewest=1)
    if test_images is not None and test_images.shape[1:] != images.shape[1:]:
        found = "{}×{} in the test set, {}×{} in the training set".format(*test_images.shape[1:], *images.shape[1:])
        raise DataError(f"{what}: images are {found}; one size is needed")
    if test_images is not None and (labels is None) != (test_labels is None):
        raise DataError(f"{what}: labels for only one of its training and test sets; both or none are needed")
    if labels is None:
        return Parts(Labelled(images, None), None if test_images is None else Labelled(test_images, None), ())
    check_count(len(images), labels, what)
    if test_images is None or test_labels is None:
        indices, _, names = classes(labels, None, what)
        return Parts(Labelled(images, indices), None, names)
    check_count(len(test_images), test_labels, f"{what}, test set")
    indices, test_indices, names = classes(labels, test_labels, what)
    return Parts(Labelled(images, indices), Labelled(test_images, test_indices), names)


def _is_idx(file: Path) -> bool:
    name = file.name.lower()
    return ("idx3" in name or "idx1" in name) and ("images" in name or "labels" in name) and not name.startswith(".")


def _is_test(file: Path) -> bool:
    name = file.name.lower()
    return "t10k" in name or "test" in name
