"""Full data sets from where their makers keep them: checked before they are kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from lec10_tui.data.catalogue import fetched_folder
from lec10_tui.data.image_set import DataError
from lec10_tui.vocabulary.experiments import Places

TIMEOUT = 30.0
CHUNK = 1 << 16


@dataclass(frozen=True)
class Remote:
    """One file somewhere else: its address, its size in bytes and its sha256."""

    url: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.url.rpartition("/")[2]


_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"
_ZALANDO = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"
REMOTES: Mapping[str, Sequence[Remote]] = {
    "mnist": (
        Remote(f"{_KERAS}/mnist.npz", 11490434, "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),
    ),
    "fashion-mnist": (
        Remote(
            f"{_ZALANDO}/train-images-idx3-ubyte.gz",
            26421880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        Remote(
            f"{_ZALANDO}/train-labels-idx1-ubyte.gz",
            29515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        Remote(
            f"{_ZALANDO}/t10k-images-idx3-ubyte.gz",
            4422102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        Remote(
            f"{_ZALANDO}/t10k-labels-idx1-ubyte.gz",
            5148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
}


class Body(Protocol):
    """What an opened address gives: bytes to read."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""


OpenURL = Callable[[str], AbstractContextManager[Body]]
Progress = Callable[[int, int | None], None]


def open_url(url: str) -> AbstractContextManager[Body]:
    """Open an address; raises OSError when it can't be reached, or is silent for 30 s then or later."""
    from urllib.request import Request, urlopen

    body: AbstractContextManager[Body] = urlopen(Request(url, headers={"User-Agent": "lec10"}), timeout=TIMEOUT)
    return body


def fetch(
    name: str,
    places: Places,
    progress: Progress,
    open_url: OpenURL = open_url,
    remotes: Mapping[str, Sequence[Remote]] = REMOTES,
) -> Path:
    """Fetch the full data set called `name` and return where it lies; what is already there and whole stays as it is.

    `progress` hears the bytes so far and the bytes in all. Every file is downloaded beside its place, checked, and only
    then put there, so whatever happens, what was there before is still there, and nothing half done is left.
    Raises DataError.
    """
    if name not in remotes:
        raise DataError(f"data {name!r}: can't be fetched; one of {', '.join(remotes)} can")
    folder = fetched_folder(places) / name
    try:
        missing = [remote for remote in remotes[name] if not _is_whole(folder / remote.name, remote)]
        if missing:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _fetch_into(folder, missing, progress, open_url)
    except OSError as error:
        raise DataError(
            f"{folder}: can't be written ({error.strerror or error}); make room there, or set LEC10_HOME"
        ) from error
    return folder / remotes[name][0].name if len(remotes[name]) == 1 else folder


def _fetch_into(folder: Path, remotes: Sequence[Remote], progress: Progress, open_url: OpenURL) -> None:
    total, done = sum(remote.size for remote in remotes), 0

    def came(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        for remote in remotes:
            _download(remote, Path(temporary) / remote.name, came, open_url)
        folder.mkdir(exist_ok=True)
        for remote in remotes:
            os.replace(Path(temporary) / remote.name, folder / remote.name)


def _download(remote: Remote, target: Path, came: Callable[[int], None], open_url: OpenURL) -> None:
    digest, count = hashlib.sha256(), 0
    with target.open("xb") as file:
        for piece in _pieces(remote, open_url):
            file.write(piece)
            digest.update(piece)
            count += len(piece)
            came(len(piece))
    if count < remote.size:
        raise DataError(f"{remote.url}: the line broke after {count:,} of {remote.size:,} bytes; try again")
    if digest.hexdigest() != remote.sha256:
        raise DataError(
            f"{remote.url}: what came has sha256 {digest.hexdigest()}, not {remote.sha256}; it was not kept"
        )


def _pieces(remote: Remote, open_url: OpenURL) -> Iterator[bytes]:
    """What comes from the address, piece by piece; never more than one byte too many. Raises DataError."""
    left = remote.size + 1
    try:
        with open_url(remote.url) as body:
            while left and (piece := body.read(min(CHUNK, left))):
                left -= len(piece)
                yield piece
    except (OSError, HTTPException) as error:
        why = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise DataError(f"{remote.url}: can't be fetched ({why}); look at the network and try again") from error


def _is_whole(file: Path, remote: Remote) -> bool:
    if not file.is_file() or file.stat().st_size != remote.size:
        return False
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == remote.sha256
