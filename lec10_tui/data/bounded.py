"""Reading from files that may lie about their size: never more memory than they are allowed."""

from __future__ import annotations

from typing import IO

from lec10_tui.data.image_set import DataError

LARGEST = 2 << 30
CHUNK = 1 << 20


def check_size(size: int, what: str) -> None:
    """Raises DataError when `what` claims more than 2 GiB."""
    if size > LARGEST:
        raise DataError(f"{what}: its header claims {size:,} bytes; at most 2 GiB are read")


def read_exactly(stream: IO[bytes], size: int, what: str) -> bytearray:
    """The next `size` bytes, growing with what is really there; raises DataError when there are fewer."""
    check_size(size, what)
    data = bytearray()
    while len(data) < size:
        piece = stream.read(min(CHUNK, size - len(data)))
        if not piece:
            raise DataError(f"{what}: ends after {len(data):,} of {size:,} bytes; it was cut short")
        data += piece
    return data


def check_end(stream: IO[bytes], what: str) -> None:
    """Raises DataError when bytes are left."""
    if stream.read(1):
        raise DataError(f"{what}: goes on after the values its header announces; it is damaged or something else")
