"""The idx format of MNIST: a magic number, the dimensions, unsigned bytes; gzipped or not."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import IO, cast

import numpy as np

from lec10_tui.data.bounded import check_end, check_size, read_exactly
from lec10_tui.data.image_set import DataError, Images

_UNSIGNED_BYTE = 0x08


def read_idx(path: Path, dimensions: int) -> Images:
    """The uint8 array of an idx file with `dimensions` dimensions (images 3, labels 1); raises DataError."""
    what = str(path)
    try:
        with _opened(path) as stream:
            magic = read_exactly(stream, 4, what)
            if magic[:2] != b"\0\0" or magic[3] == 0:
                raise DataError(
                    f"{path}: not an idx file: it should begin 00 00 08 0{dimensions}, not {magic.hex(' ')}"
                )
            if magic[2] != _UNSIGNED_BYTE:
                raise DataError(f"{path}: holds values of idx type {magic[2]:#04x}; unsigned bytes (0x08) are needed")
            if magic[3] != dimensions:
                raise DataError(f"{path}: holds {magic[3]} dimensions; {dimensions} are needed")
            shape = struct.unpack(f">{dimensions}I", read_exactly(stream, 4 * dimensions, what))
            size = math.prod(shape)
            check_size(size, what)
            data = read_exactly(stream, size, what)
            check_end(stream, what)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            f"{path}: not a whole file ({getattr(error, 'strerror', None) or error}); get it again"
        ) from error
    return np.ndarray(shape, np.uint8, data)


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path, "rb")) if zipped else path.open("rb")
