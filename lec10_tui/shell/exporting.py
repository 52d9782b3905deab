"""What `e` and `y` leave on the disk: pictures as PNG, curves as CSV, the screen as SVG, a copied text as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lec10_tui.runs.exports import unique_path, write_csv, write_png
from lec10_tui.runs.files import export
from lec10_tui.widgets.exports import Curves, Exported, Picture

COPIED = "copied.txt"


def write_exports(exports: Sequence[Exported], screen: str, stem: str, home: Path) -> tuple[Path, ...]:
    """Write what a panel exports and the picture of the screen (SVG text) into home/exports; the files, in that order.

    Nothing is overwritten. Raises RunError when the disk refuses.
    """
    folder = home / "exports"
    written = []
    for item in exports:
        if isinstance(item, Picture):
            path = unique_path(folder, item.stem, ".png")
            write_png(item.image, path)
        elif isinstance(item, Curves):
            path = unique_path(folder, item.stem, ".csv")
            write_csv(item.series, path)
        else:
            raise TypeError(f"{type(item).__name__} can't be exported")
        written.append(path)
    path = unique_path(folder, stem, ".svg")
    export(path, screen.encode("utf-8"))
    return (*written, path)


def write_copy(text: str, home: Path) -> Path:
    """Write a copied text to a file, for terminals that drop it; raises RunError when the disk refuses."""
    path = home / COPIED
    export(path, (text.rstrip("\n") + "\n").encode("utf-8"))
    return path


def named_files(files: Sequence[Path]) -> str:
    """The files as a notice names them: the folder once, in full."""
    if len(files) == 1:
        return str(files[0])
    return f"{files[0].parent}/ " + ", ".join(file.name for file in files)
