"""A snapshot as the bytes of one safetensors file, exact to the bit, with a checksum over every byte of it.

The file's metadata has one entry, `lec10`: JSON text with the sha256 of the file (taken with zeros in its own place),
the format, the lesson, the step, the header and the metrics; non-finite numbers as `plain.exact` writes them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from lec10_tui.runs import plain
from lec10_tui.runs.errors import Damaged, RunError, one_line
from lec10_tui.runs.files import Piece, open_safely
from lec10_tui.vocabulary.frames import Readings
from lec10_tui.vocabulary.reports import Snapshot

FORMAT = 1
LARGEST = 2 * 1024**3
LARGEST_HEADER = 64 * 1024**2
DTYPES = (
    *("bool", "complex64", "float16", "float32", "float64"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
)

_ENTRY = "lec10"
_UNSIGNED = b"0" * 64
_MARK = rb"\"sha256\": \""
_CHUNK = 1024**2


class NewerFormat(RunError):
    """A later version of this program wrote the file."""


@dataclass(frozen=True, eq=False)
class Contents:
    """What a checkpoint says of itself: everything but its arrays."""

    lesson: str
    step: int
    header: Mapping[str, Any]
    metrics: tuple[Readings, ...]


def encode(snapshot: Snapshot) -> tuple[Piece, ...]:
    """The pieces of a checkpoint file, one after the other; raises ValueError for what it can't hold exactly."""
    arrays = {name: _storable(name, array) for name, array in snapshot.arrays.items()}
    if sum(array.nbytes for array in arrays.values()) > LARGEST - LARGEST_HEADER:
        raise ValueError(f"the arrays have more than the {LARGEST // 1024**3} GiB that a checkpoint holds")
    said = {
        "sha256": _UNSIGNED.decode(),
        "format": FORMAT,
        "lesson": snapshot.lesson,
        "step": snapshot.step,
        "header": plain.exact(snapshot.header),
    }
    # Row by row: thousands of rows in one call would hold the interpreter, and with it the screen, for tens of ms.
    metrics = ", ".join(plain.dumps(plain.exact(row)) for row in snapshot.metrics)
    text = f'{plain.dumps(said)[:-1]}, "metrics": [{metrics}]}}'
    if len(text) > LARGEST_HEADER // 4:
        raise ValueError(f"the header and metrics have {len(text)} characters, too many for a checkpoint")
    try:
        data = memoryview(save(arrays, {_ENTRY: text}))
    except (SafetensorError, UnicodeError) as error:
        raise ValueError(one_line(error)) from error
    start = _digest_at(bytes(data[: 8 + int.from_bytes(data[:8], "little")]))
    return data[:start], hashlib.sha256(data).hexdigest().encode(), data[start + len(_UNSIGNED) :]


def decode(path: Path, within: Path) -> Snapshot:
    """The snapshot in a checkpoint file of the run folder `within`; its arrays are fresh and writeable.

    Raises Damaged when any bit of it is not as it was written, NewerFormat for a file of a later version, RunError when
    the disk does not give it.
    """
    with open_safely(path, within, LARGEST) as file:
        try:
            head, contents, digest = _head(file, path)
            if _digest(file, head, digest) != digest:
                raise Damaged(f"{path}: is damaged: its checksum does not match")
            file.seek(0)
            data = file.read()
        except (OSError, MemoryError) as error:
            raise RunError(f"{path}: can't be read: {one_line(error)}") from error
    try:
        arrays = load(data)
    except MemoryError as error:
        raise RunError(f"{path}: does not fit into memory") from error
    except (SafetensorError, ValueError, KeyError, OverflowError) as error:
        raise Damaged(f"{path}: is damaged: {one_line(error)}") from error
    return Snapshot(contents.lesson, contents.step, contents.header, arrays, contents.metrics)


def peek(path: Path, within: Path) -> Contents:
    """What a checkpoint file says of itself, without its arrays and without the checksum; raises as `decode` does."""
    with open_safely(path, within, LARGEST) as file:
        try:
            return _head(file, path)[1]
        except OSError as error:
            raise RunError(f"{path}: can't be read: {one_line(error)}") from error


def _storable(name: str, array: NDArray[np.generic]) -> NDArray[np.generic]:
    if name == "__metadata__":
        raise ValueError("an array can't be called __metadata__")
    if array.dtype.name not in DTYPES or not array.dtype.isnative:
        raise ValueError(f"the array {name!r} is {array.dtype.str}: a checkpoint holds {', '.join(DTYPES)}")
    return np.asarray(array, order="C")


def _digest_at(head: bytes) -> int:
    mark = head.find(_MARK)
    return -1 if mark < 0 else mark + len(_MARK)


def _digest(file: BinaryIO, head: bytes, digest: str) -> str:
    """The sha256 of an open file whose first bytes are `head`, with zeros where `digest` stands."""
    start = _digest_at(head)
    if start < 0 or head[start : start + len(_UNSIGNED)] != digest.encode():
        return ""
    found = hashlib.sha256(head[:start] + _UNSIGNED + head[start + len(_UNSIGNED) :])
    file.seek(len(head))
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    return found.hexdigest()


def _head(file: BinaryIO, path: Path) -> tuple[bytes, Contents, str]:
    """The first bytes of an open checkpoint up to its arrays, what they say, and the sha256 they name."""
    size = os.fstat(file.fileno()).st_size
    head = file.read(8)
    length = int.from_bytes(head, "little")
    if len(head) < 8 or length > min(LARGEST_HEADER, size - 8):
        raise Damaged(f"{path}: is damaged or not a checkpoint")
    head += file.read(length)
    try:
        said = plain.loads(plain.loads(head[8:])["__metadata__"][_ENTRY])
        version, digest = said["format"], said["sha256"]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise Damaged(f"{path}: is damaged or not a checkpoint") from error
    if isinstance(version, int) and version > FORMAT:
        raise NewerFormat(f"{path}: has format {version}, later than the {FORMAT} that is read here: update lec10")
    if version != FORMAT or not isinstance(digest, str) or len(digest) != len(_UNSIGNED) or not digest.isascii():
        raise Damaged(f"{path}: is damaged or not a checkpoint")
    return head, _contents(said, path), digest


def _contents(said: Mapping[str, Any], path: Path) -> Contents:
    lesson, step = said.get("lesson"), said.get("step")
    header, metrics = plain.restored(said.get("header")), plain.restored(said.get("metrics"))
    if not isinstance(lesson, str) or not isinstance(step, int) or isinstance(step, bool) or step < 0:
        raise Damaged(f"{path}: is damaged: it names no lesson and step")
    if not isinstance(header, dict) or not isinstance(metrics, list) or not all(map(_is_readings, metrics)):
        raise Damaged(f"{path}: is damaged: its header or metrics have another form")
    return Contents(lesson, step, header, tuple(metrics))


def _is_readings(row: object) -> bool:
    if not isinstance(row, dict):
        return False
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in row.values())
