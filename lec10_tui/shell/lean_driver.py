"""Fewer bytes over a slow line: Textual's driver with the style codes that change nothing left out."""

from __future__ import annotations

from textual.driver import Driver

from lec10_tui.drawing.sgr import lean


def leaner(driver_class: type[Driver]) -> type[Driver]:
    """`driver_class` with an output that looks the same and is about a quarter shorter."""

    class LeanDriver(driver_class):  # type: ignore[misc, valid-type]
        """Writes what its base writes, without the style codes that change nothing."""

        def write(self, data: str) -> None:
            """Write to the terminal."""
            super().write(lean(data))

    return LeanDriver
