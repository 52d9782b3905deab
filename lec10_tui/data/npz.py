"""The arrays of an .npz file, read without pickle and without trusting its headers."""

from __future__ import annotations

import ast
import lzma
import math
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from lec10_tui.data.bounded import check_end, check_size, read_exactly
from lec10_tui.data.image_set import DataError

Array = NDArray[np.generic]

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, KeyError, ValueError),
    *(NotImplementedError, RuntimeError, OverflowError, MemoryError),
)
_LONGEST_HEADER = 10_000
_PLAIN = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|U[1-9]\d{0,3})")


class Npz:
    """An open .npz; `names` are its arrays' names in the file's order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.namelist()
        except _BROKEN as error:
            raise DataError(f"{path}: not a whole .npz file ({_first_line(error)})") from error
        self.names = tuple(name.removesuffix(".npy") for name in members if name.endswith(".npy"))

    def read(self, names: Collection[str]) -> dict[str, Array]:
        """The arrays called `names`; raises DataError for a damaged one, or one that isn't numbers, truths or text."""
        arrays = {}
        try:
            with zipfile.ZipFile(self.path) as archive:
                for name in names:
                    with archive.open(f"{name}.npy") as stream:
                        arrays[name] = _read_npy(stream, f"{self.path}, array {name}")
        except DataError:
            raise
        except _BROKEN as error:
            raise DataError(f"{self.path}: not a whole .npz file ({_first_line(error)})") from error
        return arrays


def _read_npy(stream: IO[bytes], what: str) -> Array:
    dtype, shape, fortran = _header(stream, what)
    size = math.prod(shape) * dtype.itemsize
    check_size(size, what)
    array = np.ndarray(shape, dtype, read_exactly(stream, size, what), order="F" if fortran else "C")
    check_end(stream, what)
    array = array.astype(dtype.newbyteorder("="), order="C", copy=False)
    if dtype.kind == "U" and array.size and array.view(np.uint32).max() > sys.maxunicode:
        raise DataError(f"{what}: holds text that is damaged; save it with np.savez")
    return array


def _header(stream: IO[bytes], what: str) -> tuple[np.dtype[Any], tuple[int, ...], bool]:
    """The header of the .npy format, versions 1 to 3; numpy's own reader would warn on odd ones, and take objects."""
    magic = bytes(read_exactly(stream, 8, what))
    if magic[:6] != b"\x93NUMPY" or magic[6] not in (1, 2, 3):
        raise DataError(f"{what}: not an array that numpy saved")
    form = "<H" if magic[6] == 1 else "<I"
    (length,) = struct.unpack(form, read_exactly(stream, struct.calcsize(form), what))
    if length > _LONGEST_HEADER:
        raise DataError(f"{what}: its header is {length:,} bytes long; at most {_LONGEST_HEADER:,} are read")
    text = read_exactly(stream, length, what).decode("utf-8" if magic[6] == 3 else "latin-1")
    try:
        fields = ast.literal_eval(text.strip())
        descr, fortran, shape = fields["descr"], fields["fortran_order"], fields["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError) as error:
        raise DataError(f"{what}: its header can't be read; save it with np.savez") from error
    if not isinstance(descr, str) or not _PLAIN.fullmatch(descr):
        raise DataError(f"{what}: holds {_short(descr)}; uint8 images and whole-number labels are needed")
    if not isinstance(shape, tuple) or not all(type(n) is int and n >= 0 for n in shape) or len(shape) > 8:
        raise DataError(f"{what}: its header gives the shape {_short(shape)}; save it with np.savez")
    return np.dtype(descr), shape, bool(fortran)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:100]
