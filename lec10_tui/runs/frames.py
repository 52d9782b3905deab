"""A recorded frame as one .npz without pickle, so that a screen has something to draw before torch is imported.

The entry `frame` is JSON (UTF-8 bytes); where an array stood in a part, it names the entry that holds it. What comes
back is made by the types of the part classes' fields, never by anything the file says.
"""

from __future__ import annotations

import hashlib
import io
import tokenize
import types
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from lec10_tui.runs import plain
from lec10_tui.runs.errors import Damaged
from lec10_tui.runs.files import export, read_safely
from lec10_tui.vocabulary.frames import Frame, Part

FORMAT = 1
LARGEST = 64 * 1024**2

Arrays = dict[str, NDArray[np.generic]]

_DAMAGE = (
    *(ValueError, TypeError, LookupError, EOFError, OverflowError, RuntimeError, MemoryError, SyntaxError),
    *(zipfile.BadZipFile, zlib.error, tokenize.TokenError),
)
"""What zipfile, numpy's reader of headers and the code below raise over a file that is not as it was written."""


def write_frame(frame: Frame, path: Path) -> None:
    """Write a frame whose parts are frozen dataclasses of arrays, text, numbers, None, tuples and such dataclasses.

    Stamps are not kept; knobs must be plain. Raises RunError when the disk refuses, TypeError for any other field.
    """
    arrays: Arrays = {}
    said = {
        "format": FORMAT,
        "lesson": frame.lesson,
        "step": frame.step,
        "epoch": frame.epoch,
        "readings": dict(frame.readings),
        "knobs": dict(frame.knobs),
        "parts": {name: _plain(part, f"parts/{name}", arrays) for name, part in frame.parts.items()},
    }
    text = np.frombuffer(plain.dumps(plain.exact(said)).encode(), np.uint8)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in {"frame": text, **arrays}.items():
            # A fixed date: the same frame gives the same bytes.
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w") as entry:
                np.lib.format.write_array(entry, np.asanyarray(array), allow_pickle=False)
    export(path, data.getvalue())


def read_frame(path: Path, part_classes: Mapping[str, type[Part]]) -> Frame:
    """The frame in a file; `part_classes` gives the class of each part by the part's name in `Frame.parts`.

    Parts not named there are left out; arrays are read-only; every stamp is of the file's own. Raises RunError.
    """
    data = read_safely(path, path.parent, LARGEST)
    try:
        arrays = _arrays(data)
        said = plain.restored(plain.loads(arrays.pop("frame").tobytes()))
        if said["format"] != FORMAT:
            raise ValueError(f"it has format {said['format']!r}, not {FORMAT}")
        parts = {
            name: _made(part_classes[name], value, arrays)
            for name, value in _checked(said["parts"], dict).items()
            if name in part_classes
        }
        stamp = hashlib.sha256(data).hexdigest()
        return Frame(
            lesson=_checked(said["lesson"], str),
            step=_checked(said["step"], int),
            epoch=None if said["epoch"] is None else float(_checked(said["epoch"], float)),
            readings={name: _reading(value) for name, value in _checked(said["readings"], dict).items()},
            knobs=_checked(said["knobs"], dict),
            parts=parts,
            stamps={name: ("recorded", stamp) for name in parts},
        )
    except _DAMAGE as error:
        raise Damaged(f"{path}: is not a recorded frame: {error}") from error


def _plain(value: Any, name: str, arrays: Arrays) -> Any:
    """`value` as JSON holds it, its arrays put into `arrays` under `name`."""
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise TypeError(f"{name}: an array of objects can't be recorded")
        arrays[name] = value
        return name
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name), f"{name}/{field.name}", arrays) for field in fields(value)
        }
    if isinstance(value, tuple):
        return [_plain(item, f"{name}/{index}", arrays) for index, item in enumerate(value)]
    if value is None or isinstance(value, (str, int, float, np.generic)):
        return value
    raise TypeError(f"{name}: a {type(value).__name__} can't be recorded")


def _made(hint: Any, value: Any, arrays: Arrays) -> Any:
    """The value of type `hint` that `_plain` turned into `value`."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        return _made(next(item for item in inner if item is not type(None)), value, arrays)
    if origin is np.ndarray:
        return arrays[_checked(value, str)]
    if origin is tuple:
        items = _checked(value, list)
        kinds = [inner[0]] * len(items) if inner[1:] == (Ellipsis,) else inner
        return tuple(_made(kind, item, arrays) for kind, item in zip(kinds, items, strict=True))
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        given = _checked(value, dict)
        return hint(**{field.name: _made(hints[field.name], given[field.name], arrays) for field in fields(hint)})
    return _checked(value, hint)


def _reading(value: Any) -> Any:
    """A number, or whether something is so."""
    return value if isinstance(value, bool) else _checked(value, float)


def _checked(value: Any, kind: Any) -> Any:
    """`value` itself when it is of the type `kind`; an int is also a float."""
    if kind not in (str, int, float, bool, list, dict):
        raise TypeError(f"{kind} can't be read from a file")
    if isinstance(value, bool) != (kind is bool) or not isinstance(value, (int, float) if kind is float else kind):
        raise ValueError(f"a {type(value).__name__} stands where a {kind.__name__} should")
    return value


def _arrays(data: bytes) -> Arrays:
    """The arrays of an .npz: views of what was unpacked, so no header can ask for more room than its bytes take."""
    arrays: Arrays = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > LARGEST:
            raise ValueError("it unpacks to more than is read")
        for entry in entries:
            arrays[entry.filename.removesuffix(".npy")] = _array(archive.read(entry))
    return arrays


def _array(data: bytes) -> NDArray[np.generic]:
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError("one of its arrays has another version")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
    # A view of the bytes that are there: it refuses objects, and a shape that they don't fill.
    flat: NDArray[np.generic] = np.frombuffer(data, dtype, offset=file.tell())
    return flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)
