"""Files that are whole or not there at all, and reading that trusts nothing it finds."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from lec10_tui.runs.errors import Damaged, RunError, one_line

Piece = bytes | memoryview

_TEMPORARY = ".lec10-"
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EISDIR}


class Disk:
    """The few things that are done to a disk; each raises OSError."""

    def make_folder(self, path: Path) -> None:
        """Make a folder and those above it, lasting; an existing one is fine."""
        if not path.is_dir():
            path.mkdir(parents=True, exist_ok=True)
            self.sync_folder(path.parent)

    def create(self, path: Path, pieces: Iterable[Piece]) -> None:
        """Write a new file and wait until it is on the disk."""
        with os.fdopen(os.open(path, _CREATE, 0o666), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    def replace(self, source: Path, target: Path) -> None:
        """Give `source` the name `target`, in one step."""
        os.replace(source, target)

    def remove(self, path: Path) -> None:
        """Remove a file, or the link of that name."""
        path.unlink(missing_ok=True)

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in a folder are on the disk, where the system can say so."""
        if os.name == "nt":
            return
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        except OSError as error:
            if error.errno not in _NO_FOLDER_SYNC:
                raise
        finally:
            os.close(folder)


def put(path: Path, pieces: Iterable[Piece], disk: Disk) -> None:
    """Write a file that is whole or, whenever this is cut off, not there (or as it was before); raises OSError."""
    temporary = path.with_name(f"{_TEMPORARY}{secrets.token_hex(4)}.tmp")
    try:
        disk.create(temporary, pieces)
        disk.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            disk.remove(temporary)
        raise
    disk.sync_folder(path.parent)


def export(path: Path, data: bytes) -> None:
    """`put` for a file that a person asked for: makes its folder, raises RunError naming the file."""
    disk = Disk()
    try:
        disk.make_folder(path.parent)
        put(path, (data,), disk)
    except OSError as error:
        raise RunError(f"{path}: can't be written: {one_line(error)}") from error


def sweep(folder: Path, disk: Disk) -> None:
    """Remove what writes that were cut off left in a folder; raises OSError."""
    with os.scandir(folder) as entries:
        stale = [entry.name for entry in entries if entry.name.startswith(_TEMPORARY) and entry.name.endswith(".tmp")]
    for name in stale:
        disk.remove(folder / name)


def open_safely(path: Path, within: Path, limit: int) -> BinaryIO:
    """Open a regular file of at most `limit` bytes that lies in the folder `within`, also after its links are followed.

    Raises Damaged for what should not be read, RunError for what can't be.
    """
    try:
        real, root = path.resolve(strict=True), within.resolve(strict=True)
        if not real.is_relative_to(root):
            raise Damaged(f"{path}: is a link out of its folder")
        descriptor = os.open(real, _READ)
    except FileNotFoundError as error:
        raise Damaged(f"{path}: is not there") from error
    except RuntimeError as error:
        raise Damaged(f"{path}: is a link to itself") from error
    except OSError as error:
        raise RunError(f"{path}: can't be read: {one_line(error)}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Damaged(f"{path}: is not a file")
        if status.st_size > limit:
            raise Damaged(f"{path}: has {status.st_size} bytes, more than the {limit} that are read")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_safely(path: Path, within: Path, limit: int) -> bytes:
    """The bytes of a file, as `open_safely` opens it."""
    with open_safely(path, within, limit) as file:
        try:
            return file.read()
        except (OSError, MemoryError) as error:
            raise RunError(f"{path}: can't be read: {one_line(error)}") from error
