"""Where the panels stand in a terminal of some size."""

from __future__ import annotations

from lec10_tui.widgets.areas import Arrangement

WIDE = Arrangement(
    min_width=100,
    min_height=30,
    areas=("knobs picture curves|loop|update", "table table table"),
    columns=(30, "1fr", "1fr"),
    rows=("2fr", "3fr"),
)

LARGE = Arrangement(
    min_width=180,
    min_height=46,
    areas=("knobs picture loop curves", "knobs table table curves", "knobs table table update"),
    columns=(30, "6fr", "4fr", "5fr"),
    rows=("8fr", "4fr", "7fr"),
)
