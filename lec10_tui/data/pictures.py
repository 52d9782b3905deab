"""A folder of pictures; its subfolders are the classes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

import numpy as np

from lec10_tui.data.bounded import check_size
from lec10_tui.data.image_set import DataError, Images, Labels
from lec10_tui.data.pixels import FEWEST, check_side

if TYPE_CHECKING:
    import PIL.Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".pgm", ".ppm")
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "PPM")  # not TIFF: its C library writes warnings over the screen


def pictures_in(folder: Path) -> list[Path]:
    """The picture files lying in `folder` itself, by name; hidden ones are left out."""
    files = (file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES and not file.name.startswith("."))
    return sorted(file for file in files if file.is_file())


def read_pictures(folder: Path) -> tuple[Images, Labels | None, tuple[str, ...]]:
    """The pictures in `folder`, or in its subfolders with their class; all made grey; raises DataError.

    Transparent parts become background (0). All pictures must be of one size.
    """
    loose = pictures_in(folder)
    subfolders = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    unprintable = [path for path in subfolders if not path.name.isprintable()]
    if unprintable:
        raise DataError(f"{unprintable[0]}: the folder's name can't be printed; a class needs a name in plain text")
    of_class = {path.name: files for path in subfolders if (files := pictures_in(path))}
    if loose and of_class:
        found = f"{loose[0].name} lies beside the folder {next(iter(of_class))}, which holds pictures too"
        raise DataError(f"{folder}: {found}; put every picture into the folder of its class, or none")
    files = loose or [file for group in of_class.values() for file in group]
    if len(files) < FEWEST:
        raise DataError(f"{folder}: {len(files)} pictures; at least {FEWEST} are needed")
    images = _read(files)
    if not of_class:
        return images, None, ()
    counts = [len(group) for group in of_class.values()]
    return images, np.repeat(np.arange(len(counts), dtype=np.int64), counts), tuple(of_class)


def _read(files: list[Path]) -> Images:
    height, width = _size(files[0])
    check_side(height, width, str(files[0]))
    check_size(len(files) * height * width, str(files[0].parent))
    images = np.empty((len(files), height, width), np.uint8)
    for image, file in zip(images, files, strict=True):
        image[:] = _grey(file, (height, width), files[0])
    return images


def _size(file: Path) -> tuple[int, int]:
    with _opened(file) as picture:
        return picture.height, picture.width


def _grey(file: Path, size: tuple[int, int], first: Path) -> Images:
    from PIL import Image

    with _opened(file) as picture:
        if (picture.height, picture.width) != size:
            found = f"{picture.height}×{picture.width}, but {first} is {size[0]}×{size[1]}"
            raise DataError(f"{file}: {found}; make all pictures the same size")
        if picture.mode.startswith("I"):  # 16 bits, in these formats
            return (np.asarray(picture) >> 8).astype(np.uint8)
        if picture.mode == "F":
            raise DataError(f"{file}: its pixels are floats; 8 or 16 bits are needed")
        if picture.has_transparency_data:
            ground = Image.new("RGBA", picture.size, (0, 0, 0, 255))
            return np.asarray(Image.alpha_composite(ground, picture.convert("RGBA")).convert("L"))
        return np.asarray(picture.convert("L"))


@contextmanager
def _opened(file: Path) -> Iterator[PIL.Image.Image]:
    """Only formats that Pillow decodes itself; whatever its decoders raise on a damaged file becomes a DataError."""
    from PIL import Image

    try:
        with catch_warnings():
            simplefilter("ignore")
            with Image.open(file, formats=FORMATS) as picture:
                yield picture
    except DataError:
        raise
    except Exception as error:
        raise DataError(f"{file}: not a whole picture; mend it or take it out of the folder") from error
